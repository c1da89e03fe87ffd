"""What every table of every room is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import JSON, Date, DateTime, Dialect, MetaData, Table, Text, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC in Python. SQLite, which keeps no zone, stores UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a datetime without a time zone, which would mean another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
"""Any JSON value; binary and indexable on PostgreSQL. Key order is not kept there."""


def utc_now() -> datetime:
    """The present moment; the default of `created_at` columns."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """Parent of all tables. Annotate columns with `Mapped[...]`; the types below are filled in."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 – SQLAlchemy reads this name as a class attribute
        str: Text(),
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: Json,
        list[str]: Json,
    }


def table_of(row: type[Base]) -> Table:
    """The table behind a row class, for statements that run below the ORM."""
    return cast(Table, row.__table__)


def insert_or_ignore(row: type[Base], *columns: str, returning: str = "") -> TextClause:
    """An insert that does nothing where the row is there already; the same words on SQLite and PostgreSQL.

    SQLAlchemy's own `on_conflict_do_nothing` is compiled anew at every execution, which is too slow for what every turn runs.
    """
    table = table_of(row)
    names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    ending = f" RETURNING {returning}" if returning else ""
    statement = text(f"INSERT INTO {table.name} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING{ending}")  # noqa: S608
    return statement.bindparams(*(bindparam(name, type_=table.c[name].type) for name in columns))
