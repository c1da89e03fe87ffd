"""Mastery, lesson status, what comes next, names and communes: the pure rules around the quiz."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.communes import communes, communes_of, find, groups, province_code, provinces
from learning.criterion import Criterion
from learning.events import AttemptFinished, CardRead, LessonDone, Outcome, PracticeReported, Purpose
from learning.mastery import KEPT_OUTCOMES, SkillLevel, remember, skill_level
from learning.people import MAX_NAME, clean_name
from learning.progress import At, LessonStatus, is_read, known_skill, lesson_status, lessons_for, next_lesson
from learning.record import Record, fold
from tests.learning.samples import COURSE, FIRST, ITEMS, NOW, RULE, SECOND

LESSON = {"at": NOW, "course": COURSE.id, "lesson": FIRST.id}
AT = At(COURSE, FIRST)

# --- mastery


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ([], SkillLevel.UNKNOWN),
        ([True], SkillLevel.PRACTISING),
        ([False], SkillLevel.NEEDS_WORK),
        ([True, True, True], SkillLevel.MASTERED),
        ([True, False, True, True], SkillLevel.MASTERED),
        ([True, False, True, False], SkillLevel.NEEDS_WORK),
        ([False, False, False, True, True, True], SkillLevel.MASTERED),
        ([True, True, True, False, False], SkillLevel.NEEDS_WORK),
    ],
)
def test_a_skill_is_mastered_by_the_last_answers_to_different_items(answers: list[bool], level: SkillLevel) -> None:
    outcomes = tuple((f"i-{n}", right) for n, right in enumerate(answers))
    assert skill_level(outcomes, RULE) is level


def test_answering_one_item_again_and_again_masters_nothing() -> None:
    outcomes: tuple[tuple[str, bool], ...] = ()
    for _ in range(5):
        outcomes = remember(outcomes, "otp-1", True)
    assert outcomes == (("otp-1", True),) and skill_level(outcomes, RULE) is SkillLevel.PRACTISING


def test_the_criterion_is_configuration() -> None:
    assert skill_level((("a", True),), Criterion(skill_right=1, skill_of=1)) is SkillLevel.MASTERED
    assert Criterion(pass_share=0.5).passes(1, 2) and not Criterion().passes(2, 3) and Criterion(pass_share=0.7).passes(7, 10)


@given(st.lists(st.tuples(st.sampled_from([f"i-{n}" for n in range(20)]), st.booleans()), max_size=60))
def test_memory_of_answers_is_bounded_and_keeps_the_last_of_each_item(answers: list[tuple[str, bool]]) -> None:
    outcomes: tuple[tuple[str, bool], ...] = ()
    for item, right in answers:
        outcomes = remember(outcomes, item, right)
    assert len(outcomes) <= KEPT_OUTCOMES and len({i for i, _ in outcomes}) == len(outcomes)
    assert all(dict(answers)[item] is right for item, right in outcomes)


# --- lessons


def read_first() -> Record:
    cards = [CardRead(**LESSON, card=n) for n in (1, 2)]
    return fold([*cards, PracticeReported(**LESSON, outcome=Outcome.DONE), LessonDone(**LESSON)])


def finished(record: Record, right: int) -> Record:
    end = AttemptFinished(
        **LESSON, attempt="a", purpose=Purpose.LESSON, right=right, count=4, passed=RULE.passes(right, 4), criterion=RULE
    )
    return fold([end], record)


def test_a_lesson_goes_from_new_to_reading_to_read_to_done() -> None:
    assert lesson_status(Record(), AT, ITEMS) is LessonStatus.NEW
    assert lesson_status(fold([CardRead(**LESSON, card=1)]), AT, ITEMS) is LessonStatus.READING
    assert lesson_status(read_first(), AT, ITEMS) is LessonStatus.READ
    assert lesson_status(finished(read_first(), 1), AT, ITEMS) is LessonStatus.READ
    assert lesson_status(finished(read_first(), 3), AT, ITEMS) is LessonStatus.DONE


def test_without_a_quiz_reading_is_enough() -> None:
    assert lesson_status(read_first(), AT, {}) is LessonStatus.DONE


def test_a_lesson_is_read_with_all_cards_and_the_practice_task_answered() -> None:
    cards = fold([CardRead(**LESSON, card=n) for n in (1, 2)])
    assert not is_read(cards, AT)
    assert is_read(fold([PracticeReported(**LESSON, outcome=Outcome.SKIPPED)], cards), AT)


def test_a_worse_repetition_takes_nothing_away() -> None:
    record = finished(finished(read_first(), 4), 1)
    assert record.lesson(COURSE.id, FIRST.id).best == (4, 4) and record.lesson(COURSE.id, FIRST.id).passed


def test_what_comes_next_is_what_was_begun_then_the_rest_then_nothing() -> None:
    assert next_lesson(Record(), [COURSE], ITEMS) == AT
    begun_second = fold([CardRead(at=NOW, course=COURSE.id, lesson=SECOND.id, card=1)])
    assert next_lesson(begun_second, [COURSE], ITEMS) == At(COURSE, SECOND)
    assert next_lesson(finished(read_first(), 4), [COURSE], ITEMS) == At(COURSE, SECOND)
    assert next_lesson(Record(), [], ITEMS) is None


def test_a_skill_is_not_mastered_while_a_quiz_about_it_is_failed() -> None:
    skill = "an-toan.ma-otp"
    answered = Record(skills={skill: tuple((f"otp-{n}", True) for n in range(4))})
    assert known_skill(answered, skill, [COURSE], ITEMS, RULE) is SkillLevel.MASTERED
    assert known_skill(finished(answered, 2), skill, [COURSE], ITEMS, RULE) is SkillLevel.PRACTISING
    assert known_skill(finished(answered, 3), skill, [COURSE], ITEMS, RULE) is SkillLevel.MASTERED


def test_the_mark_told_beforehand_is_the_least_that_passes() -> None:
    assert [RULE.needed(count) for count in (1, 3, 4, 5, 10)] == [1, 3, 3, 4, 7]
    assert Criterion(pass_share=1).needed(5) == 5


def test_lessons_for_a_skill_are_those_whose_quiz_asks_about_it() -> None:
    assert lessons_for({"an-toan.duong-link"}, [COURSE], ITEMS) == [AT]
    assert lessons_for({"an-toan.ma-otp"}, [COURSE], ITEMS) == [AT, At(COURSE, SECOND)]
    assert lessons_for({"unknown"}, [COURSE], ITEMS) == []


# --- names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Lan", "Lan"),
        ("  bà   Tám ", "bà Tám"),
        ("Lan 0912345678", "Lan"),
        ("[số điện thoại]", ""),
        ("038123456789", ""),
        ("H'Bia Niê", "H'Bia Niê"),
        ("<b>Lan</b>", "b Lan b"),
        ("Nguyễn Thị Phương Thảo Nguyên", "Thị Phương Thảo Nguyên"),
    ],
)
def test_names_are_letters_of_bounded_length(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@given(st.text(max_size=300))
def test_whatever_is_typed_a_name_has_no_digit_and_fits(text: str) -> None:
    name = clean_name(text)
    assert len(name) <= MAX_NAME and not any(c.isdigit() for c in name) and "\n" not in name


# --- communes


def test_all_communes_are_there() -> None:
    assert len(communes()) == 3321 and len(provinces()) == 34 and len(communes_of("38")) == 166
    assert all("  " not in c.name for c in communes().values())


@pytest.mark.parametrize(
    "typed", ["hac thanh", "Hạc Thành", "HAC THANH", "phuong hac thanh", "hac thanh thanh hoa", "p. hạc thành"]
)
def test_a_commune_is_found_by_name_without_accents(typed: str) -> None:
    assert find(typed)[0].code == "14797"


def test_equal_names_are_ordered_with_the_home_province_first() -> None:
    found = find("tan an", home="80")
    assert len({c.province.code for c in found}) > 2 and found[0].province.code == "80"


@pytest.mark.parametrize("typed", ["", "x", "!!!", "qwertyuiop", "xin chao ban"])
def test_what_is_no_commune_finds_none(typed: str) -> None:
    assert find(typed) == []


def test_every_commune_is_found_by_its_plain_name_and_province() -> None:
    some = list(communes().values())[::11]
    assert [c for c in some if c not in find(f"{c.short} {c.province.short}", c.province.code, 20)] == []


def test_every_place_is_in_one_group_and_groups_have_names_of_their_own() -> None:
    for province in provinces():
        cut = groups(communes_of(province), 16)
        assert [c for _, group in cut for c in group] == list(communes_of(province))
        assert len({name for name, _ in cut}) == len(cut) and max(len(g) for _, g in cut) <= 24


def test_a_province_goes_by_code_or_name() -> None:
    assert {province_code(t) for t in ("38", "Thanh Hóa", "tỉnh thanh hoa")} == {"38"}
    with pytest.raises(ValueError, match="no province"):
        province_code("Atlantis")
