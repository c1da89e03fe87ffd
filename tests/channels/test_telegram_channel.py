"""The Telegram channel over an in-process Bot API: errors by class, pace, claims before confirmation, quiet logs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram.error import NetworkError, TimedOut

from bot.channels import telegram as module
from bot.channels.telegram import Telegram, TelegramOptions
from bot.channels.telegram_pace import PER_CHAT_SECONDS, ChatPace, DoubleTaps, Pace
from bot.channels.telegram_secrets import guard_logs, redacted
from bot.delivery import Rejected, Retry, SendError, Unreachable
from bot.messages import Button, Incoming, Outgoing
from bot.payloads import pack
from tests.channels.bot_api import TOKEN, BotApi, button_update, message_update


class Scene:
    """A running channel and what it claimed."""

    def __init__(self, api: BotApi, **options: Any) -> None:
        self.api, self.claimed = api, []  # type: BotApi, list[Incoming]
        self.faults: list[Exception] = []
        made = TelegramOptions(TOKEN, request=lambda: api, **options)
        self.telegram = Telegram(made, self._receive, lambda _: pack("home"))

    def _receive(self, incoming: Incoming) -> bool:
        if self.faults:
            raise self.faults.pop(0)
        new = all(incoming.message_id != one.message_id for one in self.claimed)
        if new:
            self.claimed.append(incoming)
        return new

    async def send(self, text: str = "Chào", person: str = "7", **parts: Any) -> None:
        await self.telegram.send(person, Outgoing(text, **parts))


@asynccontextmanager
async def scene(**options: Any) -> Any:
    opened = Scene(BotApi(), **options)
    async with opened.telegram.running():
        for _ in range(200):
            if opened.telegram._connected:
                break
            await asyncio.sleep(0.01)
        yield opened


def play(part: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(part())  # type: ignore[arg-type]


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def error(code: int, description: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
    return code, {"ok": False, "error_code": code, "description": description, "parameters": parameters}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(403, "Forbidden: bot was blocked by the user"), Unreachable),
        (error(403, "Forbidden: user is deactivated"), Unreachable),
        (error(400, "Bad Request: chat not found"), Unreachable),
        (error(400, "Bad Request: message is too long"), Rejected),
        (error(400, "Bad Request: can't parse entities"), Rejected),
        (error(500, "Internal Server Error"), Retry),
        (error(502, "Bad Gateway"), Retry),
        (error(401, "Unauthorized"), Retry),
        (TimedOut(), Retry),
        (NetworkError("httpx.ConnectError"), Retry),
    ],
)
def test_errors_by_class(answer: Any, kind: type[SendError]) -> None:
    async def part() -> None:
        async with scene() as here:
            here.api.answers = [answer]
            with pytest.raises(kind) as caught:
                await here.send()
            assert TOKEN not in str(caught.value)

    play(part)


def test_flood_control_waits_as_long_as_telegram_says() -> None:
    async def part() -> None:
        async with scene() as here:
            here.api.answers = [error(429, "Too Many Requests: retry after 17", retry_after=17)]
            with pytest.raises(Retry) as caught:
                await here.send()
            assert caught.value.after == 17

    play(part)


def test_a_fault_in_the_middle_of_a_long_reply_leaves_only_the_rest_to_send() -> None:
    async def part() -> None:
        async with scene() as here:
            here.telegram.bot.rate_limiter._sleep = lambda _: asyncio.sleep(0)
            text = "\n\n".join(f"đoạn {n} " + "chữ " * 200 for n in range(12))
            parts = len(module.pieces(Outgoing(text), 4096))
            ok = (200, {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}})
            here.api.answers = [ok, error(500, "oops")]
            with pytest.raises(Retry) as caught:
                await here.send(text, buttons=(Button("Có", pack("home")),))
            rest = caught.value.rest
            assert parts > 2 and rest is not None and rest.buttons
            assert "đoạn 0 " not in rest.text and "đoạn 11 " in rest.text

    play(part)


def test_before_it_is_connected_replies_wait_without_losing_a_try() -> None:
    async def part() -> None:
        opened = Scene(BotApi())
        with pytest.raises(Retry) as caught:
            await opened.send()
        assert caught.value.after is not None

    play(part)


def test_bubbles_without_choices_carry_the_menu_keyboard() -> None:
    async def part() -> None:
        async with scene() as here:
            await here.send()
            markup = here.api.sent[0]["markup"]
            assert markup["is_persistent"] and markup["resize_keyboard"] and markup["keyboard"]

    play(part)


def test_what_telegram_sends_is_claimed_and_the_button_answered() -> None:
    async def part() -> None:
        async with scene() as here:
            here.api.updates = [message_update(7, 1, text="xin chào"), button_update(7, 2, "v1:home")]
            await until(lambda: {"answerCallbackQuery", "sendChatAction"} <= {name for name, _ in here.api.calls})
            assert [one.payload for one in here.claimed] == [None, "v1:home"]

    play(part)


def test_an_update_is_confirmed_only_after_it_was_claimed() -> None:
    async def part() -> None:
        async with scene() as here:
            here.faults = [OSError("database is away")]
            here.api.updates = [message_update(7, 1, text="xin chào")]
            await until(lambda: not here.faults)
            assert here.api.updates and not here.claimed  # Telegram still has it
            await until(lambda: here.claimed)
            await until(lambda: not here.api.updates)

    play(part)


def test_an_update_that_cannot_be_read_does_not_stop_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.read

    def read(update: Any, link: Any) -> Any:
        if update.message.text == "bad":
            raise ZeroDivisionError
        return real(update, link)

    monkeypatch.setattr(module, "read", read)

    async def part() -> None:
        async with scene() as here:
            here.api.updates = [message_update(7, 1, text="bad"), message_update(7, 2, text="good")]
            await until(lambda: [one.text for one in here.claimed] == ["good"])

    play(part)


def test_a_trembling_finger_counts_once() -> None:
    async def part() -> None:
        async with scene(webhook_secret="s") as here:
            for query in (1, 2):
                await here.telegram.take(button_update(7, query, "v1:home"))
            await here.telegram.take(button_update(7, 3, "v1:help"))
            assert [one.payload for one in here.claimed] == ["v1:home", "v1:help"]

    play(part)


def test_double_taps_are_told_from_two_wishes() -> None:
    now = [0.0]
    taps = DoubleTaps(lambda: now[0])
    assert not taps.is_repeat(7, "a")
    assert taps.is_repeat(7, "a") and not taps.is_repeat(8, "a") and not taps.is_repeat(7, "b")
    now[0] = 5
    assert not taps.is_repeat(7, "b")


def test_a_group_is_pointed_to_a_private_chat_once_a_minute() -> None:
    def in_group(number: int, text: str) -> dict[str, Any]:
        update = message_update(7, number, text=text)
        update["message"]["chat"] = {"id": -100, "type": "supergroup", "title": "Thôn 3"}
        return update

    async def part() -> None:
        async with scene(webhook_secret="s") as here:
            for number, text in enumerate(("chuyện phiếm", "/menu@HocVuSoBot", "/menu@HocVuSoBot"), 1):
                await here.telegram.take(in_group(number, text))
            await until(lambda: here.api.sent)
            await asyncio.sleep(0.1)
            assert [one["chat"]["id"] for one in here.api.sent] == [-100]
            assert "t.me/HocVuSoBot" in str(here.api.sent[0]["markup"])
            assert here.claimed == []

    play(part)


def test_one_message_a_second_per_chat_thirty_in_all() -> None:
    now, slept = [100.0], []

    async def sleep(seconds: float) -> None:
        slept.append((round(now[0] - 100, 3), seconds))
        now[0] += seconds

    async def call() -> bool:
        return True

    async def part() -> None:
        pace = ChatPace(lambda: now[0], sleep)
        for chat in (1, 1, 2):
            await pace.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, None)
        await pace.process_request(call, (), {}, "sendChatAction", {"chat_id": 1}, None)

    play(part)
    assert slept[0] == (0.0, PER_CHAT_SECONDS)  # only the second message to chat 1 waits a second
    assert sum(seconds >= PER_CHAT_SECONDS for _, seconds in slept) == 1


def test_a_burst_to_many_chats_is_spread() -> None:
    now = [0.0]
    pace = Pace(1 / 30, lambda: now[0])
    waits = [pace.wait(None) for _ in range(60)]
    assert waits[0] == 0 and 1.9 < waits[-1] < 2.0


class Unreachables(BotApi):
    """A Telegram that fails at first."""

    def __init__(self, *faults: Any) -> None:
        super().__init__()
        self.faults = list(faults)

    async def do_request(self, url: str, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, Exception):
                raise fault
            return fault, b'{"ok": false, "error_code": %d, "description": "Unauthorized"}' % fault
        return await super().do_request(url, *arguments, **named)


def test_no_network_or_a_bad_token_at_the_start_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "START_PAUSES", (0.01,))
    api = Unreachables(NetworkError("httpx.ConnectError: no route"), 401, 404, TypeError("something else answers there"))
    opened = Scene(api)

    async def part() -> None:
        async with opened.telegram.running():
            await until(lambda: opened.telegram._connected)

    with caplog.at_level(logging.DEBUG):
        play(part)
    assert "HOCVUSO_TELEGRAM_TOKEN" in caplog.text and "cannot be reached" in caplog.text
    assert TOKEN not in caplog.text


def test_the_real_client_never_writes_the_token(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "START_PAUSES", (0.05,))
    opened = Telegram(TelegramOptions(TOKEN, "http://127.0.0.1:9"), lambda _: True, lambda _: pack("home"))

    async def part() -> None:
        async with opened.running():
            await asyncio.sleep(0.5)

    with caplog.at_level(logging.DEBUG):
        logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
        try:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError:
            logging.getLogger("telegram.ext.Updater").exception("trouble")
        play(part)
    assert "cannot be reached" in caplog.text
    assert TOKEN not in caplog.text and TOKEN.split(":")[1] not in caplog.text


def test_the_line_httpx_writes_per_request_shows_no_token(caplog: pytest.LogCaptureFixture) -> None:
    guard_logs()
    address = f"https://api.telegram.org/bot{TOKEN}/getMe"
    with caplog.at_level(logging.INFO, logger="httpx"):
        logging.getLogger("httpx").info("HTTP Request: %s %s", "POST", address)
    assert caplog.messages == ["HTTP Request: POST https://api.telegram.org/bot<token>/getMe"]
    assert redacted(f"x/bot{TOKEN.replace(':', '%3A')}/y") == "x/bot<token>/y"


def test_commands_are_registered_for_everybody_and_for_vietnamese() -> None:
    async def part() -> None:
        async with scene() as here:
            await until(lambda: "setMyDescription" in {name for name, _ in here.api.calls})
            sent = [data for name, data in here.api.calls if name == "setMyCommands"]
            assert [data.get("language_code") for data in sent] == [None, "vi"]
            assert "khancap" in str(sent[0]["commands"])

    play(part)


def test_the_webhook_is_registered_with_its_secret_where_the_public_address_is_known() -> None:
    async def part() -> None:
        async with scene(webhook_secret="s3cret", webhook_url="https://bot.example.vn/webhooks/telegram") as here:
            await until(lambda: "setWebhook" in {name for name, _ in here.api.calls})
            data = dict(here.api.calls)["setWebhook"]
            assert (data["url"], data["secret_token"]) == ("https://bot.example.vn/webhooks/telegram", "s3cret")
            assert "getUpdates" not in {name for name, _ in here.api.calls}

    play(part)
