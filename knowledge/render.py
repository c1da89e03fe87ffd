"""How a text is shown to one reader on one day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.model import Figure, Section, Source, Status, Step, View

UNCONFIRMED = "Nội dung soạn từ nguồn công khai, chưa có cán bộ xác nhận."
CONFIRMED = "Đã được {name} xác nhận ngày {day}."
MAYBE_CHANGED = "Nội dung có thể đã thay đổi, nên hỏi lại trước khi làm."
UNKNOWN_FIGURE = "mức hiện hành"
MAX_SOURCES_SHOWN = 3

_PLACEHOLDER = re.compile(r"\{(you|You|me|Me|figure:([\w-]+))\}")


@dataclass(frozen=True)
class Address:
    """How the reader is called and what the bot calls itself."""

    you: str = "bạn"
    me: str = "mình"


def resolve(text: str, figures: Iterable[Figure], today: date, address: Address = Address()) -> str:
    """The text with its placeholders filled: forms of address, and figures or, past their date, their fall-back."""
    by_id = {figure.id: figure for figure in figures}
    words = {"you": address.you, "You": capital(address.you), "me": address.me, "Me": capital(address.me)}

    def fill(found: re.Match[str]) -> str:
        return words.get(found[1]) or figure_text(by_id.get(found[2]), today)

    return _PLACEHOLDER.sub(fill, text)


def figure_text(figure: Figure | None, today: date) -> str:
    """A figure's value up to and on its last valid day, then its fall-back."""
    if figure is None:
        return UNKNOWN_FIGURE
    return figure.value if today <= figure.valid_until else figure.fallback


def resolve_section(section: Section, view: View, today: date, address: Address = Address()) -> Section:
    """The section with every placeholder in its text and steps filled."""
    steps = tuple(Step(text=resolve(step.text, view.figures, today, address), picture=step.picture) for step in section.steps)
    return Section(aspect=section.aspect, text=resolve(section.text, view.figures, today, address), steps=steps)


def status_line(view: View, today: date) -> str:
    """One honest line: who stands behind this text, and whether it may have changed since."""
    if view.confirmed_by and view.confirmed_on:
        line = CONFIRMED.format(name=view.confirmed_by, day=vietnamese_date(view.confirmed_on))
    else:
        line = UNCONFIRMED
    return f"{line} {MAYBE_CHANGED}" if maybe_changed(view, today) else line


def maybe_changed(view: View, today: date) -> bool:
    """Whether the text is past its review date or was overtaken by a change of another variant."""
    return today > view.review_by or view.status is Status.OUTDATED


def source_line(view: View) -> str:
    """Where the text comes from and when it was last looked through, e.g. "Nguồn: … (28/11/2024) · Rà soát: 21/11/2026"."""
    reviewed = f"Rà soát: {vietnamese_date(view.reviewed_on)}"
    return f"Nguồn: {_sources(view.sources)} · {reviewed}" if view.sources else reviewed


def _sources(sources: tuple[Source, ...]) -> str:
    newest: dict[str, date] = {}
    for source in sources:
        newest[source.publisher] = max(source.date, newest.get(source.publisher, source.date))
    named = [f"{publisher} ({vietnamese_date(day)})" for publisher, day in newest.items()]
    more = f" và {len(named) - MAX_SOURCES_SHOWN} nguồn khác" if len(named) > MAX_SOURCES_SHOWN else ""
    return "; ".join(named[:MAX_SOURCES_SHOWN]) + more


def vietnamese_date(day: date) -> str:
    """dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}"


def capital(word: str) -> str:
    """The word with its first letter in upper case, the rest as it is."""
    return word[:1].upper() + word[1:]
