"""The outbox: in order per person, back-off by class of error, dead letters, leases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import delivery
from bot.delivery import BACKOFF_SECONDS, LEASE, Parcel, Rejected, Retry, SendError, Unreachable
from bot.messages import Button, Media, Outgoing, Place
from bot.tables import OutboxRow
from storage import Database
from tests.delivery.conftest import Clock
from tests.delivery.test_inbox import race

HERE = ("test",)


class Outbox:
    """Short names for what every test does."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def post(self, person: str, *texts: str, channel: str = "test") -> None:
        with self.database.session() as session:
            messages = [Outgoing(text) for text in texts]
            delivery.post(session.connection(), Place(channel, person), None, messages, self.clock(), sent=False)

    def take(self, limit: int = 10) -> list[Parcel]:
        with self.database.session() as session:
            return delivery.take(session, HERE, self.clock(), limit)

    def sent(self, parcel: Parcel) -> bool:
        with self.database.session() as session:
            return delivery.mark_sent(session, parcel, self.clock())

    def failed(self, parcel: Parcel, error: SendError) -> None:
        with self.database.session() as session:
            delivery.mark_failed(session, parcel, error, self.clock())

    def rows(self) -> list[OutboxRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))

    def statuses(self) -> list[str]:
        return [row.status for row in self.rows()]


@pytest.fixture
def outbox(database: Database, clock: Clock) -> Outbox:
    return Outbox(database, clock)


def texts(parcels: list[Parcel]) -> list[str]:
    return [parcel.message.text for parcel in parcels]


def test_one_reply_per_person_at_a_time_in_order(outbox: Outbox) -> None:
    outbox.post("p", "1", "2", "3")
    outbox.post("q", "a")
    first = outbox.take()
    assert texts(first) == ["1", "a"]
    assert outbox.take() == []  # the next one waits for the outcome
    outbox.sent(first[0])
    assert texts(outbox.take()) == ["2"]


def test_a_reply_keeps_everything_it_shows(outbox: Outbox, database: Database, clock: Clock) -> None:
    buttons = (Button("Có", "v1:home"), Button("Trang", "", "https://vneid.gov.vn"))
    message = Outgoing("**Chào**", buttons, (Button("🏠", "v1:home"),), (Media("image", "a.png", "Hình"),), True, 9)
    with database.session() as session:
        delivery.post(session.connection(), Place("test", "p"), None, [message], clock(), sent=False)
    assert outbox.take()[0].message == message


def test_other_channels_are_left_alone(outbox: Outbox) -> None:
    outbox.post("p", "web", channel="web")
    assert outbox.take() == []


def test_replies_are_taken_once_by_racing_senders(outbox: Outbox) -> None:
    for number in range(40):
        outbox.post(f"p{number}", "1")
    taken = [parcel.outbox_id for parcels in race(lambda _: outbox.take(5) + outbox.take(5)) for parcel in parcels]
    taken += [parcel.outbox_id for parcel in outbox.take(40)]
    assert len(taken) == len(set(taken)) == 40


def test_racing_senders_keep_the_order_of_every_person(outbox: Outbox) -> None:
    for number in range(4):
        outbox.post(f"p{number}", *map(str, range(6)))
    seen: dict[str, list[str]] = {f"p{number}": [] for number in range(4)}

    def send(_: int) -> None:
        for _ in range(200):
            for parcel in outbox.take(2):
                seen[parcel.place.person].append(parcel.message.text)
                outbox.sent(parcel)
            if all(len(got) == 6 for got in seen.values()):
                return

    race(send)
    assert all(got == list(map(str, range(6))) for got in seen.values())


def test_passing_faults_follow_the_schedule_and_end_as_a_dead_letter(outbox: Outbox, clock: Clock) -> None:
    outbox.post("p", "1", "2")
    for pause in BACKOFF_SECONDS:
        outbox.failed(outbox.take()[0], Retry("HTTP 502"))
        clock.turn(pause - 0.5)
        assert outbox.take() == []
        clock.turn(0.5)
    outbox.failed(outbox.take()[0], Retry("HTTP 502"))
    assert outbox.statuses() == ["dead", "pending"]
    assert texts(outbox.take()) == ["2"]  # a dead letter holds nobody up


