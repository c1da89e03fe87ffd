"""BM25 over two fields of the same passages: words with accents, and folded words with bigrams.

The folded field finds a question typed without accents even where restoration went wrong; the
accented field tells apart words that folding merges.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

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
    def __init__(self, documents: Sequence[list[str]]) -> None:
        vocabulary = {term for document in documents for term in document}
        self._known = vocabulary
        self._model = bm25s.BM25(k1=1.2, b=0.6)
        self._model.index([document or ["∅"] for document in documents], show_progress=False)

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32] | None:
        known = [term for term in dict.fromkeys(terms) if term in self._known]
        return np.asarray(self._model.get_scores(known), dtype=np.float32) if known else None


class LexicalIndex:
    """Scores of all passages for one question; rows are in the order the texts were given."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        self._accented = _Field([words(text) for text in texts]) if texts else None
        self._folded = _Field([folded_terms(text) for text in texts]) if texts else None

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
