"""The conversations of the terminal, line by line, on both Zalo channels: nothing is lost or said otherwise there.

The terminal is given the channel's capacity, for pages of choices are cut by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete

import bot.conversations
from bot.channels import console
from bot.channels.zalo_text import plain
from bot.messages import Outgoing
from bot.paging import numbered_text
from bot.runtime import Runtime
from bot.tables import FeedbackRow, QuestionRow
from learning.tables import FamilyRow
from tests.channels.conformance import Shown
from tests.channels.zalo_drivers import BotDriver, OaDriver, ZaloDriver
from tests.peers.fake_zalo import FakeZalo, serving

TRANSCRIPTS = sorted((Path(__file__).resolve().parents[1] / "transcripts").glob("*.txt"))
on_every_transcript = pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
Turns = list[tuple[str, tuple[Outgoing, ...]]]  # what was typed, what was answered


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with serving() as server:
        yield server


@pytest.fixture
def driver(request: pytest.FixtureRequest, runtime: Runtime, zalo: FakeZalo) -> Iterator[ZaloDriver]:
    made = request.param(runtime, zalo)
    yield made
    made.close()


@pytest.fixture
def turns(path: Path, driver: ZaloDriver, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Turns:
    """The conversation in the terminal. An empty line, which a terminal can send and Zalo cannot, is left out."""
    monkeypatch.setattr(console, "CAPACITY", driver.capacity)
    same_turns(runtime, monkeypatch)
    session = console.Session(runtime.conversations)
    lines = [line for line in console.typed_lines(path.read_text(encoding="utf-8")) if line.strip()]
    answered = [(line, session.type(line)) for line in lines]
    same_turns(runtime, monkeypatch)
    return answered


def same_turns(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on turn ids, which the order of answers is made from, are those the previous person had."""
    with runtime.database.session() as session:
        session.execute(delete(FeedbackRow))
        session.execute(delete(QuestionRow))
        session.execute(delete(FamilyRow))  # and with it learners, whose ids are turn ids too
    numbers = count(1)
    monkeypatch.setattr(bot.conversations, "new_turn_id", lambda: f"same{next(numbers):05}")


@on_every_transcript
@pytest.mark.parametrize("driver", [BotDriver], indirect=True)
def test_the_bot_platform_shows_what_the_terminal_shows(driver: ZaloDriver, turns: Turns) -> None:
    for line, bubbles in turns:
        expected = [shown for bubble in bubbles for shown in (*_pictures(bubble), Shown(plain(numbered_text(bubble))))]
        assert driver.say(line) == expected, line


@on_every_transcript
@pytest.mark.parametrize("driver", [OaDriver], indirect=True)
def test_the_official_account_shows_the_same_text_and_choices(driver: ZaloDriver, turns: Turns) -> None:
    for line, bubbles in turns:
        expected = [shown for bubble in bubbles for shown in (*_pictures(bubble), Shown(plain(bubble.text), _targets(bubble)))]
        assert driver.say(line) == expected, line


def _pictures(bubble: Outgoing) -> list[Shown]:
    """Without a public address a picture's words come in its place, before the text."""
    return [Shown(medium.alt) for medium in bubble.media]


def _targets(bubble: Outgoing) -> tuple[tuple[str, str], ...]:
    return tuple((button.label, button.url or button.payload) for button in (*bubble.buttons, *bubble.nav))
