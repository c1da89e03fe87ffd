"""The delivery workers of one process: threads that work on the inbox, tasks that send the outbox.

Any number of processes may run them on one database: the database decides who gets which message.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial

from bot import delivery
from bot.channels.base import Channel
from bot.conversations import Conversations
from bot.delivery import Parcel, Retry, SendError
from bot.messages import Incoming
from storage import Database

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # how soon work that another process left is noticed
SEND_SECONDS = 20.0  # below the lease: a send that takes longer must not be taken over while it is going on
STOP_SECONDS = 25.0  # what is being sent may finish
CONCURRENCY = 4  # replies on their way at a time, per channel and process, each to another person: enough for 30 a second
FAULT_SECONDS = 2.0  # pause after a fault of the database
STORE_TRIES = 4


def _now() -> datetime:
    return datetime.now(UTC)


class Workers:
    """Inbox and outbox at work while `running()` is entered.

    Args:
        channels: what the outbox is sent through; rows of other channels are left alone. `add` takes more.
        threads: how many messages are worked on at a time; on SQLite they wait for one another anyway.
    """

    def __init__(
        self,
        conversations: Conversations,
        database: Database,
        channels: Sequence[Channel] = (),
        *,
        threads: int = 2,
        clock: Callable[[], datetime] = _now,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._conversations = conversations
        self._inbox = InboxWorker(conversations, database, threads, poll_seconds, self._posted)
        self._new_sender = partial(OutboxSender, database, clock=clock, poll_seconds=poll_seconds)
        self._senders = [self._new_sender(channel) for channel in channels]
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, channel: Channel) -> None:
        """Send through this channel too: for channels that themselves need `receive`. Only before `running()`."""
        self._senders.append(self._new_sender(channel))

    def receive(self, incoming: Incoming) -> bool:
        """Claim a platform's message and have it worked on at once; False for a repeat. Blocks on the database."""
        claimed = self._conversations.receive(incoming)
        if claimed:
            self._inbox.wake()
        return claimed

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start, and on leaving stop: no new work, but what is being worked on or sent finishes."""
        self._loop = asyncio.get_running_loop()
        self._inbox.start()
        tasks = [asyncio.create_task(sender.run(), name=f"outbox-{sender.name}") for sender in self._senders]
        try:
            yield
        finally:
            await asyncio.to_thread(self._inbox.stop)
            for sender in self._senders:
                sender.stop()
            await asyncio.gather(*tasks)
            self._loop = None

    def _posted(self) -> None:
        """A turn may have written replies: called in a worker thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            for sender in self._senders:
                loop.call_soon_threadsafe(sender.wake)


class InboxWorker:
    """Threads that work on received messages, one transaction each."""

    def __init__(
        self, conversations: Conversations, database: Database, threads: int, poll_seconds: float, posted: Callable[[], None]
    ) -> None:
        self._conversations = conversations
        self._database = database
        self._poll_seconds = poll_seconds
        self._posted = posted
        self._signal = threading.Condition()
        self._wakes = 0  # counted, so that a wake between looking and sleeping is not missed
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._run, name=f"inbox-{n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something was received: look now."""
        with self._signal:
            self._wakes += 1
            self._signal.notify_all()

    def stop(self) -> None:
        """No new work; returns when the messages in hand are done."""
        self._stopped.set()
        self.wake()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            seen = self._wakes
            if not self._try_one():
                self._rest(seen)

    def _rest(self, seen: int) -> None:
        with self._signal:
            self._signal.wait_for(lambda: self._wakes != seen, self._poll_seconds)

    def _try_one(self) -> bool:
        try:
            with self._database.reading() as session:
                if not delivery.has_received(session):
                    return False
            worked = self._conversations.work_once()
        except Exception:  # the database is away: keep trying, the message is still in the inbox
            log.exception("the inbox could not be read; trying again")
            self._stopped.wait(FAULT_SECONDS)
            return False
        if worked:
            self._posted()
        return worked


class OutboxSender:
    """Sends one channel's replies: many people at a time, one reply of a person at a time."""

    def __init__(self, database: Database, channel: Channel, clock: Callable[[], datetime], poll_seconds: float) -> None:
        self.name = channel.name
        self._database = database
        self._channel = channel
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()
        self._stopped = False
        self._sending: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Replies may be waiting: look now. Call it in the event loop."""
        self._woken.set()

    def stop(self) -> None:
        """Take nothing more; `run` returns when what is being sent is done."""
        self._stopped = True
        self._woken.set()

    async def run(self) -> None:
        """Take and send until stopped."""
        while not self._stopped:
            self._woken.clear()
            if not await self._take_some():
                await self._rest()
        if self._sending:
            await asyncio.wait(self._sending, timeout=STOP_SECONDS)

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._poll_seconds)

    async def _take_some(self) -> int:
        room = CONCURRENCY - len(self._sending)
        try:
            parcels = await asyncio.to_thread(self._take, room) if room > 0 else []
        except Exception:
            log.exception("the outbox could not be read; trying again")
            await asyncio.sleep(FAULT_SECONDS)
            return 0
        for parcel in parcels:
            self._start(parcel)
        return len(parcels)

    def _take(self, room: int) -> list[Parcel]:
        now = self._clock()
        with self._database.reading() as session:
            if not delivery.has_due(session, (self.name,), now):
                return []
        with self._database.session() as session:
            return delivery.take(session, (self.name,), now, room)

    def _start(self, parcel: Parcel) -> None:
        task = asyncio.create_task(self._deliver(parcel))
        self._sending.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self.wake()  # the person's next reply may go now
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s: the outcome of a send could not be stored; its lease will run out", self.name, exc_info=error)

    async def _deliver(self, parcel: Parcel) -> None:
        error = await self._send(parcel)
        for _ in range(STORE_TRIES - 1):  # forgetting that it was sent would send it twice
            try:
                return await asyncio.to_thread(self._store, parcel, error)
            except Exception:
                log.exception("%s: the outcome of reply %s could not be stored; trying again", self.name, parcel.outbox_id)
                await asyncio.sleep(FAULT_SECONDS)
        await asyncio.to_thread(self._store, parcel, error)

    async def _send(self, parcel: Parcel) -> SendError | None:
        """Try to send; how it failed, or None."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._channel.send(parcel.place.person, parcel.message)
        except SendError as error:
            log.warning("%s: reply %s not sent (%s: %s)", self.name, parcel.outbox_id, type(error).__name__, error)
            return error
        except TimeoutError:
            return Retry("no answer from the platform in time")
        except Exception as error:  # a fault of ours: tried again by the schedule, then a dead letter
            log.exception("%s: reply %s could not be sent", self.name, parcel.outbox_id)
            return Retry(f"fault in the channel: {type(error).__name__}")
        return None

    def _store(self, parcel: Parcel, error: SendError | None) -> None:
        now = self._clock()
        with self._database.session() as session:
            if error is not None:
                delivery.mark_failed(session, parcel, error, now)
            elif not delivery.mark_sent(session, parcel, now):
                log.warning("%s: reply %s was sent after its lease had run out", self.name, parcel.outbox_id)
