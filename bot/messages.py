"""The one vocabulary every channel shares.

A channel turns its platform's update into an `Incoming` and shows an `Outgoing`; nothing else
crosses that line. Texts use a small mark-up every channel can render: ``**bold**``, lines that
start with ``- ``, and blank lines between paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_TEXT = 2_000  # characters of a message that are read; the rest is cut, with a word to the person
PAYLOAD_BYTES = 64  # Telegram's callback_data, the narrowest channel


class Attachment(StrEnum):
    """What a person may send besides text; the bot answers these kindly but cannot read them yet."""

    IMAGE = "image"
    VOICE = "voice"
    STICKER = "sticker"
    FILE = "file"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did: typed a text, pressed a button or sent an attachment."""

    channel: str
    person: str  # the platform's id of the person or browser session
    message_id: str  # the platform's id of this message: claimed once
    at: datetime  # aware, UTC
    text: str | None = None
    payload: str | None = None
    attachment: Attachment | None = None
    capacity: int = 8  # how many choices this channel shows on one screen


@dataclass(frozen=True, slots=True)
class Button:
    """A choice. `payload` is a stateless ASCII id (``v1:…``, at most 64 bytes); `url` opens an allowed page instead."""

    label: str
    payload: str = ""
    url: str | None = None


CARDS = "the/"  # paths of cards begin with it: they are drawn when asked for, unlike the files below media/


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a recording: ``media/…`` in the content's folder, or ``the/<level>/<topic>.png``, the card of a topic."""

    kind: str  # "image" | "audio"
    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One bubble. `buttons` are the screen's choices in order, `nav` the way back, home and to a human."""

    text: str
    buttons: tuple[Button, ...] = ()
    nav: tuple[Button, ...] = ()
    media: tuple[Media, ...] = ()
    urgent: bool = False
    first: int = 1  # the number of the first button, for channels that number: later pages go on counting
    text_size: str = "normal"  # the person's wish ("normal" | "large" | "very_large"), for channels that can


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is reached: one conversation on one channel."""

    channel: str
    person: str
