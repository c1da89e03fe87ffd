"""How far learners are: every figure opens to the people behind it, who see what they agreed to be seen, and no more."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from admin.tables import AuditRow
from bot.texts import load_texts
from learning.people import CONSENT_TEXT
from learning.tables import FamilyRow, LearnerRow, LearningEventRow
from tests.admin.conftest import ELSEWHERE, HOME, NOW, Console

WORDS = ("consent.ask", "consent.guardian", "profile.kept")


def learner(
    console: Console, code: str, commune: str | None, audience: str | None, lessons: int, agreed: str = CONSENT_TEXT
) -> None:
    """Somebody who finished that many lessons, one a day from `NOW` on, each with a failed quiz."""
    with console.database.session() as session:
        family = FamilyRow()
        session.add(family)
        session.flush()
        place = {"province": "1" if commune else None, "commune": commune, "audience": audience}
        session.add(
            LearnerRow(
                id=code, family_id=family.id, name=f"=Bà {code}", consent_text=agreed, consented_at=NOW, record={}, **place
            )
        )
        session.flush()
        for lesson in range(lessons):
            fields = {"learner_id": code, "at": NOW + timedelta(days=lesson), "course_id": "c", "lesson_id": f"l{lesson}"}
            session.add(LearningEventRow(kind="lesson_done", body={}, **fields))
            session.add(LearningEventRow(kind="attempt_finished", success=False, body={"right": 1}, **fields))


def text_of(page: str) -> str:
    """The main part as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[1])).split())


def rows(console: Console, who: str = "viewer", **query: str) -> str:
    return text_of(console.browser(who).get("/admin/progress/learners", **query).text)


def test_progress_opens_to_the_learners_behind_it(console: Console) -> None:
    learner(console, "a", HOME, "nong-dan", 2)
    learner(console, "b", HOME, "nong-dan", 0)
    learner(console, "c", ELSEWHERE, None, 1)
    page = console.browser("viewer").get("/admin/progress").text
    assert "3 người học , 2 người có học; 3 lượt học xong bài" in text_of(page)
    links = {html.unescape(link) for link in re.findall(r'href="(/admin/progress/learners[^"]*)"', page)}
    assert f"/admin/progress/learners?province=1&commune={HOME}&audience=nong-dan" in links
    assert all(console.browser("viewer").get(link).status_code == 200 for link in links)
    behind = rows(console, commune=HOME, audience="nong-dan")
    assert "2 người" in behind
    assert "=Bà a" in behind and "=Bà b" in behind and "=Bà c" not in behind
    own = text_of(console.browser("xa-viewer").get("/admin/progress").text)
    assert "2 người học" in own
    assert "Cửa Nam" not in own


def test_a_commune_has_a_line_for_all_its_groups_which_opens_too(console: Console) -> None:
    learner(console, "a", HOME, "nong-dan", 2)
    learner(console, "b", HOME, None, 1)
    shown = text_of(console.browser("viewer").get("/admin/progress").text)
    assert "Phường Hoàn Kiếm Thành phố Hà Nội 2 người 2 có học 3 bài 0 đạt 3 lần làm Nông dân 1 người" in shown
    behind = rows(console, commune=HOME, audience="*")
    assert "2 người" in behind and "=Bà a Nông dân" in behind and "=Bà b chưa rõ nhóm" in behind


def test_days_narrow_what_is_counted_and_what_it_opens_to(console: Console) -> None:
    learner(console, "a", HOME, "nong-dan", 3)  # lessons on 22, 23 and 24 November
    page = console.browser("viewer").get("/admin/progress", since="2026-11-23", until="2026-11-23").text
    assert "1 người học , 1 người có học; 1 lượt học xong bài" in text_of(page)
    assert "since=2026-11-23&amp;until=2026-11-23" in page
    assert "23/11/2026 10:00 bắt đầu 22/11/2026 10:00 1 0 đạt" in rows(
        console, commune=HOME, audience="nong-dan", since="2026-11-23", until="2026-11-23"
    )
    assert "Nông dân,1,1,1," in console.browser("viewer").get("/admin/progress/export.csv", since="2026-11-24").text
    assert console.browser("viewer").get("/admin/progress", since="hôm qua").status_code == 422


