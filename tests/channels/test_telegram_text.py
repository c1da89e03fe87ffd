"""Rendering for Telegram: HTML, keyboards, layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import balanced, joined, pieces
from bot.channels.telegram_text import NOTHING, bubble_html, inline_keyboard, reply_keyboard, to_html
from bot.commands import WORDS, fold
from bot.flows import FLOWS
from bot.messages import Button, Media, Outgoing
from bot.paging import utf16_length
from bot.payloads import PayloadError, pack
from tests.channels.bot_api import plain

NAV = (Button("◀ Quay lại", pack("back")), Button("🙋 Gặp người hỗ trợ", pack("human")), Button("🏠 Trang chủ", pack("home")))


def labels(message: Outgoing) -> list[list[str]]:
    keyboard = inline_keyboard(message)
    return [[key.text for key in row] for row in keyboard.inline_keyboard] if keyboard else []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Đậm** thường", "<b>Đậm</b> thường"),
        ("- một\n- hai", "• một\n• hai"),
        ("  - sâu", "• sâu"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("**<b>**", "<b>&lt;b&gt;</b>"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("**mở mà không đóng", "**mở mà không đóng"),
        ("**hai\ndòng**", "<b>hai\ndòng</b>"),
        ("**hai\n\nđoạn**", "**hai\n\nđoạn**"),
        ("gạch - giữa", "gạch - giữa"),
        ("  ", NOTHING),
    ],
)
def test_html(text: str, html: str) -> None:
    assert to_html(text) == html


@given(st.text(alphabet=st.sampled_from("ab*<>&-\"' \n🆘ạ"), max_size=80))
def test_html_is_always_well_formed(text: str) -> None:
    plain(to_html(text))


@given(st.text(alphabet=st.sampled_from("abc* \n.🆘"), max_size=400), st.integers(12, 60))
def test_pieces_fit_and_lose_nothing(text: str, limit: int) -> None:
    parts = pieces(Outgoing(text), limit)
    assert all(utf16_length(part.text) <= limit for part in parts)
    kept = "".join(part.text for part in parts)
    assert [c for c in kept if c not in "* \n"] == [c for c in text if c not in "* \n"]


def test_bold_across_a_cut_stays_bold() -> None:
    assert balanced(["**một", "hai** ba"]) == ["**một**", "**hai** ba"]


def test_pictures_first_buttons_last() -> None:
    message = Outgoing("a. " * 100, (Button("Có", pack("home")),), NAV, (Media("image", "x.png", "x"),))
    parts = pieces(message, 100)
    assert parts[0].media and not parts[0].text
    assert all(not part.buttons and not part.nav for part in parts[:-1])
    assert parts[-1].buttons == message.buttons and parts[-1].nav == NAV


def test_what_is_left_of_a_message_is_a_message() -> None:
    message = Outgoing("một. " * 50, (Button("Có", pack("home")),), NAV, (Media("image", "x.png", "x"),))
    parts = pieces(message, 100)
    rest = joined(parts[2:])
    assert rest.buttons == message.buttons and not rest.media
    assert rest.text.split() == " ".join(part.text for part in parts[2:]).split()


def test_short_choices_share_a_row_long_ones_do_not() -> None:
    short, long = Button("Lệ phí", pack("a")), Button("Chuẩn bị giấy tờ gì trước", pack("b"))
    assert labels(Outgoing("x", (short, short, long, short))) == [
        ["Lệ phí", "Lệ phí"],
        ["Chuẩn bị giấy tờ gì trước"],
        ["Lệ phí"],
    ]


def test_navigation_is_one_last_row_that_fits_a_phone() -> None:
    more = Button("Thêm ▸", pack("more", 1))
    rows = labels(Outgoing("x", (Button("Một mục", pack("a")),), (more, *NAV)))
    assert rows[:2] == [["Một mục"], ["Thêm ▸"]]
    assert len(rows) == 3 and len(rows[2]) == 3 and sum(map(len, rows[2])) <= 40
    assert rows[2][2] == "🏠 Trang chủ"


def test_no_choices_no_keyboard() -> None:
    assert inline_keyboard(Outgoing("x")) is None


def test_a_payload_telegram_would_refuse_is_our_fault_and_said_so() -> None:
    with pytest.raises(PayloadError):
        inline_keyboard(Outgoing("x", (Button("Có", "v1:" + "x" * 62),)))


def test_urgent_is_marked_once() -> None:
    assert bubble_html(Outgoing("Dừng lại", urgent=True)).startswith("🆘 ")
    assert bubble_html(Outgoing("🆘 Dừng lại", urgent=True)).count("🆘") == 1


def test_every_key_of_the_menu_below_is_understood_from_anywhere() -> None:
    keyboard = reply_keyboard(FLOWS)
    assert keyboard.is_persistent and keyboard.resize_keyboard
    texts = [key.text for row in keyboard.keyboard for key in row]
    assert len(texts) >= 4
    assert all(fold(text) in WORDS for text in texts)


def test_the_menu_below_shows_learning_only_where_there_is_any() -> None:
    def count(flows: set[str]) -> int:
        return sum(len(row) for row in reply_keyboard(flows).keyboard)

    assert count({*FLOWS, "learn"}) == count(set(FLOWS) - {"learn"}) + 1
