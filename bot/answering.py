"""From a typed text to what the engine needs to know of it: understanding, then retrieval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.keeping import goes_on
from bot.turn import Heard
from nlu.masking import LABELS
from nlu.understanding import Intent, Understander, Understanding
from retrieval.decision import Decision, Kind, ScoredProcedure, ScoredTopic
from retrieval.evaluate import Outcome
from retrieval.procedures.decide import Verdict
from retrieval.procedures.search import ProcedureSearch
from retrieval.queries import Query
from retrieval.retriever import Question, Retriever, Started

FEW = 4  # words beside a personal number that ask for nothing: "số căn cước … sđt …"
ASKS = frozenset({Intent.question})  # intents that are looked up; all others are small talk or commands


class Answerer:
    """Understanding and retrieval behind one call. `understander` and `procedures` may be swapped when the content changes.

    `procedures` searches the imported official procedures, the second source; None where there are none.
    """

    def __init__(self, understander: Understander, retriever: Retriever, procedures: ProcedureSearch | None = None) -> None:
        self.understander = understander
        self.retriever = retriever
        self.procedures = procedures

    def hear(self, text: str, topic_id: str | None = None) -> Heard:
        """`topic_id` is the topic the conversation is about, kept by a follow-up question."""
        return self.begin(text)(topic_id)

    def begin(self, text: str) -> Callable[[str | None], Heard]:
        """Start the search and understand meanwhile; the result, called with the topic at hand, waits for what was found.

        The search starts before it is known whether the text is a question at all: nearly all are, and it takes longest.
        """
        reading = self.understander.read(text)
        started = self.retriever.start(Question(reading.restored, reading.normal))
        understanding = self.understander.judge(reading)
        if understanding.intent not in ASKS and understanding.urgency is None:
            return lambda _topic_id: Heard(understanding, None)
        return lambda topic_id: self._heard(understanding, started, topic_id)

    def _heard(self, understanding: Understanding, started: Started, topic_id: str | None) -> Heard:
        if started.vector is not None:
            model_id = self.retriever.index.meta.model_id
            understanding = self.understander.reconsider(understanding, started.vector.result()[0], model_id)
            if understanding.intent not in ASKS and understanding.urgency is None:
                return Heard(understanding, None)
        return Heard(understanding, self._decide(understanding, started, topic_id))

    def _decide(self, understanding: Understanding, started: Started, topic_id: str | None) -> Decision:
        decision = keep_topic(understanding, started.decide(), topic_id, self._covers(topic_id))
        search = self.procedures
        if search is None or started.vector is None or not open_to_procedures(understanding, decision):
            return decision
        if not search.may_speak(started.question, decision):
            return decision
        return with_procedures(decision, search.look(started.question, started.vector.result(), decision))

    def _covers(self, topic_id: str | None) -> bool:
        return topic_id is not None and self.retriever.index.table.covers(topic_id)


def keep_topic(understanding: Understanding, decision: Decision, topic_id: str | None, covered: bool = True) -> Decision:
    """A question that cannot stand alone is about the topic at hand, whatever its few words resemble.

    So is one that would have to be asked back about, when the topic at hand is among the likely ones.

    `covered`: the topic at hand has content; without, there is still no answer, but it is known what about.
    """
    if topic_id is None or understanding.urgency is not None:
        return decision
    unsure_but_near = decision.kind is Kind.ASK_BACK and topic_id in decision.near
    if not unsure_but_near and not goes_on(understanding, decision, topic_id):
        return decision
    others = tuple(topic for topic in decision.topics if topic.topic_id != topic_id)
    found = next((topic for topic in decision.topics if topic.topic_id == topic_id), ScoredTopic(topic_id, 0.0, 0.0, 0.0))
    kind = Kind.ANSWER if covered else Kind.DONT_KNOW
    return replace(decision, kind=kind, topics=(replace(found, covered=covered), *others), kept_topic=topic_id, outside=False)


def open_to_procedures(understanding: Understanding, decision: Decision) -> bool:
    """Whether the second source may be looked at.

    Never in danger, never in place of the topic at hand, never to explain what a word means, and not for a message that is
    little more than a personal number.
    """
    if understanding.urgency is not None or decision.kept_topic is not None or understanding.aspect == "summary":
        return False
    return not understanding.personal or understanding.aspect is not None or len(_besides_numbers(understanding)) > FEW


def _besides_numbers(understanding: Understanding) -> list[str]:
    text = understanding.masked
    for label in LABELS.values():
        text = text.replace(label, " ")
    return text.split()


def with_procedures(decision: Decision, verdict: Verdict | None) -> Decision:
    """The decision with the procedures that were convincing; as it was when none is."""
    if verdict is None:
        return decision
    found = tuple(ScoredProcedure(procedure.code, procedure.score) for procedure in verdict.procedures)
    clear = verdict.clear and decision.kind is Kind.DONT_KNOW  # where topics are near, too, the person chooses
    outside = decision.kind is Kind.DONT_KNOW  # then what topics resemble is not worth offering
    return replace(decision, kind=Kind.PROCEDURE, procedures=found, clear=clear, confidence=verdict.confidence, outside=outside)


def outcome_of(heard: Heard) -> Outcome:
    """What `hocvuso eval` judges."""
    understanding, decision = heard.understanding, heard.decision
    urgent = understanding.urgency is not None
    if decision is None:
        return Outcome(Kind.CHAT, (), 0.0, urgent, understanding.aspect)
    topics = tuple(topic.topic_id for topic in decision.topics)
    procedures = tuple(procedure.code for procedure in decision.procedures)
    return Outcome(decision.kind, topics, decision.confidence, urgent, understanding.aspect, procedures)


def ask_query(answerer: Answerer, query: Query) -> Outcome:
    """Put one evaluation query through the path; a context question is asked first and its topic kept."""
    topic_id = None
    if query.context:
        before = answerer.hear(query.context).decision
        topic_id = before.best.topic_id if before and before.best else None
    return outcome_of(answerer.hear(query.text, topic_id))
