"""The console as one router, to be included in the app: every page passes the gate."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from admin.attention import matters
from admin.parts import AdminParts, parts_of
from admin.progress import ANY, place_name
from admin.web.account_pages import AccountPages
from admin.web.directory_pages import DirectoryPages
from admin.web.editor_pages import EditorPages
from admin.web.evaluation_pages import EvaluationPages
from admin.web.gate import At, gated_route
from admin.web.language_pages import LanguagePages
from admin.web.office_pages import OfficePages
from admin.web.pages import Desk
from admin.web.progress_pages import ProgressPages
from admin.web.queue_pages import QueuePages
from admin.web.topic_pages import TopicPages
from admin.web.user_pages import UserPages
from admin.web.workflow_pages import WorkflowPages

__all__ = ["AdminParts", "admin_router", "parts_of"]


def admin_router(parts: AdminParts) -> APIRouter:
    """Everything under /admin/, its style sheet and scripts included. `parts_of(runtime)` makes the parts."""
    desk = Desk(parts)
    router = APIRouter(prefix="/admin", include_in_schema=False, route_class=gated_route(desk))
    _Home(desk).add_to(router)
    for pages in (AccountPages, TopicPages, EditorPages, WorkflowPages, QueuePages, DirectoryPages, ProgressPages, OfficePages):
        pages(desk).add_to(router)
    UserPages(desk).add_to(router)
    LanguagePages(desk).add_to(router)
    EvaluationPages(desk).add_to(router)
    return router


class _Home:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router this page."""
        router.add_api_route("/", self.show, methods=["GET"])

    def show(self, visit: At) -> Response:
        """What needs attention."""
        with self._desk.parts.database.reading() as session:
            found = matters(session, visit.actor, self._desk.parts.clock(), self._desk.today)
        return self._desk.page(
            visit.request, visit.actor, "home.html", matters=found, place=place_name(visit.actor.commune or ANY)
        )
