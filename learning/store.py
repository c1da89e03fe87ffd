"""Reading and writing learners. Everything happens in the caller's transaction; nothing commits by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.events import EVENT, AttemptFinished, Consented, Event, ItemAnswered
from learning.people import CONSENT_TEXT, MAX_PEOPLE, Person
from learning.record import Record, fold
from learning.tables import FamilyRow, LearnerPlaceRow, LearnerRow, LearningEventRow

CHANGEABLE = frozenset({"name", "address", "language", "level", "audience", "province", "commune"})
_SHOWN = ("id", "name", "address", "language", "level", "audience", "province", "commune", "guardian")


# Every turn asks this: built once, and executed below the ORM.
_COMMUNE = (
    select(LearnerRow.commune)
    .join(LearnerPlaceRow, LearnerPlaceRow.learner_id == LearnerRow.id)
    .where(LearnerPlaceRow.channel == bindparam("channel"), LearnerPlaceRow.person == bindparam("person"))
)


class TooManyPeople(ValueError):
    """The family has as many profiles as a phone may hold."""


def place_of(session: Session, channel: str, person: str) -> LearnerPlaceRow | None:
    """What is known about that conversation's learners, None where nothing is kept."""
    here = (LearnerPlaceRow.channel == channel, LearnerPlaceRow.person == person)
    return session.scalar(select(LearnerPlaceRow).where(*here))


def people_of(session: Session, family_id: int) -> tuple[Person, ...]:
    """The profiles of a family, the oldest first."""
    columns = [getattr(LearnerRow, name) for name in _SHOWN]
    rows = session.execute(
        select(*columns).where(LearnerRow.family_id == family_id).order_by(LearnerRow.consented_at, LearnerRow.id)
    )
    return tuple(Person(**row._mapping) for row in rows)


def locked_record(session: Session, learner_id: str) -> Record | None:
    """The learner's record, held until the transaction ends so that two apps cannot answer past each other.

    None for a learner who is not there (any more).
    """
    query = select(LearnerRow.record).where(LearnerRow.id == learner_id).with_for_update()
    found = session.execute(query).scalar_one_or_none()
    return None if found is None else Record.model_validate(found)


def commune_of(session: Session, channel: str, person: str) -> str | None:
    """The commune code of who learns in that conversation, None where unknown."""
    here = {"channel": channel, "person": person}
    return session.connection().execute(_COMMUNE, here).scalar_one_or_none()


def family_at(session: Session, channel: str, person: str, now: datetime) -> LearnerPlaceRow:
    """The conversation's place, with a new family where there was none. Safe when two processes come at once."""
    if found := place_of(session, channel, person):
        return found
    family = FamilyRow(created_at=now)
    session.add(family)
    session.flush()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = {"channel": channel, "person": person, "family_id": family.id}
    session.execute(dialect.insert(LearnerPlaceRow).values(new).on_conflict_do_nothing())
    made = place_of(session, channel, person)
    assert made is not None
    if made.family_id != family.id:
        session.delete(family)
    return made


def add_learner(session: Session, family_id: int, person: Person, now: datetime) -> Record:
    """A new profile after its consent, which becomes its first event.

    Raises:
        TooManyPeople: the family has MAX_PEOPLE profiles.
    """
    count = session.scalar(select(func.count()).select_from(LearnerRow).where(LearnerRow.family_id == family_id))
    if (count or 0) >= MAX_PEOPLE:
        raise TooManyPeople(family_id)
    shown = {name: getattr(person, name) for name in _SHOWN}
    kept = {"family_id": family_id, "consent_text": CONSENT_TEXT, "consented_at": now, "updated_at": now, "record": {}}
    session.execute(insert(LearnerRow).values(shown | kept))
    return append(session, person.id, Record(), [Consented(at=now, text=CONSENT_TEXT, guardian=person.guardian)])


