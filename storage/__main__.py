"""For developers: `python -m storage revision ROOM "what changes"` writes the next migration of a room."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from alembic import command
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext

from storage.engine import open_database
from storage.migrate import ROOMS, SCRIPTS, alembic_config, all_tables, upgrade


def main() -> None:
    """Compare the tables of all rooms with the scripts and write down the difference as one script."""
    parser = argparse.ArgumentParser(prog="python -m storage")
    parser.add_argument("command", choices=["revision"])
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("message")
    arguments = parser.parse_args()
    print(write_revision(arguments.room, arguments.message))


def write_revision(room: str, message: str) -> Path:
    """Write `<room>_<number>_….py` beside the others; read it before committing. Raises SystemExit if nothing changed."""
    earlier = sorted(path.stem[: len(room) + 5] for path in (SCRIPTS / "versions").glob(f"{room}_[0-9]*.py"))
    number = f"{room}_{len(earlier) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/empty.db")
        upgrade(database)
        with database.engine.begin() as connection:
            script = command.revision(
                alembic_config(connection, all_tables()),
                message=message,
                autogenerate=True,
                rev_id=number,
                head=earlier[-1] if earlier else "base",
                branch_label=None if earlier else room,
                process_revision_directives=_refuse_empty,
            )
        database.close()
    assert script is not None and not isinstance(script, list)
    return Path(script.path)


def _refuse_empty(_context: MigrationContext, _revision: object, directives: list[MigrationScript]) -> None:
    operations = directives[0].upgrade_ops
    if operations is None or operations.is_empty():
        raise SystemExit("the tables and the scripts already agree")


if __name__ == "__main__":
    main()
