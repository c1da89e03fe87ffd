"""Several real server processes on one database: a publish in one place is live everywhere within seconds."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import httpx

from knowledge.model import Aspect, Level, Section, VariantKey
from knowledge.store import history, publish, save_draft, submit
from storage import open_database

ROOT = Path(__file__).parents[2]
LIVE_SECONDS = 5.0
KEY = VariantKey(topic_id="otp", language="vi", level=Level.STANDARD)
NEW_WORDS = "Câu mới do cán bộ xã vừa sửa."


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(database_url: str, data_dir: Path) -> Iterator[str]:
    port = free_port()
    own = {"HOCVUSO_DATABASE_URL": database_url, "HOCVUSO_DATA_DIR": str(data_dir), "HOCVUSO_EMBEDDER": "hash"}
    command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_ready(base: str) -> None:
    for _ in range(240):
        try:
            if httpx.get(f"{base}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError("the server did not become ready")


def says(base: str) -> str:
    reply = httpx.post(f"{base}/api/chat", json={"session": "two", "payload": "v1:topic:otp:summary"}, timeout=30)
    return " ".join(message["text"] for message in reply.json()["messages"])


def publish_new_words(database_url: str) -> None:
    database = open_database(database_url)
    with database.session() as session:
        body = history(session, KEY)[0].revision.body
        sections = tuple(s if s.aspect is not Aspect.SUMMARY else Section(aspect=s.aspect, text=NEW_WORDS) for s in body.sections)
        save_draft(session, KEY, body.model_copy(update={"sections": sections}), "biên tập", note="thử")
        submit(session, KEY, "biên tập")
        publish(session, KEY, "cán bộ", confirm_on=date(2026, 11, 21))
    database.close()


def test_a_publish_is_live_in_every_process_within_five_seconds(database_url: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        bases = [stack.enter_context(server(database_url, tmp_path / name)) for name in ("one", "two")]
        for base in bases:
            wait_ready(base)
        assert not any(NEW_WORDS in says(base) for base in bases)
        publish_new_words(database_url)
        deadline = time.monotonic() + LIVE_SECONDS
        waiting = set(bases)
        while waiting and time.monotonic() < deadline:
            waiting = {base for base in waiting if NEW_WORDS not in says(base)}
            time.sleep(0.1)
        assert not waiting
