"""Both Zalo channels keep the specification of a channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.messages import Button, Outgoing
from bot.runtime import Runtime
from tests.channels.conformance import HOME, HUMAN, ChannelConformance, all_text, choices
from tests.channels.zalo_drivers import BotDriver, OaDriver
from tests.peers.fake_zalo import FakeZalo, serving


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with serving() as server:
        yield server


class TestZaloOa(ChannelConformance):
    @pytest.fixture
    def driver(self, runtime: Runtime, zalo: FakeZalo) -> Iterator[OaDriver]:
        made = OaDriver(runtime, zalo)
        yield made
        made.close()

    def test_every_button_carries_its_payload_or_its_address(self, driver: OaDriver) -> None:  # type: ignore[override]
        link = Button("Mở vneid.gov.vn", url="https://vneid.gov.vn/")
        (shown,) = driver.show(Outgoing("Chọn:", (*choices(2), link), (HUMAN, HOME)))  # five in all is what Zalo shows
        assert [target for _, target in shown.buttons] == [
            *(b.payload for b in choices(2)),
            link.url,
            HUMAN.payload,
            HOME.payload,
        ]
        (numbered,) = driver.show(Outgoing("Chọn:", (*choices(7), link), (HUMAN, HOME)))
        assert numbered.buttons == () and all(b.label in numbered.text for b in (*choices(7), link))


class TestZaloOaWithoutButtons(ChannelConformance):
    """An account whose package has none: everything as numbers to type."""

    @pytest.fixture
    def driver(self, runtime: Runtime, zalo: FakeZalo) -> Iterator[OaDriver]:
        zalo.allows_buttons = False
        made = OaDriver(runtime, zalo)
        made.has_buttons = False
        yield made
        made.close()

    def test_the_menu_can_be_walked_by_numbers_alone(self, driver: OaDriver) -> None:
        menu = all_text(driver.say("xin chào"))
        assert "Gõ số để chọn" in menu and "1 – " in menu
        assert all_text(driver.say("2")).strip() and "về trang chủ" in all_text(driver.say("2"))
        assert all_text(driver.say("0")).strip()


class TestZaloBot(ChannelConformance):
    @pytest.fixture
    def driver(self, runtime: Runtime, zalo: FakeZalo) -> Iterator[BotDriver]:
        made = BotDriver(runtime, zalo)
        yield made
        made.close()

    def test_whoever_chooses_large_text_gets_it_from_then_on(self, driver: BotDriver, zalo: FakeZalo) -> None:
        driver.say("xin chào")
        assert all("f_20" not in str(body.get("text_styles")) for _, body in zalo.bot_sent)
        driver.say("cài đặt")
        assert "Chữ to" in all_text(driver.say("3"))
        before = len(zalo.bot_sent)
        driver.say("2")
        driver.say("xin chào")
        assert len(zalo.bot_sent) > before + 1
        assert all(body["text_styles"][0]["st"] == ["b", "f_20"] for _, body in zalo.bot_sent[before:])
