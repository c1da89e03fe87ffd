"""A demo person's hands: types and presses through the real conversation, at a moment of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from bot.conversations import Conversations
from bot.messages import Button, Incoming, Outgoing
from bot.payloads import Payload, parse

CAPACITY = 8
MAX_PAGES = 6  # of one screen that are looked through for a button


@dataclass
class Clock:
    """The moment at which the demo conversations take place."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment, aware."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Phone:
    """One conversation. Every method sends one message and keeps the replies."""

    conversations: Conversations
    clock: Clock
    rng: Random
    channel: str
    person: str
    replies: tuple[Outgoing, ...] = ()

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def press(self, payload: str) -> None:
        """Press a button, after a look at the screen."""
        self._send(payload=payload, seconds=self.rng.uniform(4, 25))

    def type(self, text: str) -> None:
        """Type a text, which takes longer."""
        self._send(text=text, seconds=self.rng.uniform(15, 60))

    def _send(self, *, seconds: float, text: str | None = None, payload: str | None = None) -> None:
        self.clock.wait(seconds)
        message = f"{self.person}-{next(self._numbers)}"
        now = self.clock.now
        incoming = Incoming(self.channel, self.person, message, now, text=text, payload=payload, capacity=CAPACITY)
        self.replies = self.conversations.converse(incoming)

    @property
    def text(self) -> str:
        """All that the last reply says."""
        return "\n\n".join(reply.text for reply in self.replies)

    @property
    def buttons(self) -> list[Button]:
        """The choices of the last reply, without the navigation."""
        return [button for reply in self.replies for button in reply.buttons]

    @property
    def offered(self) -> list[Payload]:
        """What the choices lead to."""
        return [parse(button.payload) for button in self.buttons if button.payload]

    def find(self, fits: Callable[[Button], bool]) -> str | None:
        """The payload of the first choice that fits, turning pages to find it; None where there is none."""
        for _ in range(MAX_PAGES):
            more = None
            for button in self.buttons:
                if fits(button):
                    return button.payload
                more = button.payload if flow_of(button) == "more" else more
            if more is None:
                return None
            self.press(more)
        return None


def flow_of(button: Button) -> str:
    """The flow a button leads to; empty for one that opens a page."""
    return parse(button.payload).flow if button.payload else ""
