"""Questions for the curators: grouped, counted by people, set aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from sqlalchemy import select

from admin.grouping import group, most_typical, threshold_of
from admin.questions import Group, grouped, open_questions
from admin.tables import AuditRow
from bot.tables import ConversationRow, FeedbackRow, QuestionRow
from tests.admin.conftest import NOW, Console


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


def test_somebody_in_danger_is_on_a_list_of_their_own_without_what_the_bot_guessed(console: Console) -> None:
    ask(console, "lương hưu bao giờ có", "a")
    ask(console, "tôi vừa bị lừa mất hết tiền", "d", "dont_know", urgency="lost_money")
    assert [one.reasons for one in groups(console)] == [("dont_know",)]
    assert [(one.people, one.reasons) for one in groups(console, "urgent")] == [(1, ("urgent",))]
    editor = console.browser("editor")
    page = editor.get("/admin/queue").text
    assert "mất hết tiền" not in page and "🆘 1 câu khẩn cấp" in page
    apart = editor.get("/admin/queue", reason="urgent").text
    assert "🆘 Khẩn cấp</strong>" in apart and "Bot chưa biết ·" not in apart and "bot đoán" not in apart


def test_sure_answers_can_be_looked_through_for_wrong_ones(console: Console) -> None:
    ask(console, "không có căn cước thì cài sao", "a", "answer")
    ask(console, "chuyện bị chê", "b", "answer", ["down"])
    ask(console, "cấp lại biển số", "c", "procedure")
    assert groups(console) != []
    assert {one.questions[0].text for one in groups(console, "answered")} == {"không có căn cước thì cài sao", "cấp lại biển số"}
    page = console.browser("editor").get("/admin/queue", reason="answered").text
    assert "bot đã trả lời bằng: Mã OTP và cách giữ an toàn" in page and "bot đã trả lời bằng: thủ tục hành chính" in page


def test_the_same_words_without_accents_are_the_same_question(console: Console) -> None:
    ask(console, "tiem dai cho cho o dau", "a")
    ask(console, "tiêm dại cho chó ở đâu?", "b")
    found = groups(console)
    assert [(one.people, len(one.wordings)) for one in found] == [(2, 1)]


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
