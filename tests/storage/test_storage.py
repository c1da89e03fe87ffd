"""One code, two databases: what `storage` promises on both."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from knowledge.tables import ContentStateRow, RevisionRow, TopicRow, VariantRow
from storage import Database, open_database, upgrade
from storage.__main__ import write_revision
from storage.migrate import ROOMS, SCRIPTS, all_tables


def topic(topic_id: str = "otp") -> TopicRow:
    return TopicRow(id=topic_id, area="an-toan", skills=["an-toan.ma-otp"], audience=[], related=[])


def test_a_session_commits_and_what_was_written_is_read_back(database: Database) -> None:
    with database.session() as session:
        session.add(topic())
    with database.reading() as session:
        found = session.get_one(TopicRow, "otp")
        assert (found.area, found.skills) == ("an-toan", ["an-toan.ma-otp"])


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError), database.session() as session:
        session.add(topic())
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.get(TopicRow, "otp") is None


def test_reading_refuses_to_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only|readonly"), database.reading() as session:
        session.add(topic())
        session.flush()
    with database.session() as session:
        session.add(topic())  # the connection is not left read-only


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        session.add(VariantRow(topic_id="nowhere", language="vi", level="standard"))


def test_times_come_back_in_utc_whatever_zone_they_went_in_with(database: Database) -> None:
    hanoi = datetime(2026, 11, 21, 7, 30, 15, 123456, tzinfo=timezone(timedelta(hours=7)))
    with database.session() as session:
        session.add(topic())
        session.flush()
        variant = VariantRow(topic_id="otp", language="vi", level="standard")
        session.add(variant)
        session.flush()
        session.add(_revision(variant.id, hanoi))
    with database.reading() as session:
        stored = session.query(RevisionRow).one()
        assert stored.created_at == hanoi
        assert stored.created_at.tzinfo is UTC
        assert stored.body == {"title": "Giữ kín mã OTP 🔒"}


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.session() as session:
        session.add(_revision(1, datetime(2026, 11, 21)))
        session.flush()


def _revision(variant_id: int, at: datetime) -> RevisionRow:
    body = {"title": "Giữ kín mã OTP 🔒"}
    return RevisionRow(variant_id=variant_id, number=1, body=body, author="lan", note="", substantive=False, created_at=at)


def test_writers_wait_for_each_other_and_no_increment_is_lost(database: Database) -> None:
    def add_ten() -> None:
        for _ in range(10):
            with database.session() as session:
                state = session.get_one(ContentStateRow, 1, with_for_update=True)
                state.version += 1

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(ContentStateRow, 1).version == 40


def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    with database.session() as writer:
        writer.add(topic())
        writer.flush()
        with database.reading() as reader:
            assert reader.get(TopicRow, "otp") is None


def test_migrations_make_the_tables_the_models_describe(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    assert upgrade(database) is True
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []
    database.close()


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert upgrade(database) is False


def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    changed: list[bool] = []

    def start() -> None:
        database = open_database(empty_database_url)
        changed.append(upgrade(database))
        database.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [False, False, False, True]


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.session() as session:
        session.execute(text("INSERT INTO alembic_version VALUES ('knowledge_9999')"))
    with pytest.raises(RuntimeError, match="knowledge_9999"):
        upgrade(database)


def test_a_failing_migration_leaves_nothing_behind(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(empty_database_url)
    with database.session() as session:
        session.execute(text("CREATE TABLE documents (id INTEGER)"))  # in the way of the second table made
    with pytest.raises(Exception, match="documents"):
        upgrade(database)
    assert "content_state" not in inspect(database.engine).get_table_names()
    database.close()


def test_every_room_has_one_line_of_migrations() -> None:
    heads = ScriptDirectory(str(SCRIPTS)).get_heads()
    rooms = [head.rpartition("_")[0] for head in heads]
    assert len(set(rooms)) == len(rooms)
    assert set(rooms) <= set(ROOMS)


def test_a_revision_is_only_written_when_tables_changed() -> None:
    with pytest.raises(SystemExit, match="already agree"):
        write_revision("knowledge", "nothing")


def test_sqlite_is_set_up_for_many_readers_and_safe_writes(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new/folder/x.db")
    with database.reading() as session:
        values = [session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys", "synchronous")]
    assert values == ["wal", 1, 1]
    database.close()


@pytest.mark.parametrize("url", ["mysql://host/x", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match=r"sqlite:///"):
        open_database(url)


def test_a_sqlite_writer_locks_before_it_reads(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/x.db?timeout=0.1")
    with database.session() as first:
        first.execute(text("SELECT 1"))
        with database.engine.connect() as other:
            other.connection.driver_connection.execute("PRAGMA busy_timeout=50")  # type: ignore[union-attr]
            with pytest.raises(OperationalError, match="locked"):
                other.execute(text("SELECT 1"))
    database.close()
