"""Two messages in a burst are one question; an old opening and a whole question stay by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.burst import WITHIN, is_opening, joined, kept
from bot.state import State

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "bác muốn hỏi",
        "cho tôi hỏi chút",
        "cháu ơi cho bác hỏi tí",
        "alo ad ơi cho e hỏi cái này",
        "toi muon hoi la",
        "cái căn cước của tôi thì",
        "hôm qua tôi lên xã mà",
        "nhà tôi có cái xe máy,",
        "em muốn hỏi về",
    ],
)
def test_a_message_that_only_starts_to_ask_is_an_opening(text: str) -> None:
    assert is_opening(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "căn cước hết hạn",
        "làm hộ chiếu ở đâu",
        "bác muốn hỏi cái thẻ căn cước hết hạn",
        "mã otp là gì",
        "tiếp",
        "2",
        "xin chào",
        "cho tôi hỏi được không?",
        "tôi muốn đổi bằng lái xe hạng b1 đã hết hạn từ tháng trước thì",
    ],
)
def test_a_whole_message_is_none(text: str) -> None:
    assert not is_opening(text)


def test_the_second_message_is_joined_to_the_opening_within_the_limit() -> None:
    state = State(**kept("bác muốn hỏi", NOW))
    assert joined(state, "thẻ căn cước hết hạn", NOW + WITHIN) == "bác muốn hỏi thẻ căn cước hết hạn"


@pytest.mark.parametrize("later", [WITHIN + timedelta(seconds=1), timedelta(seconds=-5)])
def test_an_opening_of_another_time_is_not_joined(later: timedelta) -> None:
    state = State(**kept("bác muốn hỏi", NOW))
    assert joined(state, "xin chào", NOW + later) == "xin chào"


def test_a_whole_question_leaves_nothing_to_join() -> None:
    assert joined(State(**kept("làm hộ chiếu ở đâu", NOW)), "lệ phí bao nhiêu", NOW) == "lệ phí bao nhiêu"


def test_an_opening_survives_being_stored() -> None:
    state = State(**kept("cho tôi hỏi chút", NOW))
    assert State.from_json(state.to_json()) == state


def test_a_pressed_label_that_arrives_as_text_is_no_opening() -> None:
    """Telegram's keyboard sends the words of its buttons."""
    assert is_opening("Hỏi một câu")
    assert not is_opening("💬 Hỏi một câu")
