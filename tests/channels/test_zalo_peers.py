"""The stand-in is driven by clients that others wrote: their shapes and ours have to agree."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.peers.fake_zalo import APP_ID, APP_SECRET, BOT_TOKEN, FakeZalo, bot_text, serving

zalo_sdk = pytest.importorskip("zalo_sdk")
zalo_bot = pytest.importorskip("zalo_bot")
oa = pytest.importorskip("zalo_sdk.oa")

USER = oa.ZaloRecipient(user_id="U1")


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with serving() as server:
        yield server


@pytest.fixture
def client(zalo: FakeZalo, monkeypatch: pytest.MonkeyPatch) -> Any:
    """zalo-sdk with its hard-coded OAuth address sent to the stand-in."""
    import requests

    real = requests.post
    monkeypatch.setattr(requests, "post", lambda url, **k: real(url.replace("https://oauth.zaloapp.com", zalo.url), **k))
    return oa.Client(APP_ID, APP_SECRET, zalo.access_token, zalo.refresh_token, endpoint_prefix=zalo.url)


def body(text: str | None = None, payload: dict[str, Any] | None = None, **more: Any) -> Any:
    attachment = oa.ZaloAttachment("template", payload) if payload else None
    return oa.ZaloMessageBody(text=text, attachment=attachment, **more)


BUTTONS = {"buttons": [{"title": "Hỏi lại", "type": "oa.query.hide", "payload": "v1:home"}]}
PICTURE = {"template_type": "media", "elements": [{"media_type": "image", "url": "https://example.vn/a.jpg"}]}


@pytest.mark.parametrize(
    "message", [body("Xin chào"), body("Trích", quote_message_id="m1"), body("Chọn", BUTTONS), body("Ảnh", PICTURE)]
)
def test_zalo_sdk_sends_messages(client: Any, zalo: FakeZalo, message: Any) -> None:
    answer = client.send_message(USER, message)
    assert answer["error"] == 0 and answer["data"]["message_id"]
    assert zalo.sent[0]["message"] == message.toDict()


def test_zalo_sdk_uploads_and_looks_up(client: Any) -> None:
    assert client.upload_file(b"jpeg", "image", "a.jpg", "image/jpeg")["data"]["attachment_id"]
    assert client.upload_file(b"pdf", "file", "a.pdf", "application/pdf")["data"]["token"]
    assert client.get_user_detail("U1")["data"]["user_id"] == "U1"
    assert client.get_zalo_user_quotas("U1")["data"]["cs_reply"]["total"] == 8
    assert client.send_message(USER, action=oa.ZaloAction("/-heart", "m1"), category="action")["error"] == 0


def test_zalo_sdk_sees_expiry_and_refreshes_once_per_refresh_token(client: Any, zalo: FakeZalo) -> None:
    zalo.expire()
    with pytest.raises(zalo_sdk.ZaloOAAuthTokenExpiredException):
        client.send_message(USER, body("Xin chào"))
    first = client.refresh_token
    client.refresh_acccess_token()
    assert client.send_message(USER, body("Xin chào"))["error"] == 0
    client.refresh_token = first
    with pytest.raises(zalo_sdk.ZaloException):
        client.refresh_acccess_token()


def test_zalo_sdk_exchanges_a_consent_code_once(client: Any) -> None:
    access, _, expires = client.get_access_token_from_authorization_code("consent-code", "v" * 43)
    assert access and expires
    with pytest.raises(zalo_sdk.ZaloException):
        client.get_access_token_from_authorization_code("consent-code", "v" * 43)


def test_zalo_sdk_is_refused_what_is_too_long(client: Any) -> None:
    with pytest.raises(zalo_sdk.ZaloOAException) as refusal:
        client.send_message(USER, body("a" * 2001))
    assert "-210" in str(refusal.value)


def test_python_zalo_bot_uses_every_method(zalo: FakeZalo) -> None:
    async def drive() -> None:
        async with zalo_bot.Bot(BOT_TOKEN, base_url=zalo.url) as bot:
            assert (await bot.send_message("U1", "Xin chào 🌾")).message_id
            assert (await bot.send_photo("U1", "Ảnh", "https://example.vn/a.jpg")).message_id
            assert (await bot.send_sticker("U1", "s1")).message_id
            await bot.send_chat_action("U1", "typing")
            zalo.updates.append(bot_text("chào bot", "m1"))
            update = await bot.get_update(timeout=1)
            assert update.message.text == "chào bot" and update.effective_user.id == "6ede9afa66b88fe6d6a9"
            assert await bot._set_webhook_async("https://example.vn/webhooks/zalo-bot", "a-secret-token")
            assert (await bot._get_webhook_info_async()).url == "https://example.vn/webhooks/zalo-bot"
            assert await bot._delete_webhook_async()

    asyncio.run(drive())
    assert zalo.bot_texts("U1") == ["Xin chào 🌾", "Ảnh", ""]


def test_python_zalo_bot_is_refused_a_wrong_token(zalo: FakeZalo) -> None:
    async def drive() -> None:
        async with zalo_bot.Bot("1:wrong", base_url=zalo.url):
            raise AssertionError

    with pytest.raises(zalo_bot.error.InvalidToken):
        asyncio.run(drive())
