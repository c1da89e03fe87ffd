"""The workflow of variants: draft → review → published, with every step on record.

All functions work inside the caller's transaction. What changes the citizens' texts also
raises `content_state.version`, so that every process notices within its next poll.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from knowledge.model import Aspect, Body, Level, Status, Topic, VariantKey, checksum_of
from knowledge.published import BASE_LANGUAGE
from knowledge.tables import ContentStateRow, RevisionRow, TopicRow, VariantEventRow, VariantRow


class WorkflowError(ValueError):
    """The step is not possible from where the variant stands; the message says why."""


class Conflict(WorkflowError):
    """Someone else saved a newer revision since the editor opened this one."""


@dataclass(frozen=True)
class Revision:
    """One saved state of a variant; `number` counts from 1 within the variant, `id` over all."""

    id: int
    number: int
    body: Body
    author: str
    note: str
    substantive: bool
    created_at: datetime


@dataclass(frozen=True)
class VariantState:
    """Where a variant stands: what citizens read, what is in work, and who vouches for it."""

    key: VariantKey
    status: Status
    published: Revision | None
    draft: Revision | None
    latest_number: int
    confirmed_by: str | None
    confirmed_on: date | None
    curated: bool

    @property
    def body(self) -> Body:
        """What an editor starts from: the draft, else the published text, else nothing."""
        revision = self.draft or self.published
        return revision.body if revision else Body()


@dataclass(frozen=True)
class HistoryEntry:
    """One step of the workflow: saved, submitted, returned, published, rolled_back, confirmed, outdated …"""

    action: str
    actor: str
    note: str
    at: datetime
    revision: Revision


def variant_keys(session: Session) -> list[VariantKey]:
    """The keys of all variants, by topic, language and level."""
    rows = session.scalars(select(VariantRow).order_by(VariantRow.topic_id, VariantRow.language, VariantRow.level.desc()))
    return [_key(row) for row in rows]


def variant_state(session: Session, key: VariantKey) -> VariantState | None:
    """Where that variant stands, or None if nobody has written it yet."""
    row = _find(session, key)
    if row is None:
        return None
    return VariantState(
        key=key,
        status=Status(row.status),
        published=_revision(session, row.published_revision_id),
        draft=_revision(session, row.draft_revision_id),
        latest_number=_latest_number(session, row),
        confirmed_by=row.confirmed_by,
        confirmed_on=row.confirmed_on,
        curated=row.curated,
    )


def history(session: Session, key: VariantKey) -> list[HistoryEntry]:
    """Everything that happened to a variant, newest first."""
    found = session.execute(
        select(VariantEventRow, RevisionRow)
        .join(RevisionRow, VariantEventRow.revision_id == RevisionRow.id)
        .where(VariantEventRow.variant_id == _need(session, key).id)
        .order_by(VariantEventRow.id.desc())
    )
    return [HistoryEntry(e.action, e.actor, e.note, e.at, _value(revision)) for e, revision in found]


def revision(session: Session, key: VariantKey, number: int) -> Revision:
    """That revision of the variant. Raises WorkflowError if there is none."""
    query = select(RevisionRow).where(RevisionRow.variant_id == _need(session, key).id, RevisionRow.number == number)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise WorkflowError(f"{key} has no revision {number}")
    return _value(row)


def save_topic(session: Session, topic: Topic) -> None:
    """Add a topic or change what its variants share; live at once."""
    row = session.get(TopicRow, topic.id) or TopicRow(id=topic.id)
    values = topic.model_dump(mode="json")
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    bump_version(session)


def topic_value(row: TopicRow) -> Topic:
    """The topic that row holds."""
    return Topic(id=row.id, area=row.area, skills=tuple(row.skills), audience=tuple(row.audience), related=tuple(row.related))


def save_draft(
    session: Session,
    key: VariantKey,
    body: Body,
    author: str,
    *,
    note: str = "",
    substantive: bool = False,
    base: int | None = None,
) -> Revision:
    """Save an editor's text as a new revision, hidden from citizens.

    base: number of the revision the editor started from; raises Conflict if there is a newer
    one by now. substantive: the meaning changed, so that publishing makes the other variants outdated.
    """
    row = _locked(session, key) or _new_variant(session, key)
    latest = _latest_number(session, row)
    if base is not None and base != latest:
        raise Conflict(f"{key}: revision {latest} was saved since revision {base} was opened")
    saved = _add_revision(session, row, body, author, note, substantive)
    row.draft_revision_id, row.status, row.curated = saved.id, Status.DRAFT.value, True
    _record(session, row, saved.id, "saved", author, note)
    return _value(saved)


def submit(session: Session, key: VariantKey, author: str, note: str = "") -> None:
    """Ask for a review of the draft. Raises WorkflowError if there is none."""
    row, draft = _with_draft(session, key)
    row.status = Status.IN_REVIEW.value
    _record(session, row, draft, "submitted", author, note)


def return_to_editor(session: Session, key: VariantKey, reviewer: str, note: str) -> None:
    """Send a draft in review back, saying why. Raises WorkflowError if it is not in review."""
    row, draft = _with_draft(session, key)
    if row.status != Status.IN_REVIEW.value:
        raise WorkflowError(f"{key} is not in review")
    row.status = Status.DRAFT.value
    _record(session, row, draft, "returned", reviewer, note)


def discard_draft(session: Session, key: VariantKey, actor: str, note: str = "") -> None:
    """Drop the draft; its revision stays in the history. Raises WorkflowError if there is none.

    A text that is then as it was shipped, and confirmed by nobody, follows the files again.
    """
    row, draft = _with_draft(session, key)
    row.draft_revision_id = None
    row.status = _settled_status(row)
    published = _revision(session, row.published_revision_id)
    if published and not row.confirmed_by and checksum_of(published.body) == row.shipped_checksum:
        row.curated = False
    _record(session, row, draft, "discarded", actor, note)


def publish(session: Session, key: VariantKey, reviewer: str, *, note: str = "", confirm_on: date | None = None) -> Revision:
    """Make the draft what citizens read, from the next poll of every process on.

    confirm_on: the reviewer vouches for the whole text by name on that day; without it a
    substantive change ends an earlier confirmation. Raises WorkflowError without a complete draft.
    """
    row, draft = _with_draft(session, key)
    live = _go_live(session, row, draft, "published", reviewer, note)
    if confirm_on is not None:
        _set_confirmed(session, row, reviewer, confirm_on)
    return live


def rollback(session: Session, key: VariantKey, number: int, actor: str, note: str = "") -> Revision:
    """Publish an earlier text again, as a new revision; a draft in work is kept. Raises WorkflowError if there is none."""
    earlier = revision(session, key, number)
    row = _need(session, key, lock=True)
    said = note or f"back to revision {number}"
    again = _add_revision(session, row, earlier.body, actor, said, earlier.substantive)
    draft, status, row.curated = row.draft_revision_id, row.status, True
    live = _go_live(session, row, again.id, "rolled_back", actor, said)
    if draft is not None:
        row.draft_revision_id, row.status = draft, status
    return live


def confirm(session: Session, key: VariantKey, name: str, on: date) -> None:
    """A publisher vouches for the published text by name. Raises WorkflowError if nothing is published."""
    row = _need(session, key, lock=True)
    if row.published_revision_id is None:
        raise WorkflowError(f"{key} is not published, so there is nothing to confirm")
    row.curated = True
    _set_confirmed(session, row, name, on)
    bump_version(session)


def mark_current(session: Session, key: VariantKey, actor: str, note: str = "") -> None:
    """An outdated variant was looked at and still holds. Raises WorkflowError if it is not outdated."""
    row = _need(session, key, lock=True)
    if not row.outdated or row.published_revision_id is None:
        raise WorkflowError(f"{key} is not outdated")
    row.outdated = False
    row.status = _settled_status(row) if row.draft_revision_id is None else row.status
    _record(session, row, row.published_revision_id, "still_current", actor, note)
    bump_version(session)


def content_version(session: Session) -> int:
    """The number of the last publishing transaction; one indexed row, cheap enough to poll every second."""
    return session.scalar(select(ContentStateRow.version)) or 0


def bump_version(session: Session) -> None:
    """Tell every process that citizens' texts change with this transaction."""
    session.execute(update(ContentStateRow).values(version=ContentStateRow.version + 1))


