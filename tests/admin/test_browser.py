"""The console in a real Chromium: on a small phone, by keyboard, and for whoever sees little."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from admin.accounts import create_user
from admin.permissions import Role
from admin.router import admin_router, parts_of
from bot.runtime import Runtime, following, open_runtime
from bot.settings import Settings
from bot.tables import OutboxRow
from bot.web.app import WebParts
from bot.web.health import readiness
from knowledge.model import Level, VariantKey
from knowledge.store import save_draft, variant_state
from learning.people import CONSENT_TEXT
from learning.tables import FamilyRow, LearnerRow
from retrieval.runs import RunStore, runs_folder
from tests.admin.conftest import HOME, PASSWORD
from tests.retrieval.test_report import RIGHT, WRONG, run
from tests.web.conftest import UNLIMITED, Server, serving

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
OTP = "/admin/topics/otp/vi/standard"
PAGES = (
    "/admin/",
    "/admin/topics",
    OTP,
    f"{OTP}/edit",
    f"{OTP}/history",
    f"{OTP}/history/1",
    "/admin/topics/otp/vi/simple/review",
    "/admin/queue",
    "/admin/queue?reason=urgent",
    "/admin/queue?reason=answered",
    "/admin/evaluations",
    "/admin/evaluations/abc",
    "/admin/directory",
    f"/admin/directory/{HOME}",
    "/admin/progress",
    "/admin/progress?since=2026-01-01&until=2026-12-31",
    f"/admin/progress/learners?commune={HOME}&audience=nong-dan",
    "/admin/letters",
    "/admin/audit",
    "/admin/users",
    "/admin/users/1",
    "/admin/account",
)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The shipped content, a curator, and a little of everything the pages show."""
    made = open_runtime(Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("console"), embedder="hash"))  # type: ignore[call-arg]
    with made.database.session() as session:
        create_user(session, "lan", PASSWORD, Role.ADMIN, full_name="Nguyễn Thị Lan", by="test")
        key = VariantKey(topic_id="otp", level=Level.SIMPLE)
        state = variant_state(session, key)
        assert state
        save_draft(session, key, state.body.model_copy(update={"title": "Mã OTP là gì"}), "Bà Hoa")
        session.add(OutboxRow(channel="zalo_oa", person="u", body={"text": "Chào bác"}, status="dead", error="Unreachable: x"))
        family = FamilyRow()
        session.add(family)
        session.flush()
        place = {"province": "1", "commune": HOME, "audience": "nong-dan"}
        learner = LearnerRow(
            id="a", family_id=family.id, name="Hoa", consent_text=CONSENT_TEXT, consented_at=datetime.now(UTC), record={}, **place
        )
        session.add(learner)
    RunStore(runs_folder(made.settings.data_dir)).save(run(RIGHT, WRONG))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def server(runtime: Runtime) -> Iterator[Server]:
    parts = WebParts(
        runtime.conversations,
        runtime.database,
        lambda: readiness(runtime.database, lambda: runtime.answerer.retriever.index),
        routers=[admin_router(parts_of(runtime))],
        limits=UNLIMITED,
    )
    with following(runtime.live), serving(parts) as running:
        for text in (
            "con tôi mấy giờ tan học",
            "chiều nay có mưa không",
            "Chiều nay có mưa không ạ",
            "toi bi lua mat het tien roi",
            "mã otp là gì",
        ):
            httpx.post(f"{running.url}/api/chat", json={"text": text}, timeout=30)
        yield running


