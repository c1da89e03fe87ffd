"""The web over real parts: a real database, the shipped content, a real index with the `hash` embedder."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext

from bot import delivery
from bot.messages import Button, Outgoing, Place
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from bot.web.app import WebParts, create_app
from bot.web.health import readiness
from bot.web.limits import Limits, Rate

PHONE = {"width": 360, "height": 740}
UNLIMITED = Limits(session=Rate(1e9, 1e9), address=Rate(1e9, 1e9))


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One bot for all tests of the web: each uses sessions of its own."""
    made = open_runtime(Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("web"), embedder="hash"))  # type: ignore[call-arg]
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def parts(runtime: Runtime) -> WebParts:
    def health() -> Any:
        return readiness(runtime.database, lambda: runtime.answerer.retriever.index)

    return WebParts(runtime.conversations, runtime.database, health, limits=UNLIMITED)


@pytest.fixture
def app(parts: WebParts) -> FastAPI:
    return create_app(parts)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


class Server:
    """The app behind a real uvicorn, in a thread, stopped and started again at will on one port."""

    def __init__(self, parts: WebParts, port: int = 0) -> None:
        self._parts = parts
        self.port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = uvicorn.Config(
            create_app(self._parts), host="127.0.0.1", port=self.port, log_level="warning", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=20)
            assert not self._thread.is_alive(), "the server did not stop"
            self._server = None


@contextmanager
def serving(parts: WebParts) -> Iterator[Server]:
    server = Server(parts)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def shared_server(parts: WebParts) -> Iterator[Server]:
    with serving(parts) as running:
        yield running


@pytest.fixture
def push(runtime: Runtime) -> Any:
    """Puts a message for a session into the outbox, as an operator's answer or a broadcast would."""

    def put(session_id: str, text: str, button: Button | None = None) -> None:
        message = Outgoing(text, buttons=(button,) if button else ())
        with runtime.database.session() as session:
            delivery.post(session.connection(), Place("web", session_id), None, [message], datetime.now(UTC), sent=False)

    return put


__all__ = ["UNLIMITED", "Server", "replace", "serving"]


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", locale="vi-VN")  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    yield context
    context.close()
