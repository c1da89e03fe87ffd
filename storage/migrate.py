"""Bringing a database to the tables this version needs, from scripts inside the package.

Every room has a branch of its own (`knowledge_0001`, `learning_0001` …), so that rooms grow
without waiting for each other; a table that refers to another room's names it in `depends_on`.
"""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from storage.base import Base
from storage.engine import Database

logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)  # it reports every look at the version table
logger = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "migrations"
ROOMS = ("knowledge", "bot", "learning", "admin")
_LOCK = 0x68_6F_63_76_75_73_6F  # "hocvuso": one process migrates a PostgreSQL database at a time


def upgrade(database: Database) -> bool:
    """Bring the database to the newest tables; returns whether anything had to change.

    All pending scripts run in one transaction under a lock, so that several processes may start
    together and a failing script leaves nothing behind. Raises RuntimeError when the database
    was made by a newer version of this software.
    """
    heads = set(ScriptDirectory(str(SCRIPTS)).get_heads())
    with database.engine.connect() as connection:
        if _current(connection) == heads:
            return False
    with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _current(connection) == heads:
            return False
        _refuse_newer(_current(connection))
        command.upgrade(alembic_config(connection), "heads")
    logger.info("database tables brought to %s", ", ".join(sorted(heads)))
    return True


def alembic_config(connection: Connection, metadata: MetaData | None = None) -> Config:
    """Alembic's configuration for that connection; metadata only where models are compared."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def all_tables() -> MetaData:
    """The tables of every room that has any, found without the rooms having to register."""
    for room in ROOMS:
        if find_spec(f"{room}.tables"):
            import_module(f"{room}.tables")
    return Base.metadata


def _current(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _refuse_newer(current: set[str]) -> None:
    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    if unknown := sorted(current - known):
        raise RuntimeError(f"the database was made by a newer version (unknown migrations {', '.join(unknown)})")
