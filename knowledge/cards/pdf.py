"""Laid-out pages as PDF: real text that can be selected and searched, language and title set, one page after the other."""

from __future__ import annotations

from datetime import UTC, datetime, time

import segno
from fpdf import FPDF

from knowledge.cards.content import MOVEMENT, Card
from knowledge.cards.layout import WIDTH, Area, Code, Image, Page, Shape, Text
from knowledge.fonts import BOLD, REGULAR
from knowledge.pictures.svg import INK, Box

_FONT = "vietnam"


def pdf_of(card: Card, pages: list[Page]) -> bytes:
    """The card as a PDF file, the same bytes for the same card on the same day.

    Pictures bring no words of their own: the library would mark the file as tagged because of them, and screen readers
    then pass over everything that is not in the tags. Untagged, the file is read in the order of its text, numbers included.
    """
    pdf = FPDF(unit="pt", format=(WIDTH, pages[0].height))
    pdf.set_auto_page_break(False)
    pdf.add_font(_FONT, "", REGULAR)
    pdf.add_font(_FONT, "B", BOLD)
    _describe(pdf, card)
    for page in pages:
        pdf.add_page()
        for shape in page.shapes:
            _draw(pdf, shape)
    return bytes(pdf.output())


def _describe(pdf: FPDF, card: Card) -> None:
    pdf.set_lang("vi-VN")
    pdf.set_title(card.title)
    pdf.set_author("Học vụ số")
    pdf.set_subject(MOVEMENT)
    pdf.set_creator("hocvuso")
    pdf.set_creation_date(datetime.combine(card.made_on, time(), UTC))


def _draw(pdf: FPDF, shape: Shape) -> None:
    match shape:
        case Text():
            pdf.set_font(_FONT, "B" if shape.bold else "", shape.size)
            pdf.set_text_color(shape.color)
            pdf.text(shape.x, shape.y, shape.words)
        case Area():
            _area(pdf, shape)
        case Image():
            box = shape.box
            pdf.image(str(shape.file), box.x, box.y, box.w, box.h)
        case Code():
            _code(pdf, shape)


def _area(pdf: FPDF, area: Area) -> None:
    box = area.box
    pdf.set_fill_color(area.fill)
    if area.edge:
        pdf.set_draw_color(area.edge)
        pdf.set_line_width(1.5)
    radius = min(area.radius, box.w / 2, box.h / 2)
    style = "DF" if area.edge else "F"
    if radius == box.w / 2 == box.h / 2:
        pdf.ellipse(box.x, box.y, box.w, box.h, style)
        return
    pdf.rect(box.x, box.y, box.w, box.h, style, round_corners=radius > 0, corner_radius=radius)


def _code(pdf: FPDF, code: Code) -> None:
    """The modules as squares that overlap by a hair, so that no printer leaves white lines between them."""
    rows = segno.make(code.url, error="m", micro=False).matrix
    side = code.box.w / len(rows)
    pdf.set_fill_color(INK)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                _module(pdf, Box(code.box.x + x * side, code.box.y + y * side, side, side))
    pdf.link(code.box.x, code.box.y, code.box.w, code.box.h, code.url, alt_text="Mở trang trò chuyện tại bài này")


def _module(pdf: FPDF, box: Box) -> None:
    pdf.rect(box.x, box.y, box.w + 0.03, box.h + 0.03, "F")
