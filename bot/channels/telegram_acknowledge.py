"""What a person sees before the answer: the button stops spinning, "typing" appears; a group is pointed to a private chat."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.channels.telegram_secrets import redacted
from bot.channels.telegram_updates import is_addressed

log = logging.getLogger(__name__)

GROUP_PAUSE_SECONDS = 60.0  # one answer a minute per group at most
GROUP_TEXT = (
    "Dạ, để giữ kín chuyện riêng, em chỉ trả lời trong cuộc trò chuyện riêng thôi ạ. Mời bà con bấm nút dưới đây để nhắn cho em."
)
GROUP_BUTTON = "💬 Nhắn riêng cho trợ lý"


class Acknowledger:
    """Handler of every update, after it was claimed. Nothing that fails here matters to the answer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._groups: dict[int, float] = {}

    async def acknowledge(self, update: Update, _context: object) -> None:
        """Answer the button, show "typing", or point a group to a private chat."""
        if update.callback_query is not None:
            await _quietly(self._pressed(update.callback_query))
        elif (message := update.message) is not None:
            group = message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
            await _quietly(self._in_group(message) if group else _typing(message))

    async def _pressed(self, query: CallbackQuery) -> None:
        await query.answer()
        if isinstance(query.message, Message):
            await _typing(query.message)

    async def _in_group(self, message: Message) -> None:
        bot, chat = message.get_bot(), message.chat.id
        if not is_addressed(message, bot.username) or self._clock() < self._groups.get(chat, 0.0):
            return
        self._groups[chat] = self._clock() + GROUP_PAUSE_SECONDS
        button = InlineKeyboardButton(GROUP_BUTTON, url=f"https://t.me/{bot.username}?start=nhom")
        await message.reply_text(GROUP_TEXT, reply_markup=InlineKeyboardMarkup([[button]]))


async def _typing(message: Message) -> None:
    if message.chat.type == ChatType.PRIVATE:
        await message.chat.send_action(ChatAction.TYPING)


async def _quietly(call: Coroutine[Any, Any, None]) -> None:
    try:
        await call
    except TelegramError as error:
        log.info("Telegram: not acknowledged: %s", redacted(str(error)))
