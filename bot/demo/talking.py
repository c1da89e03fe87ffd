"""A visit, as it is held: what was to be asked, a lesson or two, a look at one's progress."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from sqlalchemy import select

from bot.conversations import Conversations
from bot.demo.people import Household
from bot.demo.phone import Clock, Phone, flow_of
from bot.demo.questions import question
from bot.demo.studying import Pupil
from bot.demo.visiting import Visit
from bot.flows.feedback import REASONS
from bot.payloads import pack, parse
from knowledge.quiz import QuizItem
from learning.record import Record
from learning.tables import LearnerPlaceRow, LearnerRow
from storage import Database

_CODE: Final = re.compile(r"[A-Z]{3} \d{3} [A-Z]{2}")
LIKED, DISLIKED = 0.45, 0.6  # up to the first 👍, from there to the second 👎, else nothing
HUMAN, PROGRESS, ASSESSED, JOINING = 0.06, 0.25, 0.1, 2  # shares of visits; the visit at which a second app is joined


@dataclass
class Talks:
    """All phones of the commune and who is learning on them."""

    database: Database
    conversations: Conversations
    clock: Clock
    rng: Random
    items: Mapping[str, QuizItem]
    _phones: dict[tuple[str, str], Phone] = field(default_factory=dict)
    _pupils: dict[int, Pupil] = field(default_factory=dict)

    def hold(self, visit: Visit) -> None:
        """Everything that happens in one visit."""
        self.clock.now = visit.at
        phone = self._phone(visit)
        for _ in range(visit.questions):
            self._ask(phone, visit.household)
        if visit.who is not None:
            self._learn(phone, visit)
        if self.rng.random() < HUMAN:
            phone.press(pack("human"))

    def _phone(self, visit: Visit) -> Phone:
        """The household's phone, or its second app where that was joined."""
        here, joins = visit.household, visit.household.joins
        joined = bool(joins) and (joins, here.person) in self._phones
        channel = joins if joins and joined and self.rng.random() < 0.5 else here.channel
        return self._phone_on(channel, here.person)

    def _phone_on(self, channel: str, person: str) -> Phone:
        return self._phones.setdefault((channel, person), Phone(self.conversations, self.clock, self.rng, channel, person))

    def _ask(self, phone: Phone, household: Household) -> None:
        phone.type(question(self.rng, household.typing))
        if any(flow_of(button) == "none" for button in phone.buttons):
            self._choose(phone)
        self._rate(phone)

    def _choose(self, phone: Phone) -> None:
        """Asked back which topic is meant: mostly one of them, sometimes none."""
        topics = [button.payload for button in phone.buttons if flow_of(button) == "topic"]
        phone.press(self.rng.choice(topics) if topics and self.rng.random() < 0.7 else pack("none"))

    def _rate(self, phone: Phone) -> None:
        """👍, 👎 with a reason, or nothing, where the answer on the screen can be rated."""
        chance = self.rng.random()
        if chance > DISLIKED:
            return
        value = "up" if chance < LIKED else "down"
        rating = phone.find(lambda button: flow_of(button) == "fb" and parse(button.payload).args[1:] == (value,))
        if rating is None:
            return
        phone.press(rating)
        if value == "down" and self.rng.random() < 0.6:
            phone.press(pack("fb", parse(rating).args[0], "down", self.rng.choice(REASONS)))

    def _learn(self, phone: Phone, visit: Visit) -> None:
        assert visit.who is not None
        pupil = self._pupils.setdefault(id(visit.who), Pupil(visit.who, self.rng, self._record, self.items))
        pupil.arrive(phone, others=len(visit.household.residents) > 1)
        pupil.study(phone, self.rng.randint(5, 30))
        if self.rng.random() < ASSESSED:
            pupil.assess(phone)
        if self.rng.random() < PROGRESS:
            phone.press(pack("progress"))
        if pupil.visits == JOINING and visit.household.joins:
            self._join(phone, visit.household.joins)

    def _join(self, phone: Phone, channel: str) -> None:
        """Bring a second app to the same progress: a code shown on one and typed on the other."""
        phone.press(pack("link", "new"))
        if found := _CODE.search(phone.text):
            other = self._phone_on(channel, phone.person)
            other.press(pack("link", "type"))
            other.type(found[0])

    def _record(self, phone: Phone) -> Record | None:
        joined = select(LearnerRow.record).join(LearnerPlaceRow, LearnerPlaceRow.learner_id == LearnerRow.id)
        here = (LearnerPlaceRow.channel == phone.channel, LearnerPlaceRow.person == phone.person)
        with self.database.reading() as session:
            found = session.scalar(joined.where(*here))
        return Record.model_validate(found) if found is not None else None
