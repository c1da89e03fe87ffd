"""The workers of one process: woken at once, concurrent per person, orderly at the end, calm when things fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot import workers
from bot.delivery import Rejected, Retry
from bot.messages import Outgoing
from bot.tables import OutboxRow
from bot.workers import Workers
from storage import Database
from tests.delivery.world import CHANNEL, conversations_of, incoming


class Recorder:
    """A channel that remembers what it was given and may take its time or fail."""

    name, capacity, text_limit = CHANNEL, 8, 4096

    def __init__(self, seconds: float = 0.0, errors: list[Exception] | None = None) -> None:
        self.seconds, self.errors = seconds, errors or []
        self.sent: list[tuple[str, str]] = []
        self.now = self.most = 0

    async def send(self, person: str, message: Outgoing) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(self.seconds)
            if self.errors:
                raise self.errors.pop(0)
            self.sent.append((person, message.text))
        finally:
            self.now -= 1


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> float:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "waited in vain"
        await asyncio.sleep(0.005)
    return time.monotonic() - begun


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scene())  # type: ignore[arg-type]


def statuses(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxRow.status).order_by(OutboxRow.id)))


def test_what_is_received_here_is_answered_without_waiting_for_a_poll(database: Database) -> None:
    channel = Recorder()
    at_work = Workers(conversations_of(database), database, [channel], poll_seconds=30)

    async def scene() -> None:
        async with at_work.running():
            await asyncio.sleep(0.3)  # everybody sleeps until the next poll
            assert await asyncio.to_thread(at_work.receive, incoming("p", "m1")) is True
            assert await asyncio.to_thread(at_work.receive, incoming("p", "m1")) is False
            assert await until(lambda: len(channel.sent) == 2) < 5

    run(scene)
    assert statuses(database) == ["sent", "sent"]


def test_what_another_process_received_is_found_by_polling(database: Database) -> None:
    channel = Recorder()
    talks = conversations_of(database)

    async def scene() -> None:
        async with Workers(talks, database, [channel], poll_seconds=0.05).running():
            await asyncio.to_thread(talks.receive, incoming("p", "m1"))
            await until(lambda: len(channel.sent) == 2)

    run(scene)


def test_many_people_at_a_time_but_one_reply_of_a_person(database: Database) -> None:
    channel = Recorder(seconds=0.05)
    at_work = Workers(conversations_of(database), database, [channel])

    async def scene() -> None:
        async with at_work.running():
            for number in range(12):
                await asyncio.to_thread(at_work.receive, incoming(f"p{number % 6}", f"m{number}"))
            await until(lambda: len(channel.sent) == 18)

    run(scene)
    assert 1 < channel.most <= workers.CONCURRENCY


def test_stopping_lets_the_send_in_hand_finish(database: Database) -> None:
    channel = Recorder(seconds=0.5)
    at_work = Workers(conversations_of(database), database, [channel])

    async def scene() -> None:
        async with at_work.running():
            await asyncio.to_thread(at_work.receive, incoming("p", "m1"))
            await until(lambda: channel.now == 1)

    run(scene)
    assert len(channel.sent) == 1
    assert statuses(database) == ["sent", "pending"]  # the second bubble is for the next start


def test_errors_of_the_platform_are_tried_again_and_faults_of_ours_too(database: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr("bot.delivery.BACKOFF_SECONDS", (0.01,) * 7)
    channel = Recorder(errors=[Retry("HTTP 500"), Retry("flood", after=0.01), ZeroDivisionError("ours")])
    at_work = Workers(conversations_of(database), database, [channel], poll_seconds=0.02)

    async def scene() -> None:
        async with at_work.running():
            await asyncio.to_thread(at_work.receive, incoming("p", "m1"))
            await until(lambda: len(channel.sent) == 2)

    run(scene)
    assert statuses(database) == ["sent", "sent"]


def test_a_send_that_hangs_is_given_up_before_its_lease_ends(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SEND_SECONDS", 0.1)
    assert workers.SEND_SECONDS < 30
    channel = Recorder(seconds=60)
    at_work = Workers(conversations_of(database), database, [channel])

    async def scene() -> None:
        async with at_work.running():
            await asyncio.to_thread(at_work.receive, incoming("p", "m1"))
            await until(lambda: channel.most == 1 and channel.now == 0)

    run(scene)
    with database.reading() as session:
        assert (
            session.scalars(select(OutboxRow.error).order_by(OutboxRow.id)).first()
            == "Retry: no answer from the platform in time"
        )


def test_the_database_away_for_a_moment_stops_nobody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FAULT_SECONDS", 0.05)
    channel, faults = Recorder(), [OSError("gone")] * 3
    real = workers.delivery.mark_sent

    def flaky(*arguments: Any) -> bool:
        if faults:
            raise faults.pop()
        return real(*arguments)

    monkeypatch.setattr(workers.delivery, "mark_sent", flaky)
    at_work = Workers(conversations_of(database), database, [channel])

    async def scene() -> None:
        async with at_work.running():
            await asyncio.to_thread(at_work.receive, incoming("p", "m1"))
            await until(lambda: statuses(database) == ["sent", "sent"])

    run(scene)
    assert len(channel.sent) == 2  # nothing was sent twice


def test_a_channel_added_later_is_served_and_refusals_are_kept(database: Database) -> None:
    channel = Recorder(errors=[Rejected("no such thing")])
    at_work = Workers(conversations_of(database), database)
    at_work.add(channel)

    async def scene() -> None:
        async with at_work.running():
            await asyncio.to_thread(at_work.receive, incoming("p", "m1"))
            await until(lambda: len(channel.sent) == 1)

    run(scene)
    assert statuses(database) == ["dead", "sent"]
