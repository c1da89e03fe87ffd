"""Who learns: the profile of one person among those who share a phone, and the choices it offers. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from learning.criterion import Criterion
from learning.record import Record

MAX_NAME = 24  # characters; a name is what to be called by, not a full name
MAX_PEOPLE = 8  # profiles of one family
CONSENT_TEXT: Final = "2026-11b"  # version of the words people agree to; kept with the consent

AUDIENCES: Final = (
    "nguoi-dan",
    "nguoi-cao-tuoi",
    "nong-dan",
    "tieu-thuong",
    "cong-nhan",
    "can-bo",
    "hoc-sinh",
)
"""Audience groups a learner may belong to, by id; indicators count by them."""

COURSE_AUDIENCES: Final = {"nguoi-dan": "moi-nguoi", "hoc-sinh": "hoc-sinh-sinh-vien"}
"""What the content calls a group, where it is not the group's own id."""

_MASK_LABEL = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Person:
    """One profile. Everything but `id` may be unknown: every question can be skipped."""

    id: str
    name: str = ""
    address: str = "ban"
    language: str = "vi"
    level: str = "standard"
    audience: str | None = None
    province: str | None = None
    commune: str | None = None
    guardian: bool = False


@dataclass(frozen=True, slots=True)
class Learner:
    """What a turn knows about who learns: the people of this phone, the one learning now and their record.

    `code` is a fresh code for joining another app, None where none was asked for or too many were; `link` says
    how a typed code did. Both belong to this turn alone.
    """

    people: tuple[Person, ...] = ()
    current: Person | None = None
    record: Record = field(default_factory=Record)
    criterion: Criterion = field(default_factory=Criterion)
    province: str | None = None  # where this installation is at home
    code: str | None = None
    link: str | None = None


def clean_name(text: str) -> str:
    """A name fit to be kept: letters only, no numbers or masks, at most 24 characters; empty when nothing is left."""
    plain = _MASK_LABEL.sub(" ", unicodedata.normalize("NFC", text))
    letters = "".join(c if unicodedata.category(c)[0] in "LM" or c in ".'’-" else " " for c in plain)
    words = letters.split()
    name = " ".join(words)
    while len(name) > MAX_NAME and len(words) > 1:
        words.pop(0)  # the given name stands last
        name = " ".join(words)
    return name[:MAX_NAME].strip(" .'’-")
