"""How far learners are, by commune and group; every count opens to the learners behind it."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from admin import audit
from admin.permissions import Actor
from admin.progress import AUDIENCES, learner_lines
from admin.web.gate import At, Denied, Visit
from admin.web.pages import Desk
from learning import figures
from learning.communes import communes

UNKNOWN: Final = "-"  # in addresses: people who did not say
_TYPES: Final = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class ProgressPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/progress", self.show, methods=["GET"])
        router.add_api_route("/progress/learners", self.learners, methods=["GET"])
        router.add_api_route("/progress/export.{kind}", self.export, methods=["GET"])

    def show(self, visit: At, commune: str = "") -> Response:
        """The figures in this person's scope, narrowed to one commune if asked."""
        found = self._figures(visit, commune)
        lines = list(zip(found, figures.rows(found, dict(AUDIENCES)), strict=True))
        total = figures.totals(found)
        return self._desk.page(visit.request, visit.actor, "progress.html", lines=lines, total=total, commune=commune)

    def learners(self, visit: At, commune: str = UNKNOWN, audience: str = UNKNOWN) -> Response:
        """The learners behind one line."""
        code = None if commune == UNKNOWN else commune
        if not visit.actor.sees(code):
            raise Denied(403, "Tài khoản của bạn chỉ xem được người học của xã mình.")
        with self._desk.parts.database.reading() as session:
            lines = learner_lines(session, code, None if audience == UNKNOWN else audience)
        place = communes()[code].name if code in communes() else "chưa rõ xã"
        group = AUDIENCES.get(audience, "chưa rõ nhóm")
        return self._desk.page(visit.request, visit.actor, "learners.html", lines=lines, place=place, group=group)

    def export(self, visit: At, kind: str, commune: str = "") -> Response:
        """The figures as a CSV or XLSX file; noted in the audit log."""
        if kind not in _TYPES:
            raise Denied(404, "Chỉ có tệp CSV và XLSX.")
        table = figures.rows(self._figures(visit, commune), dict(AUDIENCES))
        data = figures.to_csv(table) if kind == "csv" else figures.to_xlsx(table)
        with self._desk.parts.database.session() as session:
            subject = f"commune:{_scope(visit.actor, commune) or '*'}"
            audit.record(session, visit.actor.name, "progress.export", subject, after=f"tệp {kind}, {len(table)} dòng")
        sample = "co-du-lieu-mau-" if self._desk.has_demo() else ""
        name = f"tien-do-{sample}{self._desk.today.isoformat()}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Response(data, media_type=_TYPES[kind], headers=headers)

    def _figures(self, visit: Visit, commune: str) -> list[figures.Figure]:
        with self._desk.parts.database.reading() as session:
            return figures.by_commune_and_group(session, commune=_scope(visit.actor, commune))


def _scope(actor: Actor, commune: str) -> str | None:
    """The commune to count: the person's own, else the one asked for, else all. Raises Denied (403) for another's."""
    if commune and not actor.sees(commune):
        raise Denied(403, "Tài khoản của bạn chỉ xem được số liệu của xã mình.")
    return actor.commune or commune or None
