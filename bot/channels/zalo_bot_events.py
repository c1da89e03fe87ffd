"""What a Zalo bot's updates say: pure, from the platform's JSON to `Incoming`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.channels.zalo_http import usable_id
from bot.messages import Attachment, Incoming

CHANNEL = "zalo_bot"
CAPACITY = 8  # choices of a numbered menu that can be taken in at a glance

_KINDS: Final[dict[str, Attachment | None]] = {
    "message.text.received": None,
    "message.image.received": Attachment.IMAGE,
    "message.sticker.received": Attachment.STICKER,
    "message.voice.received": Attachment.VOICE,
    "message.unsupported.received": Attachment.OTHER,
}


def unwrapped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The update itself: the documentation shows it inside ``result``, bots in use receive it bare."""
    result = body.get("result")
    return result if isinstance(result, dict) else body


def incoming_of(update: Mapping[str, Any], now: datetime) -> Incoming | None:
    """What a person did in a private chat, or None for what asks for no answer (groups, bots, unknown events)."""
    name, message = update.get("event_name"), update.get("message")
    if not isinstance(name, str) or name not in _KINDS or not isinstance(message, dict):
        return None
    chat, sender = _object(message.get("chat")), _object(message.get("from"))
    person, message_id = usable_id(chat.get("id")), usable_id(message.get("message_id"))
    if person is None or message_id is None or sender.get("is_bot") is True or chat.get("chat_type", "PRIVATE") != "PRIVATE":
        return None
    return Incoming(CHANNEL, person, message_id, now, _text(message), None, _KINDS[name], CAPACITY)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(message: Mapping[str, Any]) -> str | None:
    """The text, or what was written below a picture."""
    found = (message.get(key) for key in ("text", "caption"))
    return next((text.strip() for text in found if isinstance(text, str) and text.strip()), None)
