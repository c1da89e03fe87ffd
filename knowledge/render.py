"""How a text is shown to one reader on one day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.model import Confidence, Figure, Section, Source, Status, Step, View

UNCONFIRMED = "Nội dung soạn từ nguồn công khai, chưa có cán bộ xác nhận."
CONFIRMED = "Đã được {name} xác nhận ngày {day}."
MAYBE_CHANGED = "Nội dung có thể đã thay đổi, nên hỏi lại trước khi làm."
UNKNOWN_FIGURE = "mức hiện hành"
RUNS_OUT = " (đúng đến hết {day}, sau đó nên hỏi lại)"
MAX_SOURCES_SHOWN = 2
READ_ON = "đọc ngày {day}"  # of a page that gives no date of its own
SOON = timedelta(days=60)  # from then on the reader is told how long a figure holds

_PLACEHOLDER = re.compile(r"\{(you|You|me|Me|figure:([\w-]+))\}")


@dataclass(frozen=True)
class Address:
    """How the reader is called and what the bot calls itself."""

    you: str = "bạn"
    me: str = "mình"


def resolve(text: str, figures: Iterable[Figure], today: date, address: Address = Address()) -> str:
    """The text with its placeholders filled: forms of address, and figures or, past their date, their fall-back."""
    return Filler(figures, today, address).fill(text)


class Filler:
    """Fills placeholders in the texts of one place, such as a section.

    shown: the whole of that place as written. Where it is given, a figure that runs out within 60 days is followed
    by a note up to which day it holds, once a day of running out, unless the place says that date itself.
    """

    def __init__(self, figures: Iterable[Figure], today: date, address: Address = Address(), shown: str | None = None) -> None:
        self._figures = {figure.id: figure for figure in figures}
        self._words = {"you": address.you, "You": capital(address.you), "me": address.me, "Me": capital(address.me)}
        self._today, self._shown = today, shown
        self._noted: set[date] = set()

    def fill(self, text: str) -> str:
        """That text with its placeholders filled."""
        return _PLACEHOLDER.sub(lambda found: self._words.get(found[1]) or self._figure(found[2]), text)

    def _figure(self, name: str) -> str:
        figure = self._figures.get(name)
        words = figure_text(figure, self._today)
        return words + self._note(figure) if figure and self._shown is not None else words

    def _note(self, figure: Figure) -> str:
        day = figure.valid_until
        if not self._today <= day <= self._today + SOON or day in self._noted or self._said(figure):
            return ""
        self._noted.add(day)
        return RUNS_OUT.format(day=vietnamese_date(day))

    def _said(self, figure: Figure) -> bool:
        day, texts = figure.valid_until, f"{self._shown} {figure.value}"
        return any(written in texts for written in (vietnamese_date(day), f"{day.day}/{day.month}/{day.year}"))


def figure_text(figure: Figure | None, today: date) -> str:
    """A figure's value up to and on its last valid day, then its fall-back."""
    if figure is None:
        return UNKNOWN_FIGURE
    return figure.value if today <= figure.valid_until else figure.fallback


def resolve_section(section: Section, view: View, today: date, address: Address = Address()) -> Section:
    """The section with every placeholder in its text and steps filled, and notes on figures about to run out."""
    shown = "\n".join((section.text, *(step.text for step in section.steps)))
    filler = Filler(view.figures, today, address, shown)
    text = filler.fill(section.text)
    return Section(
        aspect=section.aspect,
        text=text,
        steps=tuple(Step(text=filler.fill(step.text), picture=step.picture) for step in section.steps),
    )


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
    """Where the text comes from and when it was last looked through, e.g. "Nguồn: … (28/11/2024) · Rà soát: 21/11/2026".

    The most certain sources come first, those of equal confidence in the editors' order. A publisher is named once, with
    the date of its newest page; where none of its pages gives a date, with the day the newest was read: "Nguồn: … (đọc ngày
    21/11/2026)".
    """
    reviewed = f"Rà soát: {vietnamese_date(view.reviewed_on)}"
    return f"Nguồn: {_sources(view.sources)} · {reviewed}" if view.sources else reviewed


def _sources(sources: tuple[Source, ...]) -> str:
    newest: dict[str, Source] = {}
    for source in sorted(sources, key=_uncertainty):
        newest[source.publisher] = max(source, newest.get(source.publisher, source), key=lambda s: (not s.undated, s.date))
    named = [f"{publisher} ({source_date(source)})" for publisher, source in newest.items()]
    more = f" và {len(named) - MAX_SOURCES_SHOWN} nguồn khác" if len(named) > MAX_SOURCES_SHOWN else ""
    return "; ".join(named[:MAX_SOURCES_SHOWN]) + more


def _uncertainty(source: Source) -> int:
    order = list(Confidence)
    return order.index(source.confidence) if source.confidence else len(order)


def source_date(source: Source) -> str:
    """The page's date as dd/mm/yyyy, or "đọc ngày dd/mm/yyyy" where the page gives none."""
    day = vietnamese_date(source.date)
    return READ_ON.format(day=day) if source.undated else day


def vietnamese_date(day: date) -> str:
    """dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}"


def capital(word: str) -> str:
    """The word with its first letter in upper case, the rest as it is."""
    return word[:1].upper() + word[1:]
