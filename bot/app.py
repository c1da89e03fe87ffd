"""The server: one process with the web chat, the webhooks, the workers and the polling channels."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from bot.runtime import Runtime, following
from bot.web.app import Hook, WebParts, create_app
from bot.web.health import readiness


def app_of(runtime: Runtime) -> FastAPI:
    """The ASGI app of a running bot."""
    retriever = runtime.answerer.retriever
    return create_app(
        WebParts(
            conversations=runtime.conversations,
            database=runtime.database,
            health=lambda: readiness(runtime.database, lambda: retriever.index),
            hooks=(_fresh_content(runtime),),
        )
    )


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
    announce(f"» Web chat {address}/ · API {address}/docs")
    gc.collect()
    gc.freeze()  # texts and models live as long as the server: not to be looked through again and again
    try:
        app, host, port = app_of(runtime), settings.host, settings.port
        # open event streams would hold up a shutdown for ever
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    finally:
        runtime.database.close()
