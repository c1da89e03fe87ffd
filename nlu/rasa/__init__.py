"""Rasa beside the embedded classifier: its files, generated from the same source, its component and its own environment."""
