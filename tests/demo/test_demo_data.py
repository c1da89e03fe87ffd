"""The demo commune: filled by real talks, seen in the console, told apart, and removed without a trace."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.accounts import AccountError, create_user, find_user
from admin.directories import directory_for, save_directory
from admin.permissions import Actor, Role
from admin.tables import CommuneDirectoryRow
from bot.demo import marks
from bot.demo.fill import Filled, Parts, RealLearners, fill
from bot.demo.people import COMMUNE
from bot.demo.remove import remove
from bot.directory import Directory
from bot.messages import Incoming
from bot.payloads import pack
from bot.runtime import Runtime
from knowledge.store import confirm, publish, variant_state
from learning.tables import LearnerRow
from storage import Base, Database
from tests.demo.snapshots import content_version_aside, rows_of_all_tables

NOW = datetime.now(UTC)
PEOPLE = 2


def filled(parts: Parts, seed: int = 3, force: bool = False) -> Filled:
    made = fill(parts, NOW, lambda _what, _share: None, people=PEOPLE, seed=seed, force=force)
    assert made is not None
    return made


def removed(database: Database) -> dict[str, int]:
    with database.session() as session:
        return remove(session)


def count(session: Session, row: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(row)) or 0


def enrol(bot: Runtime, person: str = "real-1") -> None:
    """A citizen who is not invented."""
    for number, payload in enumerate((pack("consent"), pack("consent", "yes"))):
        bot.conversations.converse(Incoming("web", person, str(number), NOW, payload=payload))
    bot.conversations.converse(Incoming("web", person, "q", NOW, text="cài vneid thế nào"))


def test_filling_and_removing_leaves_every_row_as_it_was(bot: Runtime, parts: Parts) -> None:
    enrol(bot)
    before = rows_of_all_tables(bot.database)
    filled(parts, force=True)
    assert rows_of_all_tables(bot.database) != before
    deleted = removed(bot.database)
    assert content_version_aside(rows_of_all_tables(bot.database)) == content_version_aside(before)
    assert deleted["questions"] and deleted["outbox"] and deleted["admin_users"] == len(marks.USERS)
    assert removed(bot.database) == {}


def test_filling_twice_changes_nothing(bot: Runtime, parts: Parts) -> None:
    filled(parts)
    before = rows_of_all_tables(bot.database)
    assert fill(parts, NOW, lambda _what, _share: None, people=PEOPLE) is None
    assert rows_of_all_tables(bot.database) == before


def test_an_interrupted_filling_is_begun_anew(bot: Runtime, parts: Parts) -> None:
    def interrupt(_what: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(parts, NOW, interrupt, people=PEOPLE)
    with bot.database.reading() as session:
        assert marks.is_present(session) and not marks.is_complete(session)
    filled(parts)
    with bot.database.reading() as session:
        assert count(session, LearnerRow) == PEOPLE


def test_real_learners_are_not_mixed_with_unless_asked(bot: Runtime, parts: Parts) -> None:
    enrol(bot)
    before = rows_of_all_tables(bot.database)
    with pytest.raises(RealLearners):
        filled(parts)
    assert rows_of_all_tables(bot.database) == before


def test_a_person_with_a_demo_name_keeps_the_account(bot: Runtime, parts: Parts) -> None:
    with bot.database.session() as session:
        create_user(session, "demo-viewer", "mat-khau-rat-dai", Role.VIEWER, by="test")
    with pytest.raises(AccountError):
        filled(parts)
    removed(bot.database)
    with bot.database.reading() as session:
        assert find_user(session, "demo-viewer") and not marks.is_present(session)


def test_what_people_took_over_stays(bot: Runtime, parts: Parts) -> None:
    """A text published and a directory saved by somebody is no longer demo data."""
    made = filled(parts)
    assert made.draft
    with bot.database.session() as session:
        live = publish(session, made.draft, "Bà Thật")
        save_directory(session, COMMUNE, Directory("Xã Hoa Lộc", one_stop_hours="sáng"), Actor(1, "that", "Bà Thật", Role.EDITOR))
    removed(bot.database)
    with bot.database.reading() as session:
        state = variant_state(session, made.draft)
        assert state and state.published and state.published.id == live.id
        directory = session.get(CommuneDirectoryRow, COMMUNE)
        assert directory and directory.one_stop_hours == "sáng"


def test_a_directory_of_the_commune_itself_is_not_touched(bot: Runtime, parts: Parts) -> None:
    own = Directory("Xã Hoa Lộc", one_stop_hours="sáng thứ Hai")
    with bot.database.session() as session:
        save_directory(session, COMMUNE, own, Actor(1, "that", "Bà Thật", Role.EDITOR))
    assert filled(parts).own_directory
    removed(bot.database)
    with bot.database.reading() as session:
        assert directory_for(session, COMMUNE) == own


def test_a_confirmation_by_a_demo_account_is_withdrawn(bot: Runtime, parts: Parts) -> None:
    """Citizens must not read that somebody who does not exist stands behind a text."""
    made = filled(parts)
    assert made.draft
    with bot.database.session() as session:
        confirm(session, made.draft, marks.full_name("demo-publisher"), date.today())
    removed(bot.database)
    with bot.database.reading() as session:
        state = variant_state(session, made.draft)
        assert state and state.confirmed_by is None
