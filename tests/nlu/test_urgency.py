"""Danger is heard in every way of typing; harmless sentences with the same words raise no alarm."""

from __future__ import annotations

import pytest

from nlu.understanding import Understander

from .urgency_cases import CALM, URGENT, WORRIES

CASES = [(kind, text) for kind, texts in URGENT.items() for text in texts]


def test_the_tables_are_large_enough() -> None:
    assert len(CASES) >= 40
    assert len(CALM) >= 60


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_danger_is_heard(understander: Understander, kind: str, text: str) -> None:
    assert understander.understand(text).urgency == kind


@pytest.mark.parametrize("text", CALM)
def test_no_false_alarm(understander: Understander, text: str) -> None:
    assert understander.understand(text).urgency is None


@pytest.mark.parametrize("text", WORRIES)
def test_a_worry_is_no_alarm_but_is_warned(understander: Understander, text: str) -> None:
    understood = understander.understand(text)
    assert understood.urgency is None and understood.worry


@pytest.mark.parametrize("text", ["mã otp là gì", "phí chuyển tiền là bao nhiêu", "điện thoại tự tắt nguồn hoài"])
def test_a_calm_question_is_not_warned(understander: Understander, text: str) -> None:
    assert not understander.understand(text).worry
