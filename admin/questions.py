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
from knowledge.model import Body, Example, VariantKey
from knowledge.store import WorkflowError, publish, save_draft, variant_state

MOST: Final = 1000  # questions grouped at a time, the newest
SPAN: Final = timedelta(days=90)
CITIZENS: Final = "nguoi-dan"  # the writer of examples that were asked here
URGENT: Final = "urgent"  # somebody in danger: read first, also where the bot knew what to say
OPEN: Final = ("dont_know", "ask_back")
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `reasons` are among urgent, dont_know, ask_back and down; `topics` are what the bot thought of."""

    id: int
    text: str
    restored: str
    person: int | None
    reasons: tuple[str, ...]
    topics: tuple[str, ...]
    at: datetime


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
    def likely_topic(self) -> str:
        """The topic the bot thought of first most often, or empty."""
        firsts = [question.topics[0] for question in self.questions if question.topics]
        return max(firsts, key=firsts.count) if firsts else ""

    @property
    def wordings(self) -> list[str]:
        """The different ways it was put."""
        first: dict[str, str] = {}
        for question in self.questions:
            first.setdefault(fold(question.text), question.text)
        return list(first.values())


def open_questions(session: Session, now: datetime, reason: str = "") -> list[Asked]:
    """The newest questions nobody has dealt with; `reason` leaves only urgent, dont_know, ask_back or down."""
    disliked = _last_feedback_down()
    down = QuestionRow.turn_id.in_(disliked)
    urgent = QuestionRow.urgency.is_not(None)
    wanted = {"urgent": urgent, "down": down, **{kind: QuestionRow.decision == kind for kind in OPEN}}
    condition = wanted.get(reason, urgent | down | QuestionRow.decision.in_(OPEN))
    unseen = ~select(QuestionMarkRow.question_id).where(QuestionMarkRow.question_id == QuestionRow.id).exists()
    query = select(QuestionRow, down).where(condition, unseen, QuestionRow.asked_at > now - SPAN)
    rows = session.execute(query.order_by(QuestionRow.id.desc()).limit(MOST))
    return [_asked(row, bool(is_down)) for row, is_down in rows]


def _last_feedback_down() -> Select[tuple[str]]:
    """Turns whose last word was 👎: a later row supersedes an earlier."""
    last = select(func.max(FeedbackRow.id)).group_by(FeedbackRow.turn_id)
    return select(FeedbackRow.turn_id).where(FeedbackRow.id.in_(last), FeedbackRow.value == "down")


def _asked(row: QuestionRow, down: bool) -> Asked:
    danger = [URGENT] if row.urgency else []
    reasons = danger + ([row.decision] if row.decision in OPEN else []) + (["down"] if down else [])
    topics = tuple(str(topic["topic_id"]) for topic in row.topics.get("ranked", ()))
    return Asked(row.id, row.text_masked, row.restored, row.conversation_id, tuple(reasons), topics, row.asked_at)


def grouped(questions: Sequence[Asked], embed: Callable[[Sequence[str]], Vectors], threshold: float) -> list[Group]:
    """The questions by meaning: danger first, then the matter of most people. Equal wordings are embedded once."""
    texts = list(dict.fromkeys(question.restored or question.text for question in questions))
    if not texts:
        return []
    vectors = embed(texts)
    by_text: dict[str, list[Asked]] = {}
    for question in questions:
        by_text.setdefault(question.restored or question.text, []).append(question)
    found = []
    for rows in group(vectors, threshold):
        first = most_typical(vectors, rows)
        ordered = [first, *(row for row in rows if row != first)]
        found.append(_group([question for row in ordered for question in by_text[texts[row]]]))
    return sorted(found, key=lambda one: (URGENT not in one.reasons, -one.people, -len(one.questions), one.questions[0].id))


def _group(questions: list[Asked]) -> Group:
    return Group(tuple(questions), len({question.person for question in questions}))


def mark(session: Session, ids: Sequence[int], action: str, actor: Actor, topic_id: str | None = None) -> list[str]:
    """Note questions as dealt with; those already marked stay as they are. Returns the texts newly marked."""
    known = set(session.scalars(select(QuestionMarkRow.question_id).where(QuestionMarkRow.question_id.in_(ids))))
    rows = session.scalars(select(QuestionRow).where(QuestionRow.id.in_(ids), QuestionRow.id.not_in(known))).all()
    for row in rows:
        session.add(QuestionMarkRow(question_id=row.id, action=action, topic_id=topic_id, actor=actor.name))
    return [row.text_masked for row in rows]


def dismiss(session: Session, ids: Sequence[int], actor: Actor) -> int:
    """Put questions aside; returns how many."""
    texts = mark(session, ids, "dismissed", actor)
    audit.record(session, actor.name, "queue.dismiss", f"{len(texts)} câu hỏi", before="; ".join(texts))
    return len(texts)


def add_example(session: Session, topic_id: str, example: str, ids: Sequence[int], actor: Actor, *, live: bool) -> bool:
    """Make a question an example of a topic's Vietnamese text; True when it is published with it.

    live: publish at once, which only happens when nobody else has a draft there. Raises WorkflowError
    when the topic has no text or the example is empty or there already.
    """
    key, example = VariantKey(topic_id=topic_id), " ".join(example.split())
    state = variant_state(session, key)
    if state is None or (state.published is None and state.draft is None):
        raise WorkflowError("chủ đề này chưa có nội dung")
    body = with_example(state.body, example)
    save_draft(session, key, body, actor.full_name, note=f"thêm câu hỏi mẫu: {example}", base=state.latest_number)
    published = live and state.draft is None
    if published:
        publish(session, key, actor.full_name, note=f"thêm câu hỏi mẫu: {example}")
    mark(session, ids, "example", actor, topic_id)
    audit.record(session, actor.name, "queue.example", str(key), after=f"{example} ({'xuất bản' if published else 'nháp'})")
    return published


def with_example(body: Body, example: str) -> Body:
    """The body with one more example. Raises WorkflowError for an empty or repeated one."""
    examples = body.examples or ()
    if not example:
        raise WorkflowError("câu hỏi mẫu còn trống")
    if example.lower() in {one.text.lower() for one in examples}:
        raise WorkflowError("câu này đã là câu hỏi mẫu của chủ đề")
    return body.model_copy(update={"examples": (*examples, Example(text=example, writer=CITIZENS))})
