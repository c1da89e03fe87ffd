"""The normal form: what people type becomes standard spelling, and what is standard already stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.masking import LABELS
from nlu.normaliser import MAX_NORMAL, Normaliser

NORMALISER = Normaliser()


def normal(text: str) -> str:
    return NORMALISER.normalise(text).text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("KHÔNG ĐƯỢCCCC", "không được"),
        ("sao vậyyy", "sao vậy"),
        ("đăngký tạmtrú", "đăng ký tạm trú"),
        ("quenmatkhau", "quen mat khau"),
        ("ddawng kys", "đăng ký"),
        ("hoà giải", "hòa giải"),
        ("ho\u0302\u0323 chie\u0302\u0301u", "hộ chiếu"),
        ("mất 500k", "mất 500 nghìn"),
        ("nó lừa 2 củ", "nó lừa 2 triệu"),
        ("10tr", "10 triệu"),
        ("lương 7tr5", "lương 7,5 triệu"),
        ("nợ nó 3 chai", "nợ nó 3 triệu"),
        ("mần răng chừ", "làm sao bây giờ"),
        ("gởi cho hấn", "gửi cho nó"),
        ("ca phường kêu lên", "công an phường kêu lên"),
    ],
)
def test_unusual_spelling_becomes_standard(typed: str, expected: str) -> None:
    assert normal(typed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2 củ khoai",
        "3 chai nước",
        "màn hình 4k",
        "100km",
        "lớp 10a1",
        "gói 4g 30 ngày",
        "năm 2026",
        "https://dichvucong.gov.vn",
        "gửi thư tới nguyenvana@gmail.com",
        "wi-fi",
        "facebook messenger",
        "internet",
        "xoong nồi",
        "tiếng chuông reo",
        "đương nhiên",
        "ảnh thẻ",
        "huyết áp",
    ],
)
def test_standard_text_stays(text: str) -> None:
    assert normal(text) == text


PHRASES = st.sampled_from(
    [
        "tôi muốn đăng ký tạm trú",
        "làm lại thẻ căn cước công dân",
        "cần giấy tờ gì",
        "bao nhiêu tiền",
        "nộp hồ sơ trực tuyến",
        "đổi bằng lái xe hết hạn",
        "khai sinh cho con",
        "chuyển khoản nhầm",
        "quên mật khẩu",
        "bảo hiểm y tế",
        "nhận lương hưu",
        "ở xã",
    ]
)


@given(st.lists(PHRASES, min_size=1, max_size=6))
def test_correct_accented_sentences_are_left_alone(phrases: list[str]) -> None:
    assert normal(", ".join(phrases)) == ", ".join(phrases)


WORDS = ["k", "dc", "mk", "500k", "2tr5", "10", "củ", "mô", "rứa", "đăngký", "đượcccc", "hok", "bt", "zalo", "[số thẻ]", "tui"]
MESSY = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyzwfjkàáảãạếềộ 0123456789.,?!\u0301\u0323", max_size=60)
FORMS = st.lists(st.sampled_from(WORDS), max_size=8)


@given(st.one_of(MESSY, FORMS.map(" ".join)))
def test_the_normal_form_is_clean_and_bounded(text: str) -> None:
    found = normal(text)
    assert unicodedata.is_normalized("NFC", found)
    assert found == found.lower()
    assert len(found) <= MAX_NORMAL


@given(FORMS.map(" ".join))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.lists(st.sampled_from(["k", "dc", "10tr", "mô", "đăngký", "tui", *LABELS.values()]), max_size=8))
def test_labels_of_hidden_numbers_survive(words: list[str]) -> None:
    for label in LABELS.values():
        assert normal(" ".join(words)).count(label) == words.count(label)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
def test_every_word_knows_where_it_was_typed(words: list[str]) -> None:
    done = NORMALISER.normalise(" ".join(words))
    start, end = done.origin(0, len(done.text))
    assert (start, end) == (0, len(done.typed))


def test_a_changed_word_points_at_what_was_typed() -> None:
    done = NORMALISER.normalise("tui quên mk zalo")
    at = done.text.index("mật khẩu")
    start, end = done.origin(at, at + len("mật khẩu"))
    assert done.typed[start:end] == "mk"
