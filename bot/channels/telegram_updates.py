"""From Telegram's updates to Incoming: messages, buttons, commands, deep links. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final

from telegram import BotCommand, CallbackQuery, Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.messages import Attachment, Incoming
from bot.payloads import PayloadError, pack
from knowledge.snapshot import Content

NAME = "telegram"
CAPACITY = 8
HELLO: Final = pack("home", "hello")

DeepLink = Callable[[str], str]
"""From the word of a link ``t.me/<bot>?start=<word>`` to a payload."""

# command, the flow it opens, what Telegram's menu says about it
_COMMANDS: Final = (
    ("batdau", "home", "Bắt đầu, xem danh mục"),
    ("menu", "home", "Về trang chủ"),
    ("hoi", "ask", "Cách đặt câu hỏi"),
    ("hoc", "learn", "Học và kiểm tra"),
    ("tiendo", "progress", "Tiến độ của tôi"),
    ("khancap", "danger", "Đang bị lừa, vừa mất tiền"),
    ("nguoi", "human", "Gặp người hỗ trợ"),
    ("caidat", "profile", "Cài đặt: xưng hô, cách viết"),
    ("giupdo", "help", "Cách dùng"),
    ("botthat", "who", "Bot này có thật không?"),
    ("xoadulieu", "erase", "Xóa dữ liệu của tôi"),
)
_ALIASES: Final = {"help": "help", "settings": "profile", "home": "home", "sos": "danger"}
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)

_KINDS: Final = (
    ("photo", Attachment.IMAGE),
    ("voice", Attachment.VOICE),
    ("audio", Attachment.VOICE),
    ("video_note", Attachment.VOICE),
    ("sticker", Attachment.STICKER),
    ("animation", Attachment.STICKER),  # before document: Telegram fills both
    ("dice", Attachment.STICKER),
    ("document", Attachment.FILE),
    ("video", Attachment.FILE),
    ("location", Attachment.LOCATION),
    ("venue", Attachment.LOCATION),
    ("contact", Attachment.OTHER),
    ("poll", Attachment.OTHER),
    ("game", Attachment.OTHER),
    ("story", Attachment.OTHER),
    ("paid_media", Attachment.OTHER),
)


def command_list(flows: Collection[str]) -> list[BotCommand]:
    """The commands Telegram offers: those whose flow there is."""
    return [BotCommand(command, words) for command, flow, words in _COMMANDS if flow in flows]


def deep_link(content: Content, word: str) -> str:
    """The payload of a topic's or course's id; the greeting for anything else."""
    try:
        if word in content.topics:
            return pack("topic", word)
        if content.course(word):
            return pack("course", word)
    except PayloadError:
        pass
    return HELLO


def read(update: Update, link: DeepLink) -> Incoming | None:
    """What a person did in a private chat; None for what the bot does not act on (edits, groups, service messages)."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    message = update.message
    if message is None or message.chat.type != ChatType.PRIVATE or (message.from_user and message.from_user.is_bot):
        return None
    return _said(message, link)


def _pressed(query: CallbackQuery) -> Incoming | None:
    chat = query.message.chat if query.message else None
    if chat is not None and chat.type != ChatType.PRIVATE:
        return None
    person = str(chat.id if chat else query.from_user.id)
    return Incoming(NAME, person, f"cb{query.id}", datetime.now(UTC), payload=query.data or HELLO, capacity=CAPACITY)


def _said(message: Message, link: DeepLink) -> Incoming | None:
    text, attachment = message.text or message.caption, _attachment(message)
    if text is None and attachment is None:
        return None
    return Incoming(
        channel=NAME,
        person=str(message.chat.id),
        message_id=str(message.message_id),
        at=message.date,
        text=text,
        payload=_command(text or "", link),
        attachment=attachment,
        capacity=CAPACITY,
    )


def _attachment(message: Message) -> Attachment | None:
    return next((kind for name, kind in _KINDS if getattr(message, name, None)), None)


def _command(text: str, link: DeepLink) -> str | None:
    """The payload of a command; None for any other text and for commands the bot does not know."""
    found = _COMMAND.fullmatch(text.strip())
    if not found:
        return None
    name, word = found[1].lower(), (found[2] or "").strip()
    if name in ("start", "batdau"):
        return link(word) if word else HELLO
    flow = _ALIASES.get(name) or next((flow for command, flow, _ in _COMMANDS if command == name), None)
    return pack(flow) if flow else None


def is_addressed(message: Message, username: str) -> bool:
    """Whether a message in a group is meant for the bot: it is named, commanded or answered."""
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.username == username:
        return True
    named = message.parse_entities([MessageEntity.MENTION, MessageEntity.BOT_COMMAND]).values()
    return any(word.lower().endswith(f"@{username.lower()}") for word in named)
