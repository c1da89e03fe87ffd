"""What the linter's parts share: what the folder knows, and the rules that hold for every text citizens read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge import check_text as rules
from knowledge.findings import Report
from knowledge.model import Body, Section

MESSAGE_START = 60  # characters of a text quoted in a finding


@dataclass
class Known:
    """What a folder's files may refer to. `base` holds the Vietnamese standard texts, which translations inherit from."""

    allow_list: list[str]
    today: date | None = None
    areas: dict[str, str] = field(default_factory=dict)  # area by topic
    skills: set[str] = field(default_factory=set)
    items: dict[str, str] = field(default_factory=dict)  # skill by quiz item
    base: dict[str, Body] = field(default_factory=dict)  # by topic


def read_allow_list(path: Path) -> list[str]:
    """Hosts of an allow-list file: one a line, `#` starts a comment."""
    lines = (line.partition("#")[0].strip().lower() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def section_texts(section: Section) -> Iterator[str]:
    """The lines of a section's text, then its steps."""
    yield from (part for part in section.text.split("\n") if part.strip())
    yield from (step.text for step in section.steps)


def body_texts(body: Body | None) -> list[str]:
    """All lines and steps of a body."""
    return [text for section in body.sections for text in section_texts(section)] if body else []


def check_text(text: str, known: Known, report: Report, line: int) -> None:
    """Links, placeholders and mark-up of one text."""
    for host, full in rules.hosts(text):
        if not rules.allowed(host, known.allow_list):
            say = report.error if full else report.warning
            say("link", f"{host} is not on the allow-list", line)
    for placeholder in rules.unknown_placeholders(text):
        report.error("placeholder", f"{placeholder} would be shown as it stands", line)
    if mark := rules.foreign_markup(text):
        report.error("markup", f"{mark!r}: only paragraphs, '- ' lists and **bold** are shown everywhere", line)


def check_lesson_text(text: str, known: Known, report: Report, line: int) -> None:
    """As check_text; besides, lessons say which number on a bank card they mean: the telephone number or the secret one."""
    check_text(text, known, report, line)
    if number := rules.unclear_number(text):
        report.error("card-number", f"{number!r} may be read as the secret digits: say it is the telephone number", line)
