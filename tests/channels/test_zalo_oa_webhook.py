"""What comes in from a Zalo Official Account: signatures, kinds of event, repeats."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.channels.zalo_oa_events import CAPACITY
from bot.channels.zalo_oa_webhook import PATH, is_signed, mac, zalo_oa_router
from bot.messages import Attachment
from tests.channels.zalo_world import PERSON, Inbox
from tests.peers.fake_zalo import APP_ID, OA_ID, OA_SECRET_KEY, oa_event, oa_text, signed

# A real body, as captured by somebody else; the signatures are made from the published formula and fixed here.
CAPTURED = (
    b'{"app_id":"840285093686170967","sender":{"id":"2651040744560330253"},"recipient":{"id":"1945001651380238465"},'
    b'"event_name":"user_send_text","message":{"text":"Y","msg_id":"1d19cfb48434f168a827"},"timestamp":"1635041570508",'
    b'"user_id_by_app":"6280932764005168453"}'
)
VECTORS = [
    (CAPTURED, "1635041570508", "5bdcdf76dc40677d7613674b4b759e8a67e16e77ae732df9e7d5ea2072ad9126"),
    (b'{"timestamp":"1"}', "1", "10ed1c468d9874cd730826c1746658d2792d91a7e9d2c9ab68b77df59a2dfc4f"),
    ('{"timestamp":"2","text":"Xin chào 🌾"}'.encode(), "2", "ca059141d960d45f06507d82c2638c35be21f04fc76e9ad5ce81cfb062dfaf96"),
]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def client_of(inbox: Any, secret: str = OA_SECRET_KEY) -> TestClient:
    app = FastAPI()
    app.include_router(zalo_oa_router(APP_ID, secret, inbox))
    return TestClient(app)


@pytest.fixture
def client(inbox: Inbox) -> TestClient:
    return client_of(inbox)


def post(client: TestClient, event: dict[str, Any], secret: str = OA_SECRET_KEY) -> int:
    raw, headers = signed(event, secret)
    return client.post(PATH, content=raw, headers=headers).status_code


# --- signatures ---


@pytest.mark.parametrize(("raw", "timestamp", "expected"), VECTORS)
def test_the_signature_of_known_bytes(raw: bytes, timestamp: str, expected: str) -> None:
    assert mac(APP_ID, raw, timestamp, OA_SECRET_KEY) == expected


@pytest.mark.parametrize("given", ["mac={}", "{}", " mac={} "])
def test_the_signature_is_read_with_and_without_its_prefix(given: str) -> None:
    header = given.format(VECTORS[0][2])
    assert is_signed(header, CAPTURED, ("1635041570508",), APP_ID, OA_SECRET_KEY)
    assert is_signed(header.upper().replace("MAC", "mac"), CAPTURED, ("1635041570508",), APP_ID, OA_SECRET_KEY)


@pytest.mark.parametrize(
    ("signature", "raw", "timestamp", "app_id", "secret"),
    [
        (VECTORS[0][2], CAPTURED + b" ", "1635041570508", APP_ID, OA_SECRET_KEY),  # the bytes, not what they mean
        (VECTORS[0][2], CAPTURED, "1635041570509", APP_ID, OA_SECRET_KEY),
        (VECTORS[0][2], CAPTURED, "1635041570508", "1", OA_SECRET_KEY),
        (VECTORS[0][2], CAPTURED, "1635041570508", APP_ID, "other"),
        (mac(APP_ID, CAPTURED, "1635041570508", ""), CAPTURED, "1635041570508", APP_ID, ""),  # no secret: nothing is signed
        ("", CAPTURED, "1635041570508", APP_ID, OA_SECRET_KEY),
        ("mac=ữ", CAPTURED, "1635041570508", APP_ID, OA_SECRET_KEY),
    ],
)
def test_what_is_not_signed(signature: str, raw: bytes, timestamp: str, app_id: str, secret: str) -> None:
    assert not is_signed(signature, raw, (timestamp,), app_id, secret)


def test_a_signed_text_is_claimed(client: TestClient, inbox: Inbox) -> None:
    assert post(client, oa_text("quên mật khẩu VNeID", "m1")) == 200
    (got,) = inbox.claimed
    assert (got.channel, got.person, got.message_id, got.text, got.capacity) == (
        "zalo_oa",
        PERSON,
        "m1",
        "quên mật khẩu VNeID",
        CAPACITY,
    )


@pytest.mark.parametrize("headers", [{}, {"X-ZEvent-Signature": "mac=00"}])
def test_an_event_that_is_not_signed_is_refused(client: TestClient, inbox: Inbox, headers: dict[str, str]) -> None:
    raw, _ = signed(oa_text("hi", "m1"))
    assert client.post(PATH, content=raw, headers=headers).status_code == 403
    assert inbox.claimed == []


def test_without_a_secret_everything_is_refused(inbox: Inbox) -> None:
    assert post(client_of(inbox, secret=""), oa_text("hi", "m1"), secret="") == 403
    assert inbox.claimed == []


@pytest.mark.parametrize("raw", [b"", b"{}", b" {}\n"])
def test_the_consoles_unsigned_probe_is_answered_and_does_nothing(inbox: Inbox, raw: bytes) -> None:
    for client in (client_of(inbox), client_of(inbox, secret="")):
        assert client.post(PATH, content=raw).status_code == 200
        assert client.get(PATH).status_code == 200
    assert inbox.claimed == []


@pytest.mark.parametrize("raw", [b"[]", b"null", b"not json", b'{"a":', b"[" * 100_000, "ữ".encode("utf-16")])
def test_nonsense_is_refused(client: TestClient, raw: bytes) -> None:
    assert client.post(PATH, content=raw, headers={"X-ZEvent-Signature": "mac=00"}).status_code == 403


def test_a_body_too_large_is_not_read(client: TestClient) -> None:
    assert client.post(PATH, content=b"x" * 300_000).status_code == 413


def test_the_signature_may_be_over_the_headers_timestamp(client: TestClient, inbox: Inbox) -> None:
    event = oa_text("hi", "m1")
    raw = json.dumps(event).encode()
    headers = {"X-ZEvent-Signature": f"mac={mac(APP_ID, raw, '77', OA_SECRET_KEY)}", "X-ZEvent-Timestamp": "77"}
    assert client.post(PATH, content=raw, headers=headers).status_code == 200
    assert len(inbox.claimed) == 1


# --- events ---


def message(kind: str, payload: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    return {"msg_id": "m1", "attachments": [{"type": kind, "payload": payload or {"url": "http://x.vn/y"}}]} | parts


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("user_send_image", message("image"), Attachment.IMAGE),
        ("user_send_gif", message("gif"), Attachment.IMAGE),
        ("user_send_audio", message("audio"), Attachment.VOICE),
        ("user_send_sticker", message("sticker"), Attachment.STICKER),
        ("user_send_file", message("file", {"name": "don.pdf", "type": "pdf"}), Attachment.FILE),
        ("user_send_file", message("file", {"name": "ghi-am.m4a", "type": "m4a"}), Attachment.VOICE),
        ("user_send_location", message("location", text=""), Attachment.LOCATION),
        ("user_send_video", message("video"), Attachment.OTHER),
        ("user_send_business_card", message("link"), Attachment.OTHER),
        ("user_send_image", {"msg_id": "m1", "attachments": []}, Attachment.IMAGE),
    ],
)
def test_attachments(client: TestClient, inbox: Inbox, name: str, content: dict[str, Any], expected: Attachment) -> None:
    assert post(client, oa_event(name, message=content)) == 200
    assert [(i.attachment, i.text) for i in inbox.claimed] == [(expected, None)]


def test_what_is_written_below_a_picture_is_read(client: TestClient, inbox: Inbox) -> None:
    post(client, oa_event("user_send_image", message=message("image", text="tin này có lừa đảo không")))
    assert inbox.claimed[0].text == "tin này có lừa đảo không"


def test_a_shared_link_is_a_text(client: TestClient, inbox: Inbox) -> None:
    post(client, oa_event("user_send_link", message=message("link", {"url": "http://vneid.gov.tk"})))
    assert (inbox.claimed[0].text, inbox.claimed[0].attachment) == ("http://vneid.gov.tk", None)


def test_a_pressed_button_comes_back_as_its_payload(client: TestClient, inbox: Inbox) -> None:
    post(client, oa_text("v1:topic:can-cuoc", "m1"))
    assert (inbox.claimed[0].payload, inbox.claimed[0].text) == ("v1:topic:can-cuoc", None)


def follow(name: str = "follow") -> dict[str, Any]:
    who = {"oa_id": OA_ID, "follower": {"id": PERSON}, "source": "oa_profile"}
    return oa_event(name) | who


def test_a_new_follower_is_greeted_once(client: TestClient, inbox: Inbox) -> None:
    event = follow()
    assert [post(client, event) for _ in range(3)] == [200, 200, 200]
    assert [(i.payload, i.person) for i in inbox.claimed] == [("v1:home:hello", PERSON)]


@pytest.mark.parametrize(
    "event",
    [
        follow("unfollow"),
        *(
            oa_event(f"oa_send_{kind}", message={"text": "hi", "msg_id": "m"}, admin_id="a")
            for kind in ("text", "image", "list", "file")
        ),
        oa_event("user_received_message", message={"msg_id": "m"}),
        oa_event("user_seen_message", message={"msg_ids": ["m"]}),
        oa_event("user_submit_info", info={"name": "A"}),
        oa_event("user_click_chatnow"),
        oa_event("user_send_group_text", message={"text": "hi", "msg_id": "m"}),
        oa_event("anonymous_send_text", message={"text": "hi", "msg_id": "m"}),
        oa_event("something_new_of_2027"),
        oa_event("user_send_text", message=None),
        oa_event("user_send_text", sender=None, message={"text": "hi", "msg_id": "m"}),
        oa_event("user_send_text", person="x" * 500, message={"text": "hi", "msg_id": "m"}),
        oa_event("user_send_text", person="a\x00b", message={"text": "hi", "msg_id": "m"}),
        oa_event("follow", follower="x"),
        oa_event("follow", follower={"id": PERSON}, timestamp="x" * 300),
    ],
)
def test_what_asks_for_no_answer_is_taken_and_left(client: TestClient, inbox: Inbox, event: dict[str, Any]) -> None:
    assert post(client, event) == 200
    assert inbox.claimed == []


def test_a_repeat_is_acknowledged_and_not_claimed_again(client: TestClient, inbox: Inbox) -> None:
    event = oa_text("hi", "m1")
    assert [post(client, event) for _ in range(5)] == [200] * 5
    assert len(inbox.claimed) == 1


def test_a_message_without_an_id_is_known_by_its_time(client: TestClient, inbox: Inbox) -> None:
    event = oa_event("user_send_text", message={"text": "hi"})
    assert [post(client, event), post(client, event)] == [200, 200]
    assert [i.message_id for i in inbox.claimed] == [f"user_send_text:{event['timestamp']}"]


@pytest.mark.parametrize(("hours", "claimed"), [(2.5, 1), (25, 0)])
def test_late_repeats_are_taken_but_not_old_recordings(client: TestClient, inbox: Inbox, hours: float, claimed: int) -> None:
    event = oa_text("hi", "m1")
    event["timestamp"] = str(int(event["timestamp"]) - int(hours * 3_600_000))
    assert post(client, event) == 200
    assert len(inbox.claimed) == claimed


def test_a_message_that_cannot_be_claimed_is_not_acknowledged() -> None:
    def broken(_incoming: Any) -> bool:
        raise OSError("database away")

    app = FastAPI()
    app.include_router(zalo_oa_router(APP_ID, OA_SECRET_KEY, broken))
    raw, headers = signed(oa_text("hi", "m1"))
    assert TestClient(app, raise_server_exceptions=False).post(PATH, content=raw, headers=headers).status_code == 500