def choose(session: Session, place: LearnerPlaceRow, learner_id: str | None) -> None:
    """Who of the family learns in that conversation now. A stranger's id changes nothing."""
    if learner_id is not None:
        mine = (LearnerRow.id == learner_id, LearnerRow.family_id == place.family_id)
        if session.scalar(select(LearnerRow.id).where(*mine)) is None:
            return
    place.learner_id = learner_id
    session.flush()


def change(session: Session, learner_id: str, field: str, value: str | None, now: datetime) -> None:
    """Change one field of a profile. Raises ValueError for a field people cannot change."""
    if field not in CHANGEABLE:
        raise ValueError(field)
    session.execute(update(LearnerRow).where(LearnerRow.id == learner_id).values({field: value, "updated_at": now}))


def change_at(session: Session, channel: str, person: str, field: str, value: str | None, now: datetime) -> None:
    """Change one field of who learns in that conversation; nothing where nobody does."""
    place = place_of(session, channel, person)
    if place is not None and place.learner_id:
        change(session, place.learner_id, field, value, now)


def append(session: Session, learner_id: str, record: Record, events: Iterable[Event]) -> Record:
    """Write events and the record they lead to. `record` is the one held by `locked_record`; gives the new one."""
    written = list(events)
    if not written:
        return record
    session.execute(insert(LearningEventRow), [_row(learner_id, event) for event in written])
    after = fold(written, record)
    changed = update(LearnerRow).where(LearnerRow.id == learner_id)
    session.execute(changed.values(record=after.model_dump(mode="json"), updated_at=written[-1].at))
    return after


def _row(learner_id: str, event: Event) -> dict[str, object]:
    body = event.model_dump(mode="json", exclude={"kind", "at"}, exclude_none=True)
    success = event.correct if isinstance(event, ItemAnswered) else event.passed if isinstance(event, AttemptFinished) else None
    named = {"course_id": "course", "lesson_id": "lesson", "attempt_id": "attempt", "item_id": "item"}
    columns = {column: body.get(name) for column, name in named.items()}
    return {"learner_id": learner_id, "kind": event.kind, "at": event.at, "success": success, "body": body, **columns}


def events_of(session: Session, learner_id: str) -> list[Event]:
    """All that happened to a learner, in order."""
    query = select(LearningEventRow).where(LearningEventRow.learner_id == learner_id).order_by(LearningEventRow.id)
    return [EVENT.validate_python({**row.body, "kind": row.kind, "at": row.at}) for row in session.scalars(query)]


def rebuild(session: Session, learner_id: str) -> Record:
    """Make a learner's record again from the events, for when the way of adding them up has changed."""
    record = fold(events_of(session, learner_id))
    session.execute(update(LearnerRow).where(LearnerRow.id == learner_id).values(record=record.model_dump(mode="json")))
    return record


def erase_learner(session: Session, learner_id: str) -> None:
    """Delete a profile with everything that happened to it; with the last profile goes the family and where it is met."""
    family_id = session.scalar(select(LearnerRow.family_id).where(LearnerRow.id == learner_id))
    session.execute(delete(LearnerRow).where(LearnerRow.id == learner_id))
    if family_id is not None and session.scalar(_members(family_id).limit(1)) is None:
        session.execute(delete(FamilyRow).where(FamilyRow.id == family_id))


def _members(family_id: int) -> Select[tuple[str]]:
    return select(LearnerRow.id).where(LearnerRow.family_id == family_id)


def leave(session: Session, channel: str, person: str) -> None:
    """Forget that conversation. A family that is met nowhere any more is deleted with its learners and their events."""
    place = place_of(session, channel, person)
    if place is None:
        return
    session.delete(place)
    session.flush()
    erase_if_unmet(session, place.family_id)


def erase_if_unmet(session: Session, family_id: int) -> None:
    """Delete a family without a place to meet it."""
    if session.scalar(select(LearnerPlaceRow.id).where(LearnerPlaceRow.family_id == family_id).limit(1)) is None:
        session.execute(delete(FamilyRow).where(FamilyRow.id == family_id))
