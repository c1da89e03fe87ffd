"""The web page as a channel: browser sessions as people, JSON as the platform's format, the outbox as its push."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from bot.channels.base import web_path
from bot.messages import Incoming, Outgoing
from bot.tables import OutboxRow
from bot.wire import outgoing_body, outgoing_from
from storage import Database

CHANNEL = "web"
CAPACITY = 8
PEOPLE_PER_QUERY = 500  # SQLite and PostgreSQL both take far more parameters than this


def new_session() -> str:
    """An unguessable session id: whoever knows it reads what is pushed to it."""
    return secrets.token_urlsafe(16)


def incoming(session: str, text: str | None, payload: str | None, message_id: str | None) -> Incoming:
    """What a browser sent. Without a message id of its own the message counts as new."""
    return Incoming(
        channel=CHANNEL,
        person=session,
        message_id=message_id or secrets.token_hex(8),
        at=datetime.now(UTC),
        text=text,
        payload=payload,
        capacity=CAPACITY,
    )


def shown(message: Outgoing) -> dict[str, Any]:
    """A bubble as the page gets it: choices and navigation in one list, navigation marked ``"nav": true``."""
    body = outgoing_body(message)
    choices = [button | {"number": number} for number, button in enumerate(body["buttons"], message.first)]
    nav = [button | {"nav": True} for button in body["nav"]]
    media = [part | {"url": web_path(part["path"])} for part in body["media"]]
    return {
        "text": message.text,
        "buttons": choices + nav,
        "media": media,
        "urgent": message.urgent,
        "text_size": message.text_size,
    }


@dataclass(frozen=True, slots=True)
class Pushed:
    """A message for a session that did not ask for it just now. `id` grows with time and never repeats."""

    id: int
    person: str
    message: Outgoing


class WebOutbox:
    """What the outbox holds for browser sessions.

    Every open page keeps the id it has seen last, so several tabs and several processes each get every
    message. A message stays `pending` until some page was given it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_id(self, person: str) -> int:
        """The newest id of the session that was handed over already: where a page that remembers nothing starts."""
        same = (OutboxRow.channel == CHANNEL, OutboxRow.person == person, OutboxRow.status == "sent")
        with self._database.reading() as session:
            return session.scalar(select(func.max(OutboxRow.id)).where(*same)) or 0

    def pushed(self, seen: Mapping[str, int]) -> list[Pushed]:
        """Messages waiting for these sessions, and those handed to another page after the id seen, oldest first."""
        found: list[Pushed] = []
        people = sorted(seen)
        for at in range(0, len(people), PEOPLE_PER_QUERY):
            found += self._pushed(people[at : at + PEOPLE_PER_QUERY], seen)
        return found

    def _pushed(self, people: Sequence[str], seen: Mapping[str, int]) -> list[Pushed]:
        waiting = and_(OutboxRow.status == "pending", OutboxRow.not_before <= datetime.now(UTC))
        oldest = min(seen[person] for person in people)
        elsewhere = and_(OutboxRow.status == "sent", OutboxRow.inbox_id.is_(None), OutboxRow.id > oldest)
        query = select(OutboxRow.id, OutboxRow.person, OutboxRow.body, OutboxRow.status)
        query = query.where(OutboxRow.channel == CHANNEL, OutboxRow.person.in_(people), or_(waiting, elsewhere))
        with self._database.reading() as session:
            rows = session.execute(query.order_by(OutboxRow.id)).all()
        return [Pushed(i, who, outgoing_from(body)) for i, who, body, status in rows if status == "pending" or i > seen[who]]

    def mark_sent(self, ids: Collection[int]) -> None:
        """Some page has these now."""
        handed = update(OutboxRow).where(OutboxRow.id.in_(ids), OutboxRow.status == "pending")
        with self._database.session() as session:
            session.execute(handed.values(status="sent", sent_at=datetime.now(UTC), attempts=OutboxRow.attempts + 1))
