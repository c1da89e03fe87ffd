"""Telegram's updates as Incoming: texts, buttons, commands, links, attachments, and what is left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Message, Update

from bot.channels.telegram_updates import HELLO, command_list, deep_link, is_addressed, read
from bot.flows import FLOWS
from bot.messages import Attachment, Incoming
from bot.payloads import pack, parse
from tests.bot.talking import CONTENT
from tests.channels.bot_api import ME, button_update, message_update, user
from tests.channels.telegram_driver import SENT


def link(word: str) -> str:
    return deep_link(CONTENT, word)


def received(update: dict[str, Any]) -> Incoming | None:
    return read(Update.de_json(update, None), link)


def payload(text: str) -> str | None:
    incoming = received(message_update(7, 1, text=text))
    assert incoming is not None
    return incoming.payload


def test_a_text() -> None:
    incoming = received(message_update(7, 42, text="cài vneid thế nào"))
    assert incoming == Incoming(
        "telegram", "7", "42", datetime.fromtimestamp(1_790_000_000, UTC), text="cài vneid thế nào", capacity=8
    )


def test_a_button() -> None:
    incoming = received(button_update(7, 99, "v1:topic:otp"))
    assert incoming is not None
    assert (incoming.person, incoming.message_id, incoming.payload, incoming.text) == ("7", "cb99", "v1:topic:otp", None)


def test_a_button_of_a_message_too_old_to_be_seen_still_works() -> None:
    update = button_update(7, 99, "v1:home")
    update["callback_query"]["message"] = {"chat": {"id": 7, "type": "private"}, "message_id": 5, "date": 0}
    incoming = received(update)
    assert incoming is not None and incoming.payload == "v1:home"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", HELLO),
        ("/batdau", HELLO),
        ("/start otp", pack("topic", "otp")),
        ("/start khong-co", HELLO),
        ("/start có dấu: lạ!", HELLO),
        ("/menu", pack("home")),
        ("/MENU", pack("home")),
        ("/khancap", pack("danger")),
        ("/caidat", pack("profile")),
        ("/giupdo", pack("help")),
        ("/help@HocVuSoBot", pack("help")),
        ("/nguoi", pack("human")),
        ("/hoc", pack("learn")),
        ("/tiendo", pack("progress")),
        ("/khongco", None),
        ("/ menu", None),
        ("xin /menu", None),
    ],
)
def test_commands_and_deep_links(text: str, expected: str | None) -> None:
    assert payload(text) == expected


def test_the_command_menu_is_vietnamese_and_leads_somewhere() -> None:
    for command in command_list(FLOWS):
        assert len(command.command) <= 32 and 0 < len(command.description) <= 256
        target = payload(f"/{command.command}")
        assert target is not None and parse(target).flow in FLOWS


def test_commands_of_rooms_that_are_not_there_are_not_offered() -> None:
    assert "hoc" not in {c.command for c in command_list({"home"})}
    assert "hoc" in {c.command for c in command_list({"home", "learn"})}


@pytest.mark.parametrize("kind", list(Attachment))
def test_attachments(kind: Attachment) -> None:
    incoming = received(message_update(7, 1, **SENT[kind]))
    assert incoming is not None and incoming.attachment is kind and incoming.text is None


def test_the_words_under_a_picture_are_read() -> None:
    incoming = received(message_update(7, 1, caption="cái này là gì", **SENT[Attachment.IMAGE]))
    assert incoming is not None and (incoming.text, incoming.attachment) == ("cái này là gì", Attachment.IMAGE)


def group(text: str, **parts: Any) -> dict[str, Any]:
    update = message_update(7, 1, text=text, **parts)
    update["message"]["chat"] = {"id": -100, "type": "supergroup", "title": "Thôn 3"}
    return update


def edited() -> dict[str, Any]:
    update = message_update(7, 1, text="sửa rồi")
    update["edited_message"] = update.pop("message") | {"edit_date": 1_790_000_001}
    return update


def from_a_bot() -> dict[str, Any]:
    update = message_update(7, 1, text="hi")
    update["message"]["from"] = user(8) | {"is_bot": True}
    return update


@pytest.mark.parametrize(
    "update",
    [
        edited(),
        group("xin chào"),
        from_a_bot(),
        message_update(7, 1, new_chat_members=[user(9)]),
        message_update(7, 1, delete_chat_photo=True),
        {"update_id": 5},
        {"update_id": 5, "channel_post": message_update(7, 1, text="x")["message"]},
    ],
)
def test_what_is_left_alone(update: dict[str, Any]) -> None:
    assert received(update) is None


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (group("nói chuyện phiếm"), False),
        (group("@HocVuSoBot ơi", entities=[{"type": "mention", "offset": 0, "length": 11}]), True),
        (group("@hocvusobot ơi", entities=[{"type": "mention", "offset": 0, "length": 11}]), True),
        (group("@AiDo ơi", entities=[{"type": "mention", "offset": 0, "length": 5}]), False),
        (group("/menu@HocVuSoBot"), True),
        (group("đúng rồi", reply_to_message=message_update(7, 3, text="x")["message"] | {"from": ME}), True),
    ],
)
def test_who_is_addressed_in_a_group(update: dict[str, Any], expected: bool) -> None:
    message = Update.de_json(update, None).message
    assert isinstance(message, Message)
    assert is_addressed(message, "HocVuSoBot") is expected
