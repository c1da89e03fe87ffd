"""Telegram by python-telegram-bot: updates are claimed before Telegram is told so, replies come from the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

from telegram import Bot, LinkPreviewOptions, ReplyKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, TypeHandler
from telegram.request import BaseRequest

from bot.channels.base import Receive, pieces, send_pieces
from bot.channels.telegram_acknowledge import Acknowledger
from bot.channels.telegram_errors import log_polling_error, plain, translated_errors
from bot.channels.telegram_pace import ChatPace, DoubleTaps
from bot.channels.telegram_secrets import guard_logs, redacted
from bot.channels.telegram_text import CAPTION_LIMIT, TEXT_LIMIT, bubble_html, inline_keyboard, reply_keyboard
from bot.channels.telegram_updates import CAPACITY, NAME, DeepLink, command_list, read
from bot.delivery import Retry
from bot.flows.learn_table import ALL_FLOWS
from bot.messages import CARDS, Incoming, Media, Outgoing
from bot.paging import split_text

log = logging.getLogger(__name__)

START_PAUSES = (2.0, 5.0, 15.0, 60.0, 300.0)  # between tries to reach Telegram; the last one again and again
NOT_CONNECTED_SECONDS = 5.0
UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]
DESCRIPTION = (
    "Trợ lý tự động của phong trào Bình dân học vụ số: hỏi đáp về VNeID, dịch vụ công, thanh toán số, an toàn trên mạng. "
    "Không bao giờ hỏi mật khẩu hay mã OTP."
)

App = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """What has to be known to run the bot.

    Args:
        webhook_url: where Telegram shall post updates; empty: not registered by us.
        webhook_secret: set: updates come by webhook; empty: by long polling.
        flows: the kinds of screens there are, for the commands and the reply keyboard.
        media_dir: folder of the content's pictures and recordings.
        card: gives a card, which is drawn when asked for, as PDF: as a photo Telegram would make its long sheet unreadable.
        request: makes the library's HTTP client; None: its own.
    """

    token: str
    api_url: str = "https://api.telegram.org"
    webhook_url: str = ""
    webhook_secret: str = ""
    flows: Collection[str] = frozenset(ALL_FLOWS)
    media_dir: Path | None = None
    card: Callable[[str], bytes | None] = lambda _path: None
    request: Callable[[], BaseRequest] | None = None


class ClaimingQueue(asyncio.Queue[object]):
    """Updates on their way to the acknowledger, each claimed in the inbox before it counts as taken over.

    The library tells Telegram that an update was received only after `put` returned, so that one lost
    before it was claimed comes again. Raises NetworkError, which makes the library fetch it again.
    """

    def __init__(self, receive: Receive, link: DeepLink) -> None:
        super().__init__()
        self._receive = receive
        self._link = link
        self._taps = DoubleTaps()

    async def put(self, item: object) -> None:
        """Claim, then queue for acknowledgement. A repeat is acknowledged again, never worked on again."""
        incoming = self._read(item) if isinstance(item, Update) else None
        if incoming is not None:
            try:
                await asyncio.to_thread(self._receive, incoming)
            except Exception as error:
                log.exception("a Telegram update could not be claimed; Telegram keeps it")
                raise NetworkError(f"not claimed: {type(error).__name__}") from error
        await super().put(item)

    def _read(self, update: Update) -> Incoming | None:
        """What is to be claimed. An update we cannot read must not end the library's polling loop."""
        query = update.callback_query
        pressed = query.message.message_id if query and query.message else None
        if query and self._taps.is_repeat(query.from_user.id, (pressed, query.data)):
            return None
        try:
            return read(update, self._link)
        except Exception:
            log.exception("a Telegram update could not be read and is left out")
            return None


