"""A citizen's question becomes an example of a topic: looked at first, never a cry for help, and taken back if wrong."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from admin.tables import AuditRow, QuestionMarkRow
from admin.whatif import Change
from knowledge.model import Example
from knowledge.store import save_draft
from retrieval.decision import Kind
from retrieval.index import IndexUnusable
from tests.admin.conftest import KNOWN, UNKNOWN, Console
from tests.admin.test_editing import KEY, state_body, state_of
from tests.admin.test_queue import ask, groups

TEXT = "họ đòi dãy số"
TITLE = "Mã OTP và cách giữ an toàn"


def form(*ids: int, text: str = TEXT, **more: str) -> dict[str, str]:
    return {"ids": ",".join(map(str, ids)), "text": text, "topic": "otp", **more}


def examples(console: Console) -> list[str]:
    """What citizens' questions are compared with."""
    view = console.content().view("otp")
    assert view
    return [example.text for example in view.examples]


def chosen(page: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)" selected>', page)


# --- what is proposed


def test_a_weak_guess_is_named_and_offered_but_not_chosen(console: Console) -> None:
    ask(console, "lương hưu bao giờ có", "a", "dont_know")
    page = console.browser("editor").get("/admin/queue").text
    assert f"bot đoán (không chắc): {TITLE}" in page and f'<optgroup label="Bot nghĩ tới"><option value="otp">{TITLE}' in page
    assert chosen(page.split("<ol")[1]) == []


def test_what_the_bot_offered_to_most_who_asked_is_chosen(console: Console) -> None:
    ask(console, "mã gửi về máy", "a", "ask_back")
    assert chosen(console.browser("editor").get("/admin/queue").text.split("<ol")[1]) == ["otp"]
    ask(console, "mã gửi về máy", "b", "dont_know")
    assert [one.likely_topic for one in groups(console)] == [""], "half is not most"


def test_what_was_disliked_is_not_proposed_again(console: Console) -> None:
    ask(console, "mã gửi về máy", "a", "ask_back", ["down"])
    assert [one.likely_topic for one in groups(console)] == [""]


def test_topics_stand_under_their_area_by_the_alphabet(console: Console) -> None:
    ask(console, "x", "a")
    assert '<optgroup label="🛡️ An toàn, chống lừa đảo"><option value="otp">' in console.browser("editor").get("/admin/queue").text


# --- cries for help


def test_a_cry_for_help_has_no_form_and_says_why(console: Console) -> None:
    ask(console, "t k mún sống nx", "a", urgency="despair")
    page = console.browser("publisher").get("/admin/queue", reason="urgent").text
    assert "không thêm được làm câu hỏi mẫu" in page and "Đã xem, cất đi" in page
    assert '<select id="topic-' not in page and "xuất bản…" not in page


@pytest.mark.parametrize("step", ["example", "publish"])
def test_a_cry_for_help_is_refused_however_it_is_worded_now(console: Console, step: str) -> None:
    urgent, calm = ask(console, "t k mún sống nx", "a", urgency="despair"), ask(console, "lương hưu", "b")
    publisher = console.browser("publisher")
    for fields in (form(urgent, calm), form(calm, text="tôi bị lừa hết tiền")):
        answer = publisher.post(f"/admin/queue/{step}", fields)
        assert answer.status_code == 409 and "Bot nhận ra nguy hiểm bằng bộ dấu hiệu riêng" in answer.text
    assert publisher.post("/admin/queue/confirm", form(calm, text="tôi bị lừa hết tiền")).status_code == 409
    assert state_of(console)[1] is None and TEXT not in examples(console)


# --- a draft


def test_one_click_adds_the_question_to_a_draft(console: Console) -> None:
    ids = [ask(console, "họ đòi dãy số trong tin nhắn", who) for who in ("a", "b")]
    answer = console.browser("editor").post("/admin/queue/example", form(*ids, text="họ  đòi dãy số trong tin nhắn"))
    published, draft = state_of(console)
    assert published and draft
    new = Example(text="họ đòi dãy số trong tin nhắn", writer="nguoi-dan")
    assert draft.body.examples == (*(published.body.examples or ()), new)
    assert groups(console) == []
    with console.database.reading() as session:
        marks = session.scalars(select(QuestionMarkRow)).all()
    assert {(mark.action, mark.topic_id, mark.revision_id, mark.actor) for mark in marks} == {
        ("example", "otp", draft.id, "editor")
    }
    page = console.browser("editor").get(answer.headers["location"]).text
    assert "Đã thêm “họ đòi dãy số trong tin nhắn” vào" in page and "đang ở bản nháp" in page


def test_what_cannot_become_an_example_is_refused(console: Console) -> None:
    number, editor = ask(console, "x", "a"), console.browser("editor")
    repeated = editor.post("/admin/queue/example", form(number, text="Ai được phép hỏi mã xác nhận của tôi?"))
    assert repeated.status_code == 409 and "Câu này đã là câu hỏi mẫu" in repeated.text
    assert editor.post("/admin/queue/example", form(number, text="  ")).status_code == 409
    assert editor.post("/admin/queue/example", form(number) | {"topic": "khoa-the"}).status_code == 422
    assert editor.post("/admin/queue/example", form(number) | {"ids": "1,'; drop"}).status_code == 422
    assert state_of(console)[1] is None


# --- looking, confirming, publishing