def ship(session: Session, key: VariantKey, body: Body, author: str, checksum: str, *, live: bool) -> bool:
    """Take over a text from the shipped files, published if live, else as a draft; False if people own the text."""
    row = _locked(session, key) or _new_variant(session, key)
    if row.curated:
        return False
    shipped = _add_revision(session, row, body, author, "from the content files", False)
    row.shipped_checksum = checksum
    if live:
        _set_confirmed(session, row, None, None)
        _go_live(session, row, shipped.id, "published", author, shipped.note)
    else:
        row.draft_revision_id = shipped.id
        _record(session, row, shipped.id, "saved", author, shipped.note)
    return True


def _go_live(session: Session, row: VariantRow, revision_id: int, action: str, actor: str, note: str) -> Revision:
    live = session.get_one(RevisionRow, revision_id)
    _check_complete(row, Body.model_validate(live.body))
    caught_up, row.outdated = row.outdated, False
    replaces = row.published_revision_id is not None
    row.published_revision_id, row.draft_revision_id, row.status = live.id, None, Status.PUBLISHED.value
    _record(session, row, live.id, action, actor, note)
    if live.substantive and replaces:
        row.confirmed_by = row.confirmed_on = None
        if not caught_up:
            _outdate_others(session, row, actor)
    bump_version(session)
    return _value(live)


