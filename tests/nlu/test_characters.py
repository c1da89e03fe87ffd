"""Whatever bytes arrive, the text that goes on is clean NFC with its tone marks in one place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.characters import MAX_CHARACTERS, clean, unify


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hoà", "hòa"),
        ("thuý", "thúy"),
        ("uỷ ban", "ủy ban"),
        ("khoẻ", "khỏe"),
        ("loà xoà", "lòa xòa"),
        ("hòa", "hòa"),
        ("quý", "quý"),
        ("quả", "quả"),
        ("giờ", "giờ"),
        ("giải", "giải"),
        ("giặt", "giặt"),
        ("nghĩa", "nghĩa"),
        ("ngoài", "ngoài"),
        ("Tuyến", "tuyến"),
        ("thuở", "thuở"),
        ("HOÀ BÌNH", "hòa bình"),
        ("café", "café"),
    ],
)
def test_tone_marks_get_one_place(typed: str, expected: str) -> None:
    assert unify(clean(typed)) == expected
    assert unify(clean(unicodedata.normalize("NFD", typed))) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("că\u200bn cước", "căn cước"),
        ("a\x00b", "a b"),
        ("  hai\t\n dòng  ", "hai dòng"),
        ("o\u0302\u0301\u0316\u0317\u0318", "ố"),
        ("\ufeffchào", "chào"),
        ("số ０９１２", "số 0912"),
        ("٠١٢", "012"),
        ("a\u2013b", "a-b"),
        ("👨\u200d👩", "👨👩"),
        ("\u0301\u0301", ""),
        ("thế", "thế"),
        ("", ""),
    ],
)
def test_invisible_and_piled_characters_go(typed: str, expected: str) -> None:
    assert clean(typed) == expected


@given(st.text())
def test_clean_is_idempotent_composed_and_bounded(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert len(once) <= MAX_CHARACTERS
    assert unify(unify(once)) == unify(once)


@given(st.text(alphabet="eêếoôaăâuưdđ\u0300\u0301\u0302\u0303\u0306\u0309\u0323\u031b ", max_size=40))
def test_clean_is_idempotent_on_vietnamese_marks(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_input_is_cut() -> None:
    assert len(clean("ậ" * 5000)) == MAX_CHARACTERS
