"""Procedures in the database. All functions work inside the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.model import checksum_of
from knowledge.procedures.model import Procedure
from knowledge.store import bump_version
from knowledge.tables import ContentStateRow, ProcedureRow


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, as numbers of records; `missing` are in the database and not in the file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Stock:
    """What is in the database. `recorded` are the months of the records, oldest first."""

    count: int
    mention_districts: int
    recorded: tuple[str, ...]


def save_procedures(
    session: Session,
    procedures: Sequence[Procedure],
    *,
    remove_missing: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Bring the database up to these records, all or nothing with the caller's transaction; the same again changes nothing.

    Records that are not among them stay, unless `remove_missing`. `progress` is told (done, total).
    """
    session.get_one(ContentStateRow, 1, with_for_update=True)  # one import at a time
    rows = {row.code: row for row in session.scalars(select(ProcedureRow))}
    created = updated = 0
    for done, procedure in enumerate(procedures, start=1):
        row, checksum = rows.pop(procedure.code, None), checksum_of(procedure)
        if row is None or row.checksum != checksum:
            created, updated = created + (row is None), updated + (row is not None)
            session.add(_fill(row or ProcedureRow(code=procedure.code), procedure, checksum))
        if progress:
            progress(done, len(procedures))
    for row in rows.values() if remove_missing else ():
        session.delete(row)
    removed = len(rows) if remove_missing else 0
    if created or updated or removed:
        bump_version(session)
    return Imported(created, updated, len(procedures) - created - updated, removed, len(rows) - removed)


def _fill(row: ProcedureRow, procedure: Procedure, checksum: str) -> ProcedureRow:
    for name in Procedure.model_fields:
        setattr(row, name, getattr(procedure, name))
    row.mentions_district, row.checksum = procedure.mentions_district, checksum
    return row


def all_procedures(session: Session) -> tuple[Procedure, ...]:
    """Every procedure, by code. They were checked when they came in, so they are not checked again."""
    columns = [getattr(ProcedureRow, name) for name in Procedure.model_fields]
    found = session.execute(select(*columns).order_by(ProcedureRow.code))
    return tuple(Procedure.model_construct(**row._mapping) for row in found)


def stock(session: Session) -> Stock:
    """How many procedures there are, and of when."""
    districts = select(func.count()).where(ProcedureRow.mentions_district)
    recorded = session.scalars(select(ProcedureRow.recorded).distinct().order_by(ProcedureRow.recorded))
    count = session.scalar(select(func.count()).select_from(ProcedureRow)) or 0
    return Stock(count, session.scalar(districts) or 0, tuple(recorded))


def fingerprint(session: Session) -> str:
    """Names the state of all procedures: the same as long as none changes; "" without any."""
    rows = session.execute(select(ProcedureRow.code, ProcedureRow.checksum).order_by(ProcedureRow.code)).all()
    return hashlib.sha256("".join(f"{code}{checksum}" for code, checksum in rows).encode()).hexdigest() if rows else ""
