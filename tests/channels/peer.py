"""A Telegram server by somebody else (npm `telegram-test-api`), and what python-telegram-bot needs to get along with it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock
from telegram.request import HTTPXRequest, RequestData

FOLDER = Path(__file__).resolve().parents[1] / "peers"
PACKAGE = FOLDER / "node_modules" / "telegram-test-api"


def install() -> str:
    """The path of `node`, the package installed from the lock file once. Skips (or fails where it is promised) without npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        reason = "the Telegram peer needs Node.js and npm"
        if os.environ.get("HOCVUSO_REQUIRE_PEERS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with FileLock(FOLDER / "install.lock"):
        if not PACKAGE.exists():
            command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=180)
            if done.returncode:
                pytest.fail(f"npm ci failed: {done.stderr[-500:]}")
    return node


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def telegram_server() -> Iterator[str]:
    """The address of a running server; it ends with the block, and by itself if this process dies."""
    node, port = install(), _free_port()
    command = [node, "telegram.js", str(port)]
    with subprocess.Popen(command, cwd=FOLDER, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "listening"
        yield f"http://127.0.0.1:{port}"
        process.terminate()


class PeerRequest(HTTPXRequest):
    """Mends what the server answers differently from Telegram; the requests go out as the library made them."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *rest: Any, **named: Any
    ) -> tuple[int, bytes]:
        code, raw = await super().do_request(url, method, request_data, *rest, **named)
        name, body = url.rsplit("/", 1)[1], json.loads(raw)
        if code != 200:  # an unknown method: an error page where Telegram has an error object
            return 400, json.dumps({"ok": False, "error_code": 400, "description": body.get("message", "")}).encode()
        body["result"] = _mended(name, body.get("result"))
        if name == "getUpdates" and not body["result"]:
            await asyncio.sleep(0.05)  # it does not hold the request open as Telegram does
        return code, json.dumps(body).encode()


def _mended(name: str, result: Any) -> Any:
    if name == "getMe":
        return result | {"is_bot": True}
    if name == "sendMessage":
        kept = {name: result[name] for name in ("message_id", "chat", "text")}  # the rest is the request, as it was encoded
        return kept | {"date": result["date"] // 1000}
    if name == "getUpdates":
        for update in result:
            if query := update.get("callback_query"):
                query["chat_instance"] = "1"
        return result
    return True if result is None else result


class Phone:
    """A person's Telegram app at the third-party server."""

    def __init__(self, server: str, token: str, person: int) -> None:
        self._server, self._token, self.person = server, token, person
        self._client = httpx.Client(timeout=10, trust_env=False)
        self._from = {"id": person, "is_bot": False, "first_name": "Bà Tư"}
        self._chat = {"id": person, "type": "private", "first_name": "Bà Tư"}

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._client.post(f"{self._server}{path}", json=body)
        answer.raise_for_status()
        return answer.json().get("result")

    def _message(self, text: str) -> dict[str, Any]:
        now = int(time.time())
        return {"botToken": self._token, "from": self._from, "chat": self._chat, "date": now, "text": text}

    def type(self, text: str) -> None:
        self._post("/sendMessage", self._message(text))

    def command(self, text: str) -> None:
        entity = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
        self._post("/sendCommand", self._message(text) | {"entities": [entity]})

    def press(self, message: dict[str, Any], label: str) -> None:
        """Press the inline button whose label contains these words."""
        (data,) = [key["callback_data"] for row in inline(message) for key in row if label in key["text"]][:1]
        self.tap(message, data)

    def tap(self, message: dict[str, Any], data: str) -> None:
        """Press the inline button that carries this."""
        shown = {"message_id": message["messageId"], "chat": self._chat, "date": int(time.time()), "text": "…"}
        self._post("/sendCallback", {"botToken": self._token, "from": self._from, "message": shown, "data": data})

    def wait(self, count: int = 1, seconds: float = 20.0) -> list[dict[str, Any]]:
        """The next messages of the bot: at least that many."""
        got: list[dict[str, Any]] = []
        end = time.monotonic() + seconds
        while len(got) < count:
            assert time.monotonic() < end, f"only {len(got)} of {count} messages came: {got}"
            got += self._post("/getUpdates", {"token": self._token, "chatId": self.person})
            time.sleep(0.05)
        return got


def text_of(message: dict[str, Any]) -> str:
    return str(message["message"]["text"])


def inline(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return list((message["message"].get("reply_markup") or {}).get("inline_keyboard", []))
