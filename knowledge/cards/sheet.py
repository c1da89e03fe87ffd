"""A laid-out page as SVG; pictures are put into the file, so that it can be sent on as it is."""

from __future__ import annotations

import base64

from knowledge.cards.content import Card
from knowledge.cards.layout import WIDTH, Area, Code, Image, Page, Shape, Text
from knowledge.pictures.qr import qr_drawing
from knowledge.pictures.svg import WHITE, Box, document, line, rect, sides


def svg_of(card: Card, page: Page) -> str:
    """The sheet as an SVG file of its own."""
    shapes = "".join(_drawn(shape) for shape in page.shapes)
    paper = rect(Box(0, 0, WIDTH, page.height), WHITE)
    return document(WIDTH, page.height, paper + shapes, title=card.title, description=" ".join(card.summary).replace("**", ""))


def _drawn(shape: Shape) -> str:
    match shape:
        case Text():
            return line(shape.words, shape.x, shape.y, shape.size, fill=shape.color, bold=shape.bold)
        case Area():
            return rect(shape.box, shape.fill, shape.radius, stroke=shape.edge or "none", thick=1.5)
        case Image():
            return _image(shape)
        case Code():
            return qr_drawing(shape.url, shape.box)


def _image(image: Image) -> str:
    data = base64.b64encode(image.file.read_bytes()).decode()
    return f'<image {sides(image.box)} href="data:image/png;base64,{data}"/>'
