"""The editor: what a form keeps, how rows move, what happens when two people save."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from admin.body_form import FormMistakes, body_of, change_rows, draft_of_body, draft_of_form
from admin.diffs import body_diff
from admin.web.forms import Form
from knowledge.folder import read_folder
from knowledge.model import Aspect, Body, Example, Level, Section, Source, Step, VariantKey
from knowledge.store import Revision, save_draft, variant_state
from knowledge.tables import RevisionRow
from tests.admin.conftest import VARIANT, Browser, Console, form_fields

KEY = VariantKey(topic_id="otp")


def state_of(console: Console) -> tuple[Revision | None, Revision | None]:
    """(published, draft)"""
    with console.database.reading() as session:
        state = variant_state(session, KEY)
    assert state
    return state.published, state.draft


def edit(browser: Browser, path: str = VARIANT, **changes: str | list[str]) -> dict[str, str | list[str]]:
    """The form of the editor as it opens, with changes typed in."""
    page = browser.get(f"{path}/edit")
    assert page.status_code == 200
    return {**form_fields(page.text), **changes}


def test_saving_an_untouched_form_changes_nothing_in_the_text(console: Console) -> None:
    browser = console.browser("editor")
    assert browser.post(f"{VARIANT}/edit", edit(browser)).status_code == 303
    published, draft = state_of(console)
    assert published and draft
    assert draft.body == published.body
    assert draft.author == "Bà Editor"


def test_every_shipped_text_survives_the_form() -> None:
    bodies = [body for file in read_folder().topics for level in Level if (body := file.body(level))]
    assert len(bodies) > 20
    for body in bodies:
        draft = draft_of_body(body)
        fields = {name: [value] for name, value in draft.texts.items()}
        for name, rows in draft.rows.items():
            for row in rows:
                for column, value in row.items():
                    fields.setdefault(f"{name}.{column}", []).append(value.replace("\n", "\r\n"))
        fields["not_applicable"] = sorted(draft.ruled_out)
        assert body_of(draft_of_form(Form(fields)), body) == body


def test_a_changed_text_becomes_a_draft_and_citizens_still_read_the_old_one(console: Console) -> None:
    browser, before = console.browser("editor"), console.content()
    form = edit(browser, **{"text.summary": "OTP là mã bí mật.", "note": "viết gọn", "substantive": "1"})
    answer = browser.post(f"{VARIANT}/edit", form)
    assert answer.headers["location"] == f"{VARIANT}?done=saved"
    published, draft = state_of(console)
    assert published and draft
    section = draft.body.section(Aspect.SUMMARY)
    assert section and section.text == "OTP là mã bí mật."
    assert (draft.note, draft.substantive, draft.number) == ("viết gọn", True, 2)
    assert console.content() == before


def test_rows_are_added_moved_and_removed_without_saving(console: Console) -> None:
    browser = console.browser("editor")
    form = edit(browser)
    steps = ["Đọc tin nhắn.", "Tự tay nhập mã\nrồi bấm xác nhận."]
    assert [step.replace("\r", "") for step in form["steps.steps.text"]] == steps
    down = browser.post(f"{VARIANT}/form", {**form, "op": "down:steps.steps:0"})
    assert form_fields(down.text)["steps.steps.text"] == steps[::-1]
    assert form_fields(down.text)["steps.steps.picture"] == ["media/thu-otp.png", ""], "a picture moves with its step"
    added = browser.post(f"{VARIANT}/form", {**form, "op": "add:steps.steps"})
    assert form_fields(added.text)["steps.steps.text"] == [*steps, ""]
    assert "Đã thêm dòng 3." in added.text
    removed = browser.post(f"{VARIANT}/form", {**form, "op": "remove:steps.steps:0"})
    assert form_fields(removed.text)["steps.steps.text"] == steps[1:]
    assert _revisions(console) == 2, "one for each level, nothing new"


@pytest.mark.parametrize("operation", ["", "up:steps.steps:0", "down:steps.steps:99", "add:nothing", "remove:sources:x", "up::"])
def test_an_impossible_row_operation_changes_nothing(operation: str) -> None:
    draft = draft_of_body(Body())
    draft.rows["steps.steps"] = [{"text": "một", "picture": "", "alt": ""}]
    change_rows(draft, operation)
    assert [row["text"] for row in draft.rows["steps.steps"]] == ["một"]
    assert draft.rows["sources"] == []


def test_what_cannot_be_saved_comes_back_with_the_form_and_the_reason(console: Console) -> None:
    browser = console.browser("editor")
    form = edit(browser, **{"short_title": "Một tiêu đề ngắn mà lại dài quá", "review_by": "mai", "text.fee": "Chữ vừa gõ"})
    answer = browser.post(f"{VARIANT}/edit", form)
    assert answer.status_code == 422
    assert "Tiêu đề ngắn: dài quá (nhiều nhất 25 ký tự)." in answer.text
    assert "Rà soát lại trước ngày: không phải ngày." in answer.text
    assert "Chữ vừa gõ" in answer.text
    assert state_of(console)[1] is None


def test_a_mistake_in_a_row_names_the_row() -> None:
    draft = draft_of_body(Body())
    draft.rows["sources"] = [{"id": "s1", "title": "x", "publisher": "y", "url": "", "date": ""}]
    draft.rows["steps.steps"] = [{"text": "", "picture": "a.png", "alt": ""}]
    with pytest.raises(FormMistakes) as mistakes:
        body_of(draft, Body())
    assert mistakes.value.messages == ["Các bước, dòng 1: còn trống.", "Nguồn, dòng 1: không phải ngày."]


def test_an_editor_says_that_a_page_gives_no_date_and_can_take_it_back(console: Console) -> None:
    browser = console.browser("editor")
    browser.post(f"{VARIANT}/edit", edit(browser, **{"sources.undated": "true"}))
    assert [source.undated for source in state_body(console).sources or ()] == [True]
    page = browser.get(f"{VARIANT}/edit")
    assert form_fields(page.text)["sources.undated"] == ["true"]
    assert "đọc ngày 28/11/2024" in page.text, "so does the preview"
    browser.post(f"{VARIANT}/edit", edit(browser, **{"sources.undated": ""}))
    assert [source.undated for source in state_body(console).sources or ()] == [None]


def test_what_changed_tells_a_page_date_from_a_reading_day() -> None:
    source = Source(id="s1", title="Tin", publisher="Báo Thử", date=date(2026, 11, 22))
    body = Body(sources=(source,))
    undated = body.model_copy(update={"sources": (source.model_copy(update={"undated": True}),)})
    [diff] = body_diff(body, undated)
    assert "".join(piece.text for piece in diff.pieces if piece.kind == "added").strip() == "đọc ngày"


def test_empty_fields_of_the_simple_level_are_inherited(console: Console) -> None:
    path = "/admin/topics/otp/vi/simple"
    browser = console.browser("editor")
    browser.post(f"{path}/edit", edit(browser, path, **{"text.fee": "Không mất tiền."}))
    with console.database.reading() as session:
        state = variant_state(session, VariantKey(topic_id="otp", level=Level.SIMPLE))
    assert state and state.draft
    assert (state.draft.body.title, state.draft.body.sources, state.draft.body.reviewed_on) == (None, None, None)


def test_two_people_at_once_the_second_is_told_and_loses_nothing(console: Console) -> None:
    browser = console.browser("editor")
    form = edit(browser, title="Tiêu đề của tôi")
    with console.database.session() as session:
        body = state_body(console).model_copy(update={"title": "Tiêu đề của người khác"})
        save_draft(session, KEY, body, "Ông Khác")
    answer = browser.post(f"{VARIANT}/edit", form)
    assert answer.status_code == 409
    assert "Có người vừa lưu bản khác" in answer.text
    assert "Tiêu đề của <del>người khác</del><ins>tôi</ins>" in answer.text
    again = {**form_fields(answer.text)}
    assert again["title"] == ["Tiêu đề của tôi"]
    assert browser.post(f"{VARIANT}/edit", again).status_code == 303
    draft = state_of(console)[1]
    assert draft and draft.body.title == "Tiêu đề của tôi"


def state_body(console: Console) -> Body:
    published, draft = state_of(console)
    found = draft or published
    assert found
    return found.body


def test_questions_that_stay_keep_their_tags_and_new_ones_are_the_editors(console: Console) -> None:
    before = state_body(console).examples or ()
    lines = [before[0].text, "mã này dùng mấy lần", before[1].text]
    browser = console.browser("editor")
    assert browser.post(f"{VARIANT}/edit", edit(browser, examples="\r\n".join(lines))).status_code == 303
    assert before[0].style and state_body(console).examples == (
        before[0],
        Example(text="mã này dùng mấy lần", writer="bien-tap"),
        before[1],
    )


def test_the_preview_shows_bubbles_and_the_linters_findings(console: Console) -> None:
    browser = console.browser("editor")
    form = edit(browser, **{"text.summary": "Mã có giá **50.000 đồng**, xem kiem-tien.top nhé {ban}.", "examples": "một câu"})
    page = browser.post(f"{VARIANT}/preview", form).text
    assert "Mã có giá <strong>50.000 đồng</strong>" in page
    assert "Phí là 10.000 đồng mỗi tháng." in page, "figures are filled in"
    for said in (
        "“50.000 đồng” là con số dễ thay đổi",
        "Trang kiem-tien.top không có trong danh sách",
        "{ban} sẽ hiện nguyên như vậy",
        "Mới có 1 câu hỏi mẫu",
    ):
        assert said in page
    assert "Lỗi · Tóm tắt" in page
    assert state_of(console)[1] is None, "a preview saves nothing"


def test_the_preview_is_that_of_the_day(console: Console) -> None:
    console.now = console.now.replace(year=2027, month=7)
    browser = console.browser("editor")
    page = browser.post(f"{VARIANT}/preview", edit(browser)).text
    assert "Phí là mức ghi trong ứng dụng mỗi tháng." in page
    assert "Con số “phi” đã hết hạn dùng." in page


def test_stored_markup_stays_text(console: Console) -> None:
    evil = '<script>alert(1)</script><img src=x onerror="x">'
    browser = console.browser("editor")
    form = edit(browser, **{"title": evil, "text.summary": evil, "note": evil, "examples": evil, "figures.value": evil})
    assert browser.post(f"{VARIANT}/edit", form).status_code == 303
    pages = ["/admin/topics", VARIANT, f"{VARIANT}/edit", f"{VARIANT}/review", f"{VARIANT}/history", f"{VARIANT}/history/2"]
    for path in pages:
        page = console.browser("admin").get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text, path
        assert "<img" not in page.text, path
    assert "&lt;script&gt;" in console.browser("admin").get(f"{VARIANT}/review").text


def test_a_topic_of_the_plan_without_content_can_be_begun(console: Console) -> None:
    path, browser = "/admin/topics/khoa-the/vi/standard", console.browser("editor")
    assert "Bắt đầu viết" in browser.get(path).text
    answer = browser.post(f"{path}/edit", edit(browser, path, title="Khóa thẻ ngân hàng"))
    assert answer.status_code == 303
    with console.database.reading() as session:
        state = variant_state(session, VariantKey(topic_id="khoa-the"))
    assert state and state.draft and state.draft.body.title == "Khóa thẻ ngân hàng"
    publish = console.browser("publisher").post(f"{path}/publish", {"draft": "1"})
    assert publish.status_code == 409
    assert "còn thiếu: Tiêu đề ngắn, Nguồn, Ngày rà soát" in publish.text


@pytest.mark.parametrize(
    "path", ["/admin/topics/khong-co/vi/standard", "/admin/topics/otp/v!/standard", "/admin/topics/otp/vi/hard"]
)
def test_unknown_texts_are_not_found(console: Console, path: str) -> None:
    assert console.browser("editor").get(path).status_code == 404


def test_the_list_finds_without_accents_and_filters(console: Console) -> None:
    browser = console.browser("viewer")
    assert "Mã OTP và cách giữ an toàn" in browser.get("/admin/topics", q="MA XAC nhan").text, "also in example questions"
    assert "Không có chủ đề nào khớp" in browser.get("/admin/topics", q="ho chieu").text
    without = browser.get("/admin/topics", status="none").text
    assert "Khóa thẻ" in without
    assert "Mã OTP" not in without
    assert "Không có tệp ảnh media/thu-otp.png." in browser.get(VARIANT).text
    body = state_body(console)
    with console.database.session() as session:
        plain = Section(aspect=Aspect.STEPS, steps=(Step(text="Đọc tin nhắn."),))
        sections = tuple(plain if section.aspect is Aspect.STEPS else section for section in body.sections)
        save_draft(session, KEY, body.model_copy(update={"sections": sections}), "x")
    assert "✓ Ổn" in browser.get("/admin/topics", q="otp").text
    with console.database.session() as session:
        save_draft(session, KEY, body.model_copy(update={"examples": (Example(text="a"),)}), "x")
    page = browser.get("/admin/topics", q="otp").text
    assert "● Có lỗi" in page
    assert "Bản nháp (bản cũ đang hiển thị)" in page
    assert "Mã OTP" in browser.get("/admin/topics", status="errors").text


def test_long_forms_arrive_whole(console: Console) -> None:
    browser = console.browser("editor")
    form = edit(browser, examples="\n".join(f"câu hỏi số {n} có dấu tiếng Việt đầy đủ" for n in range(300)))
    assert len(urlencode(form, doseq=True)) > 20_000
    assert browser.post(f"{VARIANT}/edit", form).status_code == 303
    assert len(state_body(console).examples or ()) == 300


def test_dates_and_figures_can_be_edited(console: Console) -> None:
    browser = console.browser("editor")
    form = edit(browser, **{"figures.valid_until": "2028-01-31", "reviewed_on": "2026-11-22"})
    browser.post(f"{VARIANT}/edit", form)
    body = state_body(console)
    assert body.reviewed_on == date(2026, 11, 22)
    assert body.figures and body.figures[0].valid_until == date(2028, 1, 31)


def _revisions(console: Console) -> int:
    with console.database.reading() as session:
        return session.scalar(select(func.count()).select_from(RevisionRow)) or 0