def _check_complete(row: VariantRow, body: Body) -> None:
    """Everything inherits from the Vietnamese standard text, so that one has to say all."""
    if (row.language, row.level) != (BASE_LANGUAGE, Level.STANDARD.value):
        return
    needed = ("title", "short_title", "sources", "reviewed_on", "review_by")
    missing = [name for name in needed if not getattr(body, name)]
    missing += [aspect.value for aspect in (Aspect.SUMMARY, Aspect.STEPS) if not body.section(aspect)]
    if missing:
        raise WorkflowError(f"{_key(row)} cannot be published without {', '.join(missing)}")


def _outdate_others(session: Session, row: VariantRow, actor: str) -> None:
    others = select(VariantRow).where(
        VariantRow.topic_id == row.topic_id, VariantRow.id != row.id, VariantRow.published_revision_id.is_not(None)
    )
    for other in session.scalars(others.with_for_update()):
        assert other.published_revision_id is not None
        other.outdated = True
        other.status = _settled_status(other) if other.draft_revision_id is None else other.status
        _record(session, other, other.published_revision_id, "outdated", actor, f"{_key(row)} changed in substance")


def _settled_status(row: VariantRow) -> str:
    """The status of a variant without a draft."""
    if row.published_revision_id is None:
        return Status.DRAFT.value
    return (Status.OUTDATED if row.outdated else Status.PUBLISHED).value


def _set_confirmed(session: Session, row: VariantRow, name: str | None, on: date | None) -> None:
    row.confirmed_by, row.confirmed_on = name, on
    if name is not None and row.published_revision_id is not None:
        _record(session, row, row.published_revision_id, "confirmed", name, "")


def _with_draft(session: Session, key: VariantKey) -> tuple[VariantRow, int]:
    row = _need(session, key, lock=True)
    if row.draft_revision_id is None:
        raise WorkflowError(f"{key} has no draft")
    return row, row.draft_revision_id


def _need(session: Session, key: VariantKey, *, lock: bool = False) -> VariantRow:
    row = _locked(session, key) if lock else _find(session, key)
    if row is None:
        raise WorkflowError(f"{key} does not exist")
    return row


def _find(session: Session, key: VariantKey) -> VariantRow | None:
    return session.scalars(_by_key(key)).one_or_none()


def _locked(session: Session, key: VariantKey) -> VariantRow | None:
    return session.scalars(_by_key(key).with_for_update().execution_options(populate_existing=True)).one_or_none()


def _by_key(key: VariantKey) -> Select[tuple[VariantRow]]:
    return select(VariantRow).where(
        VariantRow.topic_id == key.topic_id, VariantRow.language == key.language, VariantRow.level == key.level.value
    )


def _new_variant(session: Session, key: VariantKey) -> VariantRow:
    if session.get(TopicRow, key.topic_id) is None:
        raise WorkflowError(f"there is no topic {key.topic_id}")
    row = VariantRow(topic_id=key.topic_id, language=key.language, level=key.level.value)
    session.add(row)
    session.flush()
    return row


def _add_revision(session: Session, row: VariantRow, body: Body, author: str, note: str, substantive: bool) -> RevisionRow:
    added = RevisionRow(
        variant_id=row.id,
        number=_latest_number(session, row) + 1,
        body=body.model_dump(mode="json", exclude_none=True),
        author=author,
        note=note,
        substantive=substantive,
    )
    session.add(added)
    session.flush()
    return added


def _latest_number(session: Session, row: VariantRow) -> int:
    return session.scalar(select(func.max(RevisionRow.number)).where(RevisionRow.variant_id == row.id)) or 0


def _record(session: Session, row: VariantRow, revision_id: int, action: str, actor: str, note: str) -> None:
    session.add(VariantEventRow(variant_id=row.id, revision_id=revision_id, action=action, actor=actor, note=note))
    session.flush()


def _revision(session: Session, revision_id: int | None) -> Revision | None:
    return None if revision_id is None else _value(session.get_one(RevisionRow, revision_id))


def _value(row: RevisionRow) -> Revision:
    body = Body.model_validate(row.body)
    return Revision(row.id, row.number, body, row.author, row.note, row.substantive, row.created_at)


def _key(row: VariantRow) -> VariantKey:
    return VariantKey(topic_id=row.topic_id, language=row.language, level=Level(row.level))
