"""Whom citizens of a commune can turn to: kept by the communes themselves, shown by the bot."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import audit
from admin.permissions import Actor
from admin.tables import CommuneDirectoryRow
from bot.directory import Directory, Helper
from storage import utc_now


def directory_for(session: Session, commune_code: str) -> Directory | None:
    """What "Gặp người hỗ trợ" shows in that commune, or None when nobody has filled it in."""
    row = session.get(CommuneDirectoryRow, commune_code)
    return _value(row) if row else None


def directories(session: Session, commune: str | None = None) -> list[CommuneDirectoryRow]:
    """The communes on file by name, or only the one of that code."""
    query = select(CommuneDirectoryRow).order_by(CommuneDirectoryRow.commune)
    return list(session.scalars(query if commune is None else query.where(CommuneDirectoryRow.commune_code == commune)))


def save_directory(session: Session, code: str, directory: Directory, actor: Actor) -> None:
    """Take over a commune's contacts; the bot shows them from the next question on."""
    row = session.get(CommuneDirectoryRow, code)
    before = describe(_value(row)) if row else ""
    if row is None:
        row = CommuneDirectoryRow(commune_code=code)
        session.add(row)
    row.commune, row.one_stop_address = directory.commune, directory.one_stop_address
    row.one_stop_hours, row.one_stop_phone = directory.one_stop_hours, directory.one_stop_phone
    row.police_phone = directory.police_phone
    row.helpers = [{"name": h.name, "village": h.village, "phone": h.phone} for h in directory.helpers]
    row.updated_at, row.updated_by = utc_now(), actor.name
    audit.record(session, actor.name, "directory.save", f"commune:{code}", before, describe(directory))


def describe(directory: Directory) -> str:
    """A line for the audit log."""
    team = "; ".join(f"{h.name} {h.village} {h.phone}".strip() for h in directory.helpers)
    parts = (directory.commune, directory.one_stop_address, directory.one_stop_hours, directory.one_stop_phone)
    return " · ".join(part for part in (*parts, directory.police_phone, team) if part)


def _value(row: CommuneDirectoryRow) -> Directory:
    return Directory(
        commune=row.commune,
        one_stop_address=row.one_stop_address,
        one_stop_hours=row.one_stop_hours,
        one_stop_phone=row.one_stop_phone,
        police_phone=row.police_phone,
        helpers=tuple(Helper(h["name"], h.get("village", ""), h.get("phone", "")) for h in row.helpers),
    )
