"""Who may work in the console."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from admin import accounts
from admin.permissions import Role
from admin.tables import UserRow
from admin.web.forms import Form
from admin.web.gate import At, Denied, Visit
from admin.web.pages import Desk, seen
from learning.communes import communes


class UserPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/users", self.index, methods=["GET"])
        router.add_api_route("/users", self.create, methods=["POST"])
        router.add_api_route("/users/{user}", self.show, methods=["GET"])
        router.add_api_route("/users/{user}", self.change, methods=["POST"])
        router.add_api_route("/users/{user}/password", self.set_password, methods=["POST"])

    def index(self, visit: At) -> Response:
        """Everybody, and a form for somebody new."""
        return self._list(visit, "")

    def create(self, visit: At) -> Response:
        """Add somebody."""
        form = visit.form
        try:
            with self._desk.parts.database.session() as session:
                password = form.fields.get("password", [""])[0]
                accounts.create_user(
                    session,
                    form.one("name"),
                    password,
                    _role(form),
                    full_name=form.one("full_name"),
                    commune=_commune(form),
                    by=visit.actor.name,
                )
        except accounts.AccountError as error:
            return self._list(visit, str(error), 422)
        return seen("/admin/users", "user")

    def show(self, visit: At, user: int) -> Response:
        """One user."""
        return self._show(visit, user, "")

    def change(self, visit: At, user: int) -> Response:
        """Name, role, commune, and whether they may sign in."""
        form = visit.form
        try:
            with self._desk.parts.database.session() as session:
                accounts.change_user(
                    session,
                    _user(session, user),
                    full_name=form.one("full_name"),
                    role=_role(form),
                    commune=_commune(form),
                    active=form.ticked("active"),
                    by=visit.actor.name,
                )
        except accounts.AccountError as error:
            return self._show(visit, user, str(error), 422)
        return seen(f"/admin/users/{user}", "user")

    def set_password(self, visit: At, user: int) -> Response:
        """A new password for somebody who forgot theirs; their browsers are signed out."""
        try:
            with self._desk.parts.database.session() as session:
                password = visit.form.fields.get("password", [""])[0]
                accounts.set_password(session, _user(session, user), password, by=visit.actor.name)
        except accounts.AccountError as error:
            return self._show(visit, user, str(error), 422)
        return seen(f"/admin/users/{user}", "password")

    def _list(self, visit: Visit, error: str, status: int = 200) -> Response:
        with self._desk.parts.database.reading() as session:
            users = accounts.list_users(session)
        return self._desk.page(visit.request, visit.actor, "users.html", status, users=users, error=error, form=visit.form)

    def _show(self, visit: Visit, user: int, error: str, status: int = 200) -> Response:
        with self._desk.parts.database.reading() as session:
            row = _user(session, user)
        return self._desk.page(visit.request, visit.actor, "user.html", status, user=row, error=error)


def _user(session: Session, user: int) -> UserRow:
    row = session.get(UserRow, user)
    if row is None:
        raise Denied(404, "Không có người dùng này.")
    return row


def _role(form: Form) -> Role:
    try:
        return Role(form.one("role"))
    except ValueError as error:
        raise accounts.AccountError("Xin chọn vai trò.") from error


def _commune(form: Form) -> str | None:
    code = form.one("commune")
    if code and code not in communes():
        raise accounts.AccountError(f"Không có xã nào mang mã {code}.")
    return code or None
