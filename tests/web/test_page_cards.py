"""The card on the citizens' page: the picture, its PDF, and the QR code's way in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.runtime import Runtime
from bot.web.app import WebParts
from bot.web.cards import cards_router
from knowledge.cards.shelf import Shelf
from knowledge.pictures.build import media_dir
from tests.web.conftest import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(parts: WebParts, runtime: Runtime) -> Iterator[Server]:
    cards = cards_router(Shelf(runtime.live, media_dir().parent))
    with serving(replace(parts, routers=(cards,), media_dir=media_dir())) as running:
        yield running


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.new_page()


def test_the_code_on_a_card_opens_the_chat_at_its_topic_once(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/?t=vneid-cai-dat")
    expect(page.locator(".turn.bot").last).to_contain_text("VNeID")
    expect(page.locator(".choice", has_text="Từng bước").last).to_be_visible()
    assert page.url == f"{server.url}/"
    turns = page.locator(".turn").count()
    page.reload()
    expect(page.locator(".turn")).to_have_count(turns)


@pytest.mark.parametrize("wrong", ["../admin", "<b>x</b>", "OTP", ""])
def test_an_address_made_up_by_others_leads_home(page: Page, server: Server, wrong: str) -> None:
    page.goto(f"{server.url}/?t={wrong}")
    expect(page.locator(".choice").first).to_be_visible()
    assert page.url == f"{server.url}/"


def test_a_card_is_shown_and_can_be_opened_large_and_printed(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/?t=vneid-cai-dat")
    page.locator(".choice", has_text="Thẻ hướng dẫn").last.click()
    picture = page.locator(".bubble img").last
    expect(picture).to_have_attribute("alt", re.compile("Thẻ hướng dẫn chữ to"))
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 1000", arg=picture.element_handle(), timeout=30_000)
    large, pdf = page.get_by_role("link", name="Xem thẻ cỡ lớn"), page.get_by_role("link", name="Bản để in")
    assert large.get_attribute("href") == "/the/standard/vneid-cai-dat.png"
    assert page.request.get(f"{server.url}{pdf.get_attribute('href')}").body().startswith(b"%PDF-")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_step_shows_its_picture_with_its_words(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/?t=vneid-cai-dat")
    page.locator(".choice", has_text="Từng bước").last.click()
    page.locator(".choice", has_text="Tiếp").last.click()
    picture = page.locator(".bubble img").last
    expect(picture).to_have_attribute("alt", re.compile("^Hình minh họa: "))
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth === 720", arg=picture.element_handle())
