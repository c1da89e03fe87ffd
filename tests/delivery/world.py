"""A messaging platform and the worker processes that talk to it, for tests that kill things.

The platform is a real HTTP server that outlives the workers: what it accepted is what people saw. The
workers run the real shell and engine; each reply is tagged with the message it answers, so that the
platform can tell what is missing, repeated or out of order.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

import bot.conversations
from bot.channels.base import pieces, send_pieces
from bot.conversations import Conversations
from bot.delivery import Rejected, Retry
from bot.messages import Incoming, Outgoing
from bot.turn import Heard, Turn
from storage import Database
from tests.bot.talking import CONTENT, understood

ROOT = Path(__file__).resolve().parents[2]
CHANNEL = "test"


class Ears:
    """Every text is a question nothing is known about: understanding is not what is tested here."""

    def begin(self, text: str) -> Callable[[str | None], Heard]:
        return lambda _topic_id: Heard(understood(text), None)


def conversations_of(database: Database) -> Conversations:
    return Conversations(database, Ears(), lambda: CONTENT)


def incoming(person: str, message_id: str, text: str = "câu hỏi") -> Incoming:
    return Incoming(CHANNEL, person, message_id, datetime.now(UTC), text=text)


def tag_replies() -> None:
    """From now on, in this process, every reply begins with ``<message id>#<its place among the replies>|``."""
    real = bot.conversations.step

    def tagged(state: Any, received: Incoming, heard: Any, world: Any, *rest: Any, **named: Any) -> Turn:
        turn = real(state, received, heard, world, *rest, **named)
        texts = [f"{received.message_id}#{n}|{reply.text}" for n, reply in enumerate(turn.replies, 1)]
        return replace(turn, replies=tuple(replace(r, text=t) for r, t in zip(turn.replies, texts, strict=True)))

    bot.conversations.step = tagged  # type: ignore[assignment]


@dataclass
class Channel:
    """Talks to the platform of this file."""

    url: str
    name: str = CHANNEL
    capacity: int = 8
    text_limit: int = 4096
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=5, trust_env=False))

    async def send(self, person: str, message: Outgoing) -> None:
        async def one(piece: Outgoing) -> None:
            try:
                answer = await self.client.post(f"{self.url}/send", json={"person": person, "text": piece.text})
            except httpx.TransportError as error:
                raise Retry(type(error).__name__) from error
            if answer.status_code == 429:
                raise Retry("flood control", after=0.05)
            if answer.status_code >= 500:
                raise Retry(f"HTTP {answer.status_code}")
            if answer.status_code >= 400:
                raise Rejected(f"HTTP {answer.status_code}")

        await send_pieces(pieces(message, self.text_limit), one)


class Platform:
    """Accepts replies over HTTP, refusing some; `accepted` is what people saw, in order."""

    def __init__(self, error_share: float = 0.0, latency: float = 0.02, seed: int = 1) -> None:
        self.accepted: list[tuple[float, str, str]] = []  # moment, person, tag
        self.refused = 0
        self._errors, self._latency, self._random = error_share, latency, random.Random(seed)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._take))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, body: dict[str, str]) -> int:
        time.sleep(self._latency)
        with self._lock:
            if self._random.random() < self._errors:
                self.refused += 1
                return self._random.choice([429, 500, 502, 503])
            self.accepted.append((time.monotonic(), body["person"], body["text"].split("|")[0]))
        return 200

    def seen_by(self) -> dict[str, list[str]]:
        """The tags each person saw, in order."""
        seen: defaultdict[str, list[str]] = defaultdict(list)
        with self._lock:
            for _, person, tag in self.accepted:
                seen[person].append(tag)
        return dict(seen)

    def repeats_after(self, kills: list[float], seconds: float = 0.5) -> int:
        """Repeats whose first acceptance fell into the half second around a kill: the commit died with the process."""
        first: dict[tuple[str, str], float] = {}
        explained = 0
        for moment, person, tag in self.accepted:
            known = first.setdefault((person, tag), moment)
            explained += known != moment and any(abs(known - kill) < seconds for kill in kills)
        return explained

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(take: Callable[[dict[str, str]], int]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(take(json.loads(body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    return Handler


class WorkerProcess:
    """One server process: takes webhooks, works on the inbox, sends the outbox. Started again after every kill."""

    def __init__(self, database_url: str, platform_url: str) -> None:
        self._arguments = [database_url, platform_url]
        self.kill_moments: list[float] = []
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.delivery.worker_process", *self._arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"NO_PROXY": "*"})
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the worker process did not start")
        self.url = f"http://127.0.0.1:{int(line)}"

    def kill(self) -> None:
        """kill -9, then a new process."""
        self.stop(signal.SIGKILL)
        self.kill_moments.append(time.monotonic())
        self.start()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self._process.send_signal(how)
        return self._process.wait(30)


def deliver_webhook(client: httpx.Client, workers: list[WorkerProcess], message: tuple[str, str], chance: random.Random) -> bool:
    """Post a message until some worker acknowledges it, as platforms do. Returns whether it was new to them."""
    person, message_id = message
    body = {"person": person, "message_id": message_id}
    while True:
        try:
            answer = client.post(f"{chance.choice(workers).url}/in", json=body)
            if answer.status_code == 200:
                return bool(answer.json()["new"])
        except httpx.TransportError:
            time.sleep(0.05)


@dataclass(frozen=True)
class Verdict:
    """What people saw compared with what they should have seen."""

    messages: int
    replies: int
    lost: int
    out_of_order: int
    duplicates: int
    people: int


def judge(platform: Platform, messages: dict[str, list[str]], expected: dict[str, int]) -> Verdict:
    """`messages`: ids per person in order sent; `expected`: replies each message id must have got."""
    lost = disorder = duplicates = replies = 0
    seen = platform.seen_by()
    for person, ids in messages.items():
        wanted = [f"{i}#{n}" for i in ids for n in range(1, expected[i] + 1)]
        got = seen.get(person, [])
        first = list(dict.fromkeys(got))
        replies += len(wanted)
        lost += len(set(wanted) - set(got))
        duplicates += len(got) - len(first)
        disorder += sum(a != b for a, b in zip(first, [w for w in wanted if w in set(got)], strict=True))
    return Verdict(len(expected), replies, lost, disorder, duplicates, len(messages))
