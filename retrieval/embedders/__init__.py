"""Texts to vectors: one protocol, four implementations, chosen by one setting."""

from retrieval.embedders.base import Embedder, EmbedderError, open_embedder

__all__ = ["Embedder", "EmbedderError", "open_embedder"]
