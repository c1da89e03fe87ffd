"""Copies of a question as others would have typed it: different, repeatable, and never a surprise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlu.noise import copies, half_accented, shortened, slipped, unaccented
from nlu.syllables import fold

QUESTION = "Làm sao để không bị khóa tài khoản khi quên mật khẩu được ạ?"


def test_copies_differ_from_the_question_and_from_each_other() -> None:
    made = copies(QUESTION, 4)
    assert len(made) == len(set(made)) == 4
    assert QUESTION.lower() not in made


def test_the_same_seed_gives_the_same_copies() -> None:
    assert copies(QUESTION, 3, seed=1) == copies(QUESTION, 3, seed=1) != copies(QUESTION, 3, seed=2)


def test_each_way_does_what_it_says() -> None:
    import random

    chance = random.Random(3)
    assert unaccented(QUESTION, chance).isascii()
    half = half_accented(QUESTION, chance)
    assert not half.isascii() and half != QUESTION.lower()
    assert fold(half) == fold(QUESTION.lower())
    assert any(
        short in shortened(QUESTION, chance).split() for short in ("k", "ko", "kg", "kh", "dc", "đc", "tk", "mk", "hok", "hem")
    )
    assert slipped(QUESTION, chance) != QUESTION.lower()


@given(st.text(max_size=80), st.integers(0, 5))
def test_any_text_is_survived(text: str, count: int) -> None:
    assert len(copies(text, count)) <= count
