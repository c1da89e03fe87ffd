"""The contacts of each commune."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from admin.directories import directories, directory_for, save_directory
from admin.web.forms import Form
from admin.web.gate import At, Denied, Visit
from admin.web.pages import Desk, seen
from bot.directory import Directory, Helper
from learning.communes import Commune, communes, find

PHONE = re.compile(r"[0-9+(). -]{0,40}")
MOST_FOUND = 30


class DirectoryPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/directory", self.index, methods=["GET"])
        router.add_api_route("/directory/{code}", self.show, methods=["GET"])
        router.add_api_route("/directory/{code}", self.save, methods=["POST"])

    def index(self, visit: At, q: str = "") -> Response:
        """The communes on file, and a search among all communes; somebody of one commune goes straight there."""
        if visit.actor.commune:
            return RedirectResponse(f"/admin/directory/{visit.actor.commune}", 303)
        with self._desk.parts.database.reading() as session:
            rows = directories(session)
        found = find(q, limit=MOST_FOUND)
        values = {"rows": rows, "q": q, "found": found, "most": MOST_FOUND}
        return self._desk.page(visit.request, visit.actor, "directory.html", **values)

    def show(self, visit: At, code: str) -> Response:
        """One commune's contacts; with a form for those who may change them."""
        commune = self._allowed(visit, code)
        with self._desk.parts.database.reading() as session:
            directory = directory_for(session, code) or Directory(commune=commune.name)
        return self._page(visit, commune, directory, [])

    def save(self, visit: At, code: str) -> Response:
        """Take over the form. `do=add` only gives it another line for a helper."""
        commune = self._allowed(visit, code)
        directory = _directory(visit.form, commune.name)
        if visit.form.one("do") == "add":
            return self._page(visit, commune, directory, [], add=True)
        if problems := _problems(directory):
            return self._page(visit, commune, directory, problems, 422)
        with self._desk.parts.database.session() as session:
            save_directory(session, code, directory, visit.actor)
        return seen(f"/admin/directory/{code}", "directory")

    def _allowed(self, visit: Visit, code: str) -> Commune:
        if not visit.actor.sees(code):
            raise Denied(403, "Tài khoản của bạn chỉ xem và sửa được danh bạ của xã mình.")
        commune = communes().get(code)
        if commune is None:
            raise Denied(404, "Không có xã nào mang mã này.")
        return commune

    def _page(
        self, visit: Visit, commune: Commune, directory: Directory, problems: list[str], status: int = 200, *, add: bool = False
    ) -> Response:
        helpers = [*directory.helpers, *([Helper("")] if add or not directory.helpers else [])]
        values = {"commune": commune, "directory": directory, "helpers": helpers, "problems": problems, "added": add}
        return self._desk.page(visit.request, visit.actor, "commune.html", status, **values)


def _directory(form: Form, commune: str) -> Directory:
    names, villages, phones = (form.all(f"helper.{field}") for field in ("name", "village", "phone"))
    rows = zip(names, villages, phones, strict=False)
    helpers = tuple(Helper(n.strip(), v.strip(), p.strip()) for n, v, p in rows if n.strip() or p.strip())
    fields = ("one_stop_address", "one_stop_hours", "one_stop_phone", "police_phone")
    return Directory(commune=commune, helpers=helpers, **{name: form.one(name) for name in fields})


def _problems(directory: Directory) -> list[str]:
    """What cannot be saved: phones that are none, helpers without a name, texts too long for a chat message."""
    phones = [directory.one_stop_phone, directory.police_phone, *(helper.phone for helper in directory.helpers)]
    found = [f"“{phone}” không phải số điện thoại." for phone in phones if not PHONE.fullmatch(phone)]
    found += ["Có thành viên tổ công nghệ số chưa ghi tên." for helper in directory.helpers if not helper.name]
    texts = [directory.one_stop_address, directory.one_stop_hours, *(h.name + h.village for h in directory.helpers)]
    return found + ["Có mục dài quá 200 ký tự." for text in texts if len(text) > 200]
