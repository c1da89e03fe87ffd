"""Interface strings: named texts filled with how the person and the bot call each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from bot.state import Profile

LABEL_LENGTH = 25
PARTS: Final = ("", "_learning")  # files of a language: vi.yaml, vi_learning.yaml

# address term → (the person, the bot): the kinship pair the profile offers
PAIRS: Final[dict[str, tuple[str, str]]] = {
    "bac": ("bác", "cháu"),
    "co": ("cô", "cháu"),
    "chu": ("chú", "cháu"),
    "anh": ("anh", "em"),
    "chi": ("chị", "em"),
    "em": ("em", "mình"),
    "ban": ("bạn", "mình"),
}


@cache
def load_texts(language: str = "vi") -> dict[str, dict[str, str]]:
    """Name → reading level → text; `standard` is always there. Raises FileNotFoundError for a language without texts."""
    raw = {name: value for part in PARTS for name, value in _read(f"{language}{part}.yaml").items()}
    return {name: value if isinstance(value, dict) else {"standard": value} for name, value in raw.items()}


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(files("bot.texts").joinpath(name).read_text(encoding="utf-8"))
    return read


def pair(profile: Profile) -> tuple[str, str]:
    """How the person is called and how the bot calls itself, lower case."""
    return PAIRS[profile.address]


def visible(label: str) -> int:
    """Characters as a person counts them: the invisible mark that makes a sign an emoji is none."""
    return len(label.replace("\ufe0f", ""))


def clip(label: str, length: int = LABEL_LENGTH) -> str:
    """A label of at most `length` visible characters, cut at a word where possible."""
    if visible(label) <= length:
        return label
    head = label[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[length // 2 :] else head).rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Voice:
    """The bot's words for one person."""

    profile: Profile

    def say(self, name: str, /, **values: object) -> str:
        """The text of that name with its placeholders filled. Raises KeyError for a name or value that is not there."""
        wordings = load_texts(self.profile.language)[name]
        template = wordings.get(self.profile.level) or wordings["standard"]
        you, me = pair(self.profile)
        own = {"you": you, "You": you.capitalize(), "me": me, "Me": me.capitalize()}
        return template.format_map({**own, **values})

    def label(self, name: str, /, **values: object) -> str:
        """A button label: like `say`, of at most 25 characters."""
        return clip(self.say(name, **values))
