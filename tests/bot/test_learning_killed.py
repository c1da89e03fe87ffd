"""Killing the process anywhere in a quiz loses no answer and asks no answered question again; on both databases."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.conversations import Conversations
from bot.messages import Incoming
from learning import store
from learning.events import ItemAnswered
from learning.tables import LearnerRow
from storage import Database, open_database
from tests.bot.learners_talking import Phone, conversations_of
from tests.learning.samples import NOW

KILLS = 50
QUIZ = "v1:quiz:an-toan:giu-ma"


def answers_of(database: Database) -> list[ItemAnswered]:
    with database.session() as session:
        (learner,) = session.query(LearnerRow.id).one()
        assert store.rebuild(session, learner) == store.locked_record(session, learner)
        return [e for e in store.events_of(session, learner) if isinstance(e, ItemAnswered)]


def check_attempts(answers: list[ItemAnswered]) -> None:
    """In every attempt the questions were answered in order, each once, none left out."""
    by_attempt: dict[str, list[ItemAnswered]] = {}
    for given in answers:
        by_attempt.setdefault(given.attempt, []).append(given)
    for given in by_attempt.values():
        assert [a.number for a in given] == list(range(1, len(given) + 1))
        assert len({a.item for a in given}) == len(given)


# --- real processes, killed


def learn_until_killed(url: str, diary: Path, seed: int) -> None:
    """In a process of its own: quiz after quiz. Each line of the diary is on disk before the next message is sent."""
    shell, rng = conversations_of(open_database(url)), random.Random(seed)
    pending = [line for line in diary.read_text(encoding="utf-8").splitlines() if line.startswith("send ")][-1:]
    payload, message = pending[0].split()[1:] if pending else (QUIZ, f"{seed}-first")  # sent again, as platforms do
    with diary.open("a", encoding="utf-8", buffering=1) as lines:
        for number in count(1):
            lines.write(f"send {payload} {message}\n")
            replies = shell.converse(Incoming("test", "p1", message, NOW, payload=payload))
            buttons = [b.payload for reply in replies for b in reply.buttons]
            if payload.startswith("v1:ans:"):
                lines.write(f"answered {payload}\n")
            for asked in {b.rpartition(":")[0] for b in buttons if b.startswith("v1:ans:")}:
                lines.write(f"asked {asked}\n")
            payload, message = following(buttons, rng), f"{seed}-{number}"


def following(buttons: list[str], rng: random.Random) -> str:
    """Go on: answer, tick, next question, result, and then the quiz again."""
    here = [b for b in buttons if b.startswith(("v1:ans:", "v1:q:"))]
    answers = [b for b in here if b.startswith("v1:ans:")]
    return rng.choice(answers or here) if here else QUIZ


def test_killed_fifty_times_no_answer_is_lost_and_no_question_asked_again(database_url: str, tmp_path: Path) -> None:
    database = open_database(database_url)
    Phone(conversations_of(database), "p1").enrol()
    database.close()
    diary, rng, killed = tmp_path / "diary", random.Random(7), 0
    diary.touch()
    for seed in range(KILLS):
        child = os.fork()
        if child == 0:
            try:
                learn_until_killed(database_url, diary, seed)
            finally:
                os._exit(1)
        time.sleep(rng.uniform(0.05, 0.25))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
    database = open_database(database_url)
    answers = answers_of(database)
    database.close()
    lines = diary.read_text(encoding="utf-8").splitlines()
    check_diary(lines, answers)
    check_attempts(answers)
    print(f"{killed} kills, {len(answers)} answers stored, {sum(line.startswith('answered') for line in lines)} acknowledged")
    assert killed == KILLS and len(answers) > KILLS


def check_diary(lines: list[str], answers: list[ItemAnswered]) -> None:
    """Every acknowledged answer is stored, and no question was asked after its answer was acknowledged."""
    stored = {f"{a.attempt}:{a.number}" for a in answers}
    acknowledged: set[str] = set()
    for line in lines:
        what, payload = line.split()[:2]
        question = ":".join(payload.split(":")[2:4])
        if what == "answered":
            assert question in stored
            acknowledged.add(question)
        elif what == "asked":
            assert question not in acknowledged, f"{question} was asked again"


# --- transactions, broken off at every kind of statement


class Broken(Exception):
    """What the test makes of a statement."""


@contextmanager
def breaking(database: Database, at: int) -> Iterator[dict[str, int]]:
    """Statement number `at` (commits count) fails, once."""
    seen = {"statements": 0}

    def strike(*_: Any) -> None:
        seen["statements"] += 1
        if seen["statements"] == at:
            raise Broken

    event.listen(database.engine, "before_cursor_execute", strike)
    event.listen(database.engine, "commit", strike)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", strike)
        event.remove(database.engine, "commit", strike)


def insistent(shell: Conversations, message: Incoming) -> list[str]:
    """Send until it is answered, as a platform does."""
    for _ in range(3):
        try:
            return [b.payload for reply in shell.converse(message) for b in reply.buttons]
        except Broken:
            continue
    raise AssertionError("never answered")


def take_quiz(shell: Conversations, person: str, at: datetime = NOW) -> None:
    rng, payload = random.Random(3), QUIZ
    for number in range(60):
        buttons = insistent(shell, Incoming("test", person, f"{person}-quiz-{number}", at, payload=payload))
        payload = following(buttons, rng)
        if payload == QUIZ:
            return
    raise AssertionError("the quiz did not end")


@pytest.mark.parametrize("part", range(5))
def test_broken_off_at_fifty_random_statements_the_quiz_is_whole(database: Database, part: int) -> None:
    shell = conversations_of(database)
    with breaking(database, -1) as seen:
        Phone(shell, "whole").enrol()
        before = seen["statements"]
        take_quiz(shell, "whole")
        statements = seen["statements"] - before
    for n, at in enumerate(random.Random(part).sample(range(1, statements + 1), KILLS // 5)):
        person = f"p{n}"
        Phone(shell, person).enrol()
        with breaking(database, at) as seen:
            take_quiz(shell, person)
            assert seen["statements"] > at
    with database.reading() as session:
        for learner in session.query(LearnerRow.id).all():
            events = store.events_of(session, learner[0])
            check_attempts([e for e in events if isinstance(e, ItemAnswered)])
            kinds = [e.kind for e in events]
            assert kinds == ["consented", "attempt_started", *["answered"] * 4, "attempt_finished"]


# --- two apps at the same moment


def test_two_apps_answering_the_same_question_at_once_count_one_answer(database: Database) -> None:
    shell = conversations_of(database)
    lan = Phone(shell).enrol()
    code = lan.press("v1:link:new").split("**")[1]
    other = Phone(shell, "q1", "zalo")
    other.press("v1:link:type")
    other.type(code)
    for _ in range(4):
        lan.press(QUIZ)
        while not any(":ans:" in b.payload for b in lan.buttons):
            lan.press(lan.buttons[0].payload)
        payload = next(b.payload for b in lan.buttons if ":ans:" in b.payload)
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(Phone.press, (lan, other), (payload, payload)))
        assert sum("đã trả lời rồi" in text for text in told) == 1
    answers = answers_of(database)
    check_attempts(answers)
    assert len(answers) == 4
