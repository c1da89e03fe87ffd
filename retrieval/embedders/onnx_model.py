"""The default embedder: an int8 sentence encoder on ONNX Runtime, one thread per text."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from retrieval.embedders.base import EmbedderError, Progress, Vectors, clean, stack
from retrieval.embedders.model_store import MODEL_FILE, ModelMeta, is_whole, model_folder, read_meta

TOKENIZER_FILE = "tokenizer.json"
MAX_TOKENS = 512
_MAX_WORKERS = 4


class OnnxEmbedder:
    """A prepared model. Texts are cut at 512 tokens. Safe to call from several threads."""

    def __init__(self, folder: Path, meta: ModelMeta) -> None:
        """Load model and tokenizer; `open` explains what is missing."""
        self.model_id = meta.model_id
        self.dimension = meta.dimension
        self._prefixes = (meta.query_prefix, meta.passage_prefix)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), _session_options(), providers=["CPUExecutionProvider"]
        )

    @classmethod
    def open(cls, data_dir: Path, name: str) -> OnnxEmbedder:
        """Open a prepared or imported model by name.

        Raises:
            EmbedderError: not there, incomplete, or not readable by this ONNX Runtime.
        """
        folder = model_folder(data_dir, name)
        if not is_whole(folder):
            raise EmbedderError(f"The model {name!r} is not prepared in {data_dir}: run `hocvuso model prepare`.")
        try:
            return cls(folder, read_meta(folder))
        except Exception as error:
            reason = (str(error).splitlines() or [repr(error)])[0][:200]
            raise EmbedderError(f"The model in {folder} does not load: {reason}. Run `hocvuso model prepare --force`.") from error

    def queries(self, texts: Sequence[str]) -> Vectors:
        return stack((self._embed(self._prefixes[0] + text) for text in texts), len(texts), self.dimension)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """As the protocol says; several texts at a time where there are several cores."""
        prefix = self._prefixes[1]
        with ThreadPoolExecutor(min(_MAX_WORKERS, os.cpu_count() or 1)) as pool:
            rows = pool.map(self._embed, (prefix + text for text in texts))
            return stack(rows, len(texts), self.dimension, progress)

    def token_ids(self, text: str) -> list[int]:
        """Ids of a text as the model gets it, without a prefix, start and end included."""
        return list(self._tokenizer.encode(clean(text)).ids)

    def _embed(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(clean(text)).ids], dtype=np.int64)
        row: Vectors = self._session.run(None, {"ids": ids})[0][0]
        return row


def _session_options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = False  # the arena would keep the memory of the longest text ever seen
    options.enable_mem_pattern = False  # plans memory per input length; lengths vary all the time
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
