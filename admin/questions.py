"""Questions the bot could not settle: read for the curators, grouped by meaning, ordered by people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from admin import audit
from admin.grouping import group, most_typical
from admin.permissions import Actor
from admin.tables import QuestionMarkRow
from bot.tables import FeedbackRow, QuestionRow
from knowledge.check_examples import fold

MOST: Final = 1000  # questions grouped at a time, the newest
SPAN: Final = timedelta(days=90)
URGENT: Final = "urgent"  # somebody in danger, who was told what to do at once: a list of its own
DOWN: Final = "down"
ANSWERED: Final = "answered"  # without a doubt or a complaint: where a sure and wrong answer hides
OPEN: Final = ("dont_know", "ask_back")
SHOWN: Final = ("answer", "procedure")
GUESSES: Final = 3
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `reasons` are among urgent, dont_know, ask_back, answered and down; `topics` are what the bot thought of."""

    id: int
    text: str
    restored: str
    person: int | None
    reasons: tuple[str, ...]
    topics: tuple[str, ...]
    decision: str
    at: datetime

    @property
    def wording(self) -> str:
        """The same for everybody who put it so, accents aside."""
        return fold(self.text)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one meaning, the most typical first. `people` counts distinct conversations."""

    questions: tuple[Asked, ...]
    people: int

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why they are here."""
        return tuple(dict.fromkeys(reason for question in self.questions for reason in question.reasons))

    @property
    def urgent(self) -> bool:
        """Whether somebody was in danger: such questions teach the bot nothing about ordinary topics."""
        return URGENT in self.reasons

    @property
    def guesses(self) -> tuple[str, ...]:
        """The topics the bot thought of, those it thought of first most often in front."""
        firsts = [question.topics[0] for question in self.questions if question.topics]
        first = sorted(dict.fromkeys(firsts), key=firsts.count, reverse=True)
        others = (topic for question in self.questions for topic in question.topics)
        return tuple(dict.fromkeys([*first, *others]))[:GUESSES]

    @property
    def likely_topic(self) -> str:
        """The topic to propose, or empty: the bot must have come near enough to offer it, for most of these questions."""
        offered = [q.topics[0] for q in self.questions if q.decision == "ask_back" and q.topics and DOWN not in q.reasons]
        best = max(offered, key=offered.count, default="")
        return best if not self.urgent and offered.count(best) * 2 > len(self.questions) else ""

    @property
    def procedures(self) -> bool:
        """Whether official procedures were shown."""
        return any(question.decision == "procedure" for question in self.questions)

    @property
    def wordings(self) -> list[str]:
        """The different ways it was put."""
        first: dict[str, str] = {}
        for question in self.questions:
            first.setdefault(question.wording, question.text)
        return list(first.values())


def open_questions(session: Session, now: datetime, reason: str = "") -> list[Asked]:
    """The newest questions nobody has dealt with.

    reason: urgent, dont_know, ask_back, down or answered; without one, all that were not settled, danger aside.
    """
    down, calm = QuestionRow.turn_id.in_(_last_feedback_down()), QuestionRow.urgency.is_(None)
    wanted = {
        URGENT: ~calm,
        DOWN: down,
        ANSWERED: calm & ~down & QuestionRow.decision.in_(SHOWN),
        **{kind: calm & (QuestionRow.decision == kind) for kind in OPEN},
    }
    condition = wanted.get(reason, calm & (down | QuestionRow.decision.in_(OPEN)))
    unseen = ~select(QuestionMarkRow.question_id).where(QuestionMarkRow.question_id == QuestionRow.id).exists()
    query = select(QuestionRow, down).where(condition, unseen, QuestionRow.asked_at > now - SPAN)
    rows = session.execute(query.order_by(QuestionRow.id.desc()).limit(MOST))
    return [_asked(row, bool(is_down)) for row, is_down in rows]


def _last_feedback_down() -> Select[tuple[str]]:
    """Turns whose last word was 👎: a later row supersedes an earlier."""
    last = select(func.max(FeedbackRow.id)).group_by(FeedbackRow.turn_id)
    return select(FeedbackRow.turn_id).where(FeedbackRow.id.in_(last), FeedbackRow.value == "down")


def _asked(row: QuestionRow, down: bool) -> Asked:
    settled = [] if down else [ANSWERED]
    why = [URGENT] if row.urgency else [row.decision] if row.decision in OPEN else settled
    topics = tuple(str(topic["topic_id"]) for topic in row.topics.get("ranked", ()))
    reasons = tuple(why + ([DOWN] if down else []))
    return Asked(row.id, row.text_masked, row.restored, row.conversation_id, reasons, topics, row.decision, row.asked_at)


def grouped(questions: Sequence[Asked], embed: Callable[[Sequence[str]], Vectors], threshold: float) -> list[Group]:
    """The questions by meaning: danger first, never mixed with what is calm; then the matter of most people."""
    danger = [question for question in questions if URGENT in question.reasons]
    calm = [question for question in questions if URGENT not in question.reasons]
    found = [one for part in (danger, calm) if part for one in _by_meaning(part, embed, threshold)]
    return sorted(found, key=lambda one: (not one.urgent, -one.people, -len(one.questions), one.questions[0].id))


def _by_meaning(questions: Sequence[Asked], embed: Callable[[Sequence[str]], Vectors], threshold: float) -> list[Group]:
    """Equal wordings, accents aside, belong together and are embedded once, by the one with most accents."""
    by_wording: dict[str, list[Asked]] = {}
    for question in questions:
        by_wording.setdefault(question.wording, []).append(question)
    wordings = list(by_wording.values())
    vectors = embed([_clearest(same) for same in wordings])
    found = []
    for rows in group(vectors, threshold):
        first = most_typical(vectors, rows)
        ordered = [first, *(row for row in rows if row != first)]
        found.append(_group([question for row in ordered for question in wordings[row]]))
    return found


def _clearest(same: Sequence[Asked]) -> str:
    best = max(same, key=lambda question: sum(not letter.isascii() for letter in question.text))
    return best.restored or best.text


def _group(questions: list[Asked]) -> Group:
    return Group(tuple(questions), len({question.person for question in questions}))


def mark(
    session: Session, ids: Sequence[int], action: str, actor: Actor, topic_id: str | None = None, revision_id: int | None = None
) -> list[str]:
    """Note questions as dealt with; those already marked stay as they are. Returns the texts newly marked."""
    known = set(session.scalars(select(QuestionMarkRow.question_id).where(QuestionMarkRow.question_id.in_(ids))))
    rows = session.scalars(select(QuestionRow).where(QuestionRow.id.in_(ids), QuestionRow.id.not_in(known))).all()
    for row in rows:
        marked = QuestionMarkRow(question_id=row.id, action=action, topic_id=topic_id, revision_id=revision_id, actor=actor.name)
        session.add(marked)
    return [row.text_masked for row in rows]


def dismiss(session: Session, ids: Sequence[int], actor: Actor) -> int:
    """Put questions aside; returns how many."""
    texts = mark(session, ids, "dismissed", actor)
    audit.record(session, actor.name, "queue.dismiss", f"{len(texts)} câu hỏi", before="; ".join(texts))
    return len(texts)
