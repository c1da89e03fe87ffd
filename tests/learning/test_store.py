"""Learners in the database, on both kinds: append-only events, one answer per question, erasing, joining apps, figures."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from learning import figures, linking, quiz, store
from learning.events import AttemptFinished, Consented, Event, LessonDone, Outcome, PracticeReported, Purpose
from learning.linking import DIGITS, LETTERS, LIFETIME, LinkOutcome
from learning.people import MAX_PEOPLE, Person
from learning.record import Record
from learning.tables import FamilyRow, LearnerPlaceRow, LearnerRow, LearningEventRow, LinkCodeRow
from storage import Database
from tests.learning.samples import COURSE, FIRST, ITEMS, NOW, RULE, SECOND, started

LATER = NOW + timedelta(minutes=1)


def meet(session: Session, person: str, *learners: str, channel: str = "web", **fields: object) -> int:
    """A conversation with those learners, the last one learning; gives the family."""
    place = store.family_at(session, channel, person, NOW)
    for learner_id in learners:
        store.add_learner(session, place.family_id, Person(learner_id, name=learner_id, **fields), NOW)  # type: ignore[arg-type]
        store.choose(session, place, learner_id)
    return place.family_id


def count(session: Session, table: type[FamilyRow | LearnerRow | LearnerPlaceRow | LearningEventRow | LinkCodeRow]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def whole_quiz() -> list[Event]:
    events: list[Event] = [started()]
    record = Record()
    from learning.record import fold

    record = fold(events)
    while record.open:
        number = quiz.open_number(record.open[0], ITEMS)
        assert number
        right = sorted(ITEMS[record.open[0].item_at(number)].correct)
        new = quiz.answer(record.open[0], number, right, ITEMS, LATER)
        events, record = [*events, *new], fold(new, record)
    return events


# --- events and records


def test_consent_is_the_first_event_of_every_profile(database: Database) -> None:
    with database.session() as session:
        meet(session, "p", "a", guardian=True)
        (first,) = store.events_of(session, "a")
    assert isinstance(first, Consented) and first.guardian and first.at == NOW


def test_the_stored_record_is_what_the_events_add_up_to(database: Database) -> None:
    with database.session() as session:
        meet(session, "p", "a")
        record = store.locked_record(session, "a")
        assert record is not None
        for event in whole_quiz():
            record = store.append(session, "a", record, [event])
    with database.session() as session:
        assert store.locked_record(session, "a") == record == store.rebuild(session, "a")
        assert [e.kind for e in store.events_of(session, "a")] == [
            "consented",
            "attempt_started",
            *["answered"] * 4,
            "attempt_finished",
        ]


def test_events_cannot_be_changed(database: Database) -> None:
    with database.session() as session:
        meet(session, "p", "a")
    with pytest.raises(DBAPIError, match="append-only"), database.session() as session:
        session.execute(update(LearningEventRow).values(success=True))


def test_the_database_itself_refuses_a_second_answer_to_a_question(database: Database) -> None:
    events = whole_quiz()
    with database.session() as session:
        meet(session, "p", "a")
        store.append(session, "a", Record(), events[:2])
    with pytest.raises(IntegrityError), database.session() as session:
        store.append(session, "a", Record(), [events[1]])


def test_what_fails_half_way_leaves_neither_event_nor_record(database: Database) -> None:
    with database.session() as session:
        meet(session, "p", "a")
    with pytest.raises(RuntimeError), database.session() as session:
        store.append(session, "a", Record(), whole_quiz())
        raise RuntimeError
    with database.session() as session:
        assert len(store.events_of(session, "a")) == 1 and store.locked_record(session, "a") == store.rebuild(session, "a")


# --- several people, erasing


def test_a_phone_holds_several_people_but_not_any_number(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", *(f"a{n}" for n in range(MAX_PEOPLE)))
        assert [p.id for p in store.people_of(session, family)] == [f"a{n}" for n in range(MAX_PEOPLE)]
        with pytest.raises(store.TooManyPeople):
            store.add_learner(session, family, Person("more"), NOW)


def test_nobody_can_choose_a_stranger(database: Database) -> None:
    with database.session() as session:
        meet(session, "p", "a")
        meet(session, "q", "b")
        place = store.place_of(session, "web", "p")
        assert place
        store.choose(session, place, "b")
        assert place.learner_id == "a"


def test_only_the_fields_of_a_profile_can_be_changed(database: Database) -> None:
    with database.session() as session:
        meet(session, "p", "a")
        store.change(session, "a", "commune", "14797", NOW)
        assert store.commune_of(session, "web", "p") == "14797"
        with pytest.raises(ValueError, match="record"):
            store.change(session, "a", "record", "{}", NOW)


def test_erasing_a_profile_erases_its_events_and_nobody_elses(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", "a", "b")
        store.erase_learner(session, "a")
        assert [p.id for p in store.people_of(session, family)] == ["b"]
        assert set(session.scalars(select(LearningEventRow.learner_id))) == {"b"}


def test_with_the_last_profile_nothing_at_all_is_left(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", "a")
        linking.make_code(session, family, NOW)
        store.erase_learner(session, "a")
        session.expire_all()
        assert [count(session, t) for t in (FamilyRow, LearnerRow, LearnerPlaceRow, LearningEventRow, LinkCodeRow)] == [0] * 5


def test_leaving_forgets_the_family_only_where_it_is_met_nowhere_else(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", "a")
        join(session, family, "q")
        store.leave(session, "web", "p")
        assert count(session, LearnerRow) == 1
        store.leave(session, "zalo", "q")
        assert count(session, LearnerRow) == count(session, LearningEventRow) == 0
        store.leave(session, "zalo", "q")


# --- joining apps


def join(session: Session, family: int, person: str, now: datetime = NOW) -> LinkOutcome:
    code = linking.make_code(session, family, now)
    assert code
    return linking.redeem(session, code, "zalo", person, now)


def test_a_code_brings_another_app_to_the_same_learner(database: Database) -> None:
    with database.session() as session:
        assert join(session, meet(session, "p", "a"), "q") is LinkOutcome.JOINED
    with database.session() as session:
        place = store.place_of(session, "zalo", "q")
        assert place and place.learner_id == "a"


def test_several_people_are_asked_who_it_is(database: Database) -> None:
    with database.session() as session:
        join(session, meet(session, "p", "a", "b"), "q")
        place = store.place_of(session, "zalo", "q")
        assert place and place.learner_id is None


def test_profiles_of_the_other_phone_come_along(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", "a")
        meet(session, "q", "b", channel="zalo")
        assert join(session, family, "q") is LinkOutcome.JOINED
        assert {p.id for p in store.people_of(session, family)} == {"a", "b"} and count(session, FamilyRow) == 1


def test_two_full_families_are_not_joined_and_the_code_stays_good(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", *(f"a{n}" for n in range(5)))
        meet(session, "q", *(f"b{n}" for n in range(5)), channel="zalo")
        code = linking.make_code(session, family, NOW)
        assert code and linking.redeem(session, code, "zalo", "q", NOW) is LinkOutcome.FULL
        assert linking.redeem(session, code, "zalo", "r", NOW) is LinkOutcome.JOINED


def test_a_code_works_once_and_for_a_quarter_of_an_hour(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", "a")
        code = linking.make_code(session, family, NOW)
        late = linking.make_code(session, family, NOW)
        assert code and late
        assert linking.redeem(session, code, "zalo", "q", NOW + LIFETIME / 2) is LinkOutcome.JOINED
        assert linking.redeem(session, code, "zalo", "r", NOW + LIFETIME / 2) is LinkOutcome.WRONG
        assert linking.redeem(session, late, "zalo", "r", NOW + LIFETIME) is LinkOutcome.WRONG


def test_codes_are_stored_only_as_hashes_and_limited(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", "a")
        codes = [linking.make_code(session, family, NOW) for _ in range(4)]
        assert all(codes[:3]) and codes[3] is None
        dump = " ".join(str(row) for row in session.execute(text("select * from link_codes")))
        assert not any(code and code in dump for code in codes)
        assert linking.make_code(session, family, NOW + LIFETIME)


def test_guessing_is_limited_per_conversation(database: Database) -> None:
    with database.session() as session:
        family = meet(session, "p", "a")
        outcomes = [linking.redeem(session, "BBB222BB", "zalo", "q", NOW) for _ in range(6)]
        assert outcomes == [LinkOutcome.WRONG] * 5 + [LinkOutcome.TOO_MANY]
        code = linking.make_code(session, family, NOW)
        assert code and linking.redeem(session, code, "zalo", "q", NOW) is LinkOutcome.TOO_MANY
        assert linking.redeem(session, code, "zalo", "r", NOW) is LinkOutcome.JOINED
        assert linking.redeem(session, "BBB222BB", "zalo", "q", NOW + LIFETIME) is LinkOutcome.WRONG


@pytest.mark.parametrize(("typed", "code"), [("khm 472 tb", "KHM472TB"), ("KHM-472-TB", "KHM472TB"), ("khm472tb", "KHM472TB")])
def test_codes_may_be_typed_with_spaces_and_in_any_case(typed: str, code: str) -> None:
    assert linking.tidy(typed) == code


@pytest.mark.parametrize("typed", ["", "123456", "khm 472", "AEI472TB", "KHM 172 TB", "hoc vu so"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert linking.tidy(typed) is None


def test_codes_have_no_vowels_and_nothing_that_looks_alike() -> None:
    assert not set(LETTERS) & set("AEIOUYDSWZJF") and not set(DIGITS) & set("01")


# --- figures


def learnt(session: Session, learner: str, *events: Event) -> None:
    record = store.locked_record(session, learner)
    assert record is not None
    store.append(session, learner, record, events)


def passed(lesson: str, right: int, attempt: str) -> AttemptFinished:
    good = RULE.passes(right, 4)
    values = {"attempt": attempt, "purpose": Purpose.LESSON, "course": COURSE.id, "lesson": lesson, "right": right, "count": 4}
    return AttemptFinished.model_validate({"at": LATER, "passed": good, "criterion": RULE, **values})


def commune_with_three(session: Session) -> None:
    meet(session, "p", "a", "b", province="38", commune="14797", audience="nong-dan")
    meet(session, "q", "c", province="38", commune="14797")
    done = [LessonDone(at=LATER, course=COURSE.id, lesson=lesson) for lesson in (FIRST.id, SECOND.id)]
    learnt(session, "a", *done, passed(FIRST.id, 1, "x1"), passed(FIRST.id, 4, "x2"), passed(FIRST.id, 4, "x3"))
    learnt(session, "b", PracticeReported(at=LATER, course=COURSE.id, lesson=FIRST.id, outcome=Outcome.SKIPPED))


def test_figures_count_people_lessons_and_quizzes_by_commune_and_group(database: Database) -> None:
    with database.session() as session:
        commune_with_three(session)
        farmers, unknown = figures.by_commune_and_group(session)
    assert farmers == figures.Figure("38", "14797", "nong-dan", 2, 2, 2, 3, 1)
    assert unknown == figures.Figure("38", "14797", None, 1, 0, 0, 0, 0)
    assert figures.totals([farmers, unknown]) == figures.Figure(None, None, None, 3, 2, 2, 3, 1)


def test_figures_can_be_bounded_by_place_and_time(database: Database) -> None:
    with database.session() as session:
        commune_with_three(session)
        meet(session, "r", "d")
        assert [f.learners for f in figures.by_commune_and_group(session, commune="14797")] == [2, 1]
        assert figures.by_commune_and_group(session, province="1") == []
        early = figures.by_commune_and_group(session, commune="14797", until=LATER)
        assert [f.lessons_done for f in early] == [0, 0]
        assert [f.lessons_done for f in figures.by_commune_and_group(session, since=LATER)] == [2, 0, 0]


def test_figures_go_down_when_a_profile_is_erased(database: Database) -> None:
    with database.session() as session:
        commune_with_three(session)
        session.execute(delete(LearnerRow).where(LearnerRow.id == "a"))
        assert figures.totals(figures.by_commune_and_group(session)).quizzes_passed == 0


def test_exports_carry_names_counts_and_no_formulas() -> None:
    figure = figures.Figure("38", "14797", "x", 2, 2, 2, 3, 1)
    table = figures.rows([figure], {"x": "=HYPERLINK(1)"})
    read = list(csv.reader(io.StringIO(figures.to_csv(table).decode("utf-8-sig"))))
    assert read[0] == list(figures.HEADINGS)
    assert read[1] == ["38", "Thanh Hóa", "14797", "Phường Hạc Thành", "'=HYPERLINK(1)", "2", "2", "2", "3", "1"]
    sheet = load_workbook(io.BytesIO(figures.to_xlsx(table))).active
    assert [cell.value for cell in sheet[2]][-5:] == [2, 2, 2, 3, 1]
