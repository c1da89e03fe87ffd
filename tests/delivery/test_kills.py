"""Worker processes killed at random moments: nothing lost, order kept, at most one visible repeat per kill."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import func, select

from bot.tables import InboxRow, OutboxRow
from storage import Database
from tests.delivery.world import Platform, WorkerProcess, deliver_webhook, judge

PEOPLE, MESSAGES, KILLS = 6, 6, 4


@pytest.fixture
def platform() -> Iterator[Platform]:
    opened = Platform(error_share=0.10)
    yield opened
    opened.close()


def replies_by_message(database: Database) -> dict[str, int]:
    query = select(InboxRow.message_id, func.count()).join(OutboxRow, OutboxRow.inbox_id == InboxRow.id)
    with database.reading() as session:
        return dict(session.execute(query.group_by(InboxRow.message_id)).all())  # type: ignore[arg-type]


def wait_until_sent(database: Database, seconds: float = 60.0) -> None:
    undone = select(func.count()).where(OutboxRow.status.in_(("pending", "sending")))
    unread = select(func.count()).where(InboxRow.status == "received")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with database.reading() as session:
            if session.scalar(undone) == 0 and session.scalar(unread) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the outbox did not empty")


def talk(client: httpx.Client, workers: list[WorkerProcess], messages: dict[str, list[str]], chance: random.Random) -> None:
    """Everybody's messages in order, people mixed, a fifth of them delivered twice."""
    for number in range(MESSAGES):
        for person in messages:
            message = (person, messages[person][number])
            deliver_webhook(client, workers, message, chance)
            if chance.random() < 0.2:
                deliver_webhook(client, workers, message, chance)


def test_kill_9_loses_nothing(database_url: str, database: Database, platform: Platform) -> None:
    chance = random.Random(7)
    messages = {f"p{p}": [f"p{p}m{m}" for m in range(MESSAGES)] for p in range(PEOPLE)}
    workers = [WorkerProcess(database_url, platform.url) for _ in range(2)]
    try:
        with httpx.Client(timeout=10, trust_env=False) as client:
            talking = threading.Thread(target=talk, args=(client, workers, messages, chance))
            talking.start()
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.1, 0.6))
                random.Random(chance.random()).choice(workers).kill()
            talking.join()
            wait_until_sent(database)
    finally:
        for worker in workers:
            worker.stop(signal.SIGKILL)
    expected = replies_by_message(database)
    assert len(expected) == PEOPLE * MESSAGES  # every message was answered, and worked on once
    assert all(expected[m] == (2 if m.endswith("m0") else 1) for m in expected)  # the notice comes with the first
    verdict = judge(platform, messages, expected)
    assert (verdict.lost, verdict.out_of_order) == (0, 0)
    assert verdict.duplicates <= sum(len(worker.kill_moments) for worker in workers)


def test_terminate_finishes_what_is_being_sent(database_url: str, database: Database, platform: Platform) -> None:
    worker = WorkerProcess(database_url, platform.url)
    with httpx.Client(timeout=10, trust_env=False) as client:
        for number in range(8):
            deliver_webhook(client, [worker], (f"p{number}", f"m{number}"), random.Random(1))
    assert worker.stop() in (0, -signal.SIGTERM)
    with database.reading() as session:
        statuses = set(session.scalars(select(OutboxRow.status)))
        sent = session.scalar(select(func.count()).where(OutboxRow.status == "sent"))
    assert "sending" not in statuses  # nothing was left with a lease
    assert sent == len(platform.accepted)
