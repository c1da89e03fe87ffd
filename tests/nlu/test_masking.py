"""Personal numbers go, money, dates and hotlines stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.characters import clean
from nlu.masking import LABELS, mask


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("căn cước của tôi 038095001234", "id_number"),
        ("cccd 0380.9500.1234", "id_number"),
        ("cmnd 123 456 789", "id_number"),
        ("so cmnd 123456789", "id_number"),
        ("4111 1111 1111 1111", "card"),
        ("thẻ 4111-1111-1111-1111", "card"),
        ("0912345678", "phone"),
        ("0912.345.678", "phone"),
        ("09 12 34 56 78", "phone"),
        ("+84 912 345 678", "phone"),
        ("(+84)912345678", "phone"),
        ("024 3825 1234", "phone"),
        ("otp là 123456", "otp"),
        ("ma xac nhan la 4829", "otp"),
        ("code 99 88 77", "otp"),
        ("123456 la ma otp", "otp"),
        ("ma otp giao dich la 445566", "otp"),
        ("otp là một hai ba bốn năm sáu", "otp"),
        ("cvv 123", "otp"),
        ("3 số mặt sau thẻ là 456", "otp"),
        ("6 so otp 123456", "otp"),
        ("hộ chiếu số C9876543", "id_number"),
        ("mật khẩu zalo hoa12345", "password"),
        ("stk 19036789012345", "account"),
        ("tài khoản số 102345678", "account"),
        ("mật khẩu là hoahong123", "password"),
        ("mat khau zalo cua toi la Abc@123", "password"),
        ("pass: 1234abcd", "password"),
        ("mk 123456", "password"),
        ("số ０９１２３４５６７８", "phone"),
    ],
)
def test_personal_data_is_hidden(text: str, kind: str) -> None:
    masked = mask(clean(text))
    assert masked.kinds == (kind,)
    assert LABELS[kind] in masked.text
    assert not re.search(r"\d{3}", masked.text)


@pytest.mark.parametrize(
    "text",
    [
        "mất 120 triệu",
        "nhà một hai ba bốn tầng",
        "mã có sáu số",
        "ba số sau cùng",
        "xe B1234567 của hãng",
        "500.000đ",
        "22.000.000",
        "22.000.000 đồng",
        "chuyển 50000000 đồng",
        "1,5 tỷ",
        "200k",
        "năm 2024",
        "từ năm 1990 đến 2020",
        "ngày 12/05/1960",
        "21-11-2026",
        "gọi 113, 114, 115",
        "gọi 111",
        "nhắn tin tới 5656 hoặc 156",
        "tổng đài 1900 1234",
        "19001234",
        "1800 6132",
        "tôi 72 tuổi",
        "mật khẩu là gì",
        "mat khau la sao",
        "mã 8 số",
        "mức 2",
        "gói 4g 30 ngày",
        "thẻ 16 số",
        "nghị định 69/2024",
        "lương 5.500.000 đ/tháng",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).kinds == ()


def test_two_numbers_are_two_labels() -> None:
    assert mask("gọi 0912345678, cccd 038095001234").text == "gọi [số điện thoại], cccd [số giấy tờ]"


_MONEY = re.compile(
    r"\d+(?:[.,]\d{1,3})? ?(?:đồng|dong|vnđ|vnd|đ|d|nghìn|nghin|ngàn|ngan|triệu|trieu|tr|tỷ|tỉ|ty|ti|k|xu)\b", re.IGNORECASE
)


@given(st.text(alphabet="0123456789 .-+abc", max_size=60))
def test_no_long_number_survives(text: str) -> None:
    masked = mask(clean(text)).text
    assert not re.search(r"\d{9,}", _MONEY.sub("", masked))


@given(st.text(alphabet="0123456789 .-+:otpmã là", max_size=60))
def test_masking_is_stable(text: str) -> None:
    once = mask(clean(text)).text
    assert mask(once).text == once


@given(st.from_regex(r"[1-79][0-9]{11}", fullmatch=True), st.sampled_from(["{}", "số {} nhé", "toi la {}.", "cccd:{}"]))
def test_every_identity_number_is_hidden(number: str, frame: str) -> None:
    assert mask(frame.format(number)).kinds == ("id_number",)
