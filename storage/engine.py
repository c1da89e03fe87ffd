"""Opening a database: SQLite in a file by default, PostgreSQL by URL, the same use of both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

SQLITE_BUSY_SECONDS = 10  # how long a writer waits for another process's writer
_READ_ONLY = "hocvuso_read_only"
_SQLITE_ON_CONNECT = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={SQLITE_BUSY_SECONDS * 1000}",
    "PRAGMA temp_store=MEMORY",
)


class Database:
    """A connection pool and the two ways to use it: `session()` to write, `reading()` to look."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(**{_READ_ONLY: True, "postgresql_readonly": True})

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A writing transaction: committed at the end of the block, rolled back if the block raises.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that a reader never has
        to become a writer half-way and fail; raises OperationalError if the lock stays taken.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only transaction, never in the way of a writer on SQLite; writing in it raises."""
        with Session(self._reader, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open a database, making the folder of a SQLite file; tables come from `storage.upgrade`.

    url: `sqlite:///path/to/file.db` or `postgresql://user:password@host/name`. Raises ValueError
    for any other kind and RuntimeError when the PostgreSQL driver is not installed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite(parsed))
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return Database(_postgresql(parsed))
    raise ValueError(f"unsupported database {parsed.drivername!r}: use sqlite:/// or postgresql://")


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("an in-memory SQLite database cannot be shared by threads: give a file, sqlite:///path/to/file.db")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, json_serializer=_dump_json, connect_args={"timeout": SQLITE_BUSY_SECONDS}, pool_use_lifo=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver's guess
    for pragma in _SQLITE_ON_CONNECT:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    reads = bool(connection.get_execution_options().get(_READ_ONLY))
    connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            json_serializer=_dump_json,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=15,
            connect_args={"options": "-c timezone=UTC"},
        )
    except ModuleNotFoundError as error:
        raise RuntimeError("PostgreSQL needs the extra: pip install 'hocvuso[postgres]'") from error


def _dump_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
