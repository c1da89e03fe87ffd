"""What people of the demo commune ask, as they would type it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from random import Random

import yaml


class Typing(StrEnum):
    """How somebody types."""

    ACCENTS = "accents"
    PLAIN = "plain"  # no accents
    HASTY = "hasty"  # no capitals and no marks at the end


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing people ask about, in several wordings; `weight` is how often against the others."""

    weight: int
    ask: tuple[str, ...]


@cache
def matters() -> tuple[Matter, ...]:
    """All matters of `questions.yaml`."""
    text = files("bot.demo").joinpath("questions.yaml").read_text(encoding="utf-8")
    return tuple(Matter(entry["weight"], tuple(entry["ask"])) for entry in yaml.safe_load(text))


def question(rng: Random, manner: Typing) -> str:
    """One question in that person's way of typing."""
    matter = rng.choices(matters(), [m.weight for m in matters()])[0]
    return typed(rng.choice(matter.ask), manner)


def typed(text: str, manner: Typing) -> str:
    """A text as that person would type it."""
    if manner is Typing.ACCENTS:
        return text
    hasty = text.lower().rstrip("?.! ")
    return hasty if manner is Typing.HASTY else _plain(hasty)


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.replace("đ", "d"))
    return "".join(c for c in split if not unicodedata.combining(c))
