"""The address an Official Account's events come to: only what Zalo signed is acted on, and after the answer."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.channels.base import Receive
from bot.channels.zalo_http import accepted, is_probe, json_object, read_body, refused, same
from bot.channels.zalo_oa_events import incoming_of, sent_at

log = logging.getLogger(__name__)

PATH = "/webhooks/zalo-oa"
SIGNATURE = "X-ZEvent-Signature"
TIMESTAMP = "X-ZEvent-Timestamp"
TOO_OLD = timedelta(hours=24)  # Zalo repeats for about two hours; later than this only somebody else would


def mac(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """The signature of an event: SHA-256 over app id, body as received, its timestamp and the OA secret key; hex."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


def is_signed(signature: str, raw: bytes, timestamps: tuple[str, ...], app_id: str, secret: str) -> bool:
    """Whether Zalo signed these bytes. Without a secret nothing is ever signed."""
    if not (app_id and secret and signature):
        return False
    given = signature.strip().removeprefix("mac=").lower()
    return any(same(given, mac(app_id, raw, timestamp, secret)) for timestamp in timestamps)


def zalo_oa_router(
    app_id: str, secret_key: str, receive: Receive, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """``GET`` and ``POST /webhooks/zalo-oa``.

    Args:
        secret_key: the "OA Secret Key" of the console's webhook page; empty: every event is refused with 403.
        receive: `Workers.receive`; the answer waits only for its claim in the database.
    """
    router = APIRouter(tags=["webhooks"])

    @router.get(PATH, include_in_schema=False)
    async def look() -> Response:
        return accepted()

    @router.post(PATH, summary="Events of the Zalo Official Account")
    async def event(request: Request) -> Response:
        raw = await read_body(request)
        if raw is None:
            return refused(413, "too_large")
        if is_probe(raw):
            return accepted()
        body = json_object(raw) or {}
        timestamps = _timestamps(body.get("timestamp"), request.headers.get(TIMESTAMP))
        if not is_signed(request.headers.get(SIGNATURE, ""), raw, timestamps, app_id, secret_key):
            log.warning("Zalo OA: an event without a valid signature was refused%s", "" if secret_key else " (no secret key set)")
            return refused(403, "bad_signature")
        now = clock()
        incoming = incoming_of(body, now)
        if incoming is not None and not _is_old(sent_at(body), now):
            await run_in_threadpool(receive, incoming)
        return accepted()

    return router


def _is_old(moment: datetime | None, now: datetime) -> bool:
    if moment is None or now - moment <= TOO_OLD:
        return False
    log.warning("Zalo OA: an event of %s was left out: too old, or this machine's clock is wrong", moment)
    return True


def _timestamps(in_body: object, in_header: str | None) -> tuple[str, ...]:
    """The timestamps the signature may be over: the body's as a rule, the header's according to some."""
    found = (str(in_body) if isinstance(in_body, (str, int)) else None, in_header)
    return tuple(dict.fromkeys(value for value in found if value))
