"""Zalo Bot Platform: no buttons at all, so choices are numbers to type; large bold text for people who chose it."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import httpx

from bot.channels.base import pieces, send_pieces, web_path
from bot.channels.zalo_bot_api import ApiError, ZaloBotApi, send_error
from bot.channels.zalo_bot_events import CAPACITY, CHANNEL
from bot.channels.zalo_text import as_text, plain, styled
from bot.delivery import Rejected, SendError
from bot.messages import Media, Outgoing
from bot.settings import Settings

log = logging.getLogger(__name__)

TEXT_LIMIT = 2_000


class ZaloBotChannel:
    """Sends replies as styled text.

    Args:
        public_url: where Zalo fetches pictures and recordings from; empty: their description is sent instead.
    """

    name = CHANNEL
    capacity = CAPACITY
    text_limit = TEXT_LIMIT

    def __init__(self, api: ZaloBotApi, public_url: str = "") -> None:
        self.api = api
        self._public_url = public_url.rstrip("/")

    async def send(self, person: str, message: Outgoing) -> None:
        """See `Channel.send`."""
        whole = as_text(message)
        await send_pieces(pieces(whole, TEXT_LIMIT), lambda piece: self._send_piece(person, piece, message.text_size))

    async def typing(self, person: str) -> None:
        """Show that an answer is on its way. A courtesy: its failure is nobody's concern."""
        with suppress(SendError, ApiError):
            await self.api.call("sendChatAction", {"chat_id": person, "action": "typing"})

    def problem(self) -> str | None:
        """What keeps replies from everybody and what to do about it; None when all is well."""
        return self.api.problem

    async def _send_piece(self, person: str, piece: Outgoing, text_size: str) -> None:
        if piece.media:
            return await self._send_medium(person, piece.media[0])
        text, styles = styled(piece.text, text_size)
        if text:
            body = {"chat_id": person, "text": text}
            await self._call("sendMessage", body | ({"text_styles": styles} if styles else {}))
        return None

    async def _send_medium(self, person: str, medium: Media) -> None:
        """A picture or a recording by its address; what the platform will not take as words."""
        url = self._address(medium)
        native = _native(medium, url)
        if native is not None:
            method, body = native
            try:
                return await self._call(method, {"chat_id": person} | body)
            except Rejected as error:
                log.warning("Zalo Bot: %s not taken (%s); its description was sent instead", medium.kind, error)
        text = plain(f"{medium.alt}: {url}" if url else medium.alt)[:TEXT_LIMIT]
        return await self._call("sendMessage", {"chat_id": person, "text": text}) if text else None

    def _address(self, medium: Media) -> str:
        return f"{self._public_url}{quote(web_path(medium.path))}" if self._public_url else ""

    async def _call(self, method: str, body: dict[str, Any]) -> None:
        try:
            await self.api.call(method, body)
        except ApiError as error:
            raise send_error(error) from None


def _native(medium: Media, url: str) -> tuple[str, dict[str, Any]] | None:
    """The method that shows a medium as such, and its parameters."""
    if url and medium.kind == "image":
        return "sendPhoto", {"photo": url, "caption": plain(medium.alt)[:TEXT_LIMIT]}
    if url.endswith(".aac"):
        return "sendVoice", {"voice_url": url}
    return None


def open_zalo_bot(settings: Settings) -> ZaloBotChannel | None:
    """The channel, or None where no bot is configured."""
    if not settings.zalo_bot_token.get_secret_value():
        return None
    api = ZaloBotApi(httpx.AsyncClient(), settings.zalo_bot_api_url, settings.zalo_bot_token)
    return ZaloBotChannel(api, settings.public_url)
