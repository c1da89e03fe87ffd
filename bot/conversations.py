"""The shell around the pure engine: load the state, hear, step, and store everything in one transaction."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from bot import burst, commands, delivery
from bot.directory import Directory
from bot.engine import needs_hearing, step
from bot.expected import fits_choices, several
from bot.facts import ConversationErased, Fact, Feedback, HumanRequested, QuestionAsked
from bot.flows.learn_table import ALL_FLOWS
from bot.flows.person_place import told_commune
from bot.hearing import asked_for
from bot.learners import Learners
from bot.messages import MAX_TEXT, Button, Incoming, Outgoing, Place
from bot.state import HOME, Profile, State
from bot.tables import ConversationRow, FeedbackRow, HumanRequestRow, InboxRow, OutboxRow, QuestionRow
from bot.texts import Voice
from bot.turn import Heard, World
from knowledge.procedures.book import EMPTY_BOOK, ProcedureBook
from knowledge.snapshot import Content
from nlu.masking import mask
from retrieval.decision import ScoredTopic
from storage import Database, insert_or_ignore, table_of

log = logging.getLogger(__name__)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")
LAST_WORDS = 200  # characters at the end of an overlong message that are taken for its question
LOGGED_TOPICS = 5  # best topics whose scores are kept with a question

# Every turn runs these: built once, and executed below the ORM, which would cost more than the work itself.
_CONVERSATIONS = table_of(ConversationRow)
_HERE = (_CONVERSATIONS.c.channel == bindparam("at_channel"), _CONVERSATIONS.c.person == bindparam("at_person"))
_LOOK = select(_CONVERSATIONS.c.state).where(*_HERE)
_LOCK = select(_CONVERSATIONS.c.id, _CONVERSATIONS.c.state).where(*_HERE).with_for_update()
_MEET = insert_or_ignore(ConversationRow, "channel", "person", "state", "updated_at")
_REMEMBER = update(_CONVERSATIONS).where(_CONVERSATIONS.c.id == bindparam("conversation"))
_ASKED = insert(table_of(QuestionRow))


class Hearing(Protocol):
    """What turns a typed text into an understanding and a decision (`bot.answering.Answerer`)."""

    def begin(self, text: str) -> Callable[[str | None], Heard]:
        """Start; the result is called with the topic of the conversation and waits for what was heard."""
        ...


Pending = Callable[[str | None], Heard]


def new_turn_id() -> str:
    """Ten characters, unguessable enough to name a turn in a button."""
    return secrets.token_hex(5)


class Conversations:
    """All conversations of all channels. Safe for threads and for several processes on one database."""

    def __init__(
        self,
        database: Database,
        hearing: Hearing,
        content: Callable[[], Content],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        directory: Callable[[Session, Place, str | None], Directory | None] = lambda _session, _place, _commune: None,
        learners: Learners | None = None,
        procedures: Callable[[], ProcedureBook] = lambda: EMPTY_BOOK,
    ) -> None:
        self._database = database
        self._hearing = hearing
        self._content = content
        self._clock = clock
        self._directory = directory
        self._learners = learners or Learners()
        self._procedures = procedures

    def converse(self, incoming: Incoming) -> tuple[Outgoing, ...]:
        """Answer at once, for channels that wait for the reply (web, terminal).

        A repeated message id changes nothing and gets the replies it got before.
        """
        incoming = self.sanitised(incoming)
        pending = self._begin(incoming)  # runs while the transaction is opened and the state is read
        with self._database.session() as session:
            inbox_id = delivery.claim(session, incoming, done=True)
            if inbox_id is None:
                return delivery.replies_to(session, incoming)
            return self._turn(session, inbox_id, incoming, pending, answered_at_once=True)

    def receive(self, incoming: Incoming) -> bool:
        """Claim a platform's message to be worked on later; False when it had been claimed before."""
        incoming = self.sanitised(incoming)
        with self._database.session() as session:
            return delivery.claim(session, incoming) is not None

    def sanitised(self, incoming: Incoming) -> Incoming:
        """The message as it may be kept: personal numbers hidden, NUL and overlong text cut (PostgreSQL refuses NUL).

        Digits that answer the question on the screen stay, though they look like a code. What is sanitised stays as it is.
        """
        if incoming.text is None or (several(incoming.text) and fits_choices(self._state(incoming), incoming.text)):
            return incoming
        return replace(incoming, text=mask(_cut(incoming.text.replace("\0", ""))).text)

    def _state(self, incoming: Incoming) -> State:
        here = {"at_channel": incoming.channel, "at_person": incoming.person}
        with self._database.reading() as session:
            return State.from_json(session.connection().execute(_LOOK, here).scalar())

    def work_once(self) -> bool:
        """Work on the next received message; False when none waits. A message that keeps failing is set aside."""
        received: delivery.Received | None = None
        try:
            with self._database.session() as session:
                received = delivery.next_received(session)
                if received is None:
                    return False
                self._turn(session, received.inbox_id, received.incoming, None, answered_at_once=False)
                delivery.finish(session, received.inbox_id)
        except Exception as error:
            if received is None:
                raise
            log.exception("inbox message %s could not be worked on", received.inbox_id)
            with self._database.session() as session:
                if delivery.note_failure(session, received.inbox_id, type(error).__name__):
                    self._apologise(session, received)
        return True

    def _apologise(self, session: Session, received: delivery.Received) -> None:
        """Nobody is left without an answer. Fixed words: whatever failed may fail again."""
        voice, place = Voice(Profile()), Place(received.incoming.channel, received.incoming.person)
        sorry = Outgoing(voice.say("ask.broken"), (Button(voice.label("label.home"), HOME),))
        delivery.post(session.connection(), place, received.inbox_id, (sorry,), self._clock(), sent=False)

    def _begin(self, incoming: Incoming) -> Pending | None:
        """Start understanding a text, unless it is surely a button or a number of the menu."""
        text = incoming.text or ""
        return self._hearing.begin(text) if not incoming.payload and len(text.strip()) > 2 else None

    def _hear(self, state: State, incoming: Incoming, pending: Pending | None, now: datetime) -> Heard | None:
        if incoming.text is None or not needs_hearing(state, incoming):
            return None
        if len(incoming.text) > MAX_TEXT:
            return _heard_at_length(self._hearing, incoming.text, state.topic_id)
        text = burst.joined(state, incoming.text, now)
        begun = pending if text == incoming.text else None
        return (begun or self._hearing.begin(text))(state.topic_id)

    def _turn(
        self, session: Session, inbox_id: int, incoming: Incoming, pending: Pending | None, *, answered_at_once: bool
    ) -> tuple[Outgoing, ...]:
        place, now = Place(incoming.channel, incoming.person), self._clock()
        link = session.connection()  # once: asking the session for it costs as much as a small statement
        conversation_id, stored = _lock_conversation(link, place, now)
        state = State.from_json(stored)
        payload = commands.read(state, incoming)
        learner = self._learners.look(session, place, state, payload, now)
        around = self._directory(session, place, told_commune(payload) or state.profile.commune)
        world = World(self._content(), now, new_turn_id(), around, learner, procedures=self._procedures())
        heard = self._hear(state, incoming, pending, now)  # last: the embedding has been running meanwhile
        if learner is None and (asked := asked_for(heard)):
            learner = self._learners.look(session, place, state, asked, now)
            world = replace(world, learner=learner)
        turn = step(state, incoming, heard, world, ALL_FLOWS)
        remembered = {"conversation": conversation_id, "state": turn.state.to_json(), "updated_at": now}
        link.execute(_REMEMBER, remembered)
        for fact in turn.facts:
            _store(session, fact, conversation_id, place, now)
        self._learners.keep(session, place, learner, turn.facts, now)
        delivery.post(link, place, inbox_id, turn.replies, now, sent=answered_at_once)
        return turn.replies


