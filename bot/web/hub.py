"""Pushed messages: every open page of this process, and one loop that looks into the outbox for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from bot.channels.web import Pushed, shown
from bot.web.errors import BUSY, Refused

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 15.0  # below the idle time-out of every common proxy
MAX_STREAMS = 5_000
MAX_STREAMS_PER_SESSION = 8


class Outbox(Protocol):
    """Where pushed messages wait (`bot.channels.web.WebOutbox`)."""

    def last_id(self, person: str) -> int: ...

    def pushed(self, seen: dict[str, int]) -> list[Pushed]: ...

    def mark_sent(self, ids: set[int]) -> None: ...


class Stream:
    """One open page: what it has yet to be given, and the id it was given last."""

    def __init__(self, person: str, seen: int) -> None:
        self.person = person
        self.seen = seen
        self.queue: asyncio.Queue[Pushed | None] = asyncio.Queue()

    def give(self, pushed: Pushed) -> None:
        self.seen = max(self.seen, pushed.id)
        self.queue.put_nowait(pushed)


class EventHub:
    """The open pages of this process. Polls only while there are any; `close` ends every stream."""

    def __init__(
        self, outbox: Outbox, poll_seconds: float = POLL_SECONDS, keep_alive_seconds: float = KEEP_ALIVE_SECONDS
    ) -> None:
        self._outbox = outbox
        self._poll_seconds = poll_seconds
        self._keep_alive_seconds = keep_alive_seconds
        self._streams: defaultdict[str, set[Stream]] = defaultdict(set)
        self._loop: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def open_streams(self) -> int:
        return sum(map(len, self._streams.values()))

    def check_room(self, person: str) -> None:
        """Raises Refused (429 or 503) when this session or this process has too many pages open."""
        if len(self._streams.get(person, ())) >= MAX_STREAMS_PER_SESSION:
            raise Refused(429, "too_many_pages", "Trang này đang mở ở quá nhiều nơi. Xin đóng bớt rồi thử lại.", retry_after=30)
        if self._closed or self.open_streams >= MAX_STREAMS:
            raise Refused(503, "busy", BUSY, retry_after=30)

    async def events(self, person: str, after: int | None) -> AsyncIterator[str]:
        """The session's event stream, in the wire format of server-sent events.

        after: the last id the page has seen; None for a page that remembers nothing. The first event,
        ``ready``, carries the id the stream starts from, so that a page that reconnects misses nothing.
        """
        seen = after if after is not None else await run_in_threadpool(self._outbox.last_id, person)
        stream = Stream(person, seen)
        self._streams[person].add(stream)
        self._start()
        try:
            yield event("ready", seen, {})
            async for chunk in self._chunks(stream):
                yield chunk
        finally:
            self._forget(stream)

    async def _chunks(self, stream: Stream) -> AsyncIterator[str]:
        while not self._closed:
            try:
                pushed = await asyncio.wait_for(stream.queue.get(), self._keep_alive_seconds)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if pushed is None:
                return
            yield event("message", pushed.id, {"id": pushed.id, "message": shown(pushed.message)})

    def _start(self) -> None:
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._poll_while_open())

    def _forget(self, stream: Stream) -> None:
        streams = self._streams[stream.person]
        streams.discard(stream)
        if not streams:
            del self._streams[stream.person]

    async def _poll_while_open(self) -> None:
        while self._streams and not self._closed:
            try:
                await self.poll()
            except Exception:
                log.exception("the outbox could not be read; trying again")
            await asyncio.sleep(self._poll_seconds)

    async def poll(self) -> int:
        """Hand over what waits now; the number of messages given to at least one page."""
        seen = {person: min(s.seen for s in streams) for person, streams in self._streams.items() if streams}
        found = await run_in_threadpool(self._outbox.pushed, seen) if seen else []
        given = {pushed.id for pushed in found if self._give(pushed, seen[pushed.person])}
        if given:
            await run_in_threadpool(self._outbox.mark_sent, given)
        return len(given)

    def _give(self, pushed: Pushed, seen: int) -> bool:
        """To the pages that have not seen it; one that was overtaken by a later id goes to all, and pages drop repeats."""
        streams: Iterable[Stream] = self._streams.get(pushed.person, ())
        late = pushed.id <= seen
        wanting = [stream for stream in streams if late or pushed.id > stream.seen]
        for stream in wanting:
            stream.give(pushed)
        return bool(wanting)

    async def close(self) -> None:
        """End all streams and the loop."""
        self._closed = True
        for streams in self._streams.values():
            for stream in streams:
                stream.queue.put_nowait(None)
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop


def event(kind: str, event_id: int, data: object) -> str:
    """One server-sent event."""
    return f"id: {event_id}\nevent: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
