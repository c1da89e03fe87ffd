"""Signing in and out, one's own password, the files every page needs."""

from __future__ import annotations

import hmac
import re
import secrets
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from admin import accounts
from admin.signing_in import LONGEST_SESSION, SignInRefused, sign_in, sign_out, token_hash
from admin.tables import UserRow
from admin.web.forms import Form
from admin.web.gate import COOKIE, At, Denied, PublicForm
from admin.web.pages import Desk, seen

STATIC: Final = Path(__file__).parent.parent / "static"
FILES: Final = frozenset({"console.css", "console.js", "evaluation.css", "htmx.min.js"})
FORM_COOKIE: Final = "hocvuso_sign_in"  # ties the sign-in form to the browser it was shown in
_OURS: Final = re.compile(r"/admin/[\w/.-]*")


class AccountPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/static/{name}", self.file, methods=["GET"])
        router.add_api_route("/sign-in", self.sign_in_form, methods=["GET"])
        router.add_api_route("/sign-in", self.sign_in, methods=["POST"])
        router.add_api_route("/sign-out", self.sign_out, methods=["POST"])
        router.add_api_route("/account", self.account, methods=["GET"])
        router.add_api_route("/account", self.change_password, methods=["POST"])

    def file(self, name: str) -> Response:
        """A style sheet or script of our own."""
        if name not in FILES:
            raise Denied(404, "Không có tệp này.")
        return FileResponse(STATIC / name, headers={"Cache-Control": "no-cache"})

    def sign_in_form(self, request: Request) -> Response:
        """The form, with a token of this browser in it."""
        return self._sign_in_page(request, "", "")

    def sign_in(self, request: Request, form: PublicForm) -> Response:
        """Open a session, or show the form again with the reason."""
        cookie = request.cookies.get(FORM_COOKIE, "")
        if not cookie or not hmac.compare_digest(cookie.encode(), form.one("csrf").encode()):
            return self._sign_in_page(request, form.one("name"), "Biểu mẫu đã cũ. Xin đăng nhập lại.", 403)
        address = request.client.host if request.client else ""
        parts = self._desk.parts
        password = form.fields.get("password", [""])[0]
        try:
            signed = sign_in(parts.database, form.one("name"), password, address, parts.clock())
        except SignInRefused as refused:
            return self._sign_in_page(request, form.one("name"), _why(refused), 429 if refused.minutes else 403)
        response = RedirectResponse(_next(form.one("next")), 303)
        self._set_cookie(response, COOKIE, signed.token, int(LONGEST_SESSION.total_seconds()))
        response.delete_cookie(FORM_COOKIE, path="/admin")
        return response

    def sign_out(self, visit: At) -> Response:
        """End this session on the server and in the browser."""
        with self._desk.parts.database.session() as session:
            sign_out(session, visit.actor, visit.request.cookies.get(COOKIE, ""))
        response = seen("/admin/sign-in", "signed_out")
        response.delete_cookie(COOKIE, path="/admin")
        return response

    def account(self, visit: At) -> Response:
        """One's own account."""
        return self._desk.page(visit.request, visit.actor, "account.html", error="")

    def change_password(self, visit: At) -> Response:
        """A new password, given the old one; other browsers are signed out."""
        try:
            self._change_password(visit.form, visit.actor.id, visit.actor.name, visit.request.cookies.get(COOKIE, ""))
        except accounts.AccountError as error:
            return self._desk.page(visit.request, visit.actor, "account.html", 422, error=str(error))
        return seen("/admin/account", "password")

    def _change_password(self, form: Form, user_id: int, name: str, token: str) -> None:
        old, new = (form.fields.get(field, [""])[0] for field in ("old", "new"))
        with self._desk.parts.database.reading() as session:
            row = session.get(UserRow, user_id)
        if not accounts.password_fits(row, old):
            raise accounts.AccountError("Mật khẩu hiện tại chưa đúng.")
        if new != form.fields.get("again", [""])[0]:
            raise accounts.AccountError("Hai lần nhập mật khẩu mới chưa giống nhau.")
        with self._desk.parts.database.session() as session:
            row = session.get_one(UserRow, user_id)
            accounts.set_password(session, row, new, by=name, keep=token_hash(token))

    def _sign_in_page(self, request: Request, name: str, error: str, status: int = 200) -> Response:
        csrf = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
        wanted = request.query_params.get("next", "")
        response = self._desk.page(
            request, None, "sign_in.html", status, csrf=csrf, name=name, error=error, next=_next(wanted) if wanted else ""
        )
        self._set_cookie(response, FORM_COOKIE, csrf, 3600)
        return response

    def _set_cookie(self, response: Response, name: str, value: str, seconds: int) -> None:
        secure = self._desk.parts.settings.secure_cookies
        response.set_cookie(name, value, max_age=seconds, path="/admin", httponly=True, samesite="lax", secure=secure)


def _next(wanted: str) -> str:
    """Only pages of the console: a link may not send somebody elsewhere after signing in."""
    return wanted if _OURS.fullmatch(wanted) else "/admin/"


def _why(refused: SignInRefused) -> str:
    if refused.minutes:
        return f"Đã thử sai nhiều lần. Xin đợi {refused.minutes} phút rồi thử lại."
    return "Tên đăng nhập hoặc mật khẩu chưa đúng."
