"""The citizens' page in a real Chromium, as an elderly person with a small phone meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from bot.web.app import WebParts
from tests.web.conftest import PHONE, Server, serving

pytestmark = pytest.mark.browser

VIETNAMESE_VOICE = """
    window.said = [];
    speechSynthesis.getVoices = () => [{lang: 'vi-VN', name: 'device'}];
    speechSynthesis.speak = (utterance) => window.said.push(utterance.text);
    Object.defineProperty(SpeechSynthesisUtterance.prototype, 'voice', {set() {}, get() { return null; }});
"""


@pytest.fixture
def page(phone: BrowserContext, shared_server: Server) -> Iterator[Page]:
    opened = visited(phone, shared_server)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    yield opened
    assert problems == []


def visited(phone: BrowserContext, server: Server) -> Page:
    opened = phone.new_page()
    opened.goto(server.url)
    expect(opened.locator(".choice").first).to_be_visible()
    return opened


def ask(page: Page, text: str) -> Locator:
    """Type, press Enter, and give the newest bot bubble."""
    before = page.locator(".turn.bot").count()
    page.get_by_label("Gõ câu hỏi vào đây").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".turn.bot").nth(before)).to_be_visible()
    expect(page.locator("body")).not_to_have_class(re.compile("busy"))
    return page.locator(".turn.bot").last


def press(page: Page, label: str) -> Locator:
    before = page.locator(".turn.bot").count()
    page.locator(".choice", has_text=label).last.click()
    expect(page.locator(".turn.bot").nth(before)).to_be_visible()
    return page.locator(".turn.bot").last


def texts(page: Page) -> list[str]:
    return page.locator(".turn > .bubble").all_inner_texts()


def session_of(page: Page) -> str:
    return page.evaluate("localStorage.getItem('hocvuso.session')")


def test_the_first_visit_greets_and_offers_the_menu_without_scrolling(page: Page) -> None:
    assert "máy trả lời tự động" in texts(page)[0] and "Riêng tư:" in texts(page)[0]
    expect(page.locator(".choice .number").first).to_have_text("1")
    for number, label in enumerate(("Đang bị lừa?", "Hỏi một câu", "Học và kiểm tra")):
        choice = page.locator(".choice").nth(number)
        expect(choice).to_contain_text(label)
        assert bottom(choice) <= top(page.locator(".bottom"))
    assert bottom(page.locator(".top")) + PHONE["height"] - top(page.locator(".bottom")) < 180, "room to read is left"


def top(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"]


def bottom(part: Locator) -> float:
    box = part.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_what_the_bot_keeps_is_one_press_away(page: Page) -> None:
    page.get_by_role("button", name="Bot giữ những gì?").click()
    expect(page.locator(".turn.bot").last).to_contain_text("Mình không giữ: số căn cước")


def test_in_danger_the_first_acts_and_whom_to_call_come_under_one_heading(page: Page) -> None:
    card = ask(page, "tôi vừa bị lừa chuyển tiền rồi") and page.locator(".turn.urgent").last
    expect(card.locator(".alarm")).to_have_text("🆘 Việc cần làm NGAY")
    expect(card.locator("ol > li")).to_have_count(3)
    assert top(card) < 70, "at the top of the page"
    card.locator(".choice", has_text="Xem tiếp").click()
    expect(page.locator(".turn.urgent").last.locator(".source")).to_contain_text("Rà soát")
    expect(page.locator(".turn.urgent").last.locator("ol")).to_have_attribute("start", "4")


@pytest.mark.parametrize("question", ["làm sao để cài đặt VNeID", "lam sao de cai dat vneid"])
def test_a_question_is_answered_with_and_without_accents(page: Page, question: str) -> None:
    expect(ask(page, question)).to_contain_text("VNeID")
    assert question in texts(page)[-2]


def test_the_send_button_sends_and_empties_the_field(page: Page) -> None:
    page.get_by_label("Gõ câu hỏi vào đây").fill("mã otp là gì")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator(".turn.me").last).to_contain_text("mã otp là gì")
    expect(page.get_by_label("Gõ câu hỏi vào đây")).to_have_value("")


def test_buttons_lead_on_and_back_and_home(page: Page) -> None:
    expect(page.locator("#nav-back")).to_have_attribute("aria-disabled", "true")
    press(page, "An toàn, chống lừa đảo")
    expect(page.locator("#nav-back")).to_have_attribute("aria-disabled", "false")
    page.locator("#nav-home").click()
    expect(page.locator(".turn.bot").last).to_contain_text("cứ gõ câu hỏi")
    page.locator("#nav-human").click()
    expect(page.locator(".turn.bot").last).to_contain_text("Gặp người hỗ trợ")
    page.wait_for_timeout(50)
    page.locator("#nav-back").click()
    expect(page.locator(".turn.bot").last).to_contain_text("cứ gõ câu hỏi")


def test_old_buttons_stay_usable(page: Page) -> None:
    ask(page, "mã otp là gì")
    page.locator(".turn.bot .choice", has_text="Thanh toán, ngân hàng").first.click()
    expect(page.locator(".turn.bot").last).to_contain_text("Thanh toán")


def test_a_double_click_is_sent_once(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator(".choice", has_text="Hỏi một câu").first.dblclick(delay=20)
    page.wait_for_timeout(900)
    assert len(sent) == 1
    assert page.locator(".turn.me").filter(has_text="Hỏi một câu").count() == 1


def test_danger_looks_different_and_not_by_colour_alone(page: Page) -> None:
    bubble = press(page, "Đang bị lừa?")
    expect(bubble).to_have_class(re.compile("urgent"))
    expect(bubble.locator(".alarm")).to_contain_text("KHẨN CẤP")
    expect(bubble.get_by_role("link", name="113").first).to_have_attribute("href", "tel:113")


def letter_size(page: Page) -> float:
    return page.locator(".bubble p").first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")


def test_letters_grow_shrink_and_stay_after_a_reload(page: Page) -> None:
    normal = letter_size(page)
    page.get_by_role("button", name="A+ Chữ to hơn").click()
    large = letter_size(page)
    page.get_by_role("button", name="A+ Chữ to hơn").click()
    very_large = letter_size(page)
    assert normal < large < very_large
    page.reload()
    assert letter_size(page) == very_large
    page.get_by_role("button", name="A− Chữ nhỏ hơn").click()
    assert letter_size(page) == large
    page.get_by_role("button", name="A Chữ thường").click()
    assert letter_size(page) == normal


def test_the_size_chosen_in_the_conversation_is_applied(page: Page) -> None:
    normal = letter_size(page)
    ask(page, "cài đặt")
    press(page, "Cỡ chữ")
    press(page, "Chữ rất to")
    very_large = letter_size(page)
    assert very_large > normal
    press(page, "Cỡ chữ")
    ask(page, "1")
    assert letter_size(page) == normal, "a typed number is as good as a press"


def test_larger_letters_asked_for_in_words_come_at_once(page: Page) -> None:
    normal = letter_size(page)
    ask(page, "phóng to chữ lên")
    large = letter_size(page)
    assert large > normal
    page.get_by_role("button", name="A Chữ thường").click()
    ask(page, "mã otp là gì")
    assert letter_size(page) == normal, "the button's size stays until something else is asked for"
    ask(page, "chữ nhỏ quá")
    assert letter_size(page) > large


def test_a_reload_keeps_session_transcript_and_half_typed_text(page: Page) -> None:
    ask(page, "mã otp là gì")
    page.get_by_label("Gõ câu hỏi vào đây").fill("đang gõ dở")
    before, session = texts(page), session_of(page)
    page.reload()
    expect(page.locator(".turn.me")).to_have_count(1)
    assert (texts(page), session_of(page)) == (before, session)
    expect(page.get_by_label("Gõ câu hỏi vào đây")).to_have_value("đang gõ dở")
    assert press(page, "An toàn, chống lừa đảo").is_visible()


def test_the_transcript_is_bounded(page: Page) -> None:
    page.evaluate("""() => {
        const message = {text: 'x', buttons: [], media: [], urgent: false};
        localStorage.setItem('hocvuso.transcript', JSON.stringify(Array.from({length: 70}, () => ({kind: 'bot', message}))));
    }""")
    page.reload()
    ask(page, "mã otp là gì")
    assert page.evaluate("JSON.parse(localStorage.getItem('hocvuso.transcript')).length") == 60


def test_a_damaged_memory_starts_anew(page: Page) -> None:
    page.evaluate("localStorage.setItem('hocvuso.transcript', '{broken')")
    page.reload()
    expect(page.locator(".choice").first).to_be_visible()


@pytest.mark.parametrize("typed", ["482 913", "nó vừa gửi 482913 về máy", "căn cước của tôi 038068001234"])
def test_a_hidden_number_is_hidden_on_the_page_and_on_the_device_too(page: Page, typed: str) -> None:
    ask(page, typed)
    expect(page.locator(".turn.me").last).to_contain_text("[")
    assert not re.search(r"\d{3}", page.locator(".turn.me").last.inner_text())
    device = page.evaluate("JSON.stringify(localStorage)")
    assert not any(digits in device for digits in re.findall(r"\d{3,}", typed))


def test_nothing_is_lost_when_the_server_stops(parts: WebParts, phone: BrowserContext) -> None:
    with serving(parts) as server:
        page = visited(phone, server)
        ids: list[Any] = []
        page.on("request", lambda request: ids.append(request.post_data_json["message_id"]) if request.method == "POST" else None)
        server.stop()
        page.get_by_label("Gõ câu hỏi vào đây").fill("mã otp là gì")
        page.keyboard.press("Enter")
        expect(page.locator(".failure")).to_contain_text("Chưa gửi được")
        expect(page.locator(".turn.me").last).to_contain_text("mã otp là gì")
        page.goto("about:blank")
        server.start()
        page.goto(server.url)
        page.get_by_role("button", name="Gửi lại").click()
        expect(page.locator(".turn.bot").last).to_contain_text("OTP")
        expect(page.locator(".failure")).to_have_count(0)
        assert len(set(ids)) == 1, "the same message id each time"
        page.close()


def test_a_lost_reply_is_answered_once(page: Page) -> None:
    """The server worked, the reply got lost on the way: sending again gives the same reply, not a second turn."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/chat", lose, times=2)
    page.get_by_label("Gõ câu hỏi vào đây").fill("mã otp là gì")
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_be_visible()
    before = page.locator(".turn.bot").count()
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.locator(".turn.bot").nth(before)).to_contain_text("OTP")
    expect(page.locator(".turn.me")).to_have_count(1)


