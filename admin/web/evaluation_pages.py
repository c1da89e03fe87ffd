"""How well the bot answered when it was last measured: the kept runs of `hocvuso eval`."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from admin.evaluation_page import CAVEAT, in_hundred, report_body, set_name
from admin.web.gate import At, Denied
from admin.web.pages import Desk
from retrieval.report import report_of
from retrieval.runs import RunStore, runs_folder


class EvaluationPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = RunStore(runs_folder(desk.parts.settings.data_dir))

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/evaluations", self.index, methods=["GET"])
        router.add_api_route("/evaluations/{checksum}", self.show, methods=["GET"])

    def index(self, visit: At) -> Response:
        """The newest run of every question file."""
        lines = [(run, in_hundred(report_of(run).lessons.right, "về việc đã có bài")) for run in self._store.latest()]
        return self._desk.page(visit.request, visit.actor, "evaluations.html", lines=lines, caveat=CAVEAT)

    def show(self, visit: At, checksum: str) -> Response:
        """The newest run of one question file, explained and compared with the one before."""
        run = self._store.newest(checksum)
        if run is None:
            raise Denied(404, "Chưa có lần đo nào với bộ câu thử này.")
        body = report_body(report_of(run, self._store.before(run)))
        return self._desk.page(visit.request, visit.actor, "evaluation.html", body=body, name=set_name(run))
