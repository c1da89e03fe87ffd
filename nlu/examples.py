"""The training phrases in `nlu/data/nlu.yml`, in the format Rasa reads."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

_MARKED = re.compile(r"\[([^\]]+)\]\((\w+)\)")


@cache
def marked_phrases() -> tuple[tuple[str, str], ...]:
    """Return (phrase, intent) pairs in the order of the file, entities marked: "chuyển [500k](money) cho con"."""
    document = yaml.safe_load((files("nlu") / "data" / "nlu.yml").read_text(encoding="utf-8"))
    return tuple((line[2:].strip(), block["intent"]) for block in document["nlu"] for line in block["examples"].splitlines())


@cache
def phrases() -> tuple[tuple[str, str], ...]:
    """Return plain (phrase, intent) pairs; questions carry their aspect: "question/fee"."""
    return tuple((plain(text), intent) for text, intent in marked_phrases())


def plain(marked: str) -> str:
    """The phrase without the marks of its entities."""
    return _MARKED.sub(r"\1", marked)


def marks(marked: str) -> list[tuple[str, str]]:
    """The (words, kind) of the entities marked in a phrase."""
    return [(found[1], found[2]) for found in _MARKED.finditer(marked)]
