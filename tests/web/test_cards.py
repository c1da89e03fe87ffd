"""`/the/…`: cards over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.cards import CardFiles
from bot.runtime import Runtime
from bot.web.app import WebParts, create_app
from bot.web.cards import cards_router
from knowledge.cards.shelf import Shelf
from knowledge.pictures.build import media_dir


@pytest.fixture(scope="module")
def shelf(runtime: Runtime) -> Shelf:
    return Shelf(runtime.live, media_dir().parent)


@pytest.fixture(scope="module")
def cards(parts: WebParts, shelf: Shelf) -> Iterator[TestClient]:
    app = create_app(replace(parts, routers=(cards_router(shelf),), media_dir=media_dir()))
    with TestClient(app, base_url="http://bot.example.vn", raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("kind", "media_type", "start"),
    [("png", "image/png", b"\x89PNG"), ("pdf", "application/pdf", b"%PDF-"), ("svg", "image/svg+xml", b"<svg ")],
)
def test_a_card_is_looked_at_in_the_browser(cards: TestClient, kind: str, media_type: str, start: bytes) -> None:
    response = cards.get(f"/the/otp.{kind}")
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert response.content.startswith(start)
    assert response.headers["content-disposition"] == f'inline; filename="the-huong-dan-otp.{kind}"'


def test_the_plainest_words_unless_a_level_is_named(cards: TestClient) -> None:
    plain = cards.get("/the/otp.svg").text
    assert cards.get("/the/simple/otp.svg").text == plain != cards.get("/the/standard/otp.svg").text


def test_an_unchanged_card_is_not_sent_twice(cards: TestClient) -> None:
    tag = cards.get("/the/otp.svg").headers["etag"]
    again = cards.get("/the/otp.svg", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_code_leads_back_to_where_the_card_came_from_or_to_the_public_address(parts: WebParts, shelf: Shelf) -> None:
    app = create_app(replace(parts, routers=(cards_router(shelf),)))
    assert "http://bot.example.vn/?t=otp" in TestClient(app, base_url="http://bot.example.vn").get("/the/otp.svg").text
    assert "/?t=otp" not in TestClient(app, base_url="http://127.0.0.1:8080").get("/the/otp.svg").text
    public = create_app(replace(parts, routers=(cards_router(shelf, "https://hoc.example.gov.vn"),)))
    assert "https://hoc.example.gov.vn/?t=otp" in TestClient(public, base_url="http://localhost").get("/the/otp.svg").text


@pytest.mark.parametrize("path", ["/the/khong-co.png", "/the/..%2F..%2Fotp.png"])
def test_without_a_text_there_is_no_card(cards: TestClient, path: str) -> None:
    response = cards.get(path)
    assert response.status_code == 404 and response.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/the/otp.gif", "/the/hard/otp.png"])
def test_other_kinds_and_levels_are_refused(cards: TestClient, path: str) -> None:
    assert cards.get(path).status_code in (404, 422)


def test_the_conversation_offers_the_card_below_the_summary(cards: TestClient) -> None:
    def said(payload: str) -> dict[str, object]:
        reply = cards.post("/api/chat", json={"session": "thehuongdan", "payload": payload}).json()
        return reply["messages"][-1]  # type: ignore[no-any-return]

    offered = [button["payload"] for button in said("v1:topic:vneid-cai-dat")["buttons"]]  # type: ignore[attr-defined]
    assert "v1:card:vneid-cai-dat" in offered
    [picture] = said("v1:card:vneid-cai-dat")["media"]  # type: ignore[misc]
    assert picture["url"] == "/the/standard/vneid-cai-dat.png"
    assert cards.get(picture["url"]).status_code == 200


def test_a_steps_picture_is_served(cards: TestClient) -> None:
    reply = cards.post("/api/chat", json={"session": "hinhminhhoa", "payload": "v1:step:otp:2"}).json()
    [picture] = reply["messages"][-1]["media"]
    assert cards.get(picture["url"]).content == (media_dir() / Path(picture["url"]).name).read_bytes()


def test_channels_that_send_files_get_a_document(shelf: Shelf) -> None:
    files = CardFiles(shelf, "https://hoc.example.gov.vn")
    made = files.pdf("the/simple/otp.png")
    assert made and made.startswith(b"%PDF-")
    assert files.pdf("the/simple/khong-co.png") is None
