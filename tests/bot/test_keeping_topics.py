"""When a question stays with the topic at hand, before any flow sees it."""

from __future__ import annotations

from bot.answering import keep_topic
from retrieval.decision import Decision, Kind
from tests.bot.talking import decided, understood

NAMED = "xin hướng dẫn đăng ký tạm trú và khai sinh cho trẻ em vùng cao"  # says what it is about


def test_few_words_that_fit_nothing_well_stay_with_the_topic_at_hand() -> None:
    unsure = decided(Kind.DONT_KNOW, "can-cuoc", "otp", step=0.001)
    assert kept(unsure, text="quét hoài không được").kept_topic == "otp"


def test_a_few_words_that_clearly_name_another_topic_change_it() -> None:
    sure = decided(Kind.ANSWER, "can-cuoc", "otp", step=0.06)
    assert kept(sure, text="đăng ký tạm trú").kept_topic is None


def kept(
    decision: Decision, *, follow_up: bool = False, covered: bool = True, topic_id: str | None = "otp", text: str = NAMED
) -> Decision:
    return keep_topic(understood(text, follow_up=follow_up), decision, topic_id, covered)


def test_a_follow_up_stays_with_its_topic_whatever_it_resembles() -> None:
    found = kept(decided(Kind.DONT_KNOW, "can-cuoc", outside=True), follow_up=True)
    assert (found.kind, found.kept_topic, found.topics[0].topic_id) == (Kind.ANSWER, "otp", "otp")


def test_a_follow_up_on_a_topic_without_a_lesson_is_no_answer_but_known_what_about() -> None:
    found = kept(decided(Kind.ANSWER, "can-cuoc"), follow_up=True, covered=False, topic_id="ho-chieu")
    assert found.kind is Kind.DONT_KNOW and found.topics[0].topic_id == "ho-chieu" and not found.topics[0].covered


def test_nobody_is_asked_back_about_what_they_are_just_reading() -> None:
    assert kept(decided(Kind.ASK_BACK, "can-cuoc", "otp")).kept_topic == "otp"
    assert kept(decided(Kind.ASK_BACK, "can-cuoc", "otp", step=0.1)).kept_topic is None


def test_a_sure_answer_elsewhere_changes_the_topic() -> None:
    assert kept(decided(Kind.ANSWER, "can-cuoc", "otp", step=0.03)).kept_topic is None
