"""Zalo Official Account: replies with buttons, or with numbers to type where the account's package has no buttons."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from bot.channels.base import pieces, send_pieces, web_path
from bot.channels.zalo_http import TIMEOUT, Answer, post
from bot.channels.zalo_oa_errors import BAD_BUTTONS, NO_BUTTONS, RENEW, AdminNeeded, error_of
from bot.channels.zalo_oa_events import CAPACITY, CHANNEL
from bot.channels.zalo_oa_tokens import OaApp, OaTokens
from bot.channels.zalo_text import as_text, plain
from bot.delivery import Rejected, Retry, SendError
from bot.messages import Button, Media, Outgoing
from bot.secrets_store import SecretStore, passphrase
from bot.settings import Settings
from storage import Database

log = logging.getLogger(__name__)

TEXT_LIMIT = 2_000
TITLE_LIMIT = 100
ONLY_BUTTONS = "Mời bạn chọn:"  # a message needs a text
BUTTONS_AGAIN = timedelta(hours=24)  # a package may have been upgraded meanwhile
FRESH_EVERY = 1_800.0  # seconds between looks at the token's age: an idle account must not lose its consent


class ButtonsRefused(Exception):
    """This piece has to go as text."""

    def __init__(self, piece: Outgoing, code: int) -> None:
        super().__init__(code)
        self.piece, self.code = piece, code


class ZaloOaChannel:
    """Sends replies through the consultation message API.

    Args:
        public_url: where Zalo fetches pictures from (``<public_url>/media/…``); empty: their description is sent instead.
    """

    name = CHANNEL
    capacity = CAPACITY
    text_limit = TEXT_LIMIT

    def __init__(
        self,
        tokens: OaTokens,
        http: httpx.AsyncClient,
        api_url: str,
        public_url: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._tokens, self._http, self._clock = tokens, http, clock
        self._url = f"{api_url.rstrip('/')}/v3.0/oa/message/cs"
        self._public_url = public_url.rstrip("/")
        self._no_buttons_until = datetime.fromtimestamp(0, UTC)
        self._problem: str | None = None

    async def send(self, person: str, message: Outgoing) -> None:
        """See `Channel.send`. Bubbles whose buttons are refused go out once more as numbers to type."""
        if not self._can_show(message):
            message = as_text(message)
        try:
            await send_pieces(pieces(message, TEXT_LIMIT), lambda piece: self._send_piece(person, piece))
        except ButtonsRefused as refusal:
            await self._send_as_text(person, refusal)

    def problem(self) -> str | None:
        """What keeps replies from everybody and what to do about it; None when all is well. Blocks on the database."""
        return self._tokens.problem() or self._problem

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the token fresh while nobody writes; on leaving let a renewal finish and close the connections."""
        task = asyncio.create_task(self._keep_fresh(), name="zalo-oa-token")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self._tokens.close()
            await self._http.aclose()

    async def _keep_fresh(self) -> None:
        while True:
            try:
                await self._tokens.current()
            except SendError as error:
                log.warning("Zalo OA: %s", error)
            except Exception:
                log.exception("Zalo OA: the access token could not be looked after; trying again")
            await asyncio.sleep(FRESH_EVERY)

    def _can_show(self, message: Outgoing) -> bool:
        fits = len(message.buttons) + len(message.nav) <= CAPACITY
        return fits and self._clock() >= self._no_buttons_until

    async def _send_as_text(self, person: str, refusal: ButtonsRefused) -> None:
        if refusal.code in NO_BUTTONS:
            log.warning("Zalo OA takes no buttons (error %s): menus go out as numbers to type", refusal.code)
            self._no_buttons_until = self._clock() + BUTTONS_AGAIN
        rest = as_text(refusal.piece)
        try:
            await send_pieces(pieces(rest, TEXT_LIMIT), lambda piece: self._send_piece(person, piece))
        except SendError as error:
            error.rest = error.rest or rest  # what came before this piece was taken already
            raise

    async def _send_piece(self, person: str, piece: Outgoing) -> None:
        if piece.media:
            return await self._send_medium(person, piece.media[0])
        buttons = [_button(button) for button in (*piece.buttons, *piece.nav)]
        text = plain(piece.text) or (ONLY_BUTTONS if buttons else "")
        if not text:
            return None
        attachment = {"attachment": {"type": "template", "payload": {"buttons": buttons}}} if buttons else {}
        code = await self._call(person, {"text": text} | attachment)
        if buttons and code in NO_BUTTONS | BAD_BUTTONS:
            raise ButtonsRefused(piece, code)
        self._note(code)
        return None

    async def _send_medium(self, person: str, medium: Media) -> None:
        """A picture by its address. Recordings, and pictures Zalo will not take, as words: the account has no audio."""
        url = self._address(medium)
        if url and medium.kind == "image":
            try:
                return self._note(await self._call(person, _picture(url, medium.alt)))
            except Rejected as error:
                log.warning("Zalo OA: picture not taken (%s); its description was sent instead", error)
        text = f"{medium.alt}: {url}" if url else medium.alt
        if text:
            self._note(await self._call(person, {"text": plain(text)[:TEXT_LIMIT]}))
        return None

    def _address(self, medium: Media) -> str:
        return f"{self._public_url}{quote(web_path(medium.path))}" if self._public_url else ""

    async def _call(self, person: str, message: dict[str, Any]) -> int:
        """The platform's code; 0 when it took the message. An access token it refuses is renewed once."""
        token = await self._tokens.current()
        answer = await self._post(token, person, message)
        if answer.number("error") in RENEW:
            answer = await self._post(await self._tokens.renewed(refused=token), person, message)
        code = answer.number("error")
        if code is None:
            raise Retry(f"Zalo OA gave no result (HTTP {answer.status})")
        return code

    async def _post(self, token: str, person: str, message: dict[str, Any]) -> Answer:
        body = {"recipient": {"user_id": person}, "message": message}
        return await post(self._http, self._url, json=body, headers={"access_token": token}, timeout=TIMEOUT)

    def _note(self, code: int) -> None:
        """Raise what the code means; remember whether an administrator is needed."""
        if code == 0:
            self._problem = None
            return
        error = error_of(code)
        if isinstance(error, AdminNeeded):
            if self._problem is None:
                log.error("%s: an administrator has to act; replies wait", error)
            self._problem = str(error)
        raise error


