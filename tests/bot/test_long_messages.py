"""A message too long to be read whole: its last sentence is the question, a danger at either end is met."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversations import Conversations
from bot.messages import MAX_TEXT, Incoming
from bot.turn import Heard
from nlu.understanding import Urgency
from storage import Database
from tests.bot.learners_talking import Clock, Ears, Phone
from tests.bot.talking import understood
from tests.learning.samples import NOW, learning_content

STORY = "Tôi xin kể hết chuyện nhà tôi dùng điện thoại. " * 50


class Listening(Ears):
    """Remembers what it was given, and hears a danger where the word for it stands."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def begin(self, text: str) -> Callable[[str | None], Heard]:
        def hear(_topic: str | None) -> Heard:
            self.heard.append(text)
            return Heard(understood(text, urgency=Urgency.life_danger if "cháy nhà" in text[:MAX_TEXT] else None), None)

        return hear


@pytest.fixture
def ears() -> Listening:
    return Listening()


@pytest.fixture
def phone(database: Database, ears: Listening) -> Phone:
    return Phone(Conversations(database, ears, learning_content, Clock()))


def test_the_last_sentence_is_the_question(phone: Phone, ears: Listening) -> None:
    phone.type(STORY + "Vậy làm hộ chiếu hết bao nhiêu tiền?")
    assert ears.heard[-1] == "Vậy làm hộ chiếu hết bao nhiêu tiền?"
    assert "chỉ đọc được đoạn đầu và câu cuối" in phone.text


@pytest.mark.parametrize("text", ["cháy nhà rồi. " + STORY, STORY + "cháy nhà rồi"])
def test_a_danger_at_either_end_is_met(phone: Phone, text: str) -> None:
    phone.type(text)
    assert any(reply.urgent for reply in phone.replies)


def test_of_a_text_too_long_to_keep_both_ends_are_kept(phone: Phone) -> None:
    long = phone.conversations.sanitised(Incoming("test", "p", "1", NOW, text="đầu " + STORY * 3 + "cuối")).text or ""
    assert long.startswith("đầu") and long.endswith("cuối") and len(long) <= 2 * MAX_TEXT
