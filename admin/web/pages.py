"""Templates into pages, with what every page shows: who is signed in, the menu, the outcome of the last write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from admin import words
from admin.audit import VIETNAM
from admin.evaluation_page import set_name
from admin.parts import AdminParts
from admin.permissions import Actor, Permission
from bot.demo.marks import is_present
from bot.web.security import HEADERS
from knowledge.render import vietnamese_date

TEMPLATES = Path(__file__).parent.parent / "templates"
MENU = (
    ("/admin/topics", "Chủ đề", Permission.READ_CONTENT),
    ("/admin/languages", "Ngôn ngữ", Permission.READ_CONTENT),
    ("/admin/queue", "Câu hỏi chờ", Permission.READ_QUEUE),
    ("/admin/evaluations", "Chất lượng", Permission.READ_CONTENT),
    ("/admin/directory", "Danh bạ", Permission.READ_DIRECTORY),
    ("/admin/progress", "Tiến độ", Permission.READ_PROGRESS),
    ("/admin/letters", "Tin chưa gửi được", Permission.MANAGE_DELIVERY),
    ("/admin/audit", "Nhật ký", Permission.READ_AUDIT),
    ("/admin/users", "Người dùng", Permission.MANAGE_USERS),
)


@dataclass(frozen=True)
class Desk:
    """What all pages share."""

    parts: AdminParts
    templates: Environment = field(default_factory=lambda: _environment())

    def page(self, request: Request, actor: Actor | None, template: str, code: int = 200, /, **values: Any) -> Response:
        """A template as a response. A missing value raises UndefinedError: pages never show holes."""
        common = {
            "actor": actor,
            "may": actor.may if actor else (lambda _permission: False),
            "menu": [(path, label) for path, label, needed in MENU if actor and actor.may(needed)],
            "path": request.url.path,
            "demo": actor is not None and self.has_demo(),
            "done": words.DONE.get(request.query_params.get("done", ""), ""),
        }
        html = self.templates.get_template(template).render(common | values)
        return HTMLResponse(html, code, headers=HEADERS)

    def has_demo(self) -> bool:
        """Whether invented people are among what the pages show: every page says so."""
        with self.parts.database.reading() as session:
            return is_present(session)

    def refusal(self, request: Request, actor: Actor | None, status: int, message: str) -> Response:
        """A page that says why not."""
        return self.page(request, actor, "refusal.html", status, message=message)

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return self.parts.clock().astimezone(VIETNAM).date()


def seen(path: str, done: str = "") -> Response:
    """After a write: look at that page, which says what was done (a key of `words.DONE`)."""
    separator = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{separator}done={done}" if done else path, 303)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["day"] = vietnamese_date
    made.filters["moment"] = _moment
    made.filters["set_name"] = set_name
    made.globals.update(P=Permission, words=words)
    return made


def _moment(at: datetime) -> str:
    """dd/mm/yyyy hh:mm in Vietnam."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
