"""Short forms and dialect words become standard Vietnamese, except where the same letters are standard."""

from __future__ import annotations

import pytest

from nlu.rewrite import Rewriter, read_rules
from nlu.understanding import Understander

TEENCODE = Rewriter(read_rules("teencode.tsv"))
REGIONAL = Rewriter(read_rules("regional.tsv"))
PLAIN = Rewriter(read_rules("regional_plain.tsv"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("k dc j z", "không được gì vậy"),
        ("lm cccd bn tien", "làm căn cước công dân bao nhiêu tien"),
        ("quên mk zalo r", "quên mật khẩu zalo rồi"),
        ("mk k bt", "mình không biết"),
        ("ck tiền", "chuyển khoản tiền"),
        ("ck em bị lừa", "chồng em bị lừa"),
        ("dk tk vneid", "đăng ký tài khoản vneid"),
        ("vào k đk", "vào không được"),
        ("gplx, bhyt, cmnd", "giấy phép lái xe, bảo hiểm y tế, chứng minh nhân dân"),
        ("hnay ngta nt", "hôm nay người ta nhắn tin"),
        ("chào bn", "chào bạn"),
        ("sổ hk", "sổ hộ khẩu"),
        ("hk biết", "không biết"),
        ("sdt fb", "số điện thoại facebook"),
        ("dvc ntn", "dịch vụ công như thế nào"),
        ("trc vs sau", "trước với sau"),
    ],
)
def test_short_forms(typed: str, expected: str) -> None:
    assert TEENCODE.apply(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nộp ở mô rứa", "nộp ở đâu thế"),
        ("mần răng để vô", "làm sao để vào"),
        ("cần giấy tờ chi", "cần giấy tờ gì"),
        ("tui hổng biết", "tôi không biết"),
        ("nỏ biết", "không biết"),
        ("chừ phải đi mô", "bây giờ phải đi đâu"),
        ("nó biểu tui", "nó bảo tôi"),
        ("xài điện thoại", "dùng điện thoại"),
        ("được hông", "được không"),
        ("cái tê", "cái kia"),
        ("răng không vô được", "sao không vào được"),
        ("sao dzậy", "sao vậy"),
    ],
)
def test_dialect_words(typed: str, expected: str) -> None:
    assert REGIONAL.apply(typed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "chi phí làm thẻ",
        "ngân hàng chi nhánh nào",
        "răng hàm mặt",
        "đau răng",
        "mô hình kinh doanh",
        "tê liệt",
        "biểu mẫu",
        "tiêu biểu",
        "vô hiệu hóa tài khoản",
        "bên hông nhà",
        "thiệt hại",
        "mạ vàng",
        "điện thoại bị hỏng",
    ],
)
def test_standard_words_stay(text: str) -> None:
    assert REGIONAL.apply(text) == text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lam rang de vao", "làm sao de vao"),
        ("nop o mo", "nop ở đâu"),
        ("can giay to chi", "can giấy tờ gì"),
        ("rang ham mat", "rang ham mat"),
        ("chi phi", "chi phi"),
        ("mo tai khoan", "mo tai khoan"),
        ("hong biet", "không biết"),
    ],
)
def test_dialect_without_accents(typed: str, expected: str) -> None:
    assert PLAIN.apply(typed) == expected


@pytest.mark.parametrize(
    "text", ["mk k bt dk vneid ntn z", "tui hổng biết mần răng", "ddawng kys taif khoanr", "ở mô rứa hè", "nop o mo"]
)
def test_the_normal_form_is_stable(understander: Understander, text: str) -> None:
    normal = understander.understand(text).normal
    assert understander.understand(normal).normal == normal
