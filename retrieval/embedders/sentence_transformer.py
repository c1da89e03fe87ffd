"""Any Sentence Transformers model, for those who bring or train one (extra `models`)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedders.base import EmbedderError, Progress, Vectors, clean

_BATCH = 32


class SentenceTransformerEmbedder:
    """Prefixes come from the model's own prompts (`query`, and `passage` or `document`).

    A model without prompts whose name contains "e5" gets "query: " and "passage: ", the convention of
    that family; any other model gets none.
    """

    def __init__(self, model: Any, name: str) -> None:
        """Wrap a loaded `SentenceTransformer`; `name` is what it was opened by."""
        self._model = model
        self.dimension = int(model.encode(["a"], show_progress_bar=False).shape[1])
        self._query_prefix, self._passage_prefix = prefixes(dict(model.prompts or {}), name)
        self.model_id = f"sentence-transformers/{Path(name).name}@{self._checksum()}"

    @classmethod
    def open(cls, name: str) -> SentenceTransformerEmbedder:
        """Load a folder, or a model that lies in the local hub cache; the network is not asked.

        Raises:
            EmbedderError: the extra is not installed, or there is no such model.
        """
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read by the hub library when it is imported
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbedderError("sentence-transformers is not installed: run `pip install 'hocvuso[models]'`.") from error
        try:
            return cls(SentenceTransformer(name, device="cpu", local_files_only=True), name)
        except (OSError, ValueError) as error:
            raise EmbedderError(f"No Sentence Transformers model {name!r} here: give the path of its folder.") from error

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(self._query_prefix, texts, None)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._encode(self._passage_prefix, texts, progress)

    def _encode(self, prefix: str, texts: Sequence[str], progress: Progress | None) -> Vectors:
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [prefix + clean(text) for text in texts[start : start + _BATCH]]
            # prompt="" switches the library's own prefixing off: it is done above.
            rows = self._model.encode(batch, prompt="", normalize_embeddings=True, batch_size=_BATCH, show_progress_bar=False)
            out[start : start + len(batch)] = rows
            if progress is not None:
                progress(start + len(batch))
        return out

    def _checksum(self) -> str:
        digest = hashlib.blake2b(digest_size=8)
        digest.update(f"{self._query_prefix}\n{self._passage_prefix}\n{self._model.max_seq_length}".encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            if ".pooler." in name:  # not part of the embedding; made up at random where a file lacks it
                continue
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().float().contiguous().numpy().data)
        return digest.hexdigest()


def prefixes(prompts: dict[str, str], name: str) -> tuple[str, str]:
    """Prefixes for queries and passages from a model's prompts, else from its name."""
    query = prompts.get("query", "")
    passage = prompts.get("passage", "") or prompts.get("document", "")
    if query or passage:
        return query, passage
    return ("query: ", "passage: ") if "e5" in Path(name).name.lower() else ("", "")
