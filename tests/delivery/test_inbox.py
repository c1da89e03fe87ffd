"""The inbox: claimed once whoever races, worked on in order per person, set aside when it cannot be worked on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

import bot.conversations
from bot import delivery
from bot.messages import Attachment, Incoming
from bot.tables import InboxRow, OutboxRow
from storage import Database
from tests.delivery.world import ROOT, conversations_of, incoming

RACERS = 8


def race(work: Callable[[int], Any]) -> list[Any]:
    """Run the work in eight threads at the same moment."""
    start = threading.Barrier(RACERS)

    def run(number: int) -> Any:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(run, range(RACERS)))


def inbox(database: Database) -> list[InboxRow]:
    with database.reading() as session:
        return list(session.scalars(select(InboxRow).order_by(InboxRow.id)))


def test_a_message_is_claimed_once_by_racing_threads(database: Database) -> None:
    talks = conversations_of(database)
    assert sum(race(lambda _: talks.receive(incoming("p", "m1")))) == 1
    assert len(inbox(database)) == 1


def test_a_message_is_claimed_once_by_racing_processes(database_url: str, database: Database) -> None:
    program = (
        "import sys; from storage import open_database; from tests.delivery.world import conversations_of, incoming\n"
        "talks = conversations_of(open_database(sys.argv[1])); print('ready', flush=True); sys.stdin.readline()\n"
        "print(sum(talks.receive(incoming('p', f'm{n}')) for n in range(20)))"
    )
    command = [sys.executable, "-c", program, database_url]
    processes = [subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True) for _ in range(3)]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    claimed = [int(process.communicate("go\n")[0]) for process in processes]
    assert sum(claimed) == 20
    assert len(inbox(database)) == 20


def test_the_same_id_of_another_person_or_channel_is_another_message(database: Database) -> None:
    talks = conversations_of(database)
    message = incoming("p", "m1")
    assert all(talks.receive(m) for m in (message, replace(message, person="q"), replace(message, channel="other")))


def test_each_message_is_worked_on_once_by_racing_workers(database: Database) -> None:
    talks = conversations_of(database)
    for number in range(24):
        talks.receive(incoming(f"p{number % 6}", f"m{number}"))
    race(lambda _: [talks.work_once() for _ in range(6)])
    while talks.work_once():
        pass
    assert {row.status for row in inbox(database)} == {"done"}
    with database.reading() as session:
        answered = list(session.scalars(select(OutboxRow.inbox_id).distinct()))
    assert len(answered) == 24


def test_messages_of_a_person_are_worked_on_in_order(database: Database) -> None:
    talks = conversations_of(database)
    for number in range(12):
        talks.receive(incoming(f"p{number % 2}", f"m{number}"))
    race(lambda _: [talks.work_once() for _ in range(12)])
    while talks.work_once():
        pass
    with database.reading() as session:
        for person in ("p0", "p1"):
            of_person = select(OutboxRow.inbox_id).where(OutboxRow.person == person).order_by(OutboxRow.id)
            order = list(session.scalars(of_person))
            assert order == sorted(order)


def test_a_later_message_waits_for_the_earlier_one_in_work(database: Database) -> None:
    talks = conversations_of(database)
    for message_id in ("m1", "m2"):
        talks.receive(incoming("p", message_id))
    if database.dialect == "sqlite":
        pytest.skip("on SQLite one writer at a time works on anything")
    with database.session() as first, database.session() as second:
        held = delivery.next_received(first)
        assert held is not None and held.incoming.message_id == "m1"
        assert delivery.next_received(second) is None


def test_the_text_is_forgotten_when_the_work_is_done(database: Database) -> None:
    talks = conversations_of(database)
    talks.receive(incoming("p", "m1", "chuyện riêng"))
    assert inbox(database)[0].body["text"] == "chuyện riêng"
    talks.work_once()
    assert inbox(database)[0].body == {}


def test_personal_numbers_and_nul_never_reach_the_inbox(database: Database) -> None:
    conversations_of(database).receive(incoming("p", "m1", "căn cước 001099012345\0 của tôi"))
    text = inbox(database)[0].body["text"]
    assert "001099012345" not in text and "\0" not in text


@pytest.mark.parametrize("code", ["482913", "482 913", "4829", "2134"])
def test_a_bare_code_never_reaches_the_inbox(database: Database, code: str) -> None:
    conversations_of(database).receive(incoming("p", "m1", code))
    assert inbox(database)[0].body["text"] == "[mã bí mật]"


def test_attachments_and_buttons_survive_the_inbox(database: Database) -> None:
    sent = replace(incoming("p", "m1"), text=None, payload="v1:home", attachment=Attachment.VOICE, capacity=3)
    conversations_of(database).receive(sent)
    with database.session() as session:
        received = delivery.next_received(session)
    assert received is not None and received.incoming == sent


def test_a_message_that_keeps_failing_is_set_aside_with_an_apology(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    talks = conversations_of(database)
    real = bot.conversations.step

    def fails_for_m1(state: Any, received: Incoming, *rest: Any) -> Any:
        if received.message_id == "m1":
            raise RuntimeError("secret words of the person")
        return real(state, received, *rest)

    monkeypatch.setattr(bot.conversations, "step", fails_for_m1)
    for message_id in ("m1", "m2"):
        talks.receive(incoming("p", message_id))
    while talks.work_once():
        pass
    failed, done = inbox(database)
    assert (failed.status, failed.attempts, failed.error) == ("failed", delivery.MAX_INBOX_ATTEMPTS, "RuntimeError")
    assert done.status == "done"
    with database.reading() as session:
        sorry = session.scalars(select(OutboxRow).where(OutboxRow.inbox_id == failed.id)).one()
    assert sorry.status == "pending" and sorry.body["text"].startswith("Xin lỗi bạn")
    assert [button["payload"] for button in sorry.body["buttons"]] == ["v1:home"]


def test_a_failed_turn_leaves_no_half_written_reply(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    talks = conversations_of(database)
    talks.receive(incoming("p", "m1"))
    monkeypatch.setattr(delivery, "finish", lambda *_: 1 / 0)
    talks.work_once()
    with database.reading() as session:
        assert session.scalars(select(OutboxRow)).all() == []


def test_a_repeat_after_the_answer_gets_the_same_answer(database: Database) -> None:
    talks = conversations_of(database)
    first = talks.converse(incoming("p", "m1"))
    assert talks.converse(incoming("p", "m1")) == first
