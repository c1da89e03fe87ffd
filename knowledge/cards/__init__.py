"""The "thẻ hướng dẫn": one topic as a large-print sheet to send on or to print, as PNG, PDF or SVG."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from knowledge.cards.content import Card, card_of
from knowledge.model import View

KINDS: Final = ("png", "pdf", "svg")
PHONE_ZOOM: Final = 1080 / 420  # PNG pixels per point: as wide as a phone's screen
COLOURS: Final = 128


def render(view: View, kind: str, today: date, base_url: str, media: Path) -> bytes:
    """The card of a published text as a file.

    Args:
        kind: "png" and "svg" are one long sheet, "pdf" has A5 pages.
        today: decides which figures still hold and whether the text is past its review.
        base_url: where the QR code leads; empty: no QR code.
        media: the language folder that picture paths of the text are relative to.

    Raises:
        ValueError: an unknown kind.
    """
    from knowledge.cards.layout import laid_out
    from knowledge.cards.pdf import pdf_of
    from knowledge.cards.sheet import svg_of
    from knowledge.pictures.svg import to_png, with_palette

    if kind not in KINDS:
        raise ValueError(f"a card is {', '.join(KINDS)}, not {kind!r}")
    card = card_of(view, today, base_url, media)
    if kind == "pdf":
        return pdf_of(card, laid_out(card, paged=True))
    svg = svg_of(card, laid_out(card, paged=False)[0])
    return svg.encode() if kind == "svg" else with_palette(to_png(svg, PHONE_ZOOM), COLOURS)


__all__ = ["KINDS", "Card", "card_of", "render"]
