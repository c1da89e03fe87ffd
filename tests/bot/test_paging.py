"""What fits on a channel's screen: pages with numbers that go on counting, and pieces of long text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Button, Outgoing
from bot.paging import MORE_LABEL, fit, numbered_text, split_text, utf16_length

NAV = (Button("◀ Quay lại", "v1:back"), Button("🙋 Gặp người hỗ trợ", "v1:human"), Button("🏠 Trang chủ", "v1:home"))


def screen(count: int, nav: tuple[Button, ...] = NAV) -> Outgoing:
    return Outgoing("Chọn:", tuple(Button(f"mục {i}", f"v1:topic:t{i}") for i in range(1, count + 1)), nav)


def shown(outgoing: Outgoing) -> list[str]:
    return [b.label for b in (*outgoing.buttons, *outgoing.nav)]


def test_zalo_oa_shows_three_choices_more_and_home() -> None:
    first = fit(screen(8), 5, 0)
    assert shown(first.outgoing) == ["mục 1", "mục 2", "mục 3", MORE_LABEL, "🏠 Trang chủ"]
    assert first.pages == 3


def test_zalo_oa_puts_the_rest_back_and_the_human_on_the_last_page() -> None:
    assert shown(fit(screen(8), 5, 1).outgoing) == ["mục 4", "mục 5", "mục 6", MORE_LABEL, "🏠 Trang chủ"]
    assert shown(fit(screen(8), 5, 2).outgoing) == ["mục 7", "mục 8", "◀ Quay lại", "🙋 Gặp người hỗ trợ", "🏠 Trang chủ"]


def test_what_fits_is_not_cut() -> None:
    page = fit(screen(2), 5)
    assert page.pages == 1 and MORE_LABEL not in shown(page.outgoing)


def test_wide_channels_show_eight_choices_beside_the_navigation() -> None:
    first, second = fit(screen(11), 8, 0), fit(screen(11), 8, 1)
    assert len(first.outgoing.buttons) == 8 and shown(first.outgoing)[8] == MORE_LABEL
    assert [b.label for b in second.outgoing.buttons] == ["mục 9", "mục 10", "mục 11"]


def test_a_page_too_far_is_the_last_one() -> None:
    assert fit(screen(11), 8, 99).number == 1


@given(st.integers(0, 40), st.integers(1, 12), st.integers(0, 3))
def test_every_choice_is_shown_once_under_its_own_number(count: int, capacity: int, navigation: int) -> None:
    whole = screen(count, NAV[3 - navigation :])
    pages = [fit(whole, capacity, p) for p in range(fit(whole, capacity).pages)]
    numbered = [(n, b) for p in pages for n, b in enumerate(p.outgoing.buttons, p.outgoing.first)]
    assert numbered == list(enumerate(whole.buttons, 1))
    assert {b for p in pages for b in p.outgoing.nav} >= set(whole.nav)
    assert all(p.outgoing.buttons or p.outgoing.nav for p in pages) or not (count or navigation)


@given(st.integers(0, 40), st.integers(3, 7))
def test_a_narrow_channel_never_gets_more_than_it_can_show(count: int, capacity: int) -> None:
    for number in range(fit(screen(count), capacity).pages):
        outgoing = fit(screen(count), capacity, number).outgoing
        assert len(outgoing.buttons) + len(outgoing.nav) <= capacity


def test_choices_as_numbers_to_type_go_on_counting() -> None:
    text = numbered_text(fit(screen(11), 8, 1).outgoing)
    assert "**9** – mục 9" in text and "**11** – mục 11" in text and "“0” về trang chủ" in text


def test_a_bubble_without_choices_stays_as_it_is() -> None:
    assert numbered_text(Outgoing("Xin chào.")) == "Xin chào."


def test_text_is_cut_between_blocks_then_sentences() -> None:
    assert split_text("Một hai ba.\n\nBốn năm sáu.", 16) == ["Một hai ba.", "Bốn năm sáu."]
    assert split_text("Một hai ba. Bốn năm sáu.", 16) == ["Một hai ba.", "Bốn năm sáu."]


@given(st.text(st.characters(codec="utf-8"), max_size=300) | st.text("a .\n😀đ", max_size=300), st.integers(2, 40))
def test_pieces_fit_and_lose_nothing_but_white_space(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(0 < utf16_length(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_limit_without_room_for_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        split_text("😀", 1)
