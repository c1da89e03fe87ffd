"""People who learn, through the real shell and a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from bot.conversations import Conversations
from bot.learners import Learners
from bot.messages import Button, Incoming, Outgoing
from bot.turn import Heard
from knowledge.quiz import Kind
from knowledge.snapshot import Content
from learning.tables import LearnerRow
from nlu.masking import hidden_in
from storage import Database
from tests.bot.talking import understood
from tests.learning.samples import ITEMS, NOW, learning_content


class Ears:
    """Understands every text as a question nothing is known about."""

    def begin(self, text: str) -> Callable[[str | None], Heard]:
        return lambda _topic: Heard(understood(text, personal=hidden_in(text)), None)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=5)
        return self.now


@dataclass
class Phone:
    """One person on one app. Each method sends one message and keeps the replies."""

    conversations: Conversations
    person: str = "p1"
    channel: str = "test"
    capacity: int = 8
    replies: tuple[Outgoing, ...] = ()
    numbers: count[int] = field(default_factory=lambda: count(1))

    def _send(self, text: str | None = None, payload: str | None = None) -> str:
        message = f"{self.channel}-{self.person}-{next(self.numbers)}"
        incoming = Incoming(self.channel, self.person, message, NOW, text=text, payload=payload, capacity=self.capacity)
        self.replies = self.conversations.converse(incoming)
        return self.text

    def type(self, text: str) -> str:
        return self._send(text=text)

    def press(self, payload: str) -> str:
        return self._send(payload=payload)

    def choose(self, label: str) -> str:
        """Press the choice whose label holds these words."""
        found = next(b for b in (*self.buttons, *self.nav) if label in b.label)
        return self.press(found.payload)

    @property
    def text(self) -> str:
        return "\n\n".join(reply.text for reply in self.replies)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(b for reply in self.replies for b in reply.buttons)

    @property
    def nav(self) -> tuple[Button, ...]:
        return tuple(b for reply in self.replies for b in reply.nav)

    @property
    def labels(self) -> list[str]:
        return [b.label for b in self.buttons]

    def enrol(self, name: str = "Lan") -> Phone:
        """Consent, a name, and nothing else."""
        self.press("v1:learn")
        self.choose("Đồng ý")
        self.type(name)
        self.press("v1:learn")
        return self

    def read_lesson(self) -> str:
        """The first lesson up to its end."""
        for card in (1, 2):
            self.press(f"v1:lesson:an-toan:giu-ma:{card}")
        return self.press("v1:did:an-toan:giu-ma:done")


def conversations_of(database: Database, content: Content | None = None, learners: Learners | None = None) -> Conversations:
    """The real shell with a clock of its own and the small learning content."""
    known = content or learning_content()
    return Conversations(database, Ears(), lambda: known, Clock(), learners=learners)


def learner(database: Database) -> LearnerRow:
    with database.reading() as session:
        return session.scalars(select(LearnerRow)).one()


def right_answer(phone: Phone) -> str:
    """Answer the question on the screen rightly, and give what is said."""
    return answer(phone, right=True)


def answer(phone: Phone, right: bool) -> str:
    item = next(i for i in ITEMS.values() if i.stem in phone.text)
    wanted = item.correct if right else {next(o.id for o in item.options if not o.correct)}
    for option_id in sorted(wanted):
        words = next(o.text for o in item.options if o.id == option_id)
        phone.choose(words)
    return phone.choose("Xong") if item.kind is Kind.MULTIPLE else phone.text


def whole_quiz(phone: Phone, rights: str = "1111") -> str:
    phone.press("v1:quiz:an-toan:giu-ma")
    for n, right in enumerate(rights, 1):
        answer(phone, right == "1")
        phone.choose("Câu tiếp" if n < len(rights) else "Xem kết quả")
    return phone.text
