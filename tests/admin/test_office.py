"""Contacts, undelivered replies, users and the audit log."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from admin import audit
from admin.accounts import find_user, password_fits
from admin.cli import PASSWORD_VARIABLE, app
from admin.directories import directory_for
from admin.tables import AuditRow, UserRow
from bot.directory import Directory, Helper
from bot.tables import OutboxRow
from storage import open_database
from tests.admin.conftest import HOME, PASSWORD, Console

CONTACTS = {
    "one_stop_address": "Số 2 phố Hàng Trống",
    "one_stop_hours": "7:30–17:00, thứ Hai đến thứ Sáu",
    "one_stop_phone": "024 3825 1234",
    "police_phone": "",
    "helper.name": ["Chị Hoa", "Anh Nam", ""],
    "helper.village": ["Tổ 1", "", "bỏ"],
    "helper.phone": ["0900 000 001", "", ""],
    "do": "save",
}


def test_a_commune_keeps_its_own_contacts_and_the_bot_reads_them(console: Console) -> None:
    with console.database.reading() as session:
        assert directory_for(session, HOME) is None
    answer = console.browser("xa-editor").post(f"/admin/directory/{HOME}", CONTACTS)
    assert answer.status_code == 303
    with console.database.reading() as session:
        found = directory_for(session, HOME)
    assert found == Directory(
        commune="Phường Hoàn Kiếm",
        one_stop_address="Số 2 phố Hàng Trống",
        one_stop_hours="7:30–17:00, thứ Hai đến thứ Sáu",
        one_stop_phone="024 3825 1234",
        helpers=(Helper("Chị Hoa", "Tổ 1", "0900 000 001"), Helper("Anh Nam")),
    )
    page = console.browser("xa-viewer").get(f"/admin/directory/{HOME}").text
    assert "Chị Hoa (Tổ 1) 0900 000 001" in page
    assert "<input" not in page.split("<main")[1], "a viewer gets no form"


def test_somebody_of_one_commune_goes_straight_to_it(console: Console) -> None:
    assert console.browser("xa-viewer").get("/admin/directory").headers["location"] == f"/admin/directory/{HOME}"
    found = console.browser("viewer").get("/admin/directory", q="hoan kiem").text
    assert f"/admin/directory/{HOME}" in found


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"police_phone": "gọi tôi"}, "không phải số điện thoại"), ({"one_stop_address": "x" * 201}, "quá 200 ký tự")],
)
def test_contacts_that_cannot_be_right_are_not_saved(console: Console, fields: dict[str, str], said: str) -> None:
    answer = console.browser("xa-editor").post(f"/admin/directory/{HOME}", {**CONTACTS, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    with console.database.reading() as session:
        assert directory_for(session, HOME) is None


def test_another_line_for_a_helper_saves_nothing(console: Console) -> None:
    page = console.browser("xa-editor").post(f"/admin/directory/{HOME}", {**CONTACTS, "do": "add"}).text
    assert page.count('name="helper.name"') == 3
    with console.database.reading() as session:
        assert directory_for(session, HOME) is None


def test_an_unknown_commune_has_no_contacts(console: Console) -> None:
    assert console.browser("admin").get("/admin/directory/999999").status_code == 404


def dead_letter(console: Console) -> int:
    with console.database.session() as session:
        row = OutboxRow(
            channel="zalo_oa", person="u1", body={"text": "Chào bác"}, status="dead", attempts=8, error="Unreachable: chặn bot"
        )
        session.add(row)
        session.flush()
        return row.id


def test_a_dead_letter_is_sent_again(console: Console) -> None:
    number, publisher = dead_letter(console), console.browser("publisher")
    page = publisher.get("/admin/letters").text
    assert "Unreachable: chặn bot" in page and "Chào bác" in page
    assert publisher.post(f"/admin/letters/{number}/retry").status_code == 303
    with console.database.reading() as session:
        row = session.get_one(OutboxRow, number)
        assert (row.status, row.attempts) == ("pending", 0)
    assert publisher.post(f"/admin/letters/{number}/retry").status_code == 404, "it is not dead any more"


def test_a_dropped_letter_leaves_a_line_without_its_text(console: Console) -> None:
    number = dead_letter(console)
    console.browser("publisher").post(f"/admin/letters/{number}/drop")
    with console.database.reading() as session:
        assert session.get(OutboxRow, number) is None
        entry = session.scalars(select(AuditRow).where(AuditRow.action == "letter.drop")).one()
    assert "zalo_oa · 8 lần" in entry.before
    assert "Chào bác" not in entry.before + entry.after


def test_the_home_page_names_what_needs_attention(console: Console) -> None:
    dead_letter(console)
    page = console.browser("publisher").get("/admin/").text
    assert "tin không gửi được" in page and "cần xem sớm" in page
    assert "tin không gửi được" not in console.browser("viewer").get("/admin/").text


def test_nobody_is_shown_work_that_is_not_theirs(console: Console) -> None:
    for who in ("viewer", "xa-editor"):
        page = console.browser(who).get("/admin/").text
        assert not any(words in page for words in ("chờ duyệt", "chưa có cán bộ xác nhận", "câu hỏi bot chưa")), who
    assert "chờ duyệt" not in console.browser("editor").get("/admin/").text
    assert "chờ duyệt" in console.browser("publisher").get("/admin/").text


def test_somebody_of_one_commune_is_greeted_with_its_name_and_what_its_directory_lacks(console: Console) -> None:
    page = console.browser("xa-editor").get("/admin/").text
    assert "Phường Hoàn Kiếm" in page and f"xã mã {HOME}" not in page
    assert "<strong>5</strong> <span>mục còn trống trong danh bạ của xã" in page
    console.browser("xa-editor").post(f"/admin/directory/{HOME}", CONTACTS)
    assert "<strong>1</strong> <span>mục còn trống" in console.browser("xa-editor").get("/admin/").text


def test_the_audit_log_is_filtered_and_paged(console: Console) -> None:
    with console.database.session() as session:
        for number in range(60):
            audit.record(session, "lan" if number % 2 else "minh", "content.save", f"otp/vi/{number}")
    admin = console.browser("admin")
    first = admin.get("/admin/audit", action="content.save")
    assert first.text.count("<time") == 50
    assert "before=" in first.text
    assert admin.get("/admin/audit", actor="lan").text.count("<time") == 30
    assert admin.get("/admin/audit", subject="vi/59").text.count("<time") == 1
    assert admin.get("/admin/audit", subject="%").text.count("<time") == 0
    assert admin.get("/admin/audit", day="2001-01-01").text.count("<time") == 0
    assert admin.get("/admin/audit", day="hôm qua").status_code == 422


def test_the_audit_log_is_append_only(console: Console) -> None:
    with pytest.raises(TypeError, match="never changed"), console.database.session() as session:
        session.scalars(select(AuditRow)).first().action = "khác"  # type: ignore[union-attr]
        session.flush()
    with pytest.raises(TypeError, match="never changed"), console.database.session() as session:
        session.delete(session.scalars(select(AuditRow)).first())
        session.flush()


def test_users_are_made_and_changed_by_admins(console: Console) -> None:
    admin = console.browser("admin")
    fields = {"name": "Hoa", "full_name": "Lê Thị Hoa", "role": "editor", "commune": HOME, "password": PASSWORD}
    assert admin.post("/admin/users", fields).status_code == 303
    hoa = console.anonymous()
    assert hoa.sign_in("hoa").status_code == 303
    assert "Lê Thị Hoa" in admin.get("/admin/users").text
    assert admin.post("/admin/users", fields).status_code == 422, "the name is taken"
    assert "Không có xã nào mang mã 999999" in admin.post("/admin/users", {**fields, "name": "x1", "commune": "999999"}).text
    with console.database.reading() as session:
        user = find_user(session, "hoa")
    assert user and user.commune_code == HOME
    assert admin.post(f"/admin/users/{user.id}/password", {"password": "ngan"}).status_code == 422
    assert admin.post(f"/admin/users/{user.id}/password", {"password": "mat-khau-moi-tinh"}).status_code == 303
    assert hoa.get("/admin/").status_code == 303, "signed out"
    assert console.anonymous().sign_in("hoa", "mat-khau-moi-tinh").status_code == 303


def test_the_command_line_makes_the_first_user(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCVUSO_DATABASE_URL", database_url)
    run = CliRunner().invoke
    made = run(app, ["create-user", "Lan", "--role", "admin", "--full-name", "Nguyễn Thị Lan"], input=f"{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    assert "lan" in run(app, ["list-users"]).output
    assert run(app, ["create-user", "lan", "--role", "admin"], input=f"{PASSWORD}\n").exit_code == 1
    assert run(app, ["create-user", "minh", "--role", "boss"], input="x\n").exit_code == 2
    monkeypatch.setenv(PASSWORD_VARIABLE, "mat-khau-thu-hai")
    assert run(app, ["reset-password", "lan"]).exit_code == 0
    assert run(app, ["reset-password", "khong-co"]).exit_code == 1
    database = open_database(database_url)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(UserRow)) == 1
        assert password_fits(find_user(session, "lan"), "mat-khau-thu-hai")
    database.close()
