"""Telegram for the conformance suite: the real channel over the in-process Bot API."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot import delivery
from bot.channels.telegram import Telegram, TelegramOptions
from bot.channels.telegram_updates import deep_link
from bot.messages import Attachment, Outgoing
from bot.runtime import Runtime
from tests.channels.bot_api import TOKEN, BotApi, button_update, keys, message_update
from tests.channels.conformance import Shown

_people = count(10_000)
_FILE: dict[str, Any] = {"file_id": "f", "file_unique_id": "u"}
SENT: dict[Attachment, dict[str, Any]] = {
    Attachment.IMAGE: {"photo": [_FILE | {"width": 9, "height": 9}]},
    Attachment.VOICE: {"voice": _FILE | {"duration": 3}},
    Attachment.STICKER: {
        "sticker": _FILE | {"width": 9, "height": 9, "is_animated": False, "is_video": False, "type": "regular"}
    },
    Attachment.FILE: {"document": _FILE},
    Attachment.LOCATION: {"location": {"longitude": 105.8, "latitude": 21.0}},
    Attachment.OTHER: {"contact": {"phone_number": "+84900000000", "first_name": "A"}},
}


class TelegramDriver:
    """One person; every call runs the whole way from update to sent message."""

    capacity, text_limit, has_buttons, shows_markup = Telegram.capacity, Telegram.text_limit, True, True
    attachments = tuple(SENT)

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._runner = asyncio.Runner()
        self.api = BotApi()
        self.person = next(_people)
        self._ids = count(1)
        options = TelegramOptions(TOKEN, webhook_secret="s3cret", request=lambda: self.api)
        receive = runtime.conversations.receive
        self.telegram = Telegram(options, receive, lambda word: deep_link(runtime.live.content, word))
        self._running = self.telegram.running()
        self._run(self._running.__aenter__())
        self._run(asyncio.sleep(0.05))

    def close(self) -> None:
        self._run(self._running.__aexit__(None, None, None))
        self._runner.close()

    def _run(self, scene: Any) -> Any:
        return self._runner.run(scene)

    def show(self, message: Outgoing) -> list[Shown]:
        before = len(self.api.sent)
        self.telegram._app.bot.rate_limiter._sleep = _at_once
        self._run(self.telegram.send(str(self.person), message))
        return [_shown(one) for one in self.api.sent[before:]]

    def say(self, text: str, message_id: str | None = None) -> list[Shown]:
        return self._update(message_update(self.person, int(message_id or next(self._ids)), text=text))

    def press(self, what: str) -> list[Shown]:
        return self._update(button_update(self.person, next(self._ids), what, message_id=next(self._ids)))

    def attach(self, kind: Attachment) -> list[Shown]:
        return self._update(message_update(self.person, next(self._ids), **SENT[kind]))

    def _update(self, update: dict[str, Any]) -> list[Shown]:
        self._run(self.telegram.take(update))
        while self._runtime.conversations.work_once():
            pass
        shown: list[Shown] = []
        while parcels := self._take():
            for parcel in parcels:
                shown += self.show(parcel.message)
                with self._runtime.database.session() as session:
                    delivery.mark_sent(session, parcel, datetime.now(UTC))
        return shown

    def _take(self) -> list[delivery.Parcel]:
        with self._runtime.database.session() as session:
            return delivery.take(session, ("telegram",), datetime.now(UTC))


async def _at_once(_seconds: float) -> None:
    """Tests do not wait for Telegram's pace; it has tests of its own."""


def _shown(message: dict[str, Any]) -> Shown:
    row = [key for row in keys(message) for key in row]
    return Shown(message["text"], tuple((key["text"], key.get("url") or key["callback_data"]) for key in row))