def opened(browser: Browser, server: Server, size: dict[str, int], **more: Any) -> Page:
    """A page of a new browser, signed in."""
    context = browser.new_context(viewport=size, locale="vi-VN", reduced_motion="reduce", **more)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{server.url}/admin/")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Việc cần làm")).to_be_visible()
    return page


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A desktop; no script may fail and nothing may break the content security policy.

    A preview that a later one overtakes is called off, which htmx reports, too; a request that fails says "htmx:responseError".
    """
    problems: list[str] = []
    made = opened(browser, server, DESKTOP)
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda said: problems.append(said.text) if said.type == "error" and not _harmless(said.text) else None)
    yield made
    made.context.close()
    assert problems == []


def _harmless(said: str) -> bool:
    return "409" in said or said in {"htmx:afterRequest", "htmx:sendAbort"}


def answer(server: Server, text: str) -> str:
    """What the bot says to somebody new."""
    reply = httpx.post(f"{server.url}/api/chat", json={"text": text}, timeout=30).json()
    return "\n".join(message["text"] for message in reply["messages"])


def test_sign_in_edit_publish_and_the_bot_answers_with_the_new_text(page: Page, server: Server) -> None:
    new = "OTP giống như chìa khóa nhà: ai xin cũng không đưa."
    page.goto(f"{server.url}/admin/topics")
    page.get_by_label("Tìm (không cần dấu)").press_sequentially("ma otp")
    expect(page.locator("#topics h2").first).to_have_text("Mã OTP và cách giữ an toàn")
    page.locator("#topics h2 a").first.click()
    page.get_by_role("link", name="Sửa", exact=True).click()
    page.locator("#text-summary").fill(new)
    expect(page.locator("#preview .bubble").filter(has_text=new)).to_be_visible()
    page.get_by_label("Ghi chú cho người duyệt").fill("nói cho dễ nhớ")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã lưu bản nháp.")).to_be_visible()
    page.get_by_role("button", name="Gửi duyệt").click()
    page.get_by_role("link", name="Xem thay đổi").click()
    expect(page.locator("ins").first).to_be_visible()
    assert new not in answer(server, "mã otp là gì")
    page.get_by_label("Tôi đã đọc cả bài").check()
    page.get_by_role("button", name="Xuất bản").click()
    expect(page.get_by_text("Đã xuất bản.")).to_be_visible()
    published = time.monotonic()
    while new not in (said := answer(server, "mã otp là gì")):
        assert time.monotonic() - published < 5, said
        time.sleep(0.1)
    assert "Nguyễn Thị Lan xác nhận" in said


def test_steps_are_added_and_moved_by_keyboard_alone(page: Page, server: Server) -> None:
    page.goto(f"{server.url}{OTP}/edit")
    steps = page.locator('textarea[name="steps.steps.text"]')
    count, first = steps.count(), steps.first.input_value()
    page.locator('[id="steps.steps-add"]').focus()
    page.keyboard.press("Enter")
    expect(steps).to_have_count(count + 1)
    expect(steps.last).to_be_focused()
    page.keyboard.type("Một bước mới tinh.")
    page.locator('[id="steps.steps-0-down"]').focus()
    page.keyboard.press("Enter")
    expect(steps.nth(1)).to_have_value(first)
    expect(page.locator('[id="steps.steps-1-down"]')).to_be_focused()
    expect(steps.last).to_have_value("Một bước mới tinh.")
    expect(page.locator("#preview")).to_contain_text("Một bước mới tinh.")


def test_what_if_is_shown_beside_the_question(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/queue")
    card = page.locator("li.card").first
    card.get_by_label("Thêm làm câu hỏi mẫu cho chủ đề").select_option("otp")
    card.get_by_role("button", name="Thử xem đổi gì").click()
    expect(card.locator("progress")).to_be_visible()
    expect(card.get_by_text("bộ câu hỏi đánh giá đổi")).to_be_visible(timeout=60_000)
    expect(card.get_by_text("Nếu thêm vào Mã OTP")).to_be_visible()
    expect(card.locator("progress")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_example_is_looked_at_published_named_and_undone(browser: Browser, server: Server, size: dict[str, int]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    page = opened(browser, server, size, bypass_csp=True)
    page.goto(f"{server.url}/admin/queue")
    question = page.locator("li.card h2").first.inner_text()
    page.get_by_label("Thêm làm câu hỏi mẫu cho chủ đề").first.select_option("otp")
    page.get_by_role("button", name="Thêm và xuất bản…").first.click()
    expect(page.get_by_role("heading", name="Xuất bản câu hỏi mẫu này?")).to_be_visible()
    expect(page.get_by_text(f"Câu “{question}” bây giờ")).to_be_visible(timeout=60_000)
    seen = [(axe.Axe().run(page), _picture(page, "queue-confirm", size))]
    page.get_by_role("button", name="Thêm và xuất bản").click()
    expect(page.get_by_role("status").first).to_contain_text(f"Đã thêm “{question}” vào")
    seen.append((axe.Axe().run(page), _picture(page, "queue-added", size)))
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã hoàn tác")
    expect(page.locator("li.card h2").filter(has_text=question)).to_have_count(1)
    assert [(found.violations_count, width) for found, width in seen] == [(0, size["width"])] * 2
    page.context.close()


def test_without_scripts_everything_still_works(browser: Browser, server: Server) -> None:
    page = opened(browser, server, PHONE, java_script_enabled=False)
    page.goto(f"{server.url}{OTP}/edit")
    steps = page.locator('textarea[name="steps.steps.text"]')
    count = steps.count()
    page.locator('[id="steps.steps-add"]').click()
    expect(steps).to_have_count(count + 1)
    page.goto(f"{server.url}/admin/topics")
    page.get_by_label("Tìm (không cần dấu)").fill("vneid")
    page.get_by_role("button", name="Tìm").click()
    assert "q=vneid" in page.url
    page.context.close()


def _picture(page: Page, name: str, size: dict[str, int]) -> int:
    """How wide the page is; its picture is kept where HOCVUSO_SCREENSHOTS says."""
    if shots := os.environ.get("HOCVUSO_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / f"{name}-{size['width']}.png", full_page=True)
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_no_violation_and_nothing_is_cut_off(browser: Browser, server: Server, size: dict[str, int]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    page = opened(browser, server, size, bypass_csp=True)
    for path in PAGES:
        page.goto(f"{server.url}{path}")
        found = axe.Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        width = _picture(page, re.sub(r"[^\w-]+", "-", path.strip("/")), size)
        assert width <= size["width"], f"{path} is {width} pixels wide"
    page.context.clear_cookies()
    page.goto(f"{server.url}/admin/sign-in")
    assert axe.Axe().run(page).violations_count == 0
    page.context.close()
