"""Conversations in the small world of `talking`."""

from __future__ import annotations

import pytest

from bot.engine import World
from bot.state import State
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
