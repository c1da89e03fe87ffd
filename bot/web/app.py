"""The ASGI app, put together from parts the composition root has made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from bot.channels.web import WebOutbox
from bot.conversations import Conversations
from bot.web.api import chat_router
from bot.web.errors import install_errors
from bot.web.health import Health
from bot.web.hub import EventHub
from bot.web.limits import Limits, RateLimiter
from bot.web.metrics import Metrics
from bot.web.page import page_router
from bot.web.security import SecurityHeaders
from storage import Database

Hook = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the web needs from the other rooms.

    Args:
        health: says whether citizens can be answered, e.g. ``lambda: readiness(database, lambda: retriever.index)``.
        routers: webhooks, console and whatever else has addresses.
        hooks: entered in order when the server starts, left in reverse when it stops (workers, pollers).
        media_dir: folder with the pictures and recordings of the content; None while there are none.
        metrics: shared with other channels that count their turns; None makes the app its own.
    """

    conversations: Conversations
    database: Database
    health: Health
    routers: Sequence[APIRouter] = ()
    hooks: Sequence[Hook] = ()
    limits: Limits = field(default_factory=Limits)
    media_dir: Path | None = None
    metrics: Metrics | None = None


def create_app(parts: WebParts) -> FastAPI:
    """The app. Everything it opens is closed when its lifespan ends."""
    hub = EventHub(WebOutbox(parts.database))
    metrics = parts.metrics or Metrics(parts.database)
    app = FastAPI(
        title="Học vụ số",
        summary="Trợ lý ảo của phong trào Bình dân học vụ số",
        version=_version(),
        docs_url=None,  # FastAPI's own pages load scripts from a CDN; ours is /docs in `page_router`
        redoc_url=None,
        lifespan=_lifespan(hub, parts.hooks),
    )
    install_errors(app)
    app.include_router(chat_router(parts.conversations, parts.health, hub, RateLimiter(parts.limits), metrics))
    for router in parts.routers:
        app.include_router(router)
    if parts.media_dir is not None:
        app.mount("/media", StaticFiles(directory=parts.media_dir), name="media")
    for route in page_router().routes:
        app.router.routes.append(route)
    app.add_middleware(SecurityHeaders)
    return app


def _lifespan(hub: EventHub, hooks: Sequence[Hook]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(hub.close)
            for hook in hooks:
                await stack.enter_async_context(hook())
            yield

    return lifespan


def _version() -> str:
    try:
        return version("hocvuso")
    except PackageNotFoundError:
        return "0"
