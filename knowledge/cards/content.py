"""What a card says: the published text of a topic, resolved for one day. Pure apart from looking whether a picture is there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from knowledge import render
from knowledge.fonts import drawable
from knowledge.model import Aspect, Section, Step, View

MOVEMENT: Final = "Phong trào Bình dân học vụ số"
NOW: Final = "LÀM NGAY"
STEPS: Final = "CÁC BƯỚC"
HOTLINES: Final = "Nguy hiểm: gọi **113** · Cấp cứu: **115** · Trẻ em: **111**"
KNOW: Final = "CẦN BIẾT"
ASK: Final = "Quét mã để hỏi thêm"
OR_OPEN: Final = "Hoặc mở:"
_BULLET: Final = re.compile(r"^- ", re.MULTILINE)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class CardStep:
    """A step as it is printed; `number` counts within its part, the picture is a file with its words."""

    number: int
    text: str
    picture: Path | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Steps below a heading; an urgent part comes first and in red."""

    heading: str
    intro: str
    steps: tuple[CardStep, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A topic for print. Texts know ``**bold**`` only."""

    title: str
    summary: tuple[str, ...]
    parts: tuple[Part, ...]
    warning: str
    hotlines: str
    status: str
    source: str
    url: str
    made_on: date


def card_of(view: View, today: date, base_url: str, media: Path) -> Card:
    """The card of a published text; `media` is the folder that picture paths are relative to."""
    filled = {section.aspect: render.resolve_section(section, view, today) for section in view.sections}
    parts = _parts(filled, media)
    summary = filled.get(Aspect.SUMMARY)
    base = base_url.rstrip("/")
    return Card(
        title=drawable(view.title),
        summary=_paragraphs(summary.text) if summary else (),
        parts=parts,
        warning=_warning(filled.get(Aspect.SAFETY)),
        hotlines=HOTLINES if Aspect.EMERGENCY in filled else "",
        status=drawable(render.status_line(view, today)),
        source=drawable(render.source_line(view)),
        url=f"{base}/?t={view.key.topic_id}" if base else "",
        made_on=today,
    )


def _parts(filled: dict[Aspect, Section], media: Path) -> tuple[Part, ...]:
    """What to do now, then the steps; a picture shown once is not shown again."""
    parts, shown = [], set[str]()
    for aspect, heading in ((Aspect.EMERGENCY, NOW), (Aspect.STEPS, STEPS)):
        if section := filled.get(aspect):
            steps = tuple(_step(number, step, media, shown) for number, step in enumerate(section.steps, 1))
            parts.append(Part(heading, drawable(section.text), steps, aspect is Aspect.EMERGENCY))
    return tuple(parts)


def _step(number: int, step: Step, media: Path, shown: set[str]) -> CardStep:
    printed = CardStep(number, drawable(step.text.replace("\n", " ")))
    if step.picture is None or step.picture.path in shown:
        return printed
    file = (media / step.picture.path).resolve()
    if not file.is_relative_to(media.resolve()) or not file.is_file():
        return printed
    shown.add(step.picture.path)
    return replace(printed, picture=file, alt=step.picture.alt)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs and list lines, each a text of its own."""
    lines = (line.strip() for line in text.split("\n"))
    return tuple(drawable(_BULLET.sub("• ", line)) for line in lines if line)


def _warning(safety: Section | None) -> str:
    """The first thing the safety section says, in one or two sentences."""
    if safety is None or not safety.text:
        return ""
    lines = [line for line in safety.text.split("\n") if line.strip()]
    first = next((line for line in lines if line.startswith("- ")), lines[0])
    return drawable(" ".join(_SENTENCE.split(first.removeprefix("- "))[:2]))
