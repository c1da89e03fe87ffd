"""A Bot API inside the process, below python-telegram-bot: what the library would post is kept and judged by Telegram's rules."""

from __future__ import annotations

import asyncio
import json
import re
from html.parser import HTMLParser
from itertools import count
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.paging import utf16_length

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"  # Telegram's own documentation example
ME = {"id": 123456789, "is_bot": True, "first_name": "Học vụ số", "username": "HocVuSoBot"}
_TAGS = {"b", "i", "u", "s", "a", "code", "pre"}


class _Reader(HTMLParser):
    """Reads Telegram HTML; raises ValueError for what Telegram refuses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open = "", []  # type: str, list[str]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _TAGS:
            raise ValueError(f"can't parse entities: unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError("can't parse entities: unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(html: str) -> str:
    """What a person sees. Raises ValueError for broken HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise ValueError("can't parse entities: unclosed tag")
    return reader.text


class BotApi(BaseRequest):
    """Answers like Telegram. `sent` are the accepted messages; `answers` are taken first where a test gave some."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []
        self.answers: list[tuple[int, dict[str, Any]] | Exception] = []
        self.updates: list[dict[str, Any]] = []
        self._ids = count(1000)

    @property
    def read_timeout(self) -> float | None:
        return 5

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[1]
        data = request_data.parameters if request_data else {}
        self.calls.append((name, data))
        if self.answers and name.startswith("send") and name != "sendChatAction":
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer[0], json.dumps(answer[1]).encode()
        code, result = await self._result(name, data)
        body = {"ok": True, "result": result} if code == 200 else {"ok": False, "error_code": code, "description": result}
        return code, json.dumps(body).encode()

    async def _result(self, name: str, data: dict[str, Any]) -> tuple[int, Any]:
        if name == "getMe":
            return 200, ME
        if name == "getUpdates":
            return 200, await self._updates(int(data.get("offset") or 0))
        if name == "sendMessage":
            return self._message(data)
        return 200, True

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        """Like Telegram: what was confirmed by the offset is forgotten, the rest comes (again)."""
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        await asyncio.sleep(0.01)
        return self.updates

    def _message(self, data: dict[str, Any]) -> tuple[int, Any]:
        try:
            text = plain(data["text"]) if data.get("parse_mode") == "HTML" else data["text"]
        except ValueError as error:
            return 400, f"Bad Request: {error}"
        if not text.strip():
            return 400, "Bad Request: message text is empty"
        if utf16_length(text) > 4096:
            return 400, "Bad Request: message is too long"
        markup = data.get("reply_markup") or {}
        markup = json.loads(markup) if isinstance(markup, str) else markup
        for key in (key for row in markup.get("inline_keyboard", []) for key in row):
            if "url" not in key and not 1 <= len(key["callback_data"].encode()) <= 64:
                return 400, "Bad Request: BUTTON_DATA_INVALID"
        message = {
            "message_id": next(self._ids),
            "date": 1,
            "chat": {"id": int(data["chat_id"]), "type": "private"},
            "text": text,
        }
        self.sent.append(message | {"markup": markup, "html": data["text"]})
        return 200, message


def keys(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The inline keyboard of a sent message, by rows."""
    return list(message["markup"].get("inline_keyboard", []))


def user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Bà Tư", "language_code": "vi"}


def message_update(person: int, message_id: int, **parts: Any) -> dict[str, Any]:
    """An update as Telegram sends it; commands get their entity."""
    chat = {"id": person, "type": "private", "first_name": "Bà Tư"}
    text = parts.get("text", "")
    if found := re.match(r"/\w+(?:@\w+)?", text):
        parts["entities"] = [{"type": "bot_command", "offset": 0, "length": len(found[0])}]
    body = {"message_id": message_id, "from": user(person), "chat": chat, "date": 1_790_000_000} | parts
    return {"update_id": message_id, "message": body}


def button_update(person: int, query_id: int, data: str, message_id: int = 5) -> dict[str, Any]:
    chat = {"id": person, "type": "private", "first_name": "Bà Tư"}
    message = {"message_id": message_id, "from": ME, "chat": chat, "date": 1_790_000_000, "text": "…"}
    query = {"id": str(query_id), "from": user(person), "chat_instance": "1", "data": data, "message": message}
    return {"update_id": 900_000 + query_id, "callback_query": query}
