"""Interface strings: named texts filled with how the person and the bot call each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from bot.state import Profile
from knowledge.translation.units import InterfaceText

LABEL_LENGTH = 25
DRAFT_MARK: Final = "🔸"  # stands before a draft translation in a message; the line that explains it has it, too
SHORT: Final = ("label.", "aspect.", "level.", "size.", "address.")  # names of texts that stand on buttons
PARTS: Final = ("", "_learning", "_procedures")  # files of a language: vi.yaml, vi_learning.yaml …

# address term → (the person, the bot): the kinship pair the profile offers
PAIRS: Final[dict[str, tuple[str, str]]] = {
    "bac": ("bác", "cháu"),
    "ong": ("ông", "cháu"),
    "ba": ("bà", "cháu"),
    "co": ("cô", "cháu"),
    "chu": ("chú", "cháu"),
    "anh": ("anh", "em"),
    "chi": ("chị", "em"),
    "em": ("em", "mình"),
    "ban": ("bạn", "mình"),
    "ong-con": ("ông", "con"),
    "ba-con": ("bà", "con"),
}


@cache
def load_texts(language: str = "vi") -> dict[str, dict[str, str]]:
    """Name → reading level → text; `standard` is always there. Raises FileNotFoundError for a language without texts."""
    raw = {name: value for part in PARTS for name, value in _read(f"{language}{part}.yaml").items()}
    return {name: value if isinstance(value, dict) else {"standard": value} for name, value in raw.items()}


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(files("bot.texts").joinpath(name).read_text(encoding="utf-8"))
    return read


def interface_texts() -> dict[str, InterfaceText]:
    """Every interface text as translators get it."""
    return {
        name: InterfaceText(
            standard=wordings["standard"], simple=wordings.get("simple", ""), limit=LABEL_LENGTH if name.startswith(SHORT) else 0
        )
        for name, wordings in load_texts().items()
    }


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


_ICON = re.compile(r"^[^\w{*]+")


def _bare(label: str) -> str:
    return _ICON.sub("", label)


@dataclass(frozen=True, slots=True)
class Voice:
    """The bot's words for one person.

    Args:
        words: published wordings in the person's language, by name; Vietnamese where there is none.
        trial: drafts in that language, to be said beside the simple Vietnamese; None where they are not to be shown.
    """

    profile: Profile
    words: Mapping[str, str] | None = None
    trial: Mapping[str, str] | None = None

    def say(self, name: str, /, **values: object) -> str:
        """The text of that name with its placeholders filled. Raises KeyError for a name or value that is not there."""
        you, me = pair(self.profile)
        filling = {"you": you, "You": you.capitalize(), "me": me, "Me": me.capitalize(), **values}
        vietnamese = self._vietnamese(name).format_map(filling)
        if published := _filled(self.words, name, filling):
            return _with_icon(published, vietnamese) if name.startswith(SHORT) else published
        draft = _filled(self.trial, name, filling)
        return _both(name, draft, vietnamese) if draft else vietnamese

    def _vietnamese(self, name: str) -> str:
        wordings = load_texts()[name]
        level = "simple" if self.trial is not None else self.profile.level
        return wordings.get(level) or wordings["standard"]

    def label(self, name: str, /, **values: object) -> str:
        """A button label: like `say`, of at most 25 characters."""
        return clip(self.say(name, **values))


def _filled(wordings: Mapping[str, str] | None, name: str, values: Mapping[str, object]) -> str | None:
    """A translated text, None where there is none or its placeholders are not those of today."""
    template = wordings.get(name) if wordings else None
    try:
        return template.format_map(values) if template else None
    except (KeyError, ValueError, IndexError, AttributeError):
        return None


def _with_icon(label: str, vietnamese: str) -> str:
    icon = _ICON.match(vietnamese)
    return f"{icon[0]}{label}" if icon and not _ICON.match(label) else label


def _both(name: str, draft: str, vietnamese: str) -> str:
    """A draft beside the Vietnamese text it stands for; a button with room for one only keeps the Vietnamese."""
    if not name.startswith(SHORT):
        return f"{DRAFT_MARK} {draft}\n\n{vietnamese}"
    both = f"{vietnamese} · {_bare(draft)}"
    return both if visible(both) <= LABEL_LENGTH else vietnamese
