"""Questions the bot could not settle: grouped, counted by people, dismissed or made examples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from sqlalchemy import select

from admin.grouping import group, most_typical, threshold_of
from admin.questions import Group, grouped, open_questions
from admin.tables import AuditRow, QuestionMarkRow
from admin.whatif import Change
from bot.tables import ConversationRow, FeedbackRow, QuestionRow
from knowledge.model import Example
from knowledge.store import save_draft
from retrieval.decision import Kind
from retrieval.evaluate import Outcome
from tests.admin.conftest import NOW, Console
from tests.admin.test_editing import KEY, state_body, state_of


def ask(
    console: Console,
    text: str,
    person: str,
    decision: str = "dont_know",
    feedback: Sequence[str] = (),
    urgency: str | None = None,
) -> int:
    """A question of somebody, with what they thought of the answer; its id."""
    with console.database.session() as session:
        known = session.scalars(select(ConversationRow).where(ConversationRow.person == person)).first()
        row = known or ConversationRow(channel="web", person=person, state="{}")
        session.add(row)
        session.flush()
        count = len(session.scalars(select(QuestionRow.id)).all())
        asked = QuestionRow(
            turn_id=f"t{count}",
            conversation_id=row.id,
            channel="web",
            text_masked=text,
            restored=text,
            intent="question",
            urgency=urgency,
            decision=decision,
            topics={"ranked": [{"topic_id": "otp", "score": 0.5}]},
            confidence=0.3,
            index_build="b",
            follow_up=False,
            asked_at=NOW - timedelta(hours=1),
        )
        session.add(asked)
        session.add_all(FeedbackRow(turn_id=f"t{count}", value=value) for value in feedback)
        session.flush()
        return asked.id


def groups(console: Console, reason: str = "") -> list[Group]:
    with console.database.reading() as session:
        found = open_questions(session, console.now, reason)
    return grouped(found, console.embedder.queries, 0.6)


def test_the_matter_of_most_people_comes_first(console: Console) -> None:
    for _ in range(5):
        ask(console, "lương hưu bao giờ có", "an")
    ask(console, "làm hộ chiếu qua mạng được không", "an")
    ask(console, "làm hộ chiếu qua mạng được không ạ", "binh")
    ask(console, "Làm hộ chiếu qua mạng", "chi")
    found = groups(console)
    assert [(one.people, len(one.questions)) for one in found] == [(3, 3), (1, 5)]
    assert found[0].likely_topic == "otp"
    assert len(found[1].wordings) == 1


def test_what_waits_is_what_was_not_settled(console: Console) -> None:
    ask(console, "câu một chưa biết", "a")
    ask(console, "việc hai hỏi lại", "b", "ask_back")
    ask(console, "chuyện ba bị chê", "c", "answer", ["down"])
    ask(console, "điều bốn khen", "d", "answer", ["up"])
    ask(console, "khúc năm chê rồi khen", "e", "answer", ["down", "up"])
    reasons = {one.questions[0].text: one.reasons for one in groups(console)}
    assert reasons == {
        "câu một chưa biết": ("dont_know",),
        "việc hai hỏi lại": ("ask_back",),
        "chuyện ba bị chê": ("down",),
    }
    assert [one.questions[0].text for one in groups(console, "down")] == ["chuyện ba bị chê"]


def test_somebody_in_danger_comes_first_and_has_a_filter(console: Console) -> None:
    for who in ("a", "b", "c"):
        ask(console, "lương hưu bao giờ có", who)
    ask(console, "tôi vừa bị lừa mất hết tiền", "d", "answer", urgency="lost_money")
    assert [one.reasons for one in groups(console)] == [("urgent",), ("dont_know",)]
    assert [one.people for one in groups(console, "urgent")] == [1]
    assert "🆘 Khẩn cấp</strong>" in console.browser("editor").get("/admin/queue").text


def test_a_dismissed_group_is_gone_and_a_new_asker_brings_it_back(console: Console) -> None:
    first = ask(console, "giá vàng hôm nay", "a")
    editor = console.browser("editor")
    assert "giá vàng hôm nay" in editor.get("/admin/queue").text
    assert editor.post("/admin/queue/dismiss", {"ids": str(first)}).status_code == 303
    assert "giá vàng" not in editor.get("/admin/queue").text
    ask(console, "giá vàng hôm nay", "b")
    assert "giá vàng" in editor.get("/admin/queue").text
    with console.database.reading() as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.action == "queue.dismiss")).one()
    assert (entry.actor, entry.before) == ("editor", "giá vàng hôm nay")


def test_one_click_adds_the_question_to_a_draft(console: Console) -> None:
    ids = [ask(console, "họ đòi dãy số trong tin nhắn", who) for who in ("a", "b")]
    form = {"ids": ",".join(map(str, ids)), "text": "họ  đòi dãy số trong tin nhắn", "topic": "otp", "do": "draft"}
    answer = console.browser("editor").post("/admin/queue/example", form)
    assert answer.headers["location"].endswith("done=example")
    published, draft = state_of(console)
    assert published and draft
    assert draft.body.examples == (
        *(published.body.examples or ()),
        Example(text="họ đòi dãy số trong tin nhắn", writer="nguoi-dan"),
    )
    assert groups(console) == []
    with console.database.reading() as session:
        marks = session.scalars(select(QuestionMarkRow)).all()
    assert {(mark.action, mark.topic_id, mark.actor) for mark in marks} == {("example", "otp", "editor")}


def test_a_publisher_puts_it_live_at_once(console: Console) -> None:
    number = ask(console, "họ đòi dãy số", "a")
    form = {"ids": str(number), "text": "họ đòi dãy số", "topic": "otp", "do": "publish"}
    console.browser("publisher").post("/admin/queue/example", form)
    view = console.content().view("otp")
    assert view and Example(text="họ đòi dãy số", writer="nguoi-dan") in view.examples


def test_going_live_never_takes_somebodys_draft_along(console: Console) -> None:
    with console.database.session() as session:
        save_draft(session, KEY, state_body(console).model_copy(update={"title": "Chưa xong"}), "Ông Khác")
    number = ask(console, "họ đòi dãy số", "a")
    form = {"ids": str(number), "text": "họ đòi dãy số", "topic": "otp", "do": "publish"}
    answer = console.browser("publisher").post("/admin/queue/example", form)
    assert answer.headers["location"].endswith("done=example")
    published, draft = state_of(console)
    assert published and published.body.title != "Chưa xong"
    assert draft and draft.body.title == "Chưa xong" and "họ đòi dãy số" in [e.text for e in draft.body.examples or ()]


def test_what_cannot_become_an_example_is_refused(console: Console) -> None:
    number, editor = ask(console, "x", "a"), console.browser("editor")
    base = {"ids": str(number), "topic": "otp", "do": "draft"}
    assert editor.post("/admin/queue/example", {**base, "text": "Ai được phép hỏi mã xác nhận của tôi?"}).status_code == 409
    assert editor.post("/admin/queue/example", {**base, "text": "  "}).status_code == 409
    assert editor.post("/admin/queue/example", {**base, "text": "y", "topic": "khoa-the"}).status_code == 422
    assert editor.post("/admin/queue/example", {**base, "text": "y", "ids": "1,'; drop"}).status_code == 422
    assert state_of(console)[1] is None


def test_the_page_shows_what_the_evaluation_set_would_answer_differently(console: Console) -> None:
    before, after = Outcome(Kind.DONT_KNOW, (), 0.1, False, None), Outcome(Kind.ANSWER, ("otp",), 0.9, False, None)
    console.changes.append(Change("ai hỏi mã thế", ("otp",), before, after, "better"))
    form = {"ids": "1", "text": "họ đòi dãy số", "topic": "otp"}
    page = console.browser("editor").post("/admin/queue/what-if", form).text
    assert "1 tốt hơn, 0 kém hơn" in page
    assert "trước: chưa biết; sau: trả lời: Mã OTP và cách giữ an toàn" in page
    assert "<html" in page, "without scripts a page of its own"
    part = console.browser("editor").post("/admin/queue/what-if", form, **{"HX-Request": "true"}).text
    assert "<html" not in part
    assert console.asked_what_if == [("otp", "họ đòi dãy số")] * 2


def test_questions_are_shown_as_text(console: Console) -> None:
    ask(console, "<script>alert(1)</script>", "a")
    page = console.browser("editor").get("/admin/queue").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_threshold_lets_few_pairs_of_different_topics_together() -> None:
    random = np.random.default_rng(3)
    vectors = random.normal(size=(200, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    topics = np.arange(200) % 20
    threshold = threshold_of(vectors, topics, share=0.01)
    cosines = vectors @ vectors.T
    across = cosines[np.triu(topics[:, None] != topics[None, :], k=1)]
    assert abs(float((across > threshold).mean()) - 0.01) < 0.001
    assert threshold_of(vectors[:1], topics[:1]) == 1.0


def test_every_row_is_in_one_group_and_groups_hold_together() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.99, 0.14], [0.14, 0.99], [-1, 0]], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = group(vectors, 0.9)
    assert found == [[0, 2], [1, 3], [4]]
    assert most_typical(vectors, [0, 2, 1]) == 2


def test_questions_of_the_past_quarter_only(console: Console) -> None:
    ask(console, "câu cũ", "a")
    console.wait(days=120)
    assert groups(console) == []
