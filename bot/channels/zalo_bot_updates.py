"""How a Zalo bot hears: updates pushed to our address, or asked for in long polls where there is no public address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from bot.channels.base import Receive
from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_bot_api import IDLE, ApiError
from bot.channels.zalo_bot_events import incoming_of, unwrapped
from bot.channels.zalo_http import accepted, is_probe, json_object, read_body, refused, same
from bot.delivery import Retry
from bot.messages import Incoming

log = logging.getLogger(__name__)

PATH = "/webhooks/zalo-bot"
SECRET_HEADER = "X-Bot-Api-Secret-Token"  # noqa: S105 – a header's name
POLL_SECONDS = 30
SLOWEST_SECONDS = 60.0  # between tries while the platform is away
Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


def zalo_bot_router(channel: ZaloBotChannel | None, secret: str, receive: Receive, clock: Clock = _now) -> APIRouter:
    """``GET`` and ``POST /webhooks/zalo-bot``.

    Args:
        channel: shows that an answer is on its way; None where the bot is not configured.
        secret: what was given to setWebhook; empty: every update is refused with 403.
        receive: `Workers.receive`; the answer waits only for its claim in the database.
    """
    router = APIRouter(tags=["webhooks"])

    @router.get(PATH, include_in_schema=False)
    async def look() -> Response:
        return accepted()

    @router.post(PATH, summary="Updates of the Zalo bot")
    async def update(request: Request) -> Response:
        raw = await read_body(request)
        if raw is None:
            return refused(413, "too_large")
        if is_probe(raw):
            return accepted()
        if not (secret and same(request.headers.get(SECRET_HEADER, ""), secret)):
            log.warning("Zalo Bot: an update without the secret was refused%s", "" if secret else " (none is set)")
            return refused(403, "bad_secret")
        incoming = incoming_of(unwrapped(json_object(raw) or {}), clock())
        response = accepted()
        if incoming is not None and await run_in_threadpool(receive, incoming) and channel is not None:
            response.background = BackgroundTask(channel.typing, incoming.person)
        return response

    return router


class Poller:
    """Asks for updates until cancelled. The platform forgets an update once given: it is claimed before the next is asked for."""

    def __init__(self, channel: ZaloBotChannel, receive: Receive, clock: Clock = _now, seconds: int = POLL_SECONDS) -> None:
        self._channel, self._receive, self._clock = channel, receive, clock
        self._seconds = seconds
        self._timeout = httpx.Timeout(seconds + 10.0, connect=4.0)
        self._typing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Never returns; faults of the platform are logged and waited out, ever longer."""
        wait = 1.0
        while True:
            try:
                await self._ask_once()
                wait = 1.0
            except (ApiError, Retry) as error:
                log.warning("%s; asking again in %.0f s", error, wait)
                await asyncio.sleep(getattr(error, "after", None) or wait)
                wait = min(2 * wait, SLOWEST_SECONDS)

    async def _ask_once(self) -> None:
        try:
            found = await self._channel.api.call("getUpdates", {"timeout": str(self._seconds)}, self._timeout)
        except ApiError as error:
            if error.code != IDLE:
                raise
            return
        for update in found if isinstance(found, list) else [found]:
            if isinstance(update, dict):
                await self._take(update)

    async def _take(self, update: Mapping[str, Any]) -> None:
        incoming = incoming_of(unwrapped(update), self._clock())
        if incoming is None or not await self._claim(incoming):
            return
        task = asyncio.create_task(self._channel.typing(incoming.person))
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)

    async def _claim(self, incoming: Incoming) -> bool:
        """Until it is done: the platform will not give this update again."""
        while True:
            try:
                return await asyncio.to_thread(self._receive, incoming)
            except Exception:
                log.exception("Zalo Bot: an update could not be claimed; trying again")
                await asyncio.sleep(1.0)


async def announce_webhook(channel: ZaloBotChannel, url: str, secret: str) -> None:
    """Tell the platform our address, again and again until it has understood."""
    wait = 1.0
    while True:
        try:
            await channel.api.call("setWebhook", {"url": url, "secret_token": secret})
            return log.info("Zalo Bot: updates come to %s", url)
        except (ApiError, Retry) as error:
            log.warning("%s; setting the webhook again in %.0f s", error, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, SLOWEST_SECONDS)


async def poll(channel: ZaloBotChannel, receive: Receive) -> None:
    """Take a webhook of earlier days away, then ask for updates until cancelled."""
    try:
        await channel.api.call("deleteWebhook")
    except (ApiError, Retry) as error:
        log.warning("%s; polling all the same", error)
    await Poller(channel, receive).run()


@asynccontextmanager
async def hearing(channel: ZaloBotChannel, receive: Receive, public_url: str, secret: str) -> AsyncIterator[None]:
    """Hear while the block runs: by webhook with a public address and a secret, else by polling (one process only)."""
    by_webhook = public_url.startswith("https://") and secret
    work = announce_webhook(channel, public_url.rstrip("/") + PATH, secret) if by_webhook else poll(channel, receive)
    task = asyncio.create_task(work, name="zalo-bot-updates")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await channel.api.close()
