"""The typeface of pictures and cards: Be Vietnam Pro, drawn for Vietnamese, in two weights (OFL.txt beside it)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
FAMILY: Final = "Be Vietnam Pro"
REGULAR: Final = FOLDER / "BeVietnamPro-Regular.ttf"
BOLD: Final = FOLDER / "BeVietnamPro-Bold.ttf"


@dataclass(frozen=True)
class Face:
    """One weight: which characters it has and how wide they are."""

    path: Path

    @cached_property
    def _advances(self) -> dict[int, float]:
        """Width of each character for a type size of 1."""
        from fontTools.ttLib import TTFont  # only needed where something is drawn

        with TTFont(self.path) as font:
            metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
            return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}

    def has(self, character: str) -> bool:
        return ord(character) in self._advances

    def width(self, text: str, size: float) -> float:
        """Width of a line in the unit of `size`; kerning, which only makes it narrower, is left out."""
        fallback = self._advances[ord("n")]
        return size * sum(self._advances.get(ord(character), fallback) for character in text)


@lru_cache(maxsize=2)
def face(bold: bool) -> Face:
    """The bold or the regular weight."""
    return Face(BOLD if bold else REGULAR)


def drawable(text: str) -> str:
    """The text without characters the typeface lacks, such as pictographs."""
    kept = "".join(character for character in text if character in "\n\t" or face(False).has(character))
    return kept if kept == text else " ".join(kept.split(" ")).replace("  ", " ").strip()


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width`, broken at spaces; a single longer word stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face(bold).width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Wrapped text whose lines are about equally long: no single word is left over for the last one."""
    lines = wrapped(text, size, width, bold=bold)
    while len(lines) > 1:
        narrower = wrapped(text, size, width - size / 4, bold=bold)
        if len(narrower) > len(lines) or max(face(bold).width(row, size) for row in narrower) > width - size / 4:
            break
        width, lines = width - size / 4, narrower
    return lines
