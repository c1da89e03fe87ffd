"""An Outgoing in Telegram's own form: HTML that cannot be broken by its text, inline and reply keyboards. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.messages import PAYLOAD_BYTES, Button, Outgoing
from bot.payloads import PayloadError, parse
from bot.texts import load_texts, visible

TEXT_LIMIT = 4_096  # UTF-16 units after the HTML is read
CAPTION_LIMIT = 1_024
SHORT_LABEL = 14  # two such buttons fit side by side on a small phone
ROW_LABELS = 40  # characters of all labels of the navigation row
PLACEHOLDER = "Gõ câu hỏi ở đây…"
NOTHING = "👇"  # Telegram refuses empty texts

_BOLD = re.compile(r"\*\*(?=\S)((?:(?!\n\s*\n).)+?)(?<=\S)\*\*", re.DOTALL)
_ITEM = re.compile(r"^(\s*)- ", re.MULTILINE)
_SHORT = {"human": "🙋 Hỗ trợ", "back": "◀ Lùi lại"}  # in a full navigation row the long labels would be cut
_MENU_ROWS = (("danger",), ("ask", "learn"), ("home", "human"))  # the reply keyboard


def to_html(text: str) -> str:
    """Our mini mark-up as Telegram HTML: everything else, tags included, stays text. Never empty."""
    escaped = html.escape(text.strip(), quote=False)
    bold = _BOLD.sub(lambda found: f"<b>{found[1]}</b>", escaped)
    return _ITEM.sub(r"\1• ", bold) or NOTHING


def bubble_html(message: Outgoing) -> str:
    """The text of a bubble; an urgent one is marked where the text does not say so itself."""
    mark = "🆘 " if message.urgent and message.text and "🆘" not in message.text else ""
    return to_html(mark + message.text)


def inline_keyboard(message: Outgoing) -> InlineKeyboardMarkup | None:
    """Choices in order, two to a row where both are short; "Thêm ▸" below them; the navigation in one last row."""
    more = [button for button in message.nav if _flow(button) == "more"]
    ways = [button for button in message.nav if _flow(button) != "more"]
    rows = [*_rows(message.buttons), *([more] if more else []), *([_fitted(ways)] if ways else [])]
    return InlineKeyboardMarkup([[_key(button) for button in row] for row in rows]) if rows else None


def reply_keyboard(flows: Collection[str]) -> ReplyKeyboardMarkup:
    """The main menu below the text field. What is pressed comes back as its label, which `bot.commands` knows."""
    texts = load_texts()
    rows = [[KeyboardButton(texts[f"label.{name}"]["standard"]) for name in row if name in flows] for row in _MENU_ROWS]
    return ReplyKeyboardMarkup(
        [row for row in rows if row], resize_keyboard=True, is_persistent=True, input_field_placeholder=PLACEHOLDER
    )


def _rows(buttons: Sequence[Button]) -> list[list[Button]]:
    rows: list[list[Button]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        if len(last) == 1 and _is_short(last[0]) and _is_short(button):
            last.append(button)
        else:
            rows.append([button])
    return rows


def _is_short(button: Button) -> bool:
    return visible(button.label) <= SHORT_LABEL


def _fitted(ways: Sequence[Button]) -> list[Button]:
    if sum(visible(button.label) for button in ways) <= ROW_LABELS:
        return list(ways)
    return [Button(_SHORT.get(_flow(button), button.label), button.payload, button.url) for button in ways]


def _flow(button: Button) -> str:
    try:
        return parse(button.payload).flow
    except PayloadError:
        return ""


def _key(button: Button) -> InlineKeyboardButton:
    """Raises PayloadError for a payload Telegram would refuse."""
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if not 1 <= len(button.payload.encode()) <= PAYLOAD_BYTES:
        raise PayloadError(f"not 1 to {PAYLOAD_BYTES} bytes: {button.payload[:80]!r}")
    return InlineKeyboardButton(button.label, callback_data=button.payload)
