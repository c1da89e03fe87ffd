"""Telegram end to end: python-telegram-bot by long polling against a third-party server, over real HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.telegram import Telegram, TelegramOptions
from bot.channels.telegram_updates import deep_link
from bot.runtime import Runtime
from bot.workers import Workers
from tests.channels.bot_api import TOKEN
from tests.channels.peer import PeerRequest, Phone, inline, telegram_server, text_of


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with telegram_server() as address:
        yield address


def run_bot(runtime: Runtime, server: str, ready: threading.Event, stop: threading.Event) -> None:
    """The bot as the server runs it: workers and the Telegram channel in one event loop."""

    async def serve() -> None:
        workers = Workers(runtime.conversations, runtime.database)
        options = TelegramOptions(TOKEN, server, request=PeerRequest)
        telegram = Telegram(options, workers.receive, lambda word: deep_link(runtime.live.content, word))
        workers.add(telegram)
        async with telegram.running(), workers.running():
            ready.set()
            while not stop.is_set():
                await asyncio.sleep(0.05)

    asyncio.run(serve())


@pytest.fixture(scope="module")
def bot(runtime: Runtime, server: str) -> Iterator[None]:
    ready, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=run_bot, args=(runtime, server, ready, stop))
    thread.start()
    assert ready.wait(20)
    yield
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


_people = iter(range(70_001, 80_000))


@pytest.fixture
def phone(server: str, bot: None) -> Phone:
    return Phone(server, TOKEN, next(_people))


def labels(message: dict[str, Any]) -> list[str]:
    return [key["text"] for row in inline(message) for key in row]


def test_start_shows_the_notice_the_keyboard_and_the_menu(phone: Phone) -> None:
    phone.command("/start")
    notice, menu = phone.wait(2)
    assert "máy trả lời tự động" in text_of(notice)
    assert notice["message"]["reply_markup"]["is_persistent"] is True
    assert any("Đang bị lừa" in label for label in labels(menu))
    assert "<b>" in text_of(notice) and "**" not in text_of(notice)


def test_a_question_then_the_steps_by_inline_buttons(phone: Phone) -> None:
    phone.command("/start")
    phone.wait(2)
    phone.type("cách cài đặt ứng dụng VNeID")
    answer = phone.wait()[-1]
    assert any("Tiếp" in label for label in labels(answer))  # who asks how to do it gets the first step
    first = answer
    assert "Bước 1/" in text_of(first)
    phone.press(first, "Tiếp")
    second = phone.wait()[-1]
    assert "Bước 2/" in text_of(second)
    phone.press(first, "Tiếp")  # an old button leads where it always led
    assert text_of(phone.wait()[-1]) == text_of(second)


def test_the_keyboard_below_works_from_anywhere(phone: Phone) -> None:
    phone.command("/start")
    notice = phone.wait(2)[0]
    texts = [key["text"] for row in notice["message"]["reply_markup"]["keyboard"] for key in row]
    phone.type(next(text for text in texts if "Đang bị lừa" in text))
    assert "113" in text_of(phone.wait()[-1])


def test_commands_deep_links_and_numbers(phone: Phone) -> None:
    phone.command("/start otp")
    assert "OTP" in text_of(phone.wait(2)[-1])
    phone.command("/khancap")
    assert "113" in text_of(phone.wait()[-1])
    phone.type("1")
    assert "Làm ngay" in text_of(phone.wait()[-1])


def test_two_people_do_not_meet(server: str, phone: Phone) -> None:
    other = Phone(server, TOKEN, next(_people))
    phone.command("/start")
    other.command("/khancap")
    assert len(phone.wait(2)) == 2
    assert "113" in " ".join(map(text_of, other.wait(2)))
