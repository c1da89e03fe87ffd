"""The shell's side of learning: what a turn has to know about who learns, and storing what it brought about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.facts import ConversationErased, Fact, Learned, PersonAdded, PersonChanged, PersonErased, ProfileChanged
from bot.flows.learn_table import concerns_learning
from bot.messages import Place
from bot.payloads import Payload, parse
from bot.state import State
from learning import linking, store
from learning.criterion import Criterion
from learning.people import Learner

_MANNER = frozenset({"address", "level", "language"})  # settings that belong to the person, not to the phone


@dataclass(frozen=True)
class Learners:
    """Loads and stores learners inside a turn's transaction.

    Args:
        criterion: the rule new quizzes are judged by.
        province: code of the province this installation is at home in, offered first.
    """

    criterion: Criterion = field(default_factory=Criterion)
    province: str | None = None

    def look(self, session: Session, place: Place, state: State, payload: str | None, now: datetime) -> Learner | None:
        """Who learns in that conversation, with the record held until the transaction ends; None where no screen asks.

        Choosing somebody, making a code and checking a typed one happen here, before the turn shows how they did.
        """
        if not concerns_learning(state, payload):
            return None
        asked = parse(payload) if payload else Payload("")
        link = self._redeem(session, place, asked, now)
        row = store.place_of(session, place.channel, place.person)
        if row is None:
            return Learner(criterion=self.criterion, province=self.province, link=link)
        if asked.flow == "people" and asked.args[:1] == ("use",) and len(asked.args) > 1:
            store.choose(session, row, asked.args[1])
        code = linking.make_code(session, row.family_id, now) if (asked.flow, asked.args) == ("link", ("new",)) else None
        found = self._family(session, row.family_id, row.learner_id)
        return replace(found, code=code, link=link)

    def _redeem(self, session: Session, place: Place, asked: Payload, now: datetime) -> str | None:
        if asked.flow != "link" or asked.args[:1] != ("code",) or len(asked.args) < 2:
            return None
        return linking.redeem(session, asked.args[1], place.channel, place.person, now).value

    def _family(self, session: Session, family_id: int, learner_id: str | None) -> Learner:
        people = store.people_of(session, family_id)
        current = next((person for person in people if person.id == learner_id), None)
        record = store.locked_record(session, current.id) if current else None
        if record is None:  # nobody chosen, or erased on another phone a moment ago
            return Learner(people, criterion=self.criterion, province=self.province)
        return Learner(people, current, record, self.criterion, self.province)

    def keep(self, session: Session, place: Place, learner: Learner | None, facts: Iterable[Fact], now: datetime) -> None:
        """Store what the turn brought about. Facts of other rooms are left alone."""
        known = learner or Learner()
        learnt = [fact.event for fact in facts if isinstance(fact, Learned)]
        if learnt and known.current:
            store.append(session, known.current.id, known.record, learnt)
        for fact in facts:
            self._keep(session, place, fact, now)

    def _keep(self, session: Session, place: Place, fact: Fact, now: datetime) -> None:
        match fact:
            case PersonAdded(person):
                row = store.family_at(session, place.channel, place.person, now)
                store.add_learner(session, row.family_id, person, now)
                store.choose(session, row, person.id)
            case PersonChanged(person_id, name, value):
                store.change(session, person_id, name, value, now)
            case PersonErased(person_id):
                store.erase_learner(session, person_id)
            case ProfileChanged(name, value) if name in _MANNER:
                store.change_at(session, place.channel, place.person, name, value, now)
            case ConversationErased():
                store.leave(session, place.channel, place.person)
