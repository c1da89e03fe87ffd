"""The server: one process with the web chat, the webhooks, the workers and the polling channels."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import uvicorn
from fastapi import FastAPI

from admin.router import admin_router, parts_of
from bot.cards import CardFiles
from bot.messaging import MediaFiles, Messaging, open_messaging
from bot.rasa import WithFallback
from bot.runtime import Runtime, following
from bot.web.app import Hook, WebParts, create_app
from bot.web.cards import cards_router
from bot.web.health import Readiness, readiness
from knowledge.cards.shelf import Shelf
from knowledge.pictures.build import media_dir

MEDIA = media_dir()
GC_THRESHOLD = (20_000, 20, 20)  # a turn makes thousands of short-lived values: by default it is interrupted for each 700
# Seconds a busy thread may keep the interpreter while others wait. With the default of 5 ms an embedding, which needs it only
# to start and to end, waits for whatever else the turn is doing: its overlap with the database work would be lost.
SWITCH_INTERVAL = 0.0003


def app_of(runtime: Runtime) -> FastAPI:
    """The ASGI app of a running bot."""
    shelf, public_url = Shelf(runtime.live, MEDIA.parent), runtime.settings.public_url
    messaging = open_messaging(runtime, MediaFiles(MEDIA, CardFiles(shelf, public_url).pdf))
    return create_app(
        WebParts(
            conversations=runtime.conversations,
            database=runtime.database,
            health=lambda: _health(runtime, messaging),
            routers=(*messaging.routers, admin_router(parts_of(runtime)), cards_router(shelf, public_url)),
            hooks=(_fresh_content(runtime), *messaging.hooks),
            media_dir=MEDIA if MEDIA.is_dir() else None,
        )
    )


def _health(runtime: Runtime, messaging: Messaging) -> Readiness:
    """Ready means that the web can answer; what keeps a messaging app from it is named beside."""
    found = readiness(runtime.database, lambda: runtime.answerer.retriever.index)
    problems = {name: problem() for name, problem in messaging.problems.items()}
    classifier = runtime.live.classifier
    standing_in = classifier.problem() if isinstance(classifier, WithFallback) else None
    details = {**found.details, "nlu": runtime.settings.nlu, **({"nlu_problem": standing_in} if standing_in else {})}
    return replace(found, details={**details, "channels": {name: text or "ok" for name, text in problems.items()}})


def _fresh_content(runtime: Runtime) -> Hook:
    @asynccontextmanager
    async def hook() -> AsyncIterator[None]:
        with following(runtime.live):
            yield

    return hook


def run_server(runtime: Runtime, announce: Callable[[str], None]) -> None:
    """Serve until stopped (Ctrl+C)."""
    settings = runtime.settings
    address = f"http://{settings.host}:{settings.port}"
    announce(f"» Mở trang trò chuyện: {address}/   (Ctrl+C để dừng)")
    announce(f"» Bàn làm việc của người biên soạn: {address}/admin/ · API: {address}/docs")
    gc.collect()
    gc.freeze()  # texts and models live as long as the server: not to be looked through again and again
    gc.set_threshold(*GC_THRESHOLD)
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        app, host, port = app_of(runtime), settings.host, settings.port
        # open event streams would hold up a shutdown for ever
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    finally:
        runtime.database.close()