def test_a_refusal_is_shown_in_the_servers_words(page: Page) -> None:
    answer = '{"error": {"code": "too_many", "message": "Bạn gửi hơi nhanh."}}'
    page.route("**/api/chat", lambda route: route.fulfill(status=429, body=answer), times=1)
    page.get_by_label("Gõ câu hỏi vào đây").fill("mã otp là gì")
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_contain_text("Bạn gửi hơi nhanh.")
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.locator(".failure")).to_have_count(0)


def test_being_offline_is_said_and_ends_by_itself(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("mất mạng")
    page.get_by_label("Gõ câu hỏi vào đây").fill("mã otp là gì")
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_be_visible()
    phone.set_offline(False)
    expect(page.locator(".turn.bot").last).to_contain_text("OTP")
    expect(page.locator("#offline")).to_be_hidden()


def test_what_is_typed_or_sent_is_never_markup(page: Page) -> None:
    ask(page, "<img src=x onerror=\"document.title='hacked'\"><b>x</b>")
    expect(page.locator(".turn.me").last).to_contain_text("<img src=x")
    assert page.locator(".turn.me img, .turn.me b").count() == 0
    assert "hacked" not in page.title()


def test_a_pushed_message_arrives_in_every_tab_and_links_open_aside(
    page: Page, phone: BrowserContext, shared_server: Server, push: Any
) -> None:
    from bot.messages import Button

    other = phone.new_page()
    other.goto(shared_server.url)
    page.bring_to_front()
    push(session_of(page), "Cán bộ **Lan** trả lời:\n- điều một\n- điều hai", Button("Mở Cổng", url="https://dichvucong.gov.vn"))
    for tab in (page, other):
        bubble = tab.locator(".turn.bot").last
        expect(bubble).to_contain_text("Cán bộ Lan trả lời")
        expect(bubble.locator("strong")).to_have_text("Lan")
        expect(bubble.locator("ul:not(.choices) li")).to_have_count(2)
        expect(tab.locator(".turn.bot", has_text="Cán bộ Lan")).to_have_count(1)
    link = page.get_by_role("link", name="Mở Cổng")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_reading_aloud_uses_the_devices_voice_and_stops(phone: BrowserContext, shared_server: Server) -> None:
    phone.add_init_script(VIETNAMESE_VOICE)
    page = visited(phone, shared_server)
    button = page.locator(".read").first
    expect(page.locator(".turn.bot").last.locator(".read")).to_have_count(0)  # "chọn một mục": read at a glance
    button.click()
    expect(button).to_contain_text("Dừng đọc")
    said = page.evaluate("window.said")
    assert "Học vụ số" in said[0] and not any("**" in part for part in said)
    assert max(map(len, said)) < 400
    button.click()
    expect(button).to_contain_text("Đọc to")


def test_without_a_vietnamese_voice_that_is_explained(page: Page) -> None:
    expect(page.locator(".read").first).to_be_hidden()
    expect(page.locator("#no-voice")).to_contain_text("chưa có giọng đọc tiếng Việt")


def test_the_conversation_can_be_removed_from_the_device(page: Page) -> None:
    ask(page, "mã otp là gì")
    before = session_of(page)
    page.get_by_role("button", name="Xóa hội thoại trên máy này").click()
    page.get_by_role("button", name="Thôi, giữ lại").click()
    expect(page.locator(".turn.me")).to_have_count(1)
    page.get_by_role("button", name="Xóa hội thoại trên máy này").click()
    page.get_by_role("button", name="Xóa trên máy này", exact=True).click()
    expect(page.locator(".turn.bot").first).to_contain_text("máy trả lời tự động")
    assert "mã otp là gì" not in " ".join(texts(page))
    assert session_of(page) != before


def test_erasing_ones_data_also_empties_the_page(page: Page) -> None:
    ask(page, "mã otp là gì")
    ask(page, "xóa dữ liệu")
    press_and_wait = page.locator(".choice", has_text="Có, xóa hết")
    press_and_wait.click()
    expect(page.locator(".turn.bot").first).to_contain_text("Đã xóa")
    assert "mã otp là gì" not in page.evaluate("localStorage.getItem('hocvuso.transcript')")


@pytest.mark.parametrize("size", ["normal", "large", "very_large"])
def test_nothing_sticks_out_of_a_small_screen(page: Page, size: str) -> None:
    page.evaluate("name => localStorage.setItem('hocvuso.size', name)", size)
    page.reload()
    ask(page, "W" * 300)
    press(page, "Đang bị lừa?")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = page.evaluate("""() => [...document.querySelectorAll('button, a.choice, textarea')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.outerHTML)""")
    assert small == []
    footer = page.locator(".bottom").bounding_box()
    assert footer and footer["height"] < PHONE["height"] * 0.4, "room to read is left"


def test_everything_works_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến ô nhập câu hỏi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Gõ câu hỏi vào đây")).to_be_focused()
    page.keyboard.type("ma otp la gi")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("dong hai")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.me")).to_have_count(1)
    expect(page.get_by_label("Gõ câu hỏi vào đây")).to_be_focused()
    expect(page.locator("body")).not_to_have_class(re.compile("busy"))  # the whole reply is there
    choice = page.locator(".turn.bot").last.locator("button.choice").first
    choice.focus()
    before = page.locator(".turn.bot").count()
    page.keyboard.press("Enter")
    expect(page.locator(".turn.bot").nth(before)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.turn.bot:last-child :is(button, a)')"), "Tab leads on into the reply"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, shared_server: Server, scheme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)  # type: ignore[arg-type]
    context.add_init_script(VIETNAMESE_VOICE)
    page = visited(context, shared_server)
    ask(page, "cài VNeID thế nào")
    press(page, "Đang bị lừa?")
    page.route("**/api/chat", lambda route: route.fulfill(status=500, body="{}"), times=1)
    page.get_by_label("Gõ câu hỏi vào đây").fill("mã otp là gì")
    page.keyboard.press("Enter")
    expect(page.locator(".failure")).to_be_visible()
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="Xóa hội thoại trên máy này").click()
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_the_api_page_describes_every_address_offline(browser: Browser, shared_server: Server) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{shared_server.url}/docs")
    expect(page.get_by_role("heading", name="POST /api/chat")).to_be_visible()
    section = page.locator("section", has_text="POST /api/chat").first
    section.get_by_role("button", name="Try it").click()
    expect(section.locator("pre").last).to_contain_text("200 OK")
    assert all(url.startswith(shared_server.url) for url in asked)
    page.close()
