"""Keystrokes of an input method become letters; words of the digital world stay."""

from __future__ import annotations

import pytest

from nlu.telex import decode


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ddawng kys", "đăng ký"),
        ("d9a8ng ky1", "đăng ký"),
        ("dang98 ky1", "đăng ký"),
        ("tooi khoong bieets", "tôi không biết"),
        ("caif ddawtj", "cài đặt"),
        ("ddieejn thoaij", "điện thoại"),
        ("huwowngs daanx", "hướng dẫn"),
        ("cawn cuowcs", "căn cước"),
        ("chuyeenr khoanr", "chuyển khoản"),
        ("dduowcj", "được"),
        ("dduwowcj", "được"),
        ("truongwf hopwj", "trường hợp"),
        ("giayas", "giấy"),
        ("ngaan hangf", "ngân hàng"),
        ("laf gif", "là gì"),
        ("d9ie65n thoa5i", "điện thoại"),
        ("quên mật khẩu thif lamf sao", "quên mật khẩu thì làm sao"),
    ],
)
def test_keystrokes_become_letters(typed: str, expected: str) -> None:
    assert decode(typed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "wifi vneid otp sms zalo app qr nfc momo",
        "bus car free teen zoom google facebook",
        "muc2 lop1 4g 5g a4 b2 mp3",
        "lam sao de dang ky",
        "đăng ký tài khoản",
        "as is for was",
        "",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert decode(text) == text


def test_short_forms_with_a_meaning_stay() -> None:
    assert decode("bs", keep=frozenset({"bs"})) == "bs"