def test_the_page_shows_how_this_question_will_be_answered_and_with_which_text(console: Console) -> None:
    console.changes.append(Change("ai hỏi mã thế", ("otp",), UNKNOWN, KNOWN, "better"))
    page = console.browser("editor").post("/admin/queue/what-if", form(1)).text
    assert f"Câu “{TEXT}” bây giờ: chưa biết. Nếu thêm vào {TITLE}: <strong>trả lời: {TITLE}</strong>" in page
    view = console.content().view("otp")
    assert view and view.sections[1].text.split(".")[0] in page
    assert "1 tốt hơn, 0 kém hơn" in page and f"trước: chưa biết; sau: trả lời: {TITLE}" in page
    assert "<html" in page, "without scripts a page of its own"
    part = console.browser("editor").post("/admin/queue/what-if", form(1), **{"HX-Request": "true"}).text
    assert "<html" not in part
    assert console.asked_what_if == [("otp", TEXT)] * 2


def test_it_is_said_when_the_example_would_not_help(console: Console) -> None:
    console.then = replace(UNKNOWN, decision=Kind.ASK_BACK, topics=("otp",))
    page = console.browser("editor").post("/admin/queue/what-if", form(1)).text
    assert f"Thêm rồi bot vẫn chưa trả lời câu này bằng {TITLE}" in page and 'class="bubble"' not in page


def test_a_publisher_reads_what_it_does_before_it_is_live(console: Console) -> None:
    number, publisher = ask(console, TEXT, "a"), console.browser("publisher")
    page = publisher.post("/admin/queue/confirm", form(number, page="2", reason="dont_know")).text
    assert "Xuất bản câu hỏi mẫu này?" in page and TITLE in page and 'action="/admin/queue/publish"' in page
    assert TEXT not in examples(console), "nothing is live yet"
    done = publisher.post("/admin/queue/publish", form(number, page="2", reason="dont_know"))
    assert done.headers["location"] == "/admin/queue?reason=dont_know&page=2&topic=otp&revision=2"
    assert TEXT in examples(console)
    said = publisher.get(done.headers["location"]).text
    assert f"Đã thêm “{TEXT}” vào" in said and "và xuất bản" in said and "Hoàn tác" in said


def test_without_a_comparison_it_is_said_so(console: Console) -> None:
    def unusable(topic: str, text: str) -> None:
        raise IndexUnusable("no thresholds")

    console.app = console.app_of(replace(console.parts, what_if=unusable))  # type: ignore[arg-type]
    assert "Chưa thử được lúc này" in console.browser("editor").post("/admin/queue/what-if", form(1)).text


def test_going_live_never_takes_somebodys_draft_along(console: Console) -> None:
    with console.database.session() as session:
        save_draft(session, KEY, state_body(console).model_copy(update={"title": "Chưa xong"}), "Ông Khác")
    answer = console.browser("publisher").post("/admin/queue/publish", form(ask(console, TEXT, "a")))
    assert "đang ở bản nháp" in console.browser("publisher").get(answer.headers["location"]).text
    published, draft = state_of(console)
    assert published and published.body.title != "Chưa xong"
    assert draft and draft.body.title == "Chưa xong" and TEXT in [e.text for e in draft.body.examples or ()]


# --- taking it back


def test_undoing_a_publication_takes_the_example_out_and_the_questions_back(console: Console) -> None:
    number, publisher = ask(console, TEXT, "a"), console.browser("publisher")
    before = examples(console)
    publisher.post("/admin/queue/publish", form(number))
    assert console.browser("editor").post("/admin/queue/undo", {"topic": "otp", "revision": "2"}).status_code == 403
    undone = publisher.post("/admin/queue/undo", {"topic": "otp", "revision": "2", "page": "3"})
    assert undone.headers["location"] == "/admin/queue?page=3&done=undone"
    assert examples(console) == before
    assert [one.questions[0].text for one in groups(console)] == [TEXT]
    with console.database.reading() as session:
        assert session.scalars(select(AuditRow.before).where(AuditRow.action == "queue.undo")).one() == TEXT


def test_undoing_in_a_draft_leaves_what_somebody_else_wrote(console: Console) -> None:
    editor = console.browser("editor")
    editor.post("/admin/queue/example", form(ask(console, TEXT, "a")))
    editor.post("/admin/queue/undo", {"topic": "otp", "revision": "2"})
    assert state_of(console)[1] is None, "there was no draft before"
    with console.database.session() as session:
        save_draft(session, KEY, state_body(console).model_copy(update={"title": "Chưa xong"}), "Ông Khác")
    editor.post("/admin/queue/example", form(ask(console, TEXT, "b")))
    editor.post("/admin/queue/undo", {"topic": "otp", "revision": "4"})
    draft = state_of(console)[1]
    assert draft and draft.body.title == "Chưa xong" and TEXT not in [e.text for e in draft.body.examples or ()]


def test_after_somebody_elses_change_it_is_not_undone_over_their_head(console: Console) -> None:
    publisher = console.browser("publisher")
    publisher.post("/admin/queue/publish", form(ask(console, TEXT, "a")))
    with console.database.session() as session:
        save_draft(session, KEY, state_body(console).model_copy(update={"title": "Sau đó"}), "Ông Khác")
    assert "Hoàn tác" not in publisher.get("/admin/queue", topic="otp", revision="2").text
    assert publisher.post("/admin/queue/undo", {"topic": "otp", "revision": "2"}).status_code == 409
    assert TEXT in examples(console)


def test_only_what_the_queue_added_is_undone(console: Console) -> None:
    assert console.browser("publisher").post("/admin/queue/undo", {"topic": "otp", "revision": "1"}).status_code == 404
    assert "Đã thêm" not in console.browser("publisher").get("/admin/queue", topic="otp", revision="1").text
