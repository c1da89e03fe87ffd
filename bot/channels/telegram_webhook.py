"""The address Telegram posts updates to. Claimed, then 200 at once; the work comes after."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Header, Request, Response
from telegram.error import TelegramError

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 – the header's name
MAX_BODY = 1 << 20  # bytes; an update has a few thousand

log = logging.getLogger(__name__)

Take = Callable[[dict[str, Any]], Awaitable[None]]


def telegram_router(secret: str, take: Take) -> APIRouter:
    """The route.

    Answers 403 for a wrong or missing secret header and whenever no secret is configured, 400 for a body
    that is no update, 413 for a huge one, 503 when the update could not be claimed (Telegram sends it again).
    An update of a shape the library cannot read is logged and answered 200: sent again and again, it would hold
    up everybody's next ones.
    """
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def webhook(
        request: Request, presented: str = Header("", alias=SECRET_HEADER), length: int = Header(0, alias="Content-Length")
    ) -> Response:
        if not secret or not hmac.compare_digest(presented.encode(), secret.encode()):
            return Response(status_code=403)
        if length > MAX_BODY:
            return Response(status_code=413)
        return Response(status_code=await _accept(await request.body(), take))

    return router


async def _accept(raw: bytes, take: Take) -> int:
    if len(raw) > MAX_BODY:
        return 413
    try:
        body = json.loads(raw)
    except ValueError:
        return 400
    if not isinstance(body, dict) or "update_id" not in body:
        return 400
    try:
        await take(body)
    except TelegramError:
        return 503
    except (ValueError, KeyError, TypeError, AttributeError):
        log.exception("Telegram sent an update that cannot be read")
    return 200
