"""What is said beside a question, as frightened and tired people type it; questions that only resemble it."""

from __future__ import annotations

import pytest

from nlu.asides import IN_DANGER, READING, aside, commune_told, tells

ALL = ("bank_number", *IN_DANGER, *READING)

SAID = {
    "bank_number": [
        *("so ngan hang la so may", "vietcombank gọi số mấy", "tổng đài ngân hàng là số nào", "gọi ngân hàng số mấy"),
        *("không có thẻ thì gọi số nào", "tôi không biết số của ngân hàng"),
    ],
    "afraid": ["tôi sợ làm", "run quá cháu ơi", "bác lo quá", "tôi dại quá", "không biết làm sao"],
    "money_back": ["giờ làm sao lấy lại tiền", "tiền có lấy lại được không", "muốn đòi lại tiền"],
    "calls_again": ["họ đang gọi lại", "nó lại nhắn nữa", "nó cứ gọi hoài"],
    "what_now": ["giờ phải làm sao", "làm gì bây giờ"],
    "aloud": ["đọc to", "đọc to lên cho bác", "đọc cho tôi nghe với"],
    "larger": ["phóng to chữ lên", "chữ nhỏ quá không đọc được", "cho chữ to hơn"],
    "shorter": ["dài quá bác không đọc hết được", "nói ngắn thôi", "nhiều chữ quá"],
    "cannot_read": ["tôi không biết chữ", "mắt kém không đọc được", "bà mù chữ"],
}
QUESTIONS = [
    *("ngân hàng ở đâu", "số tài khoản ngân hàng là gì", "điện thoại chữ nhỏ quá", "cách phóng to chữ trên zalo"),
    *("đọc mã otp cho họ nghe có sao không", "xếp hàng dài quá", "mật khẩu dài quá", "sợ bị lừa thì phòng thế nào", "mất thẻ"),
]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SAID.items() for text in texts])
def test_asides_are_told_apart(name: str, text: str) -> None:
    assert aside(text, ALL) == name


@pytest.mark.parametrize("text", QUESTIONS)
def test_questions_are_none(text: str) -> None:
    assert aside(text, ALL) is None


def test_whoever_tells_a_long_story_says_more_than_an_aside() -> None:
    assert aside("tôi sợ lắm " + "vì chuyện dài lắm cháu ạ " * 3, ALL) is None


def test_what_was_lost_is_named() -> None:
    text = "tôi làm rơi cái túi có căn cước, thẻ atm và điện thoại"
    assert tells("lost", text) and [name for name in ("card", "phone", "id_card", "bag") if tells(name, text)] == [
        *("card", "phone", "id_card", "bag")
    ]
    assert not tells("lost", "mất tiền trong tài khoản") and not tells("lost", "zalo bị mất mật khẩu")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tôi ở xã hoa lộc thì gặp ai", "hoa loc"),
        ("nhà ở phường hạc thành, hỏi ai được", "hac thanh"),
        ("tôi ở xã hoa lộc", None),
        ("tôi ở xã khác có làm căn cước được không", None),
    ],
)
def test_where_somebody_lives_is_heard_when_asking_for_a_human(text: str, place: str | None) -> None:
    assert commune_told(text) == place