def _button(button: Button) -> dict[str, Any]:
    title = button.label[:TITLE_LIMIT]
    if button.url:
        return {"title": title, "type": "oa.open.url", "payload": {"url": button.url}}
    return {"title": title, "type": "oa.query.hide", "payload": button.payload}


def _picture(url: str, alt: str) -> dict[str, Any]:
    elements = [{"media_type": "image", "url": url}]
    payload = {"template_type": "media", "elements": elements}
    return {"text": plain(alt)[:TEXT_LIMIT], "attachment": {"type": "template", "payload": payload}}


def open_zalo_oa(settings: Settings, database: Database) -> ZaloOaChannel | None:
    """The channel, or None where no app is configured. Without a refresh token it opens and says so in `problem`."""
    secret = settings.zalo_oa_app_secret.get_secret_value()
    if not (settings.zalo_oa_app_id and secret):
        if settings.zalo_oa_app_id or secret:
            log.error("Zalo OA needs both HOCVUSO_ZALO_OA_APP_ID and HOCVUSO_ZALO_OA_APP_SECRET: nothing is sent")
        return None
    seed = settings.zalo_oa_refresh_token.get_secret_value()
    app = OaApp(settings.zalo_oa_app_id, secret, seed, settings.zalo_oa_oauth_url)
    http = httpx.AsyncClient()
    tokens = OaTokens(app, SecretStore(database, passphrase(settings)), http)
    return ZaloOaChannel(tokens, http, settings.zalo_oa_api_url, settings.public_url)
