"""Wishes in words lead where their buttons lead; talk is answered kindly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversations import Conversations
from bot.facts import Feedback, QuestionAsked, Rating
from bot.flows.learn_table import ALL_FLOWS
from bot.hearing import ASKED_FOR, asked_for
from bot.payloads import parse
from bot.turn import Heard
from nlu.understanding import Intent, Urgency
from retrieval.decision import Kind
from storage import Database
from tests.bot.learners_talking import Clock, Ears, Phone, conversations_of
from tests.bot.talking import Talk, decided, understood
from tests.learning.samples import learning_content

MOVES = {"back", "next", "again"}


def test_every_intent_but_a_question_leads_to_a_screen_there_is() -> None:
    assert set(ASKED_FOR) == set(Intent) - {Intent.question}
    assert {parse(payload).flow for payload in ASKED_FOR.values()} <= {*ALL_FLOWS, *MOVES}


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (Intent.abuse, "xin lỗi"),
        (Intent.injection, "không đổi vai"),
        (Intent.secret, "đừng gửi mã cho"),
        (Intent.report, "đã ghi lại cho người biên soạn"),
        (Intent.another, "gõ câu hỏi rồi gửi"),
        (Intent.goodbye, "không đọc mã OTP"),
    ],
)
def test_talk_and_wishes_are_answered(talk: Talk, intent: Intent, words: str) -> None:
    talk.ask("nói vậy thôi", intent=intent)
    assert words in talk.text


def test_danger_goes_before_every_wish(talk: Talk) -> None:
    talk.ask("cho học rồi bị lừa", intent=Intent.learn, urgency=Urgency.lost_money)
    assert "Gọi ngân hàng" in talk.text
    assert asked_for(Heard(understood(intent=Intent.learn, urgency=Urgency.lost_money), None)) is None


@pytest.mark.parametrize("text", ["ý tôi không phải vậy", "hỏi một đằng trả lời một nẻo"])
def test_a_wrong_answer_is_given_up_for_the_nearest_topics(talk: Talk, text: str) -> None:
    talk.ask("mất máy", decided(Kind.ANSWER, "vneid-mat-may", "otp"))
    turn = talk.ask(text, intent=Intent.wrong)
    assert "hiểu nhầm" in talk.text and talk.payloads() == ["v1:topic:otp", "v1:none"]
    assert [fact.reason for fact in turn.facts if isinstance(fact, Feedback)] == ["none_of_these"]


def test_with_nothing_answered_yet_a_wrong_asks_for_other_words(talk: Talk) -> None:
    turn = talk.ask("không phải ý tôi", intent=Intent.wrong)
    assert "gõ lại bằng vài từ chính" in talk.text and turn.facts == ()


def test_a_wrong_never_erases_or_consents(talk: Talk) -> None:
    talk.press("v1:erase")
    turn = talk.ask("không phải cái này", intent=Intent.wrong)
    assert not [fact for fact in turn.facts if "Erased" in type(fact).__name__]


def test_a_report_below_an_answer_asks_what_was_wrong_and_is_kept(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    turn = talk.ask("bài này sai rồi", intent=Intent.report)
    assert "Chưa được ở chỗ nào" in talk.text
    assert [fact.value for fact in turn.facts if isinstance(fact, Feedback)] == [Rating.DOWN]


def test_a_report_of_nothing_in_particular_is_kept_in_its_words(talk: Talk) -> None:
    turn = talk.ask("bot hay lỗi", intent=Intent.report)
    assert [type(fact) for fact in turn.facts] == [QuestionAsked]


class Wishing(Ears):
    """Understands every text as the wish it was made for."""

    def __init__(self, intent: Intent) -> None:
        self.intent = intent

    def begin(self, text: str) -> Callable[[str | None], Heard]:
        return lambda _topic: Heard(understood(text, intent=self.intent), None)


@pytest.mark.parametrize(
    ("intent", "words"), [(Intent.learn, "Người đang học: **Lan**"), (Intent.progress, "Lan"), (Intent.quiz, "Tự đánh giá")]
)
def test_who_learns_is_known_when_learning_is_asked_for_in_words(database: Database, intent: Intent, words: str) -> None:
    Phone(conversations_of(database)).enrol("Lan").press("v1:home")
    wishing = Conversations(database, Wishing(intent), learning_content, Clock())
    phone = Phone(wishing)
    phone.numbers = iter(range(1000, 2000))  # type: ignore[assignment]
    phone.type("bác muốn học với cháu")
    assert words in phone.text and "đồng ý" not in phone.text.lower()
