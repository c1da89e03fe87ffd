"""Setting text: ``**bold**`` words into lines of a given width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from knowledge.fonts import face

LEADING: Final = 1.34  # line height over type size: stacked accents need air
GLUE: Final = "\u2060"  # a word joiner, before words that must not be parted from the one before


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one weight, x from the start of the line."""

    x: float
    words: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line's runs; y is its baseline below the top of the first line."""

    y: float
    runs: tuple[Run, ...]


def one_line(words: str, size: float, bold: bool = False) -> float:
    """How wide these words are."""
    return face(bold).width(words, size)


def height_of(lines: list[Line], size: float) -> float:
    """From the top of the first line to the bottom of the last."""
    return size * LEADING * len(lines)


def lines_of(text: str, size: float, width: float) -> list[Line]:
    """The text in lines no wider than `width`, broken between words."""
    rows: list[list[tuple[str, bool]]] = [[]]
    used = 0.0
    for word, bold in _words(text):
        glued = word.startswith(GLUE)
        space = one_line(" ", size) if rows[-1] and not glued else 0.0
        wide = one_line(word.removeprefix(GLUE), size, bold)
        if rows[-1] and not glued and used + space + wide > width:
            rows.append([])
            used, space = 0.0, 0.0
        rows[-1].append((word, bold))
        used += space + wide
    return [Line(size * (1 + LEADING * n), tuple(_runs(row, size))) for n, row in enumerate(rows) if row]


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Each word with its weight; one that follows the word before it without a space, such as a full stop, is marked."""
    before = " "
    for index, piece in enumerate(text.split("**")):
        glued = not (before + piece)[len(before) - 1].isspace() and not piece[:1].isspace()
        for place, word in enumerate(piece.split()):
            yield (GLUE + word if glued and place == 0 else word), index % 2 == 1
        before = piece or before


def _runs(row: list[tuple[str, bool]], size: float) -> Iterator[Run]:
    x, first = 0.0, True
    for bold, words in groupby(row, key=lambda pair: pair[1]):
        joined = " ".join(word for word, _ in words)
        glued = joined.startswith(GLUE)
        joined = joined.removeprefix(GLUE)
        x += 0 if first or glued else one_line(" ", size)
        yield Run(x, joined, bold)
        x, first = x + one_line(joined, size, bold), False
