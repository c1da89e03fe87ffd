"""How far learners are, by commune and group; every count opens to the learners behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from admin import audit, progress
from admin.permissions import Actor
from admin.progress import ANY, UNKNOWN, Wanted
from admin.web.forms import day_of
from admin.web.gate import At, Denied
from admin.web.pages import Desk
from learning import figures

_TYPES: Final = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class ProgressPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/progress", self.show, methods=["GET"])
        router.add_api_route("/progress/learners", self.learners, methods=["GET"])
        router.add_api_route("/progress/export.{kind}", self.export, methods=["GET"])

    def show(self, visit: At, commune: str = "", since: str = "", until: str = "") -> Response:
        """The figures in this person's scope, narrowed to one commune or some days if asked."""
        wanted = _wanted(visit.actor, commune, since, until)
        found = self._figures(wanted)
        with self._desk.parts.database.reading() as session:
            choices = {} if visit.actor.commune else progress.communes_with_learners(session)
        return self._desk.page(
            visit.request,
            visit.actor,
            "progress.html",
            places=progress.places(found),
            total=figures.totals(found),
            wanted=wanted,
            communes=choices,
            group_name=progress.group_name,
            behind=_address(wanted),
            everybody=_learners(wanted, ANY, wanted.commune, ANY),
            export=_query(commune=commune, since=since, until=until),
        )

    def learners(
        self,
        visit: At,
        province: str = ANY,
        commune: str = UNKNOWN,
        audience: str = UNKNOWN,
        since: str = "",
        until: str = "",
        page: int = 1,
    ) -> Response:
        """The learners behind one figure, page by page."""
        if not visit.actor.sees(None if commune in (UNKNOWN, ANY) else commune):
            raise Denied(403, "Tài khoản của bạn chỉ xem được người học của xã mình.")
        wanted, page = Wanted(province, commune, audience, day_of(since), day_of(until)), max(1, page)
        with self._desk.parts.database.reading() as session:
            lines, count = progress.learner_lines(session, wanted, page), progress.learner_count(session, wanted)
        chosen = {"province": province, "commune": commune, "audience": audience, "since": since, "until": until}
        return self._desk.page(
            visit.request,
            visit.actor,
            "learners.html",
            lines=lines,
            count=count,
            wanted=wanted,
            place=progress.place_name(commune),
            group=progress.group_name(audience),
            group_name=progress.group_name,
            page=page,
            more=count > page * progress.PAGE,
            query=_query(**chosen),
        )

    def export(self, visit: At, kind: str, commune: str = "", since: str = "", until: str = "") -> Response:
        """The figures as a CSV or XLSX file; noted in the audit log."""
        if kind not in _TYPES:
            raise Denied(404, "Chỉ có tệp CSV và XLSX.")
        wanted = _wanted(visit.actor, commune, since, until)
        table = figures.rows(self._figures(wanted), dict(progress.AUDIENCES))
        data = figures.to_csv(table) if kind == "csv" else figures.to_xlsx(table)
        with self._desk.parts.database.session() as session:
            audit.record(
                session, visit.actor.name, "progress.export", f"commune:{wanted.commune}", after=f"tệp {kind}, {len(table)} dòng"
            )
        sample = "co-du-lieu-mau-" if self._desk.has_demo() else ""
        name = f"tien-do-{sample}{self._desk.today.isoformat()}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Response(data, media_type=_TYPES[kind], headers=headers)

    def _figures(self, wanted: Wanted) -> list[figures.Figure]:
        commune = None if wanted.commune == ANY else wanted.commune
        with self._desk.parts.database.reading() as session:
            return figures.by_commune_and_group(session, commune=commune, since=wanted.start, until=wanted.end)


def _wanted(actor: Actor, commune: str, since: str, until: str) -> Wanted:
    """The person's own commune, else the one asked for, else all. Raises Denied (403) for another's."""
    if commune and not actor.sees(commune):
        raise Denied(403, "Tài khoản của bạn chỉ xem được số liệu của xã mình.")
    return Wanted(commune=actor.commune or commune or ANY, since=day_of(since), until=day_of(until))


def _address(wanted: Wanted) -> Callable[[figures.Figure, str], str]:
    """Where the learners behind a figure are; `audience` is a stand-in, or empty for the figure's own."""

    def address(figure: figures.Figure, audience: str = "") -> str:
        group = audience or figure.audience or UNKNOWN
        return _learners(wanted, figure.province or UNKNOWN, figure.commune or UNKNOWN, group)

    return address


def _learners(wanted: Wanted, province: str, commune: str, audience: str) -> str:
    days = {"since": str(wanted.since or ""), "until": str(wanted.until or "")}
    return f"/admin/progress/learners?{_query(province=province, commune=commune, audience=audience, **days)}"


def _query(**values: str) -> str:
    return urlencode({name: value for name, value in values.items() if value}, safe="*")
