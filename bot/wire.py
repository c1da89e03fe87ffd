"""Incoming and Outgoing as JSON values, for the inbox, the outbox and the web."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.messages import Attachment, Button, Incoming, Media, Outgoing


def incoming_body(incoming: Incoming) -> dict[str, Any]:
    """What the inbox keeps besides the ids. The text must already be masked."""
    return {
        "text": incoming.text,
        "payload": incoming.payload,
        "attachment": incoming.attachment.value if incoming.attachment else None,
        "capacity": incoming.capacity,
        "at": incoming.at.isoformat(),
    }


def incoming_from(channel: str, person: str, message_id: str, body: dict[str, Any]) -> Incoming:
    return Incoming(
        channel=channel,
        person=person,
        message_id=message_id,
        at=datetime.fromisoformat(body["at"]),
        text=body["text"],
        payload=body["payload"],
        attachment=Attachment(body["attachment"]) if body["attachment"] else None,
        capacity=body["capacity"],
    )


def _button(button: Button) -> dict[str, Any]:
    return {"label": button.label, "payload": button.payload} | ({"url": button.url} if button.url else {})


def outgoing_body(message: Outgoing) -> dict[str, Any]:
    return {
        "text": message.text,
        "buttons": [_button(b) for b in message.buttons],
        "nav": [_button(b) for b in message.nav],
        "media": [{"kind": m.kind, "path": m.path, "alt": m.alt} for m in message.media],
        "urgent": message.urgent,
        "first": message.first,
    } | ({"text_size": message.text_size} if message.text_size != "normal" else {})


def outgoing_from(body: dict[str, Any]) -> Outgoing:
    return Outgoing(
        text=body["text"],
        buttons=tuple(Button(**b) for b in body["buttons"]),
        nav=tuple(Button(**b) for b in body["nav"]),
        media=tuple(Media(**m) for m in body["media"]),
        urgent=body["urgent"],
        first=body["first"],
        text_size=body.get("text_size", "normal"),
    )
