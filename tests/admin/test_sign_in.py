"""Signing in: the lock after failures, the life of a session, what a forged request meets."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from admin.accounts import find_user, list_users
from admin.signing_in import LOCKED_FOR, MOST_FAILURES, MOST_FAILURES_ADDRESS, SignInRefused, sign_in, token_hash
from admin.tables import AttemptRow, SessionRow
from admin.web.gate import COOKIE
from tests.admin.conftest import NOW, PASSWORD, Console
from tests.admin.test_permissions import EXPECTED, VALUES


def test_the_right_password_opens_the_console(console: Console) -> None:
    answer = console.anonymous().sign_in("Admin ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/")
    assert "Chào Bà Admin" in console.browser("admin").get("/admin/").text


def test_wrong_passwords_and_unknown_names_look_the_same(console: Console) -> None:
    wrong, unknown = console.anonymous().sign_in("admin", "khong-phai-day"), console.anonymous().sign_in("ai-do", "x")
    assert wrong.status_code == unknown.status_code == 403
    for page in (wrong, unknown):
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in page.text


def test_five_failures_lock_the_name_for_fifteen_minutes(console: Console) -> None:
    for _ in range(MOST_FAILURES):
        assert console.anonymous().sign_in("editor", "sai-mat-khau").status_code == 403
    locked = console.anonymous().sign_in("editor")
    assert locked.status_code == 429
    assert "đợi 16 phút" in locked.text or "đợi 15 phút" in locked.text
    assert console.anonymous().sign_in("viewer").status_code == 303, "other names are not locked"
    console.now += LOCKED_FOR + timedelta(seconds=1)
    assert console.anonymous().sign_in("editor").status_code == 303


def test_unknown_names_are_locked_alike(console: Console) -> None:
    answers = [console.anonymous().sign_in("ai-do", "x").status_code for _ in range(MOST_FAILURES + 1)]
    assert answers == [403] * MOST_FAILURES + [429]


def test_a_success_forgets_the_failures_before_it(console: Console) -> None:
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            console.anonymous().sign_in("editor", "sai-mat-khau")
        assert console.anonymous().sign_in("editor").status_code == 303


def test_one_address_cannot_try_many_names(console: Console) -> None:
    with console.database.session() as session:
        for number in range(MOST_FAILURES_ADDRESS):
            session.add(AttemptRow(name=f"n{number}", address="10.0.0.9", at=NOW))
    with pytest.raises(SignInRefused) as refused:
        sign_in(console.database, "viewer", PASSWORD, "10.0.0.9", NOW)
    assert refused.value.minutes > 0
    assert sign_in(console.database, "viewer", PASSWORD, "10.0.0.8", NOW).actor.name == "viewer"


def test_guesses_made_at_the_same_time_all_count(console: Console) -> None:
    outcomes: list[bool] = []

    def guess() -> None:
        try:
            sign_in(console.database, "publisher", "sai-mat-khau", "10.0.0.1", NOW)
        except SignInRefused as refused:
            outcomes.append(refused.minutes > 0)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(False) == MOST_FAILURES
    assert outcomes.count(True) == 12 - MOST_FAILURES


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(console: Console) -> None:
    cookies = console.anonymous().sign_in("admin").headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith(COOKIE))
    assert {"HttpOnly", "SameSite=lax", "Path=/admin"} <= set(session.split("; "))
    assert "Secure" not in session
    console.settings.secure_cookies = True
    secure = console.anonymous().client.get("/admin/sign-in").headers["set-cookie"]
    assert "Secure" in secure


def test_the_database_keeps_neither_passwords_nor_tokens(console: Console) -> None:
    browser = console.browser("admin")
    token = browser.client.cookies[COOKIE]
    with console.database.reading() as session:
        assert session.get(SessionRow, token_hash(token)) is not None
        assert session.get(SessionRow, token) is None
        user = find_user(session, "admin")
        assert user and user.password_hash.startswith("$argon2id$")
        everything = str(session.execute(text("SELECT * FROM audit_log")).all())
    assert PASSWORD not in everything
    assert token not in everything


def test_signing_out_ends_the_session_on_the_server(console: Console) -> None:
    browser = console.anonymous()
    browser.sign_in("viewer")
    token = browser.client.cookies[COOKIE]
    assert browser.post("/admin/sign-out").status_code == 303
    browser.client.cookies.set(COOKIE, token)
    assert browser.get("/admin/").status_code == 303


@pytest.mark.parametrize(("hours", "open_"), [(1.9, True), (2.1, False)])
def test_an_idle_session_ends_after_two_hours(console: Console, hours: float, open_: bool) -> None:
    browser = console.browser("viewer")
    console.wait(hours=hours)
    assert (browser.get("/admin/").status_code == 200) is open_


def test_a_session_in_use_ends_after_twelve_hours(console: Console) -> None:
    browser = console.browser("viewer")
    for _ in range(11):
        console.wait(hours=1)
        assert browser.get("/admin/").status_code == 200
    console.wait(hours=1.1)
    assert browser.get("/admin/").status_code == 303


def test_a_changed_password_signs_out_the_other_browsers(console: Console) -> None:
    here, there = console.browser("viewer"), console.anonymous()
    there.sign_in("viewer")
    new = "mot-mat-khau-khac"
    assert here.post("/admin/account", {"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 303
    assert console.anonymous().sign_in("viewer").status_code == 403
    assert console.anonymous().sign_in("viewer", new).status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "sai", "new": "mot-mat-khau-khac", "again": "mot-mat-khau-khac"}, "hiện tại chưa đúng"),
        ({"old": PASSWORD, "new": "mot-mat-khau-khac", "again": "khac-nua-khac-nua"}, "chưa giống nhau"),
        ({"old": PASSWORD, "new": "ngan", "again": "ngan"}, "từ 10 đến"),
        ({"old": PASSWORD, "new": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "dễ đoán"),
    ],
)
def test_a_password_is_not_changed_carelessly(console: Console, fields: dict[str, str], said: str) -> None:
    answer = console.browser("viewer").post("/admin/account", fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_somebody_switched_off_is_out_at_once(console: Console) -> None:
    browser = console.browser("editor")
    with console.database.reading() as session:
        user = find_user(session, "editor")
    assert user
    console.browser("admin").post(f"/admin/users/{user.id}", {"full_name": "x", "role": "editor", "commune": ""})
    assert browser.get("/admin/").status_code == 303
    assert console.anonymous().sign_in("editor").status_code == 403


def test_the_last_admin_cannot_lock_everybody_out(console: Console) -> None:
    with console.database.reading() as session:
        user = find_user(session, "admin")
    assert user
    answer = console.browser("admin").post(f"/admin/users/{user.id}", {"full_name": "x", "role": "viewer", "active": "1"})
    assert answer.status_code == 422
    assert "ít nhất một quản trị viên" in answer.text
    with console.database.reading() as session:
        assert {row.role for row in list_users(session) if row.name == "admin"} == {"admin"}


def test_no_write_without_the_forms_own_token(console: Console) -> None:
    stranger, client = console.browser("viewer").csrf(), console.browser("admin").client
    for address in (a for a in EXPECTED if a.startswith("POST")):
        path = address.split(" ")[1].format_map(VALUES)
        for token in ("", "x" * 32, stranger):
            answer = client.post(path, data={"csrf": token, "name": "admin", "password": PASSWORD})
            assert (answer.status_code, "Biểu mẫu đã cũ" in answer.text) == (403, True), address


def test_a_form_sent_from_another_site_is_refused(console: Console) -> None:
    answer = console.browser("admin").post("/admin/queue/dismiss", {"ids": "1"}, **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_other_encodings_and_huge_forms_are_refused(console: Console) -> None:
    client = console.browser("admin").client
    assert client.post("/admin/account", json={"old": "x"}).status_code == 415
    body = {"content": b"a=" + b"x" * 600_000, "headers": {"content-type": "application/x-www-form-urlencoded"}}
    assert client.post("/admin/account", **body).status_code == 413  # type: ignore[arg-type]


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/admin/../x?y", "/elsewhere", "javascript:1"])
def test_signing_in_leads_nowhere_else(console: Console, wanted: str) -> None:
    assert console.anonymous().sign_in("viewer", next=wanted).headers["location"] == "/admin/"


def test_every_page_brings_strict_headers(console: Console) -> None:
    for page in (console.anonymous().get("/admin/sign-in"), console.browser("admin").get("/admin/topics")):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-frame-options"] == "DENY"
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page.text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)


def test_attempts_are_on_record(console: Console) -> None:
    console.anonymous().sign_in("viewer", "sai-mat-khau")
    console.anonymous().sign_in("viewer")
    with console.database.reading() as session:
        rows = session.scalars(select(AttemptRow).order_by(AttemptRow.id)).all()
    assert [(row.name, row.ok) for row in rows] == [("viewer", False), ("viewer", True)]
