"""BM25 over two fields of the same passages: words with accents, and folded words with bigrams.

The folded field finds a question typed without accents even where restoration went wrong; the
accented field tells apart words that folding merges.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

ACCENTED_WEIGHT = 0.4
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Lower-case without tone and vowel marks; đ becomes d."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def folded_terms(text: str) -> list[str]:
    """Folded words and their bigrams."""
    folded = _WORD.findall(fold(text))
    return folded + [f"{a}_{b}" for a, b in pairwise(folded)]


class _Field:
    """BM25 over one way of cutting texts into terms."""

    def __init__(self, model: bm25s.BM25) -> None:
        self._model = model
        self._known = frozenset(model.vocab_dict)

    @classmethod
    def of(cls, documents: Sequence[list[str]]) -> _Field:
        model = bm25s.BM25(k1=1.2, b=0.6)
        model.index([document or ["∅"] for document in documents], show_progress=False)
        return cls(model)

    def write(self, folder: Path) -> None:
        self._model.save(folder, show_progress=False)

    @classmethod
    def read(cls, folder: Path) -> _Field:
        return cls(bm25s.BM25.load(folder, show_progress=False))

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32] | None:
        known = [term for term in dict.fromkeys(terms) if term in self._known]
        return np.asarray(self._model.get_scores(known), dtype=np.float32) if known else None


class LexicalIndex:
    """Scores of all passages for one question; rows are in the order the texts were given."""

    def __init__(self, size: int, accented: _Field | None, folded: _Field | None) -> None:
        """Made by `of` or `read`."""
        self.size, self._accented, self._folded = size, accented, folded

    @classmethod
    def of(cls, texts: Sequence[str]) -> LexicalIndex:
        if not texts:
            return cls(0, None, None)
        return cls(len(texts), _Field.of([words(text) for text in texts]), _Field.of([folded_terms(text) for text in texts]))

    def write(self, folder: Path) -> None:
        """Keep it in `folder`; an empty index leaves none."""
        for field, name in ((self._accented, "accented"), (self._folded, "folded")):
            if field:
                (folder / name).mkdir(parents=True)
                field.write(folder / name)

    @classmethod
    def read(cls, folder: Path, size: int) -> LexicalIndex:
        """What `write` kept. Raises OSError or ValueError for a folder that holds no such index."""
        return cls(size, _Field.read(folder / "accented"), _Field.read(folder / "folded")) if size else cls(0, None, None)

    def scores(self, restored: str, typed: str) -> NDArray[np.float32]:
        """`restored` is the question with accents, `typed` as written. Shape (size,): each field in [0, 1], then mixed."""
        total = np.zeros(self.size, dtype=np.float32)
        if self._accented is None or self._folded is None:
            return total
        accented, folded = self._accented.scores(words(restored)), self._folded.scores(folded_terms(typed))
        for found, weight in ((accented, ACCENTED_WEIGHT), (folded, 1 - ACCENTED_WEIGHT)):
            if found is not None and (top := float(found.max())) > 0:
                total += found * (weight / top)
        return total
