"""What curators are told about a run of `hocvuso eval`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.changes import changes, sign_test
from retrieval.decision import Kind
from retrieval.evaluate import Judged, Outcome, summarise
from retrieval.queries import Query
from retrieval.report import Light, Measured, light_of, measured, report_of
from retrieval.runs import KEPT, Asked, Known, Run, RunStore, run_of
from retrieval.verdicts import Group, Verdict, group_of, verdict_of

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TOPICS = {
    "otp": Known(title="Mã OTP", covered=True, examples=9),
    "qr": Known(title="Quét mã QR", covered=True, examples=4),
    "visa": Known(title="Xin thị thực"),
}
COVERED = frozenset({"otp", "qr"})


def asked(decision: Kind, found: str = "", expected: str = "otp", **more: object) -> Asked:
    values = {"id": "1", "text": "mã otp là gì", "style": "formal"} | more
    return Asked(decision=decision, found=tuple(found.split()), topics=tuple(expected.split()), **values)  # type: ignore[arg-type]


def run(*questions: Asked, minutes: int = 0, **more: object) -> Run:
    numbered = tuple(one.model_copy(update={"id": str(n)}) for n, one in enumerate(questions))
    values = {"queries": "q.jsonl#abc", "index_build": "b1", "content": "c1", "model": "m1", "topics": TOPICS} | more
    return Run(made_at=AT + timedelta(minutes=minutes), asked=numbered, **values)  # type: ignore[arg-type]


RIGHT, WRONG = asked(Kind.ANSWER, "otp"), asked(Kind.ANSWER, "qr otp")


@pytest.mark.parametrize(
    ("question", "group", "verdict"),
    [
        (RIGHT, Group.LESSON, Verdict.RIGHT),
        (WRONG, Group.LESSON, Verdict.WRONG),
        (asked(Kind.ASK_BACK, "qr otp"), Group.LESSON, Verdict.ASKED),
        (asked(Kind.ASK_BACK, "qr visa"), Group.LESSON, Verdict.NO_HELP),
        (asked(Kind.DONT_KNOW, "otp"), Group.LESSON, Verdict.NO_HELP),
        (asked(Kind.CHAT), Group.LESSON, Verdict.NO_HELP),
        (asked(Kind.DONT_KNOW, "visa", "visa"), Group.PLANNED, Verdict.RIGHT),
        (asked(Kind.ANSWER, "otp", "visa"), Group.PLANNED, Verdict.WRONG),
        (asked(Kind.DONT_KNOW, "otp", ""), Group.OUTSIDE, Verdict.RIGHT),
        (asked(Kind.ASK_BACK, "otp", ""), Group.OUTSIDE, Verdict.ASKED),
        (asked(Kind.ANSWER, "otp", ""), Group.OUTSIDE, Verdict.WRONG),
        (asked(Kind.PROCEDURE, "", "", shown=("9.1",)), Group.OUTSIDE, Verdict.WRONG),
        (asked(Kind.PROCEDURE, "", "", shown=("9.1",), procedures=("9.1",)), Group.PROCEDURE, Verdict.RIGHT),
        (asked(Kind.PROCEDURE, "", "", shown=("9.2",), procedures=("9.1",)), Group.PROCEDURE, Verdict.WRONG),
        (asked(Kind.ANSWER, "otp", "", behind=("9.1",), procedures=("9.1",)), Group.PROCEDURE, Verdict.ASKED),
        (asked(Kind.ANSWER, "qr", urgent=True, danger=True), Group.DANGER, Verdict.RIGHT),
        (asked(Kind.ANSWER, "otp", urgent=True), Group.DANGER, Verdict.WRONG),
    ],
)
def test_a_question_is_judged_by_what_it_is_about(question: Asked, group: Group, verdict: Verdict) -> None:
    assert (group_of(question, COVERED), verdict_of(question, COVERED)) == (group, verdict)


def light(right: int, n: int) -> Light:
    return light_of(measured([True] * right + [False] * (n - right)))


@pytest.mark.parametrize(
    ("expected", "cases"),
    [
        (Light.GREEN, [(5, 5), (9, 10), (10, 10), (80, 100), (270, 300)]),
        (Light.YELLOW, [(4, 5), (8, 10), (6, 10), (70, 100)]),
        (Light.RED, [(0, 5), (5, 10), (0, 10), (60, 100), (30, 300)]),
        (Light.UNKNOWN, [(0, 0), (1, 1), (0, 1), (2, 2), (4, 4), (3, 5)]),
    ],
)
def test_the_light_follows_the_interval(expected: Light, cases: list[tuple[int, int]]) -> None:
    assert {light(*case) for case in cases} == {expected}


@given(st.integers(5, 60).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_one_more_right_answer_never_makes_the_light_worse(case: tuple[int, int]) -> None:
    right, n = case
    order = [Light.RED, Light.UNKNOWN, Light.YELLOW, Light.GREEN]
    assert order.index(light(right, n)) <= order.index(light(right + 1, n))


def test_a_report_counts_lessons_apart_from_everything_else() -> None:
    outside, danger = asked(Kind.ANSWER, "otp", ""), asked(Kind.CHAT, urgent=True, text="bị lừa rồi")
    report = report_of(run(RIGHT, WRONG, asked(Kind.CHAT), outside, danger))
    assert (report.lessons.n, report.lessons.right.count, report.lessons.wrong.count, report.lessons.no_help.count) == (
        3,
        1,
        1,
        1,
    )
    assert {tally.name: tally.wrong.count for tally in report.groups} == {Group.OUTSIDE: 1, Group.DANGER: 1}
    assert [case.asked.text for case in report.missed] == ["bị lừa rồi"]
    assert len(report.false_answers) == 1 and len(report.wrong) == 1 and report.changes is None


def test_a_false_alarm_is_no_wrong_answer() -> None:
    report = report_of(run(RIGHT, asked(Kind.ANSWER, "otp", danger=True)))
    assert len(report.alarms) == 1 and report.calm == measured([False, True]) and report.wrong == ()


def test_each_topic_has_a_light_and_topics_without_questions_are_named() -> None:
    report = report_of(run(*[WRONG.model_copy(update={"style": "dialect"})] * 10))
    (line,) = report.topics
    assert (line.title, line.light, line.examples, line.weak) == ("Mã OTP", Light.RED, 9, ("dialect",))
    assert report.untested == ("Quét mã QR",) and report.lights(Light.RED) == 1


def test_confusions_come_with_their_questions_most_wrong_first() -> None:
    silent = asked(Kind.DONT_KNOW, "visa otp")
    report = report_of(run(silent, silent, WRONG, asked(Kind.CHAT), RIGHT))
    found = [(one.expected, one.found, len(one.cases), one.wrong) for one in report.confusions]
    assert found == [("otp", "qr", 1, 1), ("otp", "visa", 2, 0), ("otp", None, 1, 0)]


def test_of_several_right_topics_the_first_with_a_lesson_counts() -> None:
    report = report_of(run(asked(Kind.ANSWER, "qr", "visa otp qr")))
    assert [line.topic for line in report.topics] == ["otp"] and report.confusions == ()


def test_a_run_of_nothing_says_nothing() -> None:
    report = report_of(run())
    assert report.lessons.right == Measured(0, 0, None, None, None)
    assert report.topics == () and report.untested == ("Mã OTP", "Quét mã QR")


def test_changes_name_what_became_better_and_worse() -> None:
    before, now = run(WRONG, RIGHT, RIGHT), run(RIGHT, asked(Kind.ASK_BACK, "otp"), RIGHT, minutes=1, content="c2")
    found = report_of(now, before).changes
    assert found
    assert [(c.was, c.now) for c in found.better] == [(Verdict.WRONG, Verdict.RIGHT)]
    assert [(c.was, c.now) for c in found.worse] == [(Verdict.RIGHT, Verdict.ASKED)]
    assert (found.same, found.right_before, found.right_now, found.beyond_chance) == (1, 2, 2, False)


def test_a_topic_that_got_its_lesson_is_judged_by_what_was_there_then() -> None:
    unwritten = {**TOPICS, "otp": Known(title="Mã OTP")}
    found = changes(run(RIGHT), run(asked(Kind.DONT_KNOW, "otp"), topics=unwritten))
    assert found.new_lessons == ("Mã OTP",) and found.same == 1


def test_runs_of_different_questions_are_never_compared() -> None:
    with pytest.raises(ValueError, match="different questions"):
        changes(run(RIGHT), run(RIGHT, queries="q.jsonl#def"))


def test_the_sign_test_tells_chance_from_more() -> None:
    assert sign_test(0, 0) == 1.0 and sign_test(3, 3) == 1.0
    assert sign_test(5, 0) == 2 / 32 and sign_test(6, 0) == 2 / 64
    assert sign_test(2000, 100) < 1e-9


def test_a_run_keeps_what_the_answer_path_did() -> None:
    query = Query(id="1", text="bị lừa", style="urgent", topics=("otp",), urgent=True, context="alo", aspect="safety")
    judged = [Judged(query, Outcome(Kind.ANSWER, ("qr", "otp"), 0.5, True, None, ("9.1",)), 5.0)]
    made_with = {"queries": "q.jsonl#abc", "index_build": "b", "content": "c", "model": "m", "covered_topics": 2}
    made = run_of(judged, made_with, TOPICS, AT, ("own.jsonl#abc", "more.jsonl#def"))
    (one,) = made.asked
    assert (one.text, one.context, one.found, one.shown, one.danger) == ("bị lừa", "alo", ("qr", "otp"), ("9.1",), True)
    assert made.flattering and made.checksum == "abc"
    assert len(summarise(judged)["items"]) == len(made.asked)


def test_the_run_before_is_of_the_same_questions_and_older(tmp_path: Path) -> None:
    store, now = RunStore(tmp_path), run(RIGHT, minutes=2)
    assert store.before(now) is None and store.latest() == []
    for other in (run(WRONG), run(RIGHT, minutes=1), run(RIGHT, minutes=1, queries="q.jsonl#def"), now):
        store.save(other)
    assert store.before(now) == run(RIGHT, minutes=1)
    assert [(one.checksum, one.made_at) for one in store.latest()] == [("abc", now.made_at), ("def", AT + timedelta(minutes=1))]
    assert store.newest("abc") == now and store.newest("nothing") is None and store.newest("..") is None


def test_old_runs_make_room_and_a_broken_file_is_passed_over(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    files = [store.save(run(RIGHT, minutes=n)) for n in range(KEPT + 2)]
    assert sorted(tmp_path.glob("abc/*")) == files[2:]
    files[-1].write_text('{"format": 1', encoding="utf-8")
    files[-2].write_text(json.dumps({"format": 2}), encoding="utf-8")
    assert store.newest("abc") == run(RIGHT, minutes=KEPT - 1)
