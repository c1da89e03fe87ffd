"""A code that nobody calls a code is hidden all the same, and numbers that people ask about stay readable."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nlu.characters import clean
from nlu.masking import LABELS, mask
from nlu.understanding import Intent, Understander

PASTED = (
    *("482913", "482 913", "482.913", "48-29-13", "4829", "4 8 2 9 1 3", "12345678", "482913.", "(482913)", "482913, 4829"),
    *("482913 đây cháu", "là 482913 ạ", "no la 482913 chau oi", "ban oi 482913", "G-482913"),
)
TOLD = (
    *("nó vừa gửi 482913 về máy", "nó gửi cho tôi 4829", "nó gửi tôi 4829", "no vua nhan cho toi so 482 913 bao doc"),
    *("có tin nhắn 482913 là gì", "tin nhắn ghi 482913 là mã gì", "máy hiện lên 482913", "482913 vừa gửi về máy"),
    *("đọc 482913 cho nó rồi", "có nên đọc số 482913 không", "nhập 482913 vào đâu", "nhắn về máy bác số 4829"),
    *("vừa nhận được tin 482913 để xác nhận", "Nó nhắn: 482913. Bác làm gì", "G-482913 la ma xac minh google"),
)
MONEY_AND_COUNTS = (
    *("500.000", "500000", "2.500.000", "nộp 350.500", "gửi 500.000 cho nó", "nó gửi 500000", "nhận thông báo phạt 1500000"),
    *("gửi 1500 người", "xin nhận 1200 usd", "chuyển 4829 cái", "vàng nhẫn trơn 9999"),
)
DATES = (
    "2024",
    "21 11 2026",
    "2026-11-22",
    "nhận lương hưu từ năm 2015",
    "gửi hồ sơ từ 2015 đến 2020",
    "từ 01/07/2025 nhận tiền",
)
SHORT_NUMBERS = (
    *("1022", "1414", "5656", "gửi tin nhắn tới số 5656", "nhắn tin 1414 được không", "soạn BHXH gửi 8079", "bấm *101#"),
    *("nhắn tin tới 8079", "nhan tin toi 8079", "số 8079 gửi tin nhắn cho tôi", "bấm 1900 1234"),
)
NAMES = (
    *("69/2024", "thông tư 50/2024 gửi", "gửi nghị định 2345", "quyết định 2345 là gì", "theo quyết định 2345/QĐ-NHNN gửi"),
    *("1.013082", "mã 1.013082", "mẫu 2345 nhận ở đâu", "TK01", "số nhà 1234", "nhà số 1204 gửi giấy về"),
    *("36A-123.45", "gửi xe biển 36B1-123.45", "đơn hàng 482913 gửi về nhà"),
)
CODES = st.from_regex(r"[0-9]{4,8}", fullmatch=True).filter(
    lambda digits: not re.fullmatch(r"(?:19|20)\d\d|[1-9]\d*000|1022|1414|5656|1900|1800|(?:1900|1800)\d{4}", digits)
)


@pytest.mark.parametrize("text", [*PASTED, *TOLD])
def test_a_code_is_hidden_without_being_called_one(text: str) -> None:
    masked = mask(clean(text))
    assert set(masked.kinds) == {"otp"}
    assert not re.search(r"\d", masked.text)


@pytest.mark.parametrize("text", [*MONEY_AND_COUNTS, *DATES, *SHORT_NUMBERS, *NAMES])
def test_numbers_that_people_ask_about_stay(text: str) -> None:
    assert mask(clean(text)).text == text


@given(CODES, st.sampled_from(["{}", "{}.", "đây {} ạ", "nó vừa gửi {} về máy tôi", "tin nhắn báo {}", "có nên đọc {} không"]))
def test_any_digits_in_such_a_message_are_hidden(digits: str, frame: str) -> None:
    assert mask(frame.format(digits)).text == frame.format(LABELS["otp"])


@given(CODES, st.sampled_from([" ", ".", "-"]), st.integers(min_value=1, max_value=3))
def test_a_code_is_hidden_however_it_is_grouped(digits: str, sign: str, size: int) -> None:
    typed = sign.join(digits[at : at + size] for at in range(0, len(digits), size))
    assume(not re.fullmatch(r"\d\.\d{6}|\d{1,2}([ .-])\d{1,2}\1(\d{4}|\d\d)|.*[., ]\d00", typed))
    assert not re.search(r"\d", mask(typed).text)


@given(
    st.integers(min_value=1, max_value=99_999).map(lambda number: f"{number}000"), st.sampled_from(["nó gửi {}", "{}", "nhận {}"])
)
def test_round_sums_stay(amount: str, frame: str) -> None:
    assert mask(frame.format(amount)).text == frame.format(amount)


@given(st.from_regex(r"[0-9]\.[0-9]{6}", fullmatch=True), st.sampled_from(["{}", "mã {}", "thủ tục {} nhận ở đâu"]))
def test_the_code_of_a_procedure_stays(code: str, frame: str) -> None:
    assert mask(frame.format(code)).text == frame.format(code)


@pytest.mark.parametrize("text", ["482913", "482 913", "4829 nha cháu", "G-482913"])
def test_a_bare_code_is_answered_as_a_secret_sent_to_the_bot(understander: Understander, text: str) -> None:
    understood = understander.understand(text)
    assert understood.intent is Intent.secret
    assert understood.personal == ("otp",)
    assert not re.search(r"\d", understood.masked)
