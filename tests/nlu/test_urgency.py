"""Danger is heard in every way of typing; harmless sentences with the same words raise no alarm."""

from __future__ import annotations

import pytest

from nlu.understanding import Understander

from .urgency_cases import CALM, URGENT

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