def test_many_learners_come_in_pages(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin.progress.PAGE", 2)
    for code in "abc":
        learner(console, code, HOME, None, 0)
    first, last = rows(console, commune=HOME), rows(console, commune=HOME, page="2")
    assert first.count("=Bà") == 2 and "3 người" in first and "Sau ›" in first
    assert last.count("=Bà") == 1 and "Sau ›" not in last


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("level", ["standard", "simple"])
def test_people_agree_to_exactly_what_the_page_shows(console: Console, name: str, level: str) -> None:
    learner(console, "a", HOME, "nong-dan", 1)
    page = console.browser("xa-viewer").get("/admin/progress/learners", commune=HOME, audience="nong-dan").text
    headings = [part for heading in re.findall(r'<th scope="col">([^<]+)</th>', page) for part in heading.lower().split(", ")]
    assert headings == ["tên gọi", "nhóm", "ngày học", "bài học xong", "kết quả kiểm tra"]
    promise = load_texts()[name][level].lower()
    assert [heading for heading in headings if heading not in promise] == []
    assert "cán bộ xã, phường" in promise and "người quản lý bot" in promise
    assert "số đếm chung" not in promise


def test_single_answers_are_shown_to_nobody_as_promised(console: Console) -> None:
    learner(console, "a", HOME, "nong-dan", 1)
    with console.database.session() as session:
        fields = {"attempt_id": "t", "item_id": "cau-otp-7", "success": False, "body": {"options": ["doc-ma"]}}
        session.add(LearningEventRow(learner_id="a", at=NOW, kind="answered", **fields))
    admin = console.browser("admin")
    pages = [admin.get("/admin/progress/learners", commune="*", audience="*").text, admin.get("/admin/progress/export.csv").text]
    assert not any("cau-otp-7" in page or "doc-ma" in page for page in pages)
    for level in ("standard", "simple"):
        assert "trả lời thì cán bộ không xem" in load_texts()["consent.ask"][level]


def test_whoever_was_promised_not_to_be_named_is_not_named(console: Console) -> None:
    learner(console, "a", HOME, None, 1, agreed="2026-11")
    learner(console, "b", HOME, None, 1)
    behind = rows(console, commune=HOME)
    assert "=Bà a" not in behind and "tên được giữ kín" in behind and "=Bà b" in behind


def test_progress_is_exported_for_spreadsheets_and_on_record(console: Console) -> None:
    learner(console, "a", HOME, "nong-dan", 2)
    learner(console, "c", ELSEWHERE, None, 1)
    viewer = console.browser("viewer")
    csv = viewer.get("/admin/progress/export.csv")
    assert csv.content.startswith("\ufeffMã tỉnh".encode())
    assert "Phường Hoàn Kiếm,Nông dân,1,1,2" in csv.text and "Bà a" not in csv.text
    sheet = load_workbook(io.BytesIO(viewer.get("/admin/progress/export.xlsx").content)).active
    assert sheet.max_row == 3
    scoped = console.browser("xa-viewer").get("/admin/progress/export.csv").text
    assert "Cửa Nam" not in scoped
    assert viewer.get("/admin/progress/export.pdf").status_code == 404
    with console.database.reading() as session:
        entries = session.scalars(select(AuditRow).where(AuditRow.action == "progress.export").order_by(AuditRow.id)).all()
    assert [(e.actor, e.object) for e in entries] == [
        ("viewer", "commune:*"),
        ("viewer", "commune:*"),
        ("xa-viewer", f"commune:{HOME}"),
    ]
