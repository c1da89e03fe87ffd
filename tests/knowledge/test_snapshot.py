"""The content snapshot: who gets which text, and when two contents are the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.folder import read_yaml
from knowledge.model import Level, VariantKey
from knowledge.quiz import QuizFile, QuizItem
from knowledge.snapshot import Content, load_content_from_files
from tests.knowledge.samples import edit, write_folder


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return load_content_from_files(write_folder(tmp_path))


def with_views(content: Content, *kept: tuple[str, Level]) -> Content:
    """The same content with exactly these variants of `otp`, each titled by its language and level."""
    view = content.views[VariantKey(topic_id="otp")]
    keys = [VariantKey(topic_id="otp", language=language, level=level) for language, level in kept]
    return replace(content, views={k: view.model_copy(update={"key": k}) for k in keys})


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ([("tyz", Level.SIMPLE), ("tyz", Level.STANDARD), ("vi", Level.SIMPLE)], ("tyz", Level.SIMPLE)),
        ([("tyz", Level.STANDARD), ("vi", Level.SIMPLE), ("vi", Level.STANDARD)], ("tyz", Level.STANDARD)),
        ([("vi", Level.SIMPLE), ("vi", Level.STANDARD)], ("vi", Level.SIMPLE)),
        ([("vi", Level.STANDARD)], ("vi", Level.STANDARD)),
    ],
)
def test_a_reader_gets_the_nearest_text(content: Content, published: list[tuple[str, Level]], shown: tuple[str, Level]) -> None:
    view = with_views(content, *published).view("otp", "tyz", Level.SIMPLE)
    assert view and (view.key.language, view.key.level) == shown


def test_a_topic_without_text_has_no_view_but_is_in_the_catalogue(content: Content) -> None:
    assert content.view("khoa-the") is None
    assert content.catalogue["khoa-the"].title == "Khóa thẻ"
    assert [topic.id for topic in content.area_topics("an-toan")] == ["otp"]


def test_a_changed_text_is_another_content_and_revision_ids_do_not_count(content: Content, tmp_path: Path) -> None:
    renumbered = {k: v.model_copy(update={"revision_id": 7}) for k, v in content.views.items()}
    assert replace(content, views=renumbered, version=9) == content
    edit(tmp_path, "vi/topics/otp.md", "1. Tắt máy.", "1. Tắt máy ngay.")
    assert load_content_from_files(tmp_path) != content


def test_quiz_items_and_courses_fall_back_to_vietnamese(content: Content) -> None:
    item = content.quiz_item("otp-1", "tyz")
    assert item and item.correct == {"b"} and item.topic_id == "otp"
    assert len(content.quiz_for("otp", "tyz")) == 5
    course = content.course("an-toan", "tyz")
    assert course and course.lesson("giu-ma") and course.lesson("khac") is None
    assert content.course_list("tyz") == (course,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "multiple"}, None),
        ({"kind": "true_false"}, "must have the ids"),
        ({"kind": "real_or_fake"}, "must have the ids"),
        ({"kind": "order"}, "order needs 3 to 5"),
        ({"difficulty": "impossible"}, "difficulty"),
        ({"simple": ""}, "at least 1"),
        ({"checked": {"by": "Lan"}}, "checked.on"),
        ({"stem": ""}, "at least 1"),
        ({"id": "Otp 1"}, "pattern"),
    ],
)
def test_quiz_items_follow_the_rules_of_their_kind(tmp_path: Path, change: dict[str, str], message: str | None) -> None:
    item = read_yaml(write_folder(tmp_path) / "vi/quiz/otp.yaml", QuizFile).items[0]
    data = {**item.model_dump(mode="json"), **change}
    if message is None:
        assert QuizItem.model_validate(data).kind == change["kind"]
    else:
        with pytest.raises(ValidationError, match=message):
            QuizItem.model_validate(data)


def test_an_item_put_in_order_knows_the_right_order(content: Content) -> None:
    item = content.quiz_item("otp-4")
    assert item and item.right_order == ("a", "b", "c")
    two = {**item.model_dump(mode="json"), "options": item.model_dump(mode="json")["options"][:2]}
    with pytest.raises(ValidationError, match="order needs 3 to 5"):
        QuizItem.model_validate(two)


def test_who_checked_an_item_and_when_is_read_although_yaml_reads_on_as_true(content: Content) -> None:
    item = content.quiz_item("otp-2")
    assert item and item.checked and (item.checked.by, item.checked.on) == ("Lan", date(2026, 11, 20))
    assert item.checked.note == "đã so với nguồn"


def test_a_question_and_a_card_have_words_for_each_reading_level(content: Content) -> None:
    item, course = content.quiz_item("otp-1"), content.course("an-toan")
    assert item and course and item.stem_at(Level.SIMPLE) != item.stem_at(Level.STANDARD) == item.stem
    card, practice = course.lessons[0].cards[0], course.lessons[0].practice
    assert (card.text_at(Level.SIMPLE), card.text_at(Level.STANDARD)) == ("Mã như chìa khóa.", "Mã OTP như chìa khóa.")
    assert practice and practice.text_at(Level.SIMPLE) == "Tìm tin có mã."
    assert card.model_copy(update={"simple": None}).text_at(Level.SIMPLE) == card.text