def _cut(text: str) -> str:
    """The beginning and the end of a text too long to keep; what was cut stays as it is."""
    return text if len(text) <= 2 * MAX_TEXT else f"{text[: MAX_TEXT - 2]} … {text[1 - MAX_TEXT :]}"


def _heard_at_length(hearing: Hearing, text: str, topic_id: str | None) -> Heard:
    """A text too long to be read whole: a danger at either end counts, the question is what stands last."""
    whole = hearing.begin(text)(topic_id)
    if whole.understanding.urgency:
        return whole
    end = hearing.begin(_last_sentence(text))(topic_id)
    said = replace(end.understanding, masked=whole.understanding.masked, personal=whole.understanding.personal)
    return Heard(said, end.decision)


def _last_sentence(text: str) -> str:
    """What stands last, at most `LAST_WORDS` characters of it and without a word cut in two."""
    last = text.rstrip()[-LAST_WORDS:].split(maxsplit=1)[-1]
    sentences = [each for each in _SENTENCE_ENDS.split(last) if len(each.split()) > 2]
    return sentences[-1] if sentences else last


def _lock_conversation(link: Connection, place: Place, now: datetime) -> tuple[int, str]:
    """The conversation's id and stored state, locked until the transaction ends; made at first contact."""
    here = {"at_channel": place.channel, "at_person": place.person}
    found = link.execute(_LOCK, here).first()
    if found is None:
        new = {"channel": place.channel, "person": place.person, "state": "{}", "updated_at": now}
        link.execute(_MEET, new)
        found = link.execute(_LOCK, here).one()
    return found[0], found[1]