class Telegram:
    """The Telegram channel: `send` for the outbox, `running` for the lifespan, `take` for the webhook."""

    name = NAME
    capacity = CAPACITY
    text_limit = TEXT_LIMIT

    def __init__(self, options: TelegramOptions, receive: Receive, link: DeepLink) -> None:
        guard_logs()
        self._options = options
        self._app: App = _application(options, ClaimingQueue(receive, link))
        self._app.add_handler(TypeHandler(Update, Acknowledger().acknowledge))
        self._keyboard: ReplyKeyboardMarkup = reply_keyboard(options.flows)
        self._connected = False

    @property
    def bot(self) -> Bot:
        """The library's client."""
        return self._app.bot  # type: ignore[no-any-return]

    async def take(self, body: dict[str, Any]) -> None:
        """Claim an update that came by webhook, by the same way as a polled one.

        Raises:
            NetworkError: it could not be claimed; Telegram should send it again.
            KeyError, TypeError, ValueError, AttributeError: the body is no update.
        """
        update = Update.de_json(body, self.bot)
        await self._app.update_queue.put(update)

    async def send(self, person: str, message: Outgoing) -> None:
        """Send one bubble, cut where it is too long. Raises Retry, Rejected or Unreachable."""
        if not self._connected:
            raise Retry("not connected to Telegram yet", after=NOT_CONNECTED_SECONDS)
        await send_pieces(pieces(message, TEXT_LIMIT), partial(self._send_piece, int(person)))

    async def _send_piece(self, chat: int, piece: Outgoing) -> None:
        with translated_errors():
            if piece.media:
                await self._send_media(chat, piece.media[0])
                return
            await self.bot.send_message(
                chat,
                bubble_html(piece),
                parse_mode=ParseMode.HTML,
                reply_markup=inline_keyboard(piece) or self._keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

    async def _send_media(self, chat: int, medium: Media) -> None:
        """A picture or recording; what Telegram refuses or is not there is left out: the text must arrive."""
        if medium.path.startswith(CARDS):
            return await self._send_card(chat, medium)
        folder = self._options.media_dir
        path = folder / medium.path.removeprefix("media/") if folder else None
        if path is None or not path.is_file():
            log.warning("media file %s is not there", medium.path)
            return
        caption = (split_text(medium.alt, CAPTION_LIMIT) or [""])[0]
        send = self.bot.send_photo if medium.kind == "image" else self.bot.send_audio
        try:
            await send(chat, path, caption=caption)
        except BadRequest as error:
            log.warning("Telegram refused the media file %s: %s", medium.path, redacted(str(error)))

    async def _send_card(self, chat: int, medium: Media) -> None:
        data = await asyncio.to_thread(self._options.card, medium.path)
        if data is None:
            log.warning("card %s is not there", medium.path)
            return
        name = f"the-huong-dan-{PurePosixPath(medium.path).stem}.pdf"
        await self.bot.send_document(chat, data, filename=name, caption=medium.alt[:CAPTION_LIMIT])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connect in the background and stay connected; nothing Telegram does can keep the server from starting."""
        task = asyncio.create_task(self._connect(), name="telegram")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            try:
                await self._disconnect()
            except Exception:
                log.exception("Telegram: not left in order")

    async def _connect(self) -> None:
        for number in count():
            pause = START_PAUSES[min(number, len(START_PAUSES) - 1)]
            try:
                return await self._start()
            except TelegramError as error:
                log.error("%s Trying again in %d s.", plain(error), pause)
            except Exception as error:  # an answer the library cannot read: something else than Telegram at that address
                log.error(
                    "Telegram: %s at the start: %s. Trying again in %d s.", type(error).__name__, redacted(str(error)), pause
                )
            await asyncio.sleep(pause)

    async def _start(self) -> None:
        await self._app.initialize()
        if not self._app.running:
            await self._app.start()
        self._connected = True
        await self._introduce()
        if self._options.webhook_secret:
            await self._register_webhook()
        elif self._app.updater is not None and not self._app.updater.running:
            await self._app.updater.start_polling(allowed_updates=UPDATES, error_callback=log_polling_error)
        log.info("Telegram: connected as @%s by %s", self.bot.username, "webhook" if self._options.webhook_secret else "polling")

    async def _introduce(self) -> None:
        """Commands and description. Telegram doing without them is no reason to stand still."""
        commands = command_list(self._options.flows)
        for introduce in (
            partial(self.bot.set_my_commands, commands),
            partial(self.bot.set_my_commands, commands, language_code="vi"),
            partial(self.bot.set_my_description, DESCRIPTION),
        ):
            try:
                await introduce()
            except TelegramError as error:
                log.warning("Telegram: commands or description not set: %s", redacted(str(error)))

    async def _register_webhook(self) -> None:
        options = self._options
        if options.webhook_url:
            await self.bot.set_webhook(options.webhook_url, secret_token=options.webhook_secret, allowed_updates=UPDATES)
        else:
            log.warning("Telegram: HOCVUSO_PUBLIC_URL is not set, so the webhook has to be registered by hand")

    async def _disconnect(self) -> None:
        self._connected = False
        if self._app.updater is not None and self._app.updater.running:
            await self._app.updater.stop()
        if self._app.running:
            await self._app.stop()
        await self._app.shutdown()


def _application(options: TelegramOptions, queue: ClaimingQueue) -> App:
    builder: Any = ApplicationBuilder()
    api = options.api_url.rstrip("/")
    builder = builder.token(options.token).base_url(f"{api}/bot").base_file_url(f"{api}/file/bot").update_queue(queue)
    builder = builder.rate_limiter(ChatPace()).concurrent_updates(32)
    if options.webhook_secret:
        builder = builder.updater(None)
    if options.request is not None:
        builder = builder.request(options.request()).get_updates_request(options.request())
    app: App = builder.build()
    return app
