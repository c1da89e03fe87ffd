"""A citizen's question becomes an example question of a topic, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from admin import audit
from admin.permissions import Actor
from admin.questions import mark
from admin.tables import QuestionMarkRow
from bot.tables import QuestionRow
from knowledge.model import Body, Example, VariantKey
from knowledge.store import Revision, VariantState, WorkflowError, discard_draft, publish, revision, save_draft, variant_state

CITIZENS: Final = "nguoi-dan"  # the writer of examples that were asked here
ADDED: Final = "thêm câu hỏi mẫu: "  # begins the note of the revision that holds the example
REMOVED: Final = "gỡ câu hỏi mẫu: "
URGENT_WHY: Final = (
    "Câu khẩn cấp không thêm được làm câu hỏi mẫu: câu mẫu sẽ kéo lời kêu cứu giống thế vào một bài hướng dẫn thường. "
    "Bot nhận ra nguy hiểm bằng bộ dấu hiệu riêng và đưa ngay việc cần làm. Nếu đây là báo nhầm, xin báo nhóm kỹ thuật."
)


class Refused(WorkflowError):
    """Not to be done; the message says why, to the curator."""


@dataclass(frozen=True, slots=True)
class Added:
    """A question that was made an example. `newest`: nobody has changed the text since, so that it can be taken back."""

    topic_id: str
    example: str
    revision: Revision
    published: bool
    newest: bool


def add_example(
    session: Session,
    topic_id: str,
    example: str,
    ids: Sequence[int],
    actor: Actor,
    *,
    live: bool,
    in_danger: Callable[[str], bool],
) -> Added:
    """Make a question an example of a topic's Vietnamese text.

    live: publish at once, which only happens when nobody else has a draft there. Raises Refused for somebody's cry for
    help (by how it was heard then, or as it is worded now) and when the example is empty or there already.
    """
    key, example = VariantKey(topic_id=topic_id), " ".join(example.split())
    if _was_urgent(session, ids) or in_danger(example):
        raise Refused(URGENT_WHY)
    state = variant_state(session, key)
    if state is None or (state.published is None and state.draft is None):
        raise Refused("Chủ đề này chưa có nội dung.")
    note = f"{ADDED}{example}"
    saved = save_draft(session, key, with_example(state.body, example), actor.full_name, note=note, base=state.latest_number)
    published = live and state.draft is None
    if published:
        publish(session, key, actor.full_name, note=note)
    mark(session, ids, "example", actor, topic_id, saved.id)
    audit.record(session, actor.name, "queue.example", str(key), after=f"{example} ({'xuất bản' if published else 'nháp'})")
    return Added(topic_id, example, saved, published, newest=True)


def _was_urgent(session: Session, ids: Sequence[int]) -> bool:
    return bool(session.scalar(select(exists().where(QuestionRow.id.in_(ids), QuestionRow.urgency.is_not(None)))))


def with_example(body: Body, example: str) -> Body:
    """The body with one more example. Raises Refused for an empty or repeated one."""
    examples = body.examples or ()
    if not example:
        raise Refused("Câu hỏi mẫu còn trống.")
    if example.lower() in {one.text.lower() for one in examples}:
        raise Refused("Câu này đã là câu hỏi mẫu của chủ đề.")
    return body.model_copy(update={"examples": (*examples, Example(text=example, writer=CITIZENS))})


def find_added(session: Session, topic_id: str, number: int) -> Added | None:
    """The example that revision added; None for a revision that is not of the queue's making."""
    key = VariantKey(topic_id=topic_id)
    state = variant_state(session, key)
    try:
        found = revision(session, key, number)
    except WorkflowError:
        return None
    if state is None or not found.note.startswith(ADDED):
        return None
    live = state.published is not None and state.published.number == number
    return Added(topic_id, found.note.removeprefix(ADDED), found, live, newest=state.latest_number == number)


def undo(session: Session, added: Added, actor: Actor) -> None:
    """Take the example out of the text again, published or draft as it was, and put its questions back into the queue.

    Raises Refused when somebody has changed the text since.
    """
    key = VariantKey(topic_id=added.topic_id)
    state = variant_state(session, key)
    if state is None or state.latest_number != added.revision.number:
        raise Refused("Sau đó đã có người sửa bài này. Xin mở bài rồi bỏ câu hỏi mẫu ở đó.")
    _take_out(session, state, added, actor)
    session.execute(delete(QuestionMarkRow).where(QuestionMarkRow.revision_id == added.revision.id))
    audit.record(session, actor.name, "queue.undo", str(key), before=added.example)


def _take_out(session: Session, state: VariantState, added: Added, actor: Actor) -> None:
    kept = tuple(example for example in state.body.examples or () if example.text != added.example)
    body, note = state.body.model_copy(update={"examples": kept}), f"{REMOVED}{added.example}"
    if state.draft and state.published and body == state.published.body:
        discard_draft(session, state.key, actor.full_name, note)
        return
    save_draft(session, state.key, body, actor.full_name, note=note, base=state.latest_number)
    if state.draft is None:
        publish(session, state.key, actor.full_name, note=note)
