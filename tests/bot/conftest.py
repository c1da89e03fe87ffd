"""Conversations in the small world of `talking`, and learners on the real shell."""

from __future__ import annotations

import pytest

from bot.conversations import Conversations
from bot.engine import World
from bot.state import State
from storage import Database
from tests.bot.learners_talking import Phone, conversations_of
from tests.bot.talking import CONTENT, NOW, Talk


@pytest.fixture
def world() -> World:
    return World(CONTENT, NOW, "turn0000")


@pytest.fixture
def talk(world: World) -> Talk:
    """A conversation with someone who has seen the first notice."""
    return Talk(world, State(seen_notice=True))


@pytest.fixture
def stranger(world: World) -> Talk:
    """A conversation at its very first message."""
    return Talk(world)


@pytest.fixture
def shell(database: Database) -> Conversations:
    return conversations_of(database)


@pytest.fixture
def phone(shell: Conversations) -> Phone:
    return Phone(shell)


@pytest.fixture
def lan(phone: Phone) -> Phone:
    return phone.enrol()
