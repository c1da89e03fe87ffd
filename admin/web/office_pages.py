"""Undelivered replies and the audit log."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from admin import letters
from admin.audit import actors_and_actions, audit_page
from admin.web.forms import day_of
from admin.web.gate import At, Denied
from admin.web.pages import Desk, seen
from bot.delivery import dead_letters

ENTRIES = 50


class OfficePages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/letters", self.letters, methods=["GET"])
        router.add_api_route("/letters/{letter}/retry", self.retry, methods=["POST"])
        router.add_api_route("/letters/{letter}/drop", self.drop, methods=["POST"])
        router.add_api_route("/audit", self.audit, methods=["GET"])

    def letters(self, visit: At) -> Response:
        """The newest replies given up on."""
        with self._desk.parts.database.reading() as session:
            rows = dead_letters(session)
        return self._desk.page(visit.request, visit.actor, "letters.html", letters=rows)

    def retry(self, visit: At, letter: int) -> Response:
        """Send one again."""
        return self._do(lambda s: letters.retry(s, letter, visit.actor, self._desk.parts.clock()), "retried")

    def drop(self, visit: At, letter: int) -> Response:
        """Give one up for good."""
        return self._do(lambda s: letters.drop(s, letter, visit.actor), "dropped")

    def audit(
        self, visit: At, actor: str = "", action: str = "", subject: str = "", day: str = "", before: int | None = None
    ) -> Response:
        """Who did what, newest first."""
        with self._desk.parts.database.reading() as session:
            entries = audit_page(
                session, actor=actor, action=action, subject=subject, day=day_of(day), before_id=before, limit=ENTRIES + 1
            )
            actors, actions = actors_and_actions(session)
        more = entries[ENTRIES - 1].id if len(entries) > ENTRIES else None
        chosen = {"actor": actor, "action": action, "subject": subject, "day": day}
        values = {"entries": entries[:ENTRIES], "actors": actors, "actions": actions, "chosen": chosen, "more": more}
        return self._desk.page(visit.request, visit.actor, "audit.html", **values)

    def _do(self, work: Callable[[Session], None], done: str) -> Response:
        try:
            with self._desk.parts.database.session() as session:
                work(session)
        except letters.NoLetter as error:
            raise Denied(404, "Tin này không còn trong danh sách.") from error
        return seen("/admin/letters", done)
