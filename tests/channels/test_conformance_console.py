"""The terminal keeps the specification of a channel."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest

from bot.channels import console
from bot.channels.console import styled
from bot.conversations import Conversations
from bot.messages import Attachment, Incoming, Outgoing
from bot.runtime import Runtime
from tests.channels.conformance import ChannelConformance, Shown


class ConsoleDriver:
    """Somebody new at a terminal. Choices are typed: there are no buttons and no attachments."""

    capacity, text_limit, has_buttons, shows_markup = console.CAPACITY, console.TEXT_LIMIT, False, True
    attachments: tuple[Attachment, ...] = ()

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._person = secrets.token_hex(8)

    def show(self, message: Outgoing) -> list[Shown]:
        return [Shown(styled(message).plain)]

    def say(self, text: str, message_id: str | None = None) -> list[Shown]:
        sent = message_id or secrets.token_hex(8)
        incoming = Incoming(console.NAME, self._person, sent, datetime.now(UTC), text=text, capacity=console.CAPACITY)
        return [shown for reply in self._conversations.converse(incoming) for shown in self.show(reply)]

    def press(self, what: str) -> list[Shown]:
        return self.say(what)

    def attach(self, kind: Attachment) -> list[Shown]:
        raise NotImplementedError


class TestConsole(ChannelConformance):
    @pytest.fixture
    def driver(self, runtime: Runtime) -> ConsoleDriver:
        return ConsoleDriver(runtime.conversations)
