"""The evaluation report as curators read it: in a file of its own, and in the console."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser as Chromium

from admin.evaluation_page import LIGHTS, evaluation_page, in_hundred, percent
from retrieval.decision import Kind
from retrieval.report import measured, report_of
from retrieval.runs import Asked, Run, RunStore, runs_folder
from tests.admin.conftest import Browser, Console
from tests.retrieval.test_report import RIGHT, WRONG, asked, run

SILENT = asked(Kind.DONT_KNOW, "visa", style="dialect", text="mã ni là răng")
OUTSIDE = asked(Kind.ANSWER, "qr", "", text="giá vàng hôm nay", style="ood")
MISSED = asked(Kind.CHAT, text="bị lừa hết tiền", style="urgent", urgent=True)
ALARM = asked(Kind.ANSWER, "otp", danger=True, text="mã bao lâu hết hạn")


def everything(minutes: int = 0, first: Asked = WRONG) -> Run:
    return run(first, *[RIGHT] * 20, SILENT, OUTSIDE, MISSED, ALARM, asked(Kind.CHAT), minutes=minutes)


def text_of(page: str) -> str:
    """What is read, without tags, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("</head>")[2]))


def page_of(made: Run, before: Run | None = None, console: str = "") -> str:
    return evaluation_page([report_of(made, before)], console)


def test_plain_words_come_first() -> None:
    text = text_of(page_of(everything()))
    assert "Trong 100 câu hỏi về những việc đã có bài, khoảng 88 câu được trả lời đúng ngay." in text
    assert text.index("Trong 100 câu") < text.index("Đèn từng chủ đề") < text.index("Đo với gì Bộ câu thử")


def test_few_questions_are_not_blown_up_to_a_hundred() -> None:
    assert in_hundred(measured([True]), "x") == "Trong 1 câu x, có <strong>1 câu</strong>"
    assert "Trong 1 câu hỏi về những việc đã có bài, có 1 câu" in text_of(page_of(run(RIGHT)))


def test_a_share_never_rounds_away_what_there_is() -> None:
    assert [percent(part) for part in (None, 0, 0.002, 0.5, 0.998, 1)] == ["–", "0 %", "dưới 1 %", "50 %", "hơn 99 %", "100 %"]


def test_lights_have_a_word_and_a_shape() -> None:
    page = page_of(everything())
    assert all(word in page for word in LIGHTS.values())
    assert 'class="sign green"' in page and "21/24 câu đúng" in page


def test_a_confusion_says_what_to_do_and_where() -> None:
    page = page_of(everything(), console="https://hv.example/")
    assert "Mã OTP → Quét mã QR" in text_of(page)
    assert '<a href="https://hv.example/admin/topics/otp/vi/standard">Mã OTP</a> (đang có 9 câu mẫu)' in page
    assert "đừng chép nguyên câu thử" in page


def test_every_fault_is_shown_with_its_question() -> None:
    text = text_of(page_of(everything()))
    faults = text[text.index("Nguy hiểm mà bot không nhận ra: 1 câu") :]
    order = [faults.index(part) for part in ("bị lừa hết tiền", "mã otp là gì", "giá vàng hôm nay", "mã bao lâu hết hạn")]
    assert order == sorted(order)


def test_without_a_run_before_it_says_so() -> None:
    assert "Chưa có lần chạy trước" in page_of(everything())


def test_the_run_before_is_named_and_compared() -> None:
    before = everything().model_copy(update={"model": "m0", "content": "c0"})
    text = text_of(page_of(everything(minutes=5, first=RIGHT), before))
    assert "Lần trước: 22/11/2026 10:00" in text and "m0 → m1" in text and "Nội dung: đã thay đổi" in text
    assert "Tốt lên: 1 câu" in text and "có thể chỉ do may rủi" in text and "Kém đi:" not in text


def test_a_set_the_thresholds_were_fitted_to_is_called_that() -> None:
    note = "chỉnh bằng chính bộ câu này"
    assert note in page_of(run(RIGHT, calibrated_on=("q.jsonl#abc",))) and note not in page_of(run(RIGHT))


def test_an_empty_set_and_one_without_lessons_still_make_a_page() -> None:
    assert "chưa có câu nào" in page_of(run())
    assert "không có câu nào về những việc đã có bài" in page_of(run(OUTSIDE))


def test_questions_are_text_not_markup() -> None:
    page = page_of(run(asked(Kind.ANSWER, "qr", text="<script>alert(1)</script>")))
    assert "<script" not in page and "&lt;script&gt;" in page


def test_the_file_needs_nothing_else() -> None:
    page = page_of(everything())
    assert not re.search(r'<(?:script|link|img|iframe)|src=|url\(|@import|style="', page)


def test_several_files_share_a_page() -> None:
    other = run(RIGHT, queries="more.jsonl#def")
    page = evaluation_page([report_of(everything()), report_of(other)])
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and "Bộ câu thử more.jsonl" in page


@pytest.fixture
def store(console: Console, tmp_path: Path) -> RunStore:
    """Kept runs of a data folder that the console reads."""
    settings = console.parts.settings.model_copy(update={"data_dir": tmp_path})
    console.app = console.app_of(replace(console.parts, settings=settings))
    return RunStore(runs_folder(tmp_path))


def test_the_console_lists_and_explains_the_newest_runs(console: Console, store: RunStore) -> None:
    browser = console.browser("viewer")
    assert "Chưa có lần đo nào" in browser.get("/admin/evaluations").text
    store.save(everything())
    store.save(everything(minutes=5, first=RIGHT))
    assert '<a href="/admin/evaluations/abc">q.jsonl</a>' in browser.get("/admin/evaluations").text
    page = browser.get("/admin/evaluations/abc")
    assert page.status_code == 200 and "Tốt lên: 1 câu" in text_of(page.text) and "style=" not in page.text
    assert browser.get("/admin/static/evaluation.css").status_code == 200


def test_the_projects_own_sets_have_a_name_and_a_caveat(console: Console, store: RunStore) -> None:
    store.save(run(RIGHT, queries="examiner.jsonl#abc"))
    browser = console.browser("viewer")
    for page in (browser.get("/admin/evaluations").text, browser.get("/admin/evaluations/abc").text.split("Đo với gì</h2>")[0]):
        assert "Bộ câu của người chấm riêng" in page and "không phải lời hứa" in page
        assert "examiner.jsonl" not in page and "hocvuso eval" not in page
    assert "không phải lời hứa" not in page_of(run(RIGHT)), "nothing is said about questions that others collected"


def test_an_unknown_set_is_not_found(console: Console, store: RunStore) -> None:
    assert console.browser("viewer").get("/admin/evaluations/abc").status_code == 404
    anonymous = Browser(TestClient(console.app, follow_redirects=False))
    assert anonymous.get("/admin/evaluations").status_code == 303


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_violation_and_a_small_phone_cuts_nothing_off(browser: Chromium, tmp_path: Path, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    file = tmp_path / "report.html"
    reports = [report_of(everything(5, RIGHT), everything()), report_of(run(WRONG, queries="more.jsonl#def"))]
    file.write_text(evaluation_page(reports), encoding="utf-8")
    with browser.new_page(viewport={"width": width, "height": 740}) as page:
        page.goto(file.as_uri())
        found = axe.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
