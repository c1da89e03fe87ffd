"""The quiz engine: order from a seed, one answer per question, five kinds of items, kind results."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import checksum_of
from knowledge.quiz import Kind, QuizItem
from learning import quiz
from learning.events import AttemptFinished, Event, ItemAnswered, Purpose
from learning.quiz import AlreadyAnswered, Attempt, Band, NotAsked, Quiz, QuizError
from learning.record import Record, fold
from tests.learning.samples import FIRST, ITEMS, NOW, RULE, attempt, multiple, order, real_or_fake, single, started, true_false

seeds = st.text(min_size=1, max_size=12)


def answer_open(now: Attempt, right: bool, minutes: int = 0) -> tuple[Event, ...]:
    number = quiz.open_number(now, ITEMS)
    assert number
    item = ITEMS[now.item_at(number)]
    wrong = next(o.id for o in item.options if not o.correct)
    return quiz.answer(now, number, sorted(item.correct) if right else [wrong], ITEMS, NOW + timedelta(minutes=minutes))


def play(seed: str, rights: list[bool]) -> tuple[list[Event], Record]:
    """A whole quiz, folding as it goes."""
    events: list[Event] = [started(seed)]
    record = fold(events)
    for right in rights:
        new = answer_open(record.open[0], right)
        events, record = [*events, *new], fold(new, record)
    return events, record


# --- order


@given(seeds)
def test_the_order_is_a_permutation_that_the_seed_alone_determines(seed: str) -> None:
    first, again = started(seed).items, started(seed).items
    assert first == again and sorted(first) == sorted(FIRST.items)


def test_different_seeds_give_different_orders() -> None:
    assert len({started(str(n)).items for n in range(40)}) > 10


def test_the_order_is_the_same_on_every_machine_and_version() -> None:
    assert quiz.seeded(["a", "b", "c", "d"], "2191e3179c") == ["d", "a", "b", "c"]


@given(seeds)
def test_options_are_shuffled_but_true_and_false_stay_where_people_expect_them(seed: str) -> None:
    assert {o.id for o in quiz.options(single("otp-1"), seed)} == {"a", "b", "c"}
    assert [o.id for o in quiz.options(true_false("otp-3"), seed)] == ["dung", "sai"]
    assert [o.id for o in quiz.options(real_or_fake("otp-4"), seed)] == ["that", "gia"]


@given(seeds)
def test_what_is_to_be_put_in_order_is_shuffled_and_never_shown_in_its_right_order(seed: str) -> None:
    shown = tuple(o.id for o in quiz.options(order("otp-1"), seed))
    assert sorted(shown) == ["a", "b", "c"] and shown != ("a", "b", "c")
    assert shown == tuple(o.id for o in quiz.options(order("otp-1"), seed))


def test_an_item_listed_twice_is_asked_once() -> None:
    assert len(started(items=("otp-1", "otp-1", "otp-2")).items) == 2


def test_a_quiz_without_items_cannot_start() -> None:
    with pytest.raises(QuizError):
        quiz.start("a", Quiz(Purpose.LESSON, ()), "s", RULE, NOW)


# --- answers


@given(seeds, st.lists(st.booleans(), min_size=4, max_size=4))
def test_any_run_asks_every_item_once_counts_right_and_ends(seed: str, rights: list[bool]) -> None:
    events, record = play(seed, rights)
    answers = [e for e in events if isinstance(e, ItemAnswered)]
    assert sorted(a.item for a in answers) == sorted(FIRST.items)
    assert [a.correct for a in answers] == rights and [a.number for a in answers] == [1, 2, 3, 4]
    end = events[-1]
    assert isinstance(end, AttemptFinished) and (end.right, end.count) == (sum(rights), 4)
    assert end.passed is (sum(rights) >= 0.7 * 4) and record.open == () and record.latest is not None
    assert sum(isinstance(e, AttemptFinished) for e in events) == 1


@given(seeds, st.lists(st.tuples(st.integers(-1, 6), st.lists(st.sampled_from("abcdx"), max_size=4)), max_size=30))
def test_whatever_is_pressed_nothing_is_answered_twice_or_out_of_turn(seed: str, presses: list[tuple[int, list[str]]]) -> None:
    record = fold([started(seed)])
    for number, chosen in presses:
        now = record.attempt("att1")
        assert now
        before = quiz.open_number(now, ITEMS)
        try:
            new = quiz.answer(now, number, chosen, ITEMS, NOW)
        except QuizError:
            continue
        assert number == before and len(new) in (1, 2)
        record = fold(new, record)
    known = record.attempt("att1")
    assert known and len({a.item for a in known.answers}) == len(known.answers)
    assert [a.item for a in known.answers] == list(known.items[: len(known.answers)])


@given(seeds, st.lists(st.booleans(), max_size=4), st.integers(0, 6))
def test_an_attempt_taken_up_again_from_its_events_is_the_same(seed: str, rights: list[bool], cut: int) -> None:
    events, record = play(seed, rights)
    assert fold(events[cut:], fold(events[:cut])) == record == Record.model_validate_json(record.model_dump_json())


def test_the_second_answer_to_a_question_is_refused() -> None:
    now = fold([started(), *answer_open(attempt(), True)]).open[0]
    with pytest.raises(AlreadyAnswered):
        quiz.answer(now, 1, ["a"], ITEMS, NOW)


@pytest.mark.parametrize("number", [0, 2, 4, 5, 99])
def test_a_question_whose_turn_it_is_not_is_refused(number: int) -> None:
    with pytest.raises(NotAsked):
        quiz.answer(attempt(), number, ["a"], ITEMS, NOW)


@pytest.mark.parametrize("chosen", [[], ["z"], ["a", "z"], ["a", "b"], [""]])
def test_options_that_are_none_are_refused(chosen: list[str]) -> None:
    with pytest.raises(NotAsked):
        quiz.answer(attempt(items=("otp-1",)), 1, chosen, ITEMS, NOW)


@pytest.mark.parametrize(
    ("item", "chosen", "correct"),
    [
        (single("otp-1"), ["b"], True),
        (single("otp-1"), ["a"], False),
        (multiple("otp-1"), ["a", "c"], True),
        (multiple("otp-1"), ["c", "a"], True),
        (multiple("otp-1"), ["a"], False),
        (multiple("otp-1"), ["a", "b", "c"], False),
        (true_false("otp-1"), ["dung"], True),
        (true_false("otp-1"), ["sai"], False),
        (real_or_fake("otp-1"), ["gia"], True),
        (real_or_fake("otp-1"), ["that"], False),
        (order("otp-1"), ["a", "b", "c"], True),
        (order("otp-1"), ["b", "a", "c"], False),
    ],
)
def test_each_kind_of_item_knows_right_from_wrong(item: QuizItem, chosen: list[str], correct: bool) -> None:
    given_answer = quiz.answer(attempt(items=("otp-1",)), 1, chosen, {"otp-1": item}, NOW)[0]
    assert isinstance(given_answer, ItemAnswered) and given_answer.correct is correct
    assert Kind(item.kind)


def test_an_order_is_remembered_as_it_was_chosen() -> None:
    found = quiz.answer(attempt(items=("otp-1",)), 1, ["c", "a", "b"], {"otp-1": order("otp-1")}, NOW)[0]
    assert isinstance(found, ItemAnswered) and found.chosen == ("c", "a", "b") and not found.correct


@pytest.mark.parametrize("chosen", [[], ["a"], ["a", "b"], ["a", "b", "b"], ["a", "b", "x"], ["a", "b", "c", "a"]])
def test_an_order_that_is_not_whole_is_refused(chosen: list[str]) -> None:
    with pytest.raises(NotAsked):
        quiz.answer(attempt(items=("otp-1",)), 1, chosen, {"otp-1": order("otp-1")}, NOW)


def test_an_answer_says_all_that_is_needed_to_judge_it_later() -> None:
    found = answer_open(attempt("seed7"), True, minutes=2)[0]
    assert isinstance(found, ItemAnswered)
    item = ITEMS[found.item]
    assert (found.attempt, found.number, found.skill, found.checksum) == ("att1", 1, item.skill, checksum_of(item))
    assert (found.seconds, found.seed, found.criterion) == (120, "seed7", RULE) and set(found.chosen) == item.correct


# --- content that changes under a quiz


def test_an_item_withdrawn_meanwhile_is_passed_over() -> None:
    now = attempt()
    left = {k: v for k, v in ITEMS.items() if k != now.item_at(1)}
    assert quiz.open_number(now, left) == 2


def test_the_quiz_ends_when_the_last_questions_were_withdrawn() -> None:
    now = attempt(items=("otp-1", "otp-5"))
    left = {now.item_at(1): ITEMS[now.item_at(1)]}
    events = quiz.answer(now, 1, ["b"], left, NOW)
    assert isinstance(events[-1], AttemptFinished) and (events[-1].right, events[-1].count) == (1, 1)


# --- results and self-assessment


@pytest.mark.parametrize(
    ("rights", "band"),
    [
        ([True] * 4, Band.ALL),
        ([True, True, True, False], Band.PASSED),
        ([True, True, False, False], Band.HALF),
        ([False] * 4, Band.AGAIN),
    ],
)
def test_results_fall_into_bands(rights: list[bool], band: Band) -> None:
    _, record = play("s", rights)
    assert record.latest and quiz.result(record.latest).band is band


def test_nothing_answered_passes_nothing() -> None:
    assert quiz.result(attempt()).band is Band.AGAIN and not quiz.result(attempt()).passed


@given(seeds, st.integers(1, 12), st.lists(st.sampled_from(["k1", "k2", "k3"]), min_size=1, max_size=12))
def test_a_self_assessment_covers_the_skills_evenly(seed: str, count: int, skills: list[str]) -> None:
    items = [single(f"otp-{n}", skill) for n, skill in enumerate(skills, 1)]
    chosen = quiz.balanced(items, seed, count)
    assert len(chosen) == len(set(chosen)) == min(count, len(items))
    by_id = {item.id: item.skill for item in items}
    taken = {s: sum(by_id[c] == s for c in chosen) for s in set(skills)}
    room = {s: skills.count(s) - n for s, n in taken.items()}
    assert all(taken[a] >= taken[b] - 1 for a in taken for b in taken if room[a] > 0)
