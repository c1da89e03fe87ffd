"""Pushed messages: at least once, in order, to every open page."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.channels.web import WebOutbox, incoming
from bot.messages import Button
from bot.runtime import Runtime
from bot.web import hub as hubs
from bot.web.errors import Refused
from bot.web.hub import EventHub
from tests.web.conftest import Server

Push = Callable[..., None]


def parsed(lines: Iterator[str]) -> Iterator[tuple[str, int, Any]]:
    """(kind, id, data) of each event of a stream."""
    fields: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line and fields:
            yield fields["event"], int(fields["id"]), json.loads(fields["data"])
            fields = {}


class Page:
    """A browser tab: reads events in a thread until it has the number it waits for."""

    def __init__(self, url: str, session: str, wanted: int, **headers: str) -> None:
        self.events: list[tuple[str, int, Any]] = []
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(url, session, wanted, headers), daemon=True)
        self._thread.start()
        assert self.ready.wait(10)

    def _read(self, url: str, session: str, wanted: int, headers: dict[str, str]) -> None:
        query = {"session": session}
        with (
            contextlib.suppress(httpx.RemoteProtocolError),
            httpx.stream("GET", f"{url}/api/chat/events", params=query, headers=headers, timeout=20) as response,
        ):
            assert response.headers["content-type"].startswith("text/event-stream")
            for found in parsed(response.iter_lines()):
                self.ready.set()
                self.events.append(found)
                if len(self.events) > wanted:
                    return

    def texts(self) -> list[str]:
        self._thread.join(timeout=15)
        return [data["message"]["text"] for kind, _, data in self.events if kind == "message"]


def test_a_message_waiting_is_delivered_when_the_page_opens(shared_server: Server, push: Push) -> None:
    push("waits", "Chào bác", Button("Cổng", url="https://dichvucong.gov.vn"))
    page = Page(shared_server.url, "waits", 1)
    assert page.texts() == ["Chào bác"]
    assert page.events[1][2]["message"]["buttons"][0]["url"] == "https://dichvucong.gov.vn"
    assert page.events[1][2]["id"] == page.events[1][1]


def test_every_open_tab_gets_every_message_in_order(shared_server: Server, push: Push) -> None:
    pages = [Page(shared_server.url, "tabs", 3) for _ in range(2)]
    for text in ("một", "hai", "ba"):
        push("tabs", text)
    assert [page.texts() for page in pages] == [["một", "hai", "ba"]] * 2


def test_other_sessions_get_nothing(shared_server: Server, push: Push) -> None:
    mine, other = Page(shared_server.url, "mine", 1), Page(shared_server.url, "other", 1)
    push("mine", "riêng")
    assert mine.texts() == ["riêng"]
    assert [kind for kind, _, _ in other.events] == ["ready"]


def test_a_page_that_reconnects_gets_what_it_missed(shared_server: Server, push: Push) -> None:
    push("gone", "trước")
    first = Page(shared_server.url, "gone", 1)
    assert first.texts() == ["trước"]
    other_tab = Page(shared_server.url, "gone", 1)
    push("gone", "lúc vắng")
    assert other_tab.texts() == ["lúc vắng"]
    back = Page(shared_server.url, "gone", 1, **{"Last-Event-ID": str(first.events[-1][1])})
    assert back.texts() == ["lúc vắng"]


def test_replies_already_given_are_not_pushed_again(shared_server: Server, runtime: Runtime) -> None:
    runtime.conversations.converse(incoming("direct", None, "v1:home", "m1"))
    assert WebOutbox(runtime.database).pushed({"direct": 0}) == []


def test_a_message_stays_waiting_until_a_page_has_it(runtime: Runtime, push: Push) -> None:
    push("nobody", "đợi")
    outbox = WebOutbox(runtime.database)
    assert [p.message.text for p in outbox.pushed({"nobody": 0})] == ["đợi"]
    assert [p.message.text for p in outbox.pushed({"nobody": 0})] == ["đợi"]
    outbox.mark_sent({p.id for p in outbox.pushed({"nobody": 0})})
    assert outbox.pushed({"nobody": outbox.last_id("nobody")}) == []


@pytest.mark.parametrize("session", ["", "a b", "x" * 65, "đ"])
def test_a_stream_needs_a_proper_session(client: TestClient, session: str) -> None:
    response = client.get("/api/chat/events", params={"session": session})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "bad_session")


def test_a_quiet_stream_is_kept_alive_and_ends_with_the_hub(runtime: Runtime) -> None:
    async def scenario() -> list[str]:
        hub = EventHub(WebOutbox(runtime.database), poll_seconds=0.05, keep_alive_seconds=0.05)
        stream = hub.events("quiet", None)
        chunks = [await anext(stream), await anext(stream)]
        await hub.close()
        chunks += [chunk async for chunk in stream]
        assert hub.open_streams == 0
        return chunks

    ready, alive, *_ = asyncio.run(scenario())
    assert ready.startswith("id: 0\nevent: ready\n")
    assert alive.startswith(":")


def test_too_many_pages_of_one_session_are_refused(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MAX_STREAMS_PER_SESSION", 1)

    async def scenario() -> None:
        hub = EventHub(WebOutbox(runtime.database))
        stream = hub.events("many", 0)
        await anext(stream)
        with pytest.raises(Refused) as refused:
            hub.check_room("many")
        assert refused.value.status == 429
        hub.check_room("another")
        await hub.close()
        await stream.aclose()

    asyncio.run(scenario())


class Flaky:
    """An outbox that cannot be read the first time."""

    def __init__(self, outbox: WebOutbox) -> None:
        self.outbox, self.calls = outbox, 0

    def last_id(self, person: str) -> int:
        return self.outbox.last_id(person)

    def pushed(self, seen: dict[str, int]) -> Any:
        self.calls += 1
        if self.calls == 1:
            raise ConnectionError
        return self.outbox.pushed(seen)

    def mark_sent(self, ids: set[int]) -> None:
        self.outbox.mark_sent(ids)


def test_an_outbox_that_fails_once_is_read_again(runtime: Runtime, push: Push) -> None:
    push("flaky", "vẫn đến")

    async def scenario() -> str:
        hub = EventHub(Flaky(WebOutbox(runtime.database)), poll_seconds=0.02)
        stream = hub.events("flaky", 0)
        await anext(stream)
        chunk = await asyncio.wait_for(anext(stream), 5)
        await stream.aclose()
        await hub.close()
        return chunk

    assert "vẫn đến" in asyncio.run(scenario())
