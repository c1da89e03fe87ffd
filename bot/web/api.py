"""The chat over HTTP: one message and its replies, pushed messages, and how the service is."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.channels.web import CHANNEL, incoming, new_session, shown
from bot.conversations import Conversations
from bot.messages import Incoming, Outgoing
from bot.web.errors import Refused
from bot.web.health import Health
from bot.web.hub import EventHub
from bot.web.limits import RateLimiter
from bot.web.metrics import Metrics
from bot.web.requests import ChatRequest, check_session, parse_chat, read_body

# Turns have threads of their own: cheaper to reach than the shared pool, and no slow page of the console can use them up.
_TURNS = ThreadPoolExecutor(max_workers=16, thread_name_prefix="turn")
MAX_EVENT_ID = 2**63 - 1


class ChatButton(BaseModel):
    """A choice (with its number) or navigation (``nav``). A link button has ``url`` and an empty payload."""

    label: str
    payload: str
    number: int | None = None
    nav: bool | None = None
    url: str | None = None


class ChatMedia(BaseModel):
    kind: str = Field(description="image or audio")
    path: str
    url: str
    alt: str


class ChatMessage(BaseModel):
    """One bubble. `text` may hold ``**bold**``, lines that start with ``- `` or ``1. ``, and blank lines."""

    text: str
    buttons: list[ChatButton]
    media: list[ChatMedia]
    urgent: bool
    text_size: str = Field(description="the size of letters asked for in the conversation: normal, large or very_large")


class ChatReply(BaseModel):
    messages: list[ChatMessage]
    said: str | None = Field(description="What was typed, as it is kept: personal numbers and codes hidden. Null for a button.")
    session: str


class ErrorBody(BaseModel):
    code: str
    message: str = Field(description="Vietnamese, for people")


class ErrorReply(BaseModel):
    error: ErrorBody


_ERROR: Final[dict[str, Any]] = {"model": ErrorReply}
_CHAT_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": ChatRequest.model_json_schema()}}}
}


def chat_router(
    conversations: Conversations,
    health: Health,
    hub: EventHub,
    limiter: RateLimiter | None = None,
    metrics: Metrics | None = None,
) -> APIRouter:
    """``POST /api/chat``, ``GET /api/chat/events``, ``GET /healthz``, ``GET /readyz`` and, given metrics, ``GET /metrics``."""
    router = APIRouter()
    _add_chat(router, conversations, limiter or RateLimiter(), metrics)
    _add_events(router, hub)
    _add_health(router, health)
    if metrics is not None:
        metrics.streams.set_function(lambda: hub.open_streams)
        _add_metrics(router, metrics)
    return router


def _add_chat(router: APIRouter, conversations: Conversations, limiter: RateLimiter, metrics: Metrics | None) -> None:
    # The request is read by hand: the body is checked once, and no reply is validated that we have just built.
    async def chat(request: Request) -> Response:
        begun = time.perf_counter()
        try:
            asked = parse_chat(await read_body(request))
            session = asked.session or new_session()
            limiter.check(session, _address(request))
        except Refused as refused:
            if metrics:
                metrics.refused.labels(refused.code).inc()
            raise
        said = incoming(session, asked.text, asked.payload, asked.message_id)
        kept, replies = await asyncio.get_running_loop().run_in_executor(_TURNS, _turn, conversations, said)
        if metrics:
            metrics.turn(CHANNEL, "text" if asked.payload is None else "button", time.perf_counter() - begun)
        return JSONResponse({"messages": [shown(reply) for reply in replies], "said": kept.text, "session": session})

    # The plain route answers; the one behind it is never reached and stands for the documentation only.
    router.add_route("/api/chat", chat, ["POST"], include_in_schema=False)
    router.post(
        "/api/chat",
        tags=["chat"],
        summary="Send a typed text or a pressed button, get the replies",
        responses={200: {"model": ChatReply}, 400: _ERROR, 413: _ERROR, 422: _ERROR, 429: _ERROR, 503: _ERROR},
        openapi_extra=_CHAT_BODY,
    )(chat)


def _turn(conversations: Conversations, said: Incoming) -> tuple[Incoming, tuple[Outgoing, ...]]:
    """The message as it is kept, and the replies to it."""
    kept = conversations.sanitised(said)
    return kept, conversations.converse(kept)


def _add_events(router: APIRouter, hub: EventHub) -> None:
    @router.get(
        "/api/chat/events",
        tags=["chat"],
        summary="Pushed messages of a session (server-sent events)",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}, 422: _ERROR, 429: _ERROR, 503: _ERROR},
        openapi_extra={"parameters": [_query("session", True), _query("after", False)]},
    )
    async def events(request: Request) -> Response:
        person = check_session(request.query_params.get("session", ""))
        after = _event_id(request.headers.get("last-event-id") or request.query_params.get("after"))
        hub.check_room(person)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(hub.events(person, after), media_type="text/event-stream", headers=headers)


def _query(name: str, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}


def _event_id(value: str | None) -> int | None:
    """The id a page has seen last; anything but a number counts as no memory."""
    if value is None or not (value.isascii() and value.isdigit()):
        return None
    return min(int(value[:19]), MAX_EVENT_ID)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _add_health(router: APIRouter, health: Health) -> None:
    @router.get("/healthz", tags=["operation"], summary="The process is alive")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", tags=["operation"], summary="Citizens can be answered; else 503 with reasons")
    async def readyz() -> Response:
        found = await run_in_threadpool(health)
        status = "ready" if found.ready else "not ready"
        return JSONResponse({"status": status, "reasons": list(found.reasons), **found.details}, 200 if found.ready else 503)


def _add_metrics(router: APIRouter, metrics: Metrics) -> None:
    @router.get("/metrics", tags=["operation"], summary="Figures for Prometheus", response_class=Response)
    async def figures() -> Response:
        return Response(await run_in_threadpool(metrics.render), media_type="text/plain; version=0.0.4; charset=utf-8")
