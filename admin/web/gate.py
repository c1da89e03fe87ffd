"""What stands before every page: signed in? allowed? really sent from our own form?

The gate is the route class of the console's router, so that no page can be added that does not pass it;
an address that `admin.permissions` does not list is refused.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from admin.examples import Refused
from admin.permissions import PUBLIC, ROUTES, Actor, Permission
from admin.signing_in import actor_of
from admin.web.forms import BadForm, Form, read_form
from admin.web.pages import Desk
from admin.words import workflow_error
from knowledge.store import WorkflowError

COOKIE = "hocvuso_admin"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class Visit:
    """One request of somebody who may make it."""

    request: Request
    actor: Actor
    form: Form

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return "HX-Request" in self.request.headers


class Denied(Exception):
    """A request that is not carried out; `status` and a Vietnamese sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class SignInFirst(Exception):
    """Nobody is signed in."""


def _visit(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


def _form(request: Request) -> Form:
    form: Form = request.state.form
    return form


At = Annotated[Visit, Depends(_visit)]
PublicForm = Annotated[Form, Depends(_form)]


def gated_route(desk: Desk) -> type[APIRoute]:
    """The route class of a console on that desk."""

    class GatedRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            answer = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    await _enter(desk, request, self.path_format)
                    response = await answer(request)
                except Exception as error:
                    response = _refusal(desk, request, error)
                response.headers.setdefault("Cache-Control", "no-store")
                return response

            return handle

    return GatedRoute


async def _enter(desk: Desk, request: Request, path: str) -> None:
    """Let a request in or raise; afterwards `request.state` holds its form and, unless public, its visit."""
    address = (request.method, path)
    request.state.form = await read_form(request) if request.method == "POST" else Form()
    if request.method == "POST":
        _refuse_foreign_origin(request)
    if address in PUBLIC:
        return
    token = request.cookies.get(COOKIE, "")
    actor = await run_in_threadpool(actor_of, desk.parts.database, token, desk.parts.clock()) if token else None
    if actor is None:
        raise SignInFirst
    request.state.actor = actor
    needed: Permission | None = ROUTES.get(address)
    if needed is None or not actor.may(needed):
        raise Denied(403, "Tài khoản của bạn không có quyền làm việc này.")
    if request.method == "POST" and not hmac.compare_digest(actor.csrf.encode(), request.state.form.one("csrf").encode()):
        raise Denied(403, "Biểu mẫu đã cũ. Xin tải lại trang rồi gửi lại.")
    request.state.visit = Visit(request, actor, request.state.form)


def _refuse_foreign_origin(request: Request) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Denied(403, "Biểu mẫu được gửi từ một trang khác.")


def _refusal(desk: Desk, request: Request, error: Exception) -> Response:
    """The page for an error that people can cause. Raises the error again when it is ours."""
    actor: Actor | None = getattr(request.state, "actor", None)
    match error:
        case SignInFirst():
            return _to_sign_in(request)
        case Denied() | BadForm():
            return desk.refusal(request, actor, error.status, str(error))
        case Refused():
            return desk.refusal(request, actor, 409, str(error))
        case WorkflowError():
            return desk.refusal(request, actor, 409, workflow_error(error))
        case RequestValidationError():
            return desk.refusal(request, actor, 404, "Không có trang này.")
        case HTTPException():
            return desk.refusal(request, actor, error.status_code, str(error.detail))
    raise error


def _to_sign_in(request: Request) -> Response:
    if "HX-Request" in request.headers:  # htmx would put the sign-in page into a corner of this one
        return Response(status_code=401, headers={"HX-Redirect": "/admin/sign-in"})
    wanted = request.url.path if request.method == "GET" else "/admin/"
    return RedirectResponse(f"/admin/sign-in?next={quote(wanted)}", 303)