def test_a_pause_the_platform_asks_for_is_no_failed_try(outbox: Outbox, clock: Clock) -> None:
    outbox.post("p", "1")
    for _ in range(3 * len(BACKOFF_SECONDS)):
        outbox.failed(outbox.take()[0], Retry("flood control", after=7))
        clock.turn(6.5)
        assert outbox.take() == []
        clock.turn(0.5)
    assert outbox.take()[0].attempts == 1


def test_a_refused_reply_is_dead_at_once_and_the_next_goes_on(outbox: Outbox) -> None:
    outbox.post("p", "1", "2")
    outbox.failed(outbox.take()[0], Rejected("message is too long"))
    assert outbox.rows()[0].error == "Rejected: message is too long"
    assert texts(outbox.take()) == ["2"]


def test_nothing_more_is_sent_to_somebody_who_is_gone(outbox: Outbox) -> None:
    outbox.post("p", "1", "2", "3")
    outbox.post("q", "a")
    parcels = outbox.take()
    outbox.failed(parcels[0], Unreachable("bot was blocked by the user"))
    assert outbox.statuses() == ["dead", "dead", "dead", "sending"]
    outbox.post("p", "4")  # they came back and wrote
    assert texts(outbox.take()) == ["4"]


def test_what_was_sent_of_a_long_reply_is_not_sent_again(outbox: Outbox, clock: Clock) -> None:
    outbox.post("p", "first half, second half")
    error = Retry("HTTP 502")
    error.rest = Outgoing("second half")
    outbox.failed(outbox.take()[0], error)
    clock.turn(1)
    assert texts(outbox.take()) == ["second half"]


def test_a_lost_lease_is_taken_over(outbox: Outbox, clock: Clock) -> None:
    outbox.post("p", "1", "2")
    outbox.take()
    clock.turn(LEASE.total_seconds() - 1)
    assert outbox.take() == []
    clock.turn(2)
    again = outbox.take()
    assert texts(again) == ["1"] and again[0].attempts == 2


def test_a_sender_that_comes_back_late_changes_nothing(outbox: Outbox, clock: Clock) -> None:
    outbox.post("p", "1")
    late = outbox.take()[0]
    clock.turn(LEASE.total_seconds() + 1)
    current = outbox.take()[0]
    assert outbox.sent(late) is False
    outbox.failed(late, Rejected("whatever"))
    assert outbox.statuses() == ["sending"]
    assert outbox.sent(current) is True
    assert outbox.statuses() == ["sent"]


def test_a_reply_that_takes_every_worker_down_is_buried(outbox: Outbox, clock: Clock) -> None:
    outbox.post("p", "deadly", "2")
    for _ in range(len(BACKOFF_SECONDS) + 1):
        assert texts(outbox.take()) == ["deadly"]
        clock.turn(LEASE.total_seconds() + 1)
    assert texts(outbox.take()) == ["2"]
    assert outbox.statuses() == ["dead", "sending"]


def test_dead_letters_are_listed_newest_first_and_can_be_revived(outbox: Outbox, database: Database, clock: Clock) -> None:
    for person in ("p", "q"):
        outbox.post(person, "1")
    for parcel in outbox.take():
        outbox.failed(parcel, Rejected("no"))
    with database.session() as session:
        letters = delivery.dead_letters(session)
        assert [letter.person for letter in letters] == ["q", "p"]
        assert delivery.revive(session, letters[0].id, clock()) is True
        assert delivery.revive(session, letters[0].id, clock()) is False
        assert delivery.revive(session, 10_000, clock()) is False
    assert [parcel.place.person for parcel in outbox.take()] == ["q"]


def test_looking_takes_no_lock(outbox: Outbox, database: Database, clock: Clock) -> None:
    outbox.post("p", "1")
    with database.session(), database.reading() as session:
        assert delivery.has_due(session, HERE, clock())
        assert not delivery.has_due(session, ("web",), clock())
        assert not delivery.has_due(session, HERE, clock() - timedelta(seconds=1))
        assert not delivery.has_received(session)


def test_ids_are_never_used_twice(outbox: Outbox, database: Database) -> None:
    outbox.post("p", "1")
    with database.session() as session:
        first = session.scalars(select(OutboxRow)).one()
        session.delete(first)
    outbox.post("p", "2")
    assert outbox.rows()[0].id > first.id
