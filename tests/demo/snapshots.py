"""All rows of all tables, to compare."""

from __future__ import annotations

from sqlalchemy import select

from storage import Base, Database

Rows = dict[str, list[str]]


def rows_of_all_tables(database: Database) -> Rows:
    """Every row of every table as text, by table."""
    with database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in tables}


def content_version_aside(rows: Rows) -> Rows:
    """The rows without the counter that only ever grows."""
    return {name: found for name, found in rows.items() if name != "content_state"}
