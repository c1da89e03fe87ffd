"""What the demo commune has to show: progress, questions, contacts, a draft, a letter, accounts, a banner."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from admin.accounts import find_user, password_fits
from admin.directories import directory_for
from admin.parts import parts_of
from admin.questions import OPEN, grouped, open_questions
from admin.router import admin_router
from bot.delivery import dead_letters, has_due, has_received
from bot.demo import marks
from bot.demo.fill import Filled
from bot.demo.people import COMMUNE
from bot.runtime import Runtime
from bot.tables import InboxRow, OutboxRow, QuestionRow
from bot.web.errors import install_errors
from knowledge.model import Status
from knowledge.store import variant_state
from learning.figures import by_commune_and_group, totals
from learning.record import Record, fold
from learning.store import events_of
from learning.tables import LearnerRow, LearningEventRow
from tests.admin.conftest import Browser
from tests.demo.conftest import LOOKED_AT

Commune = tuple[Runtime, Filled]


def test_what_was_filled_is_what_the_software_writes(commune: Commune) -> None:
    """Records follow from the events, times run over weeks, nothing waits for a worker or a platform."""
    bot, _ = commune
    with bot.database.reading() as session:
        learners = session.scalars(select(LearnerRow)).all()
        assert len(learners) == LOOKED_AT
        for learner in learners:
            assert fold(events_of(session, learner.id)) == Record.model_validate(learner.record)
        first, last = session.execute(select(func.min(LearningEventRow.at), func.max(LearningEventRow.at))).one()
        assert first < last - timedelta(days=14) and last < datetime.now(UTC)
        assert not has_received(session)
        assert not has_due(session, ["web", "telegram", "zalo_oa", "zalo_bot"], datetime.now(UTC) + timedelta(days=1))
        kinds = set(session.scalars(select(LearningEventRow.kind)))
        assert kinds >= {"consented", "card_read", "practice", "lesson_done", "answered", "attempt_finished"}
        assert all(row.person.startswith("demo:") for row in session.scalars(select(InboxRow)))


def test_figures_and_queue_have_something_to_show(commune: Commune) -> None:
    bot, _ = commune
    with bot.database.reading() as session:
        total = totals(by_commune_and_group(session))
        assert total.learners == LOOKED_AT and total.lessons_done > 0 and total.quizzes_passed > 0
        assert by_commune_and_group(session, commune=COMMUNE)
        questions = open_questions(session, datetime.now(UTC))
        assert {reason for question in questions for reason in question.reasons} & set(OPEN)
        assert len(grouped(questions, bot.embedder.queries, 0.8)) > 1
        asked = session.scalar(select(func.count()).select_from(QuestionRow)) or 0
        assert LOOKED_AT * 2 <= asked <= LOOKED_AT * 4


def test_directory_draft_and_letter(commune: Commune) -> None:
    bot, made = commune
    with bot.database.reading() as session:
        contacts = directory_for(session, COMMUNE)
        assert contacts and all(helper.phone.endswith(marks.SAMPLE) for helper in contacts.helpers)
        assert made.draft
        state = variant_state(session, made.draft)
        assert state and state.draft and state.published and state.status is Status.IN_REVIEW
        assert state.draft.body != state.published.body
        letters = dead_letters(session)
        on_zalo = session.scalar(select(func.count()).where(OutboxRow.channel == "zalo_oa"))
        assert [letter.channel for letter in letters] == (["zalo_oa"] if on_zalo else [])


def test_an_account_of_every_role_with_a_password_of_its_own(commune: Commune) -> None:
    bot, made = commune
    assert len(set(made.passwords.values())) == len(marks.USERS)
    with bot.database.reading() as session:
        users = {name: find_user(session, name) for name in made.passwords}
        assert all(password_fits(user, made.passwords[name]) for name, user in users.items())
        assert Counter(user.role for user in users.values() if user) == {"viewer": 1, "editor": 2, "publisher": 1, "admin": 1}
        scoped = users[marks.SCOPED]
        assert scoped and scoped.commune_code == COMMUNE


def signed_in(commune: Commune, name: str) -> Browser:
    bot, made = commune
    app = FastAPI()
    install_errors(app)
    app.include_router(admin_router(parts_of(bot)))
    browser = Browser(TestClient(app, follow_redirects=False))
    assert browser.sign_in(name, made.passwords[name]).status_code == 303
    return browser


def test_the_pages_that_are_pointed_out_show_it_and_say_that_it_is_invented(commune: Commune) -> None:
    admin = signed_in(commune, "demo-admin")
    assert commune[1].draft
    pages = ["progress", "queue", "directory", "letters", f"topics/{commune[1].draft}/review"]
    for page in pages:
        shown = admin.get(f"/admin/{page}")
        assert shown.status_code == 200 and "Có dữ liệu mẫu" in shown.text, page
    export = admin.get("/admin/progress/export.csv")
    assert "co-du-lieu-mau" in export.headers["Content-Disposition"] and "16063" in export.text


def test_the_account_of_the_commune_sees_no_other_commune(commune: Commune) -> None:
    own = signed_in(commune, marks.SCOPED)
    assert own.get("/admin/progress").status_code == 200
    assert own.get("/admin/progress/learners", commune="15976").status_code == 403
    assert own.get("/admin/queue").status_code == 403
