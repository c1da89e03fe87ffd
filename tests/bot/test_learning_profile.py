"""What a learner tells about themselves and what it is good for: the place, the form of address, the group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.learners import Learners
from storage import Database
from tests.bot.learners_talking import Phone, conversations_of, learner
from tests.learning.samples import COURSE, learning_content

# --- where one lives


def test_a_commune_is_found_through_province_and_letters(lan: Phone, database: Database) -> None:
    for payload in ("v1:where:c", "v1:where:c:g:4", "v1:where:c:p:38", "v1:where:c:p:38:4"):
        lan.press(payload)
        assert lan.buttons and "đã thay đổi" not in lan.text
    lan.press(lan.buttons[0].payload)
    assert learner(database).province == "38" and learner(database).commune


def test_a_commune_that_is_not_found_is_said(lan: Phone) -> None:
    lan.press("v1:where:c")
    assert "không tìm thấy" in lan.type("xyzzy")


def test_the_home_province_comes_first(database: Database) -> None:
    phone = Phone(conversations_of(database, learners=Learners(province="38"))).enrol()
    phone.press("v1:where:c")
    assert phone.labels[0] == "📍 Thanh Hóa"


@pytest.mark.parametrize("yes", ["có", "đúng rồi", "1", "Xã Hoa Lộc", "Hoa Lộc, Thanh Hóa"])
def test_the_only_commune_of_that_name_is_confirmed_and_said_when_kept(lan: Phone, database: Database, yes: str) -> None:
    lan.press("v1:where:c")
    assert "**Xã Hoa Lộc, Thanh Hóa**. Có đúng nơi" in lan.type("hoa loc") and lan.labels[0] == "✅ Đúng rồi"
    assert "Đã ghi nơi ở: **Xã Hoa Lộc, Thanh Hóa**" in lan.type(yes)
    assert learner(database).commune


def test_what_fits_on_the_buttons_is_not_written_above_them_too(lan: Phone) -> None:
    lan.press("v1:where:c")
    lan.type("kim lien")
    assert len(lan.labels) > 2 and all(label not in lan.text for label in lan.labels)


def test_places_found_and_the_way_to_all_fit_on_one_screen(lan: Phone) -> None:
    lan.press("v1:where:c")
    assert "Tất cả tỉnh" in lan.type("quang") + " ".join(lan.labels) and "Thêm ▸" not in [b.label for b in lan.nav]


def test_groups_of_provinces_are_named_in_full(lan: Phone) -> None:
    lan.press("v1:where:c")
    assert "Lạng Sơn – Quảng Ninh" in lan.labels


# --- how one is spoken to


@pytest.mark.parametrize(
    ("label", "you", "me"),
    [("Ông – cháu", "Ông", "cháu"), ("Bà – cháu", "Bà", "cháu"), ("Ông – con", "Ông", "con"), ("Bà – con", "Bà", "con")],
)
def test_grandparents_are_called_so(lan: Phone, label: str, you: str, me: str) -> None:
    lan.press("v1:about:address:c")
    assert "Bỏ qua ▶" in lan.labels, "on the first page, however many forms there are"
    if label not in lan.labels:
        lan.choose("Thêm")
    lan.choose(label)
    assert f"{you} thuộc nhóm nào? Biết nhóm thì {me} xếp" in lan.press("v1:about:group:c")


# --- which group one belongs to


def test_courses_for_the_learners_group_come_first_and_are_advised(database: Database) -> None:
    def course(name: str, *audience: str) -> dict[str, object]:
        found = COURSE.model_copy(update={"id": name, "title": name, "short_title": name, "audience": audience})
        return {name: found}

    courses = course("guides", "can-bo") | course("all", "moi-nguoi") | course("old", "nguoi-cao-tuoi")
    phone = Phone(conversations_of(database, replace(learning_content(), courses={"vi": courses}))).enrol()  # type: ignore[dict-item]

    def listed() -> list[str]:
        return [label.removeprefix("📘 ") for label in phone.labels if label.startswith("📘")]

    phone.press("v1:learn")
    assert listed() == ["all", "guides", "old"], "without a group, what is for everybody"
    phone.press("v1:told:group:nguoi-cao-tuoi:c")
    assert "(old)" in phone.press("v1:learn") and listed() == ["old", "all", "guides"]
