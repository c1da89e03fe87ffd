"""The Zalo Bot Platform: updates in by webhook and by polling, numbered menus and large text out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.zalo_bot_updates import PATH, Poller, hearing, zalo_bot_router
from bot.channels.zalo_text import styled
from bot.delivery import Rejected, Retry, SendError, Unreachable
from bot.messages import Attachment, Button, Media, Outgoing
from bot.paging import utf16_length
from tests.channels.zalo_world import MENU, PERSON, Bot, Inbox, opened_bot
from tests.peers.fake_zalo import BOT_TOKEN, FakeZalo, bot_text, bot_update, serving

SECRET = "bot-webhook-secret"
HEADERS = {"X-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with serving() as server:
        yield server


@pytest.fixture
def bot(zalo: FakeZalo) -> Iterator[Bot]:
    with opened_bot(zalo) as opened:
        yield opened


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def client_of(inbox: Any, secret: str = SECRET) -> TestClient:
    app = FastAPI()
    app.include_router(zalo_bot_router(None, secret, inbox))
    return TestClient(app)


@pytest.fixture
def client(inbox: Inbox) -> TestClient:
    return client_of(inbox)


# --- the webhook ---


@pytest.mark.parametrize("wrap", [lambda u: u, lambda u: {"ok": True, "result": u}], ids=["bare", "wrapped"])
def test_both_shapes_of_an_update_are_read(client: TestClient, inbox: Inbox, wrap: Callable[[Any], Any]) -> None:
    assert client.post(PATH, json=wrap(bot_text("quên mật khẩu", "m1", "u1")), headers=HEADERS).status_code == 200
    (got,) = inbox.claimed
    assert (got.channel, got.person, got.message_id, got.text, got.capacity) == ("zalo_bot", "u1", "m1", "quên mật khẩu", 8)


@pytest.mark.parametrize("headers", [{}, {"X-Bot-Api-Secret-Token": "wrong"}, {"X-Bot-Api-Secret-Token": ""}])
def test_an_update_without_the_secret_is_refused(client: TestClient, inbox: Inbox, headers: dict[str, str]) -> None:
    assert client.post(PATH, json=bot_text("hi", "m1"), headers=headers).status_code == 403
    assert inbox.claimed == []


def test_without_a_secret_of_ours_everything_is_refused(inbox: Inbox) -> None:
    for headers in ({}, {"X-Bot-Api-Secret-Token": ""}):
        assert client_of(inbox, secret="").post(PATH, json=bot_text("hi", "m1"), headers=headers).status_code == 403


@pytest.mark.parametrize("raw", [b"", b"{}"])
def test_empty_probes_are_answered(inbox: Inbox, raw: bytes) -> None:
    for client in (client_of(inbox), client_of(inbox, secret="")):
        assert client.post(PATH, content=raw).status_code == 200
        assert client.get(PATH).status_code == 200
    assert inbox.claimed == []


def test_a_repeat_is_acknowledged_and_not_claimed_again(client: TestClient, inbox: Inbox) -> None:
    update = bot_text("hi", "m1")
    assert [client.post(PATH, json=update, headers=HEADERS).status_code for _ in range(4)] == [200] * 4
    assert len(inbox.claimed) == 1


@pytest.mark.parametrize(
    ("name", "parts", "expected", "text"),
    [
        (
            "message.image.received",
            {"photo": "https://x.vn/a.jpg", "caption": "lừa đảo không"},
            Attachment.IMAGE,
            "lừa đảo không",
        ),
        ("message.image.received", {"photo_url": "https://x.vn/a.jpg", "message_type": "CHAT_PHOTO"}, Attachment.IMAGE, None),
        ("message.voice.received", {"voice_url": "https://x.vn/a.aac", "message_type": "CHAT_VOICE"}, Attachment.VOICE, None),
        ("message.sticker.received", {"sticker": "s1", "url": "https://x.vn/s"}, Attachment.STICKER, None),
        ("message.unsupported.received", {}, Attachment.OTHER, None),
    ],
)
def test_attachments(
    client: TestClient, inbox: Inbox, name: str, parts: dict[str, Any], expected: Attachment, text: str | None
) -> None:
    client.post(PATH, json=bot_update(name, "m1", **parts), headers=HEADERS)
    assert [(i.attachment, i.text) for i in inbox.claimed] == [(expected, text)]


def _with(update: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return update | {"message": update["message"] | {key: value}}


@pytest.mark.parametrize(
    "update",
    [
        bot_update("message.something.new", "m1"),
        _with(bot_text("hi", "m1"), "from", {"id": "b", "is_bot": True}),
        _with(bot_text("hi", "m1"), "chat", {"id": "g", "chat_type": "GROUP"}),
        _with(bot_text("hi", "m1"), "chat", None),
        _with(bot_text("hi", "m1"), "message_id", {"a": 1}),
        _with(bot_text("hi", "m1"), "chat", {"id": "x" * 300, "chat_type": "PRIVATE"}),
        {"event_name": "message.text.received"},
        {"event_name": ["x"], "message": {}},
        {"result": None, "ok": True},
        [],
    ],
)
def test_what_asks_for_no_answer_is_taken_and_left(client: TestClient, inbox: Inbox, update: Any) -> None:
    assert client.post(PATH, json=update, headers=HEADERS).status_code == 200
    assert inbox.claimed == []


# --- polling ---


def poll_until(bot: Bot, poller: Poller, done: Callable[[], bool], seconds: float = 5.0) -> None:
    async def scene() -> None:
        task = asyncio.create_task(poller.run())
        async with asyncio.timeout(seconds):
            while not done():
                await asyncio.sleep(0.01)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    bot.run(scene())


def test_polling_takes_updates_and_an_idle_408_is_no_fault(
    bot: Bot, zalo: FakeZalo, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    def more() -> bool:
        if zalo.calls.count(f"/bot{BOT_TOKEN}/getUpdates") == 3 and not zalo.updates and len(inbox.claimed) < 2:
            zalo.updates.extend([bot_text("hai", "m2"), bot_text("hai", "m2")])
        return len(inbox.claimed) == 2

    zalo.updates.append(bot_text("một", "m1"))
    poll_until(bot, Poller(bot.channel, inbox, seconds=1), more)
    assert [i.text for i in inbox.claimed] == ["một", "hai"]
    assert caplog.records == []


def test_an_update_is_claimed_even_if_the_database_is_away_for_a_moment(
    bot: Bot, zalo: FakeZalo, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def receive(incoming: Any) -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise OSError
        return inbox(incoming)

    zalo.updates.append(bot_text("một", "m1"))
    poll_until(bot, Poller(bot.channel, receive, seconds=1), lambda: len(inbox.claimed) == 1)


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 200, "body": b"<html>"}, {"status": 400, "body": {"ok": False}}])
def test_polling_goes_on_after_a_fault(bot: Bot, zalo: FakeZalo, inbox: Inbox, fault: dict[str, Any]) -> None:
    zalo.fail("bot", **fault)
    zalo.updates.append(bot_text("một", "m1"))
    poll_until(bot, Poller(bot.channel, inbox, seconds=1), lambda: len(inbox.claimed) == 1)


def test_without_a_public_address_the_bot_polls(bot: Bot, zalo: FakeZalo, inbox: Inbox) -> None:
    zalo.webhook = {"url": "https://old.example/"}
    zalo.updates.append(bot_text("một", "m1"))

    async def scene() -> None:
        async with hearing(bot.channel, inbox, "", SECRET), asyncio.timeout(5):
            while not inbox.claimed:
                await asyncio.sleep(0.01)

    bot.run(scene())
    assert zalo.webhook is None


def test_with_a_public_address_the_platform_is_told(bot: Bot, zalo: FakeZalo, inbox: Inbox) -> None:
    async def scene() -> None:
        async with hearing(bot.channel, inbox, "https://bot.example.gov.vn/", SECRET), asyncio.timeout(5):
            while zalo.webhook is None:
                await asyncio.sleep(0.01)

    bot.run(scene())
    assert zalo.webhook == {"url": "https://bot.example.gov.vn/webhooks/zalo-bot", "secret_token": SECRET}


# --- sending ---


def test_a_menu_is_numbered(bot: Bot, zalo: FakeZalo) -> None:
    bot.send(MENU)
    (text,) = zalo.bot_texts(PERSON)
    assert "1 – Làm căn cước" in text and "2 – Trang chính thức: https://vneid.gov.vn" in text and "“0” về trang chủ" in text
    assert "**" not in text


def test_bold_parts_are_style_ranges_in_utf16(bot: Bot, zalo: FakeZalo) -> None:
    bot.send(Outgoing("🌾 **Đậm 😀** thường **nữa**"))
    (_, body) = zalo.bot_sent[0]
    assert body["text"] == "🌾 Đậm 😀 thường nữa"
    assert body["text_styles"] == [{"start": 3, "len": 6, "st": ["b"]}, {"start": 17, "len": 3, "st": ["b"]}]
    utf16 = body["text"].encode("utf-16-le")
    cut = [utf16[2 * s["start"] : 2 * (s["start"] + s["len"])].decode("utf-16-le") for s in body["text_styles"]]
    assert cut == ["Đậm 😀", "nữa"]


@pytest.mark.parametrize("size", ["large", "very_large"])
def test_people_who_chose_large_text_get_it_large_and_bold(bot: Bot, zalo: FakeZalo, size: str) -> None:
    bot.send(Outgoing("🌾 **Một** " + "chữ to " * 400, (Button("Có", "v1:home"),), text_size=size))
    assert len(zalo.bot_sent) > 1
    for _, body in zalo.bot_sent:
        assert body["text_styles"] == [{"start": 0, "len": utf16_length(body["text"]), "st": ["b", "f_20"]}]


def test_plain_text_has_no_styles() -> None:
    assert styled("thường\n- mục") == ("thường\n• mục", [])
    assert styled("", "large") == ("", [])


def test_a_long_menu_comes_in_pieces_within_the_limit(bot: Bot, zalo: FakeZalo) -> None:
    bot.send(Outgoing("đọc 🌾 " * 600, tuple(Button(f"mục {n}", f"v1:topic:t{n}") for n in range(1, 9))))
    texts = zalo.bot_texts(PERSON)
    assert all(utf16_length(text) <= 2000 for text in texts) and len(texts) > 2
    assert "".join(texts).count("đọc") == 600 and "8 – mục 8" in texts[-1]


def test_a_fault_after_the_first_piece_leaves_only_the_rest(bot: Bot, zalo: FakeZalo) -> None:
    message = Outgoing("a" * 1990 + "\n\n" + "b" * 1000, (Button("Có", "v1:home"),), text_size="large")
    real, calls = zalo.bot, []

    def second_fails(token: str, method: str, body: Any) -> tuple[int, Any]:
        calls.append(method)
        return (503, {}) if len(calls) == 2 else real(token, method, body)

    zalo.bot = second_fails  # type: ignore[method-assign]
    with pytest.raises(Retry) as fault:
        bot.send(message)
    assert fault.value.rest is not None and fault.value.rest.text_size == "large"
    bot.send(fault.value.rest)
    assert [text[0] for text in zalo.bot_texts(PERSON)] == ["a", "b"] and "1 – Có" in zalo.bot_texts(PERSON)[1]


@pytest.mark.parametrize(
    ("code", "kind"), [(400, Rejected), (403, Unreachable), (401, Retry), (404, Retry), (408, Retry), (418, Retry)]
)
def test_errors_by_code(bot: Bot, zalo: FakeZalo, code: int, kind: type[SendError]) -> None:
    zalo.person_errors[PERSON] = code
    with pytest.raises(SendError) as error:
        bot.send(Outgoing("Xin chào"))
    assert type(error.value) is kind


def test_an_error_inside_a_200_is_an_error(bot: Bot, zalo: FakeZalo) -> None:
    zalo.fail("bot", body={"ok": False, "error_code": 400, "description": "Bad Request"})
    with pytest.raises(Rejected):
        bot.send(Outgoing("Xin chào"))


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        ({"status": 429, "headers": {"Retry-After": "9"}}, 9.0),
        ({"status": 200, "body": {"ok": False, "error_code": 429}}, 15.0),
        ({"status": 502}, None),
        ({"body": b"<html>"}, None),
        ({"body": {}}, None),
    ],
)
def test_faults_of_the_platform_are_tried_again(bot: Bot, zalo: FakeZalo, fault: dict[str, Any], after: float | None) -> None:
    zalo.fail("bot", **fault)
    with pytest.raises(Retry) as error:
        bot.send(Outgoing("Xin chào"))
    assert error.value.after == after


def test_a_refused_token_is_surfaced_without_showing_it(zalo: FakeZalo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")  # Telegram's channel quietens it for the whole process
    wrong = "987654:not-the-token"
    with opened_bot(zalo, token=wrong) as bot:
        with pytest.raises(Retry) as error:
            bot.send(Outgoing("Xin chào"))
        assert error.value.after and "HOCVUSO_ZALO_BOT_TOKEN" in str(bot.channel.problem())
    said = caplog.text + repr(error.value) + str(bot.channel.problem())
    assert "/bot<token>" in said  # httpx did log the call
    assert wrong not in said and wrong.split(":")[1] not in said


def test_no_token_in_the_log_of_a_bot_that_works(bot: Bot, zalo: FakeZalo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")  # Telegram's channel quietens it for the whole process
    bot.send(Outgoing("Xin chào"))
    zalo.fail("bot", status=500)
    with pytest.raises(Retry):
        bot.send(Outgoing("Xin chào"))
    assert "HTTP Request" in caplog.text and BOT_TOKEN not in caplog.text


def test_typing_is_shown_and_its_failure_is_nobodys_concern(bot: Bot, zalo: FakeZalo) -> None:
    bot.run(bot.channel.typing(PERSON))
    assert zalo.actions == [{"chat_id": PERSON, "action": "typing"}]
    zalo.fail("bot", status=500)
    bot.run(bot.channel.typing(PERSON))
    bot.run(bot.channel.typing(""))


def test_media_go_by_their_address(zalo: FakeZalo) -> None:
    media = (Media("image", "media/a.png", "Ảnh"), Media("audio", "media/b.aac", "Bản đọc"), Media("audio", "media/c.mp3", "Mp3"))
    with opened_bot(zalo, public_url="https://bot.example.gov.vn") as bot:
        bot.send(Outgoing("Xong", media=media))
    assert [method for method, _ in zalo.bot_sent] == ["sendPhoto", "sendVoice", "sendMessage", "sendMessage"]
    assert zalo.bot_texts(PERSON)[2:] == ["Mp3: https://bot.example.gov.vn/media/c.mp3", "Xong"]


def test_media_without_an_address_or_not_taken_become_words(bot: Bot, zalo: FakeZalo) -> None:
    picture = Outgoing("Xong", media=(Media("image", "media/a.png", "Ảnh thẻ"),))
    bot.send(picture)
    with opened_bot(zalo, public_url="https://bot.example.gov.vn") as public:
        zalo.fail("bot", status=400, body={"ok": False, "error_code": 400})
        public.send(picture)
    assert zalo.bot_texts(PERSON) == ["Ảnh thẻ", "Xong", "Ảnh thẻ: https://bot.example.gov.vn/media/a.png", "Xong"]


def test_a_webhook_update_shows_typing(bot: Bot, zalo: FakeZalo, inbox: Inbox) -> None:
    app = FastAPI()
    app.include_router(zalo_bot_router(bot.channel, SECRET, inbox))

    async def twice() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.example") as client:
            for _ in range(2):
                await client.post(PATH, json=bot_text("hi", "m1", "u9"), headers=HEADERS)

    bot.run(twice())
    assert zalo.actions == [{"chat_id": "u9", "action": "typing"}]
