"""A card as pages of shapes: where every word, line and picture stands. Points (1/72 inch) from the top left corner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from knowledge.cards.content import ASK, KNOW, MOVEMENT, OR_OPEN, Card, CardStep, Part
from knowledge.cards.words import Line, height_of, lines_of, one_line
from knowledge.pictures.svg import GREEN, GREY, INK, ORANGE, PALE, PINK, RED, WHITE, YELLOW, Box

WIDTH: Final = 420.0  # A5 portrait
HEIGHT: Final = 595.0
MARGIN: Final = 26.0
INNER: Final = WIDTH - 2 * MARGIN
FOOT: Final = 22.0  # room for the page number
SIZES: Final = ((132.0, 15.5), (118.0, 15.5), (104.0, 15.0), (92.0, 14.5))  # side of a picture and type size of the steps
NUMBER: Final = 36.0  # column of the step numbers
QR_SIDE: Final = 92.0


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one weight on one baseline."""

    x: float
    y: float
    words: str
    size: float
    color: str = INK
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    box: Box
    fill: str
    radius: float = 0
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    box: Box
    file: Path
    alt: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code that leads to the address; on a screen the whole of it can be pressed."""

    box: Box
    url: str


Shape = Text | Area | Image | Code


@dataclass
class Page:
    """One sheet and its height."""

    height: float = HEIGHT
    shapes: list[Shape] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Block:
    """Something that stays on one page: its height, its shapes when its top is at y, and the space above it."""

    height: float
    draw: Callable[[float], Iterator[Shape]]
    above: float = 8.0
    keep: bool = False  # never the last on a page: a heading


def laid_out(card: Card, *, paged: bool) -> list[Page]:
    """The card on A5 pages, or on a single sheet as long as needed; as large as it can be without another page."""
    limit = HEIGHT - MARGIN - FOOT if paged else float("inf")
    tried = [_paged(list(_blocks(card, size)), limit) for size in SIZES]
    pages = min(tried, key=len)
    if not paged:
        pages[0].height = max(_bottom(pages[0]) + MARGIN, WIDTH)
    for number, page in enumerate(pages, 1):
        if len(pages) > 1:
            page.shapes.append(_centred(f"{card.title} · trang {number}/{len(pages)}", HEIGHT - 13, 9, GREY))
    return pages


def _paged(blocks: list[Block], limit: float) -> list[Page]:
    pages, y = [Page()], 0.0
    for index, block in enumerate(blocks):
        needed = block.above + block.height
        if block.keep and index + 1 < len(blocks):
            needed += blocks[index + 1].above + blocks[index + 1].height
        if y + needed > limit and pages[-1].shapes:
            pages.append(Page())
            y = MARGIN - block.above
        pages[-1].shapes += block.draw(y + block.above)
        y += block.above + block.height
    return pages


def _bottom(page: Page) -> float:
    return max(shape.y if isinstance(shape, Text) else shape.box.y + shape.box.h for shape in page.shapes)


def _blocks(card: Card, size: tuple[float, float]) -> Iterator[Block]:
    yield _head(card)
    urgent = [part for part in card.parts if part.urgent]
    for part in urgent:
        yield from _part(part, size)
    if urgent and card.summary:
        yield _heading(KNOW, GREEN)
    yield from (_paragraph(text, 13.5) for text in card.summary)
    for part in card.parts:
        if not part.urgent:
            yield from _part(part, size)
    if card.warning:
        yield _notice(f"**Cẩn thận:** {card.warning}", YELLOW, ORANGE)
    if card.hotlines:
        yield _notice(card.hotlines, PINK, RED)
    yield _end(card)


def _head(card: Card) -> Block:
    lines = lines_of(f"**{card.title}**", 25, INNER)
    tall = 40 + height_of(lines, 25) + 10

    def draw(y: float) -> Iterator[Shape]:
        yield Area(Box(0, 0, WIDTH, tall), GREEN)
        yield Text(MARGIN, 27, MOVEMENT, 12, WHITE)
        yield _right("Thẻ hướng dẫn", 27, 12, WHITE, bold=True)
        yield from _set(lines, MARGIN, 40, 25, WHITE)

    return Block(tall, draw, above=0)


def _part(part: Part, size: tuple[float, float]) -> Iterator[Block]:
    color = RED if part.urgent else GREEN
    yield _heading(part.heading, color)
    if part.intro:
        yield _paragraph(part.intro, 13.5)
    yield from (_step(step, color, *size) for step in part.steps)


def _heading(words: str, color: str) -> Block:
    def draw(y: float) -> Iterator[Shape]:
        yield Text(MARGIN, y + 17, words, 17, color, bold=True)
        yield Area(Box(MARGIN, y + 24, INNER, 2.5), color)

    return Block(27, draw, above=14, keep=True)


def _paragraph(text: str, size: float, color: str = INK) -> Block:
    lines = lines_of(text, size, INNER)
    return Block(height_of(lines, size), lambda y: _set(lines, MARGIN, y, size, color))


def _step(step: CardStep, color: str, side: float, body: float) -> Block:
    """The number in a disc, the words beside it, and the picture to the right of them."""
    wide = INNER - NUMBER - (side + 12 if step.picture else 0)
    lines = lines_of(step.text, body, wide)
    tall = max(28.0, height_of(lines, body) + 4, side if step.picture else 0)

    def draw(y: float) -> Iterator[Shape]:
        yield Area(Box(MARGIN, y, 28, 28), color, 14)
        yield _centred(str(step.number), y + 20, 16, WHITE, bold=True, middle=MARGIN + 14)
        yield from _set(lines, MARGIN + NUMBER, y + 3, body, INK)
        if step.picture:
            box = Box(WIDTH - MARGIN - side, y, side, side)
            yield Image(box, step.picture, step.alt)

    return Block(tall, draw, above=11)


def _notice(text: str, fill: str, edge: str) -> Block:
    lines = lines_of(text, 13.5, INNER - 28)
    tall = height_of(lines, 13.5) + 20

    def draw(y: float) -> Iterator[Shape]:
        yield Area(Box(MARGIN, y, INNER, tall), fill, 10, edge)
        yield from _set(lines, MARGIN + 14, y + 9, 13.5, INK)

    return Block(tall, draw, above=14)


def _end(card: Card) -> Block:
    """Who stands behind the text, its sources and review date; at the right the way to the web page."""
    wide = INNER - (QR_SIDE + 18 if card.url else 0)
    small = [lines_of(text, 10.5, wide - 24) for text in (f"**{card.status}**", card.source)]
    words = sum(height_of(lines, 10.5) + 6 for lines in small) + 16
    tall = max(words, QR_SIDE + 36 if card.url else 0)
    whole = tall + (16 if card.url else 0)

    def draw(y: float) -> Iterator[Shape]:
        yield Area(Box(MARGIN, y, INNER, whole), PALE, 10)
        top = y + 12
        for lines in small:
            yield from _set(lines, MARGIN + 12, top, 10.5, INK)
            top += height_of(lines, 10.5) + 6
        if card.url:
            yield from _way(card.url, Box(WIDTH - MARGIN - QR_SIDE - 12, y + 10, QR_SIDE, QR_SIDE))
            yield _address(card.url, y + whole - 8)

    return Block(whole, draw, above=16)


def _address(url: str, y: float) -> Text:
    """The address in words, for those who cannot scan; on one line, smaller where it is long."""
    words = f"{OR_OPEN} {url}"
    size = min(10.5, 10.5 * (INNER - 24) / one_line(words, 10.5))
    return Text(MARGIN + 12, y, words, size)


def _way(url: str, box: Box) -> Iterator[Shape]:
    yield Area(box.grown(4), WHITE, 4)
    yield Code(box.grown(-2), url)
    yield _centred(ASK, box.y + box.h + 17, 10, INK, bold=True, middle=box.middle[0])


def _set(lines: list[Line], x: float, y: float, size: float, color: str) -> Iterator[Shape]:
    """Lines below each other from the top y; a line's runs follow each other."""
    for line in lines:
        for run in line.runs:
            yield Text(x + run.x, y + line.y, run.words, size, color, run.bold)


def _centred(words: str, y: float, size: float, color: str, *, bold: bool = False, middle: float = WIDTH / 2) -> Text:
    return replace(_right(words, y, size, color, bold=bold), x=middle - one_line(words, size, bold) / 2)


def _right(words: str, y: float, size: float, color: str, *, bold: bool = False) -> Text:
    return Text(WIDTH - MARGIN - one_line(words, size, bold), y, words, size, color, bold)
