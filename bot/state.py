"""What a conversation remembers between two turns: plain JSON, never more than a few kilobytes.

A screen is known by the payload that shows it again, so the state holds addresses and no texts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.payloads import VERSION, pack
from learning.record import Record

MAX_BACK = 10  # screens that "Quay lại" can go back through
MAX_MENU = 40  # choices that can be picked by number
MAX_OFFERED = 8  # topics offered by an ask-back or a don't-know
HOME = pack("home")

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})*$", max_length=16)]  # vi, or an id of the registry
ReadingLevel = Literal["standard", "simple"]
TextSize = Literal["normal", "large", "very_large"]
Address = Literal["bac", "ong", "ba", "co", "chu", "anh", "chi", "em", "ban", "ong-con", "ba-con"]


def _short(value: object) -> object:
    """Refuse addresses that no version of ours has written."""
    if isinstance(value, str) and (not value.startswith(f"{VERSION}:") or len(value) > 64):
        raise ValueError("not a screen address")
    return value


Screen = Annotated[str, BeforeValidator(_short)]


class Profile(BaseModel):
    """How a person wants to be spoken to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Language = "vi"
    level: ReadingLevel = "standard"
    text_size: TextSize = "normal"
    address: Address = "ban"
    commune: Annotated[str | None, Field(max_length=8)] = None  # code of where the person lives, for "Gặp người hỗ trợ"


class State(BaseModel):
    """One conversation. Every field has a default: an empty state is a first contact."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    profile: Profile = Profile()
    seen_notice: bool = False
    screen: Screen = HOME
    shown: Screen = HOME  # the last reply: `screen`, or a remark on top of it
    page: int = Field(default=0, ge=0, lt=MAX_MENU)
    back: tuple[Screen, ...] = Field(default=(), max_length=MAX_BACK)
    menu: tuple[str, ...] = Field(default=(), max_length=MAX_MENU)  # payloads, in the order of the numbers
    labels: tuple[str, ...] = Field(default=(), max_length=MAX_MENU)  # their labels, folded, for typed labels
    topic_id: str | None = None  # what the conversation is about; follow-ups keep it
    aspect: str | None = None
    emergency: Screen | None = None  # the card of a danger at hand: what is said in fear stays with it
    scam: str | None = None  # topic of the scam that danger began with
    offered: tuple[str, ...] = Field(default=(), max_length=MAX_OFFERED)
    question: str | None = None  # turn of the last question: what 👍/👎 is about
    rated: str | None = None  # turn that already has its 👍/👎
    last_turn_id: str | None = None
    trial: Record | None = None  # progress of somebody who learns without having it kept; nowhere else
    opening: str | None = None  # a message that only started to ask, hidden numbers in it; see `bot/burst.py`
    opened_at: datetime | None = None
    failures: int = Field(default=0, ge=0)  # questions in a row without an answer

    def to_json(self) -> str:
        """The state as one line of JSON; `from_json` gives the same state back."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | None) -> State:
        """Read a stored state. Old, unknown or damaged JSON gives a fresh state, with the profile kept where readable."""
        try:
            return cls.model_validate_json(text or "{}")
        except ValidationError:
            return cls._salvage(text or "")

    @classmethod
    def _salvage(cls, text: str) -> State:
        try:
            kept = _Kept.model_validate_json(text)
        except ValidationError:
            return cls()
        return cls(profile=kept.profile, seen_notice=kept.seen_notice)


class _Kept(BaseModel):
    """The part of a state that outlives a change of its format."""

    model_config = ConfigDict(extra="ignore")

    profile: Profile
    seen_notice: bool
