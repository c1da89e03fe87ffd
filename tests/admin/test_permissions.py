"""Who gets in where: every address of the console as every person, against a table written by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from admin.permissions import COMMUNE_PERMISSIONS, PUBLIC, ROLE_PERMISSIONS, ROUTES, Permission, Role
from admin.router import admin_router
from admin.web.gate import At, gated_route
from admin.web.pages import Desk
from tests.admin.conftest import ELSEWHERE, EVERYBODY, HOME, VARIANT, Console

V = "/admin/topics/{topic}/{language}/{level}"
ALL = frozenset(EVERYBODY)
NATIONAL = frozenset(name for name in EVERYBODY if not name.startswith("xa-"))
EDITORS = NATIONAL - {"viewer"}
PUBLISHERS = EDITORS - {"editor"}
ADMINS = frozenset({"admin"})
ANYBODY = ALL | {"anonymous"}
EXPECTED = {
    "GET /admin/static/{name}": ANYBODY,
    "GET /admin/sign-in": ANYBODY,
    "POST /admin/sign-in": ANYBODY,
    "GET /admin/": ALL,
    "POST /admin/sign-out": ALL,
    "GET /admin/account": ALL,
    "POST /admin/account": ALL,
    "GET /admin/topics": ALL,
    f"GET {V}": ALL,
    f"GET {V}/edit": EDITORS,
    f"POST {V}/edit": EDITORS,
    f"POST {V}/form": EDITORS,
    f"POST {V}/preview": EDITORS,
    f"POST {V}/submit": EDITORS,
    f"POST {V}/discard": EDITORS,
    f"GET {V}/review": ALL,
    f"POST {V}/publish": PUBLISHERS,
    f"POST {V}/return": PUBLISHERS,
    f"POST {V}/confirm": PUBLISHERS,
    f"POST {V}/still-current": PUBLISHERS,
    f"GET {V}/history": ALL,
    f"GET {V}/history/{{number}}": ALL,
    f"POST {V}/rollback": PUBLISHERS,
    "GET /admin/languages": ALL,
    "GET /admin/languages/{language}": ALL,
    "POST /admin/languages/{language}/trial": PUBLISHERS,
    "POST /admin/languages/{language}/words": PUBLISHERS,
    "GET /admin/queue": NATIONAL,
    "POST /admin/queue/dismiss": EDITORS,
    "POST /admin/queue/what-if": EDITORS,
    "POST /admin/queue/example": EDITORS,
    "POST /admin/queue/confirm": PUBLISHERS,
    "POST /admin/queue/publish": PUBLISHERS,
    "POST /admin/queue/undo": EDITORS,
    "GET /admin/evaluations": ALL,
    "GET /admin/evaluations/{checksum}": ALL,
    "GET /admin/directory": ALL,
    "GET /admin/directory/{code}": ALL,
    "POST /admin/directory/{code}": ALL - {"viewer", "xa-viewer"},
    "GET /admin/progress": ALL,
    "GET /admin/progress/learners": ALL,
    "GET /admin/progress/export.{kind}": ALL,
    "GET /admin/letters": PUBLISHERS,
    "POST /admin/letters/{letter}/retry": PUBLISHERS,
    "POST /admin/letters/{letter}/drop": PUBLISHERS,
    "GET /admin/audit": ADMINS,
    "GET /admin/users": ADMINS,
    "POST /admin/users": ADMINS,
    "GET /admin/users/{user}": ADMINS,
    "POST /admin/users/{user}": ADMINS,
    "POST /admin/users/{user}/password": ADMINS,
}
VALUES = {
    "name": "console.css",
    "topic": "otp",
    "language": "vi",
    "level": "standard",
    "number": "1",
    "code": HOME,
    "checksum": "8395bec22d47",
    "kind": "csv",
    "letter": "1",
    "user": "1",
}


def routes(console: Console) -> set[str]:
    return {f"{method} {route.path}" for route in admin_router(console.parts).routes for method in route.methods}  # type: ignore[attr-defined]


def let_in(console: Console, who: str, address: str) -> bool:
    """Whether the page itself answered, be it with "no such draft"; not the gate."""
    method, path = address.split(" ")
    query = {"commune": HOME} if "progress" in path else {}
    browser = console.anonymous() if who == "anonymous" else console.browser(who)
    filled = path.format_map(VALUES)
    if address == "POST /admin/sign-in":
        answer = browser.sign_in("ai-do", "x")
    else:
        answer = browser.get(filled, **query) if method == "GET" else browser.post(filled)
    if answer.status_code == 303 and "/sign-in?next" in answer.headers["location"]:
        return False
    return answer.status_code != 403 or "chưa đúng" in answer.text  # a wrong password is an answer of the page


def test_the_table_names_every_address(console: Console) -> None:
    assert routes(console) == set(EXPECTED)


def test_every_address_as_everybody(console: Console) -> None:
    found = {}
    for address in sorted(EXPECTED, key=lambda a: "sign-out" in a):
        found[address] = {who for who in ANYBODY if let_in(console, who, address)}
    assert found == EXPECTED


def test_permissions_are_data_and_cover_every_address(console: Console) -> None:
    listed = {f"{method} {path}" for method, path in [*PUBLIC, *ROUTES]}
    assert listed == routes(console)
    assert set(ROUTES.values()) <= set(Permission)


def test_an_address_in_no_table_is_refused_even_to_admins(console: Console) -> None:
    router = APIRouter(prefix="/admin", route_class=gated_route(Desk(console.parts)))

    def secret(visit: At) -> str:
        return "secret"

    router.add_api_route("/unlisted", secret, methods=["GET"])
    console.app.include_router(router)
    answer = console.browser("admin").get("/admin/unlisted")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_each_role_may_what_the_one_below_may() -> None:
    held = [ROLE_PERMISSIONS[role] for role in Role]
    assert all(less < more for less, more in pairwise(held))


def test_a_commune_scope_gives_no_power_over_what_all_communes_share() -> None:
    shared = {Permission.EDIT_CONTENT, Permission.PUBLISH_CONTENT, Permission.MANAGE_USERS, Permission.READ_AUDIT}
    assert not shared & COMMUNE_PERMISSIONS


@pytest.mark.parametrize("path", [f"/admin/directory/{ELSEWHERE}", f"/admin/progress?commune={ELSEWHERE}"])
def test_another_communes_pages_are_closed(console: Console, path: str) -> None:
    assert console.browser("xa-admin").get(path).status_code == 403
    assert console.browser("admin").get(path).status_code == 200


@pytest.mark.parametrize("path", ["/admin/progress/learners", "/admin/progress/export.csv"])
def test_another_communes_learners_are_closed(console: Console, path: str) -> None:
    assert console.browser("xa-viewer").get(path, commune=ELSEWHERE).status_code == 403


def test_learners_who_named_no_commune_are_closed_to_a_commune(console: Console) -> None:
    assert console.browser("xa-viewer").get("/admin/progress/learners").status_code == 403
    assert console.browser("viewer").get("/admin/progress/learners").status_code == 200


def test_another_communes_contacts_cannot_be_written(console: Console) -> None:
    answer = console.browser("xa-editor").post(f"/admin/directory/{ELSEWHERE}", {"do": "save", "police_phone": "113"})
    assert answer.status_code == 403


def test_pages_offer_only_what_may_be_done(console: Console) -> None:
    assert f"{VARIANT}/edit" in console.browser("editor").get(VARIANT).text
    page = console.browser("viewer").get(VARIANT).text
    assert f"{VARIANT}/edit" not in page
    assert "/admin/users" not in page


def test_the_role_in_force_is_the_one_in_the_database(console: Console) -> None:
    browser = console.browser("editor")
    user = next(u for u in _users(console) if u[1] == "editor")[0]
    fields = {"full_name": "Bà Editor", "role": "viewer", "commune": "", "active": "1"}
    assert console.browser("admin").post(f"/admin/users/{user}", fields).status_code == 303
    assert browser.get(f"{VARIANT}/edit").status_code == 403


def _users(console: Console) -> list[tuple[int, str]]:
    from admin.accounts import list_users

    with console.database.reading() as session:
        return [(row.id, row.name) for row in list_users(session)]


def test_an_anonymous_visitor_is_led_to_the_sign_in_page_and_back(console: Console) -> None:
    anonymous = TestClient(console.app, follow_redirects=False)
    answer = anonymous.get("/admin/topics")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/sign-in?next=/admin/topics")
    part = anonymous.get("/admin/topics", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/admin/sign-in")