def _store(session: Session, fact: Fact, conversation_id: int, place: Place, now: datetime) -> None:
    match fact:
        case QuestionAsked():
            session.connection().execute(_ASKED, _question(fact, conversation_id, place, now))
        case Feedback(turn_id, value, reason):
            session.execute(insert(FeedbackRow).values(turn_id=turn_id, value=value.value, reason=reason, at=now))
        case HumanRequested(topic_id):
            session.execute(insert(HumanRequestRow).values(conversation_id=conversation_id, topic_id=topic_id, at=now))
        case ConversationErased():
            _erase(session, conversation_id, place)


def _question(fact: QuestionAsked, conversation_id: int, place: Place, now: datetime) -> dict[str, object]:
    values = {field.name: getattr(fact, field.name) for field in fields(fact)}
    found = [{"code": procedure.code, "score": round(procedure.score, 5)} for procedure in values.pop("procedures")]
    ranked = [_scores(topic) for topic in fact.topics[:LOGGED_TOPICS]]
    values["topics"] = {"ranked": ranked, **({"procedures": found} if found else {})}
    return values | {"conversation_id": conversation_id, "channel": place.channel, "asked_at": now}


def _scores(topic: ScoredTopic) -> dict[str, object]:
    """By hand: `dataclasses.asdict` copies deeply, which takes longer than the insert."""
    scores = {"score": topic.score, "dense": topic.dense, "lexical": topic.lexical}
    return {"topic_id": topic.topic_id, "covered": topic.covered, **{name: round(value, 5) for name, value in scores.items()}}


def _erase(session: Session, conversation_id: int, place: Place) -> None:
    """Delete what is kept about the person: questions, feedback, replies. The conversation itself stays, emptied by the turn."""
    turns = select(QuestionRow.turn_id).where(QuestionRow.conversation_id == conversation_id)
    session.execute(delete(FeedbackRow).where(FeedbackRow.turn_id.in_(turns)))
    session.execute(delete(QuestionRow).where(QuestionRow.conversation_id == conversation_id))
    session.execute(delete(HumanRequestRow).where(HumanRequestRow.conversation_id == conversation_id))
    here = (OutboxRow.channel == place.channel, OutboxRow.person == place.person)
    session.execute(delete(OutboxRow).where(*here, OutboxRow.status.in_(("sent", "dead"))))
    mine = (InboxRow.channel == place.channel, InboxRow.person == place.person)
    session.execute(update(InboxRow).where(*mine, InboxRow.status == "done").values(body={}))
