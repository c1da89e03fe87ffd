"""Things named in messages, and the marks in the training phrases that say the same."""

from __future__ import annotations

import pytest

from bot.localities import localities
from nlu.entities import EntityFinder, money_value
from nlu.examples import marked_phrases, marks, plain


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(localities())


@pytest.mark.parametrize(
    ("written", "dong"),
    [
        ("500k", "500000"),
        ("1.200.000 đồng", "1200000"),
        ("1,5 triệu", "1500000"),
        ("2tr", "2000000"),
        ("hai trăm nghìn", "200000"),
        ("3 ty ruoi", "3500000000"),
        ("50.000", "50000"),
        ("5 củ", "5000000"),
    ],
)
def test_money_is_counted_in_dong(finder: EntityFinder, written: str, dong: str) -> None:
    assert money_value(written) == dong
    assert [(e.kind, e.value) for e in finder.find(f"gửi {written} về quê")] == [("money", dong)]


@pytest.mark.parametrize(
    "text", ["năm 2026", "gọi 113", "bước 3", "80 tuổi", "10 đường", "nói lại cháu ơi", "giá lại tăng", "quen biet"]
)
def test_other_numbers_and_everyday_words_are_nothing(finder: EntityFinder, text: str) -> None:
    assert finder.find(text) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [("ở thanh hóa", "Thanh Hóa"), ("o nghe an", "Nghệ An"), ("tinh lai chau", "Lai Châu"), ("sai gon", "Thành phố Hồ Chí Minh")],
)
def test_provinces_with_and_without_accents(finder: EntityFinder, text: str, name: str) -> None:
    assert [e.value for e in finder.find(text) if e.kind == "locality"] == [name]


def test_communes_need_their_kind(finder: EntityFinder) -> None:
    assert [e.value for e in finder.find("nhà ở phường hạc thành")] == ["Phường Hạc Thành"]
    assert finder.find("hạc thành đôi") == ()


def test_positions_are_those_of_the_text(finder: EntityFinder) -> None:
    text = "con iphone mất 500k ở hà nội"
    assert [text[e.start : e.end] for e in finder.find(text)] == ["iphone", "500k", "hà nội"]


def test_every_mark_in_the_training_phrases_is_found_by_the_finder(finder: EntityFinder) -> None:
    marked = [(text, marks(text)) for text, _ in marked_phrases() if marks(text)]
    assert {kind for _, found in marked for _, kind in found} == {"locality", "money", "phone_brand", "paper_kind"}
    for text, found in marked:
        bare = plain(text).lower()
        assert {(words.lower(), kind) for words, kind in found} <= {(bare[e.start : e.end], e.kind) for e in finder.find(bare)}
