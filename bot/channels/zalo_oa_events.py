"""What an Official Account's events say: pure, from the platform's JSON to `Incoming`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot import payloads
from bot.channels.zalo_http import usable_id
from bot.messages import Attachment, Incoming
from bot.payloads import pack

CHANNEL = "zalo_oa"
CAPACITY = 5  # buttons below one message, navigation among them

_KINDS: Final[dict[str, Attachment | None]] = {
    "user_send_text": None,
    "user_send_link": None,
    "user_send_image": Attachment.IMAGE,
    "user_send_gif": Attachment.IMAGE,
    "user_send_audio": Attachment.VOICE,
    "user_send_sticker": Attachment.STICKER,
    "user_send_file": Attachment.FILE,
    "user_send_location": Attachment.LOCATION,
    "user_send_video": Attachment.OTHER,
    "user_send_business_card": Attachment.OTHER,
}
_RECORDINGS = frozenset({"m4a", "mp3", "aac", "wav", "amr", "ogg", "opus", "3gp"})


def incoming_of(event: Mapping[str, Any], now: datetime) -> Incoming | None:
    """What a person did, or None for what asks for no answer: echoes of our own messages, receipts, unknown events."""
    name = event.get("event_name")
    if name == "follow":
        return _followed(event, now)
    if not isinstance(name, str) or name not in _KINDS:
        return None
    person = usable_id(_object(event, "sender").get("id"))
    message = _object(event, "message")
    message_id = usable_id(message.get("msg_id")) or _dated_id(name, event)
    if person is None or message_id is None or not message:
        return None
    text, attachment = _content(name, message)
    return _incoming(person, message_id, now, text, attachment)


def sent_at(event: Mapping[str, Any]) -> datetime | None:
    """When the platform says it happened; None when it does not."""
    try:
        return datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _incoming(person: str, message_id: str, now: datetime, text: str | None, attachment: Attachment | None) -> Incoming:
    """A pressed button comes back as a text that is its payload."""
    payload = text if text and payloads.looks_like(text) else None
    return Incoming(CHANNEL, person, message_id, now, None if payload else text, payload, attachment, CAPACITY)


def _followed(event: Mapping[str, Any], now: datetime) -> Incoming | None:
    person, message_id = usable_id(_object(event, "follower").get("id")), _dated_id("follow", event)
    if person is None or message_id is None:
        return None
    return Incoming(CHANNEL, person, message_id, now, payload=pack("home", "hello"), capacity=CAPACITY)


def _dated_id(name: str, event: Mapping[str, Any]) -> str | None:
    """An id for events that have none, the same each time the platform repeats the event."""
    timestamp = usable_id(event.get("timestamp"))
    return usable_id(f"{name}:{timestamp}") if timestamp else None


def _content(name: str, message: Mapping[str, Any]) -> tuple[str | None, Attachment | None]:
    attachment, payload = _KINDS[name], _first_payload(message)
    text = _text(message.get("text"))
    if name == "user_send_link":
        text = text or _text(payload.get("url"))
    if attachment is Attachment.FILE and _text(payload.get("type")).lower() in _RECORDINGS:
        attachment = Attachment.VOICE
    return text or None, attachment


def _first_payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    attachments = message.get("attachments")
    first = attachments[0] if isinstance(attachments, list) and attachments else None
    return _object(first, "payload") if isinstance(first, dict) else {}


def _object(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
