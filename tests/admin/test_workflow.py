"""From draft to what citizens read and back, with every write on record."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from admin.diffs import body_diff, may_change_meaning, word_diff
from admin.tables import AuditRow
from knowledge.model import Aspect, Body, Level, Section, Status, VariantKey
from knowledge.store import content_version, save_draft, variant_state
from tests.admin.conftest import VARIANT, Console
from tests.admin.test_editing import KEY, edit, state_body, state_of

NEW = "OTP giống như chìa khóa nhà."


def write(console: Console, text: str = NEW, **more: str) -> None:
    browser = console.browser("editor")
    assert browser.post(f"{VARIANT}/edit", edit(browser, **{"text.summary": text, **more})).status_code == 303


def version(console: Console) -> int:
    with console.database.reading() as session:
        return content_version(session)


def shown(console: Console) -> str:
    view = console.content().view("otp")
    assert view
    return view.sections[1].text


def audit(console: Console) -> list[AuditRow]:
    with console.database.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.startswith("content")).order_by(AuditRow.id))
        return list(rows)


def test_submit_review_publish(console: Console) -> None:
    write(console)
    before = version(console)
    assert console.browser("editor").post(f"{VARIANT}/submit", {"note": "xin duyệt"}).status_code == 303
    assert "Chờ duyệt" in console.browser("viewer").get("/admin/topics", status="in_review").text
    review = console.browser("publisher").get(f"{VARIANT}/review").text
    assert "<del>" in review
    assert "<ins>giống như chìa khóa nhà</ins>" in review
    assert version(console) == before
    published = console.browser("publisher").post(f"{VARIANT}/publish", {"draft": "2", "note": "tốt"})
    assert published.headers["location"].endswith("done=published")
    assert version(console) == before + 1
    assert shown(console) == NEW
    actions = [(row.actor, row.action) for row in audit(console)]
    assert actions == [("editor", "content.save"), ("editor", "content.submitted"), ("publisher", "content.published")]
    assert "hiển thị bản 1, nháp bản 2" in audit(console)[-1].before
    assert "hiển thị bản 2" in audit(console)[-1].after


def test_a_review_can_send_the_draft_back_with_a_reason(console: Console) -> None:
    write(console)
    console.browser("editor").post(f"{VARIANT}/submit")
    assert console.browser("publisher").post(f"{VARIANT}/return").status_code == 422
    assert console.browser("publisher").post(f"{VARIANT}/return", {"note": "thiếu nguồn"}).status_code == 303
    assert "thiếu nguồn" in console.browser("editor").get(f"{VARIANT}/history").text
    with console.database.reading() as session:
        state = variant_state(session, KEY)
    assert state and state.status is Status.DRAFT


def test_only_the_draft_that_was_read_is_published(console: Console) -> None:
    write(console)
    with console.database.session() as session:
        save_draft(session, KEY, state_body(console).model_copy(update={"title": "Chen ngang"}), "Ông Khác")
    answer = console.browser("publisher").post(f"{VARIANT}/publish", {"draft": "2"})
    assert answer.status_code == 409
    assert "bản nháp mới hơn" in answer.text
    assert shown(console) != NEW


def test_publishing_may_confirm_under_ones_own_name(console: Console) -> None:
    write(console)
    console.browser("publisher").post(f"{VARIANT}/publish", {"draft": "2", "confirm": "1"})
    view = console.content().view("otp")
    assert view and (view.confirmed_by, view.confirmed_on) == ("Bà Publisher", date(2026, 11, 22))


def test_a_shipped_text_is_confirmed_as_it_stands(console: Console) -> None:
    publisher = console.browser("publisher")
    assert "chưa có cán bộ xác nhận" in publisher.get(VARIANT).text
    assert publisher.post(f"{VARIANT}/confirm", {"revision": "7"}).status_code == 409, "not the text on the page"
    assert publisher.post(f"{VARIANT}/confirm", {"revision": "1"}).status_code == 303
    assert "Đã được Bà Publisher xác nhận ngày 22/11/2026." in publisher.get(VARIANT).text


def test_rolling_back(console: Console) -> None:
    old = shown(console)
    write(console)
    publisher = console.browser("publisher")
    publisher.post(f"{VARIANT}/publish", {"draft": "2"})
    page = publisher.get(f"{VARIANT}/history/1").text
    assert "Quay về bản này" in page
    assert publisher.post(f"{VARIANT}/rollback", {"number": "1", "note": "bản mới sai"}).status_code == 303
    assert shown(console) == old
    assert publisher.post(f"{VARIANT}/rollback", {"number": "x"}).status_code == 422
    assert publisher.post(f"{VARIANT}/rollback", {"number": "99"}).status_code == 409


def test_a_substantive_change_asks_for_a_look_at_the_other_level(console: Console) -> None:
    write(console, substantive="1")
    console.browser("publisher").post(f"{VARIANT}/publish", {"draft": "2"})
    simple = "/admin/topics/otp/vi/simple"
    assert "Vẫn còn đúng" in console.browser("publisher").get(simple).text
    assert console.browser("publisher").post(f"{simple}/still-current").status_code == 303
    with console.database.reading() as session:
        state = variant_state(session, VariantKey(topic_id="otp", level=Level.SIMPLE))
    assert state and state.status is Status.PUBLISHED


def test_discarding_keeps_the_text_in_the_history(console: Console) -> None:
    write(console)
    assert console.browser("editor").post(f"{VARIANT}/discard").status_code == 303
    assert state_of(console)[1] is None
    assert "chìa khóa" in console.browser("editor").get(f"{VARIANT}/history/2").text


@pytest.mark.parametrize("step", ["submit", "discard", "publish", "still-current"])
def test_a_step_that_is_not_possible_says_so_and_leaves_no_trace(console: Console, step: str) -> None:
    answer = console.browser("admin").post(f"{VARIANT}/{step}")
    assert answer.status_code == 409
    assert "Không làm được bước này" in answer.text
    assert audit(console) == []


def test_a_reviewer_reads_the_words_citizens_read(console: Console) -> None:
    write(console, "Mã này **chỉ {you}** biết.")
    review = console.browser("publisher").get(f"{VARIANT}/review").text
    assert "{you}" not in review and "**" not in review.split("<main")[1]


def test_a_declared_correction_that_says_more_is_pointed_out_and_can_be_overruled(console: Console) -> None:
    write(console, f"{NEW} Đem căn cước đến nhà văn hóa thôn 3 lúc 19 giờ tối thứ Bảy.")
    publisher = console.browser("publisher")
    review = publisher.get(f"{VARIANT}/review").text
    assert "Người soạn ghi: sửa chữ, không đổi ý" in review and "nhưng bài đổi con số" in review
    assert 'name="substantive" value="1" checked' in review
    publisher.post(f"{VARIANT}/publish", {"draft": "2", "substantive": "1"})
    assert "Vẫn còn đúng" in publisher.get("/admin/topics/otp/vi/simple").text


def test_a_small_correction_is_taken_as_one() -> None:
    def changed(before: str, after: str) -> bool:
        sections = [(Section(aspect=Aspect.SUMMARY, text=text),) for text in (before, after)]
        return may_change_meaning(body_diff(Body(sections=sections[0]), Body(sections=sections[1])))

    assert not changed("Đừng cho ai mươn mã.", "Đừng cho ai mượn mã.")
    assert not changed("Mã của {you}.", "**Mã** của {you}.")
    assert changed("Làm trong 2 ngày.", "Làm trong 3 ngày.")
    assert changed("Đem giấy tờ.", "Đem giấy tờ, ra nhà văn hóa thôn vào buổi tối, nhớ gọi trước cho bác trưởng thôn nhé.")


def test_words_are_compared_not_letters() -> None:
    pieces = [(piece.kind, piece.text) for piece in word_diff("Mang thẻ cũ đến.", "Mang thẻ mới đến.")]
    assert pieces == [("same", "Mang thẻ "), ("removed", "cũ "), ("added", "mới "), ("same", "đến.")]


def test_a_diff_names_only_what_differs() -> None:
    before, after = Body(title="A", examples=("x",)), Body(title="A", examples=("x", "y"))
    assert [field.label for field in body_diff(before, after)] == ["Câu hỏi mẫu"]
    assert body_diff(before, before) == []
