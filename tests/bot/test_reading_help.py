"""Help with reading is given at once: plainer words, bigger letters, the step asked for, somebody who reads."""

from __future__ import annotations

import pytest

from bot.facts import Feedback, ProfileChanged, Rating
from nlu.understanding import Intent, Urgency
from retrieval.decision import Kind
from tests.bot.talking import Talk, decided


def test_plainer_words_show_the_same_screen_again_in_them(talk: Talk) -> None:
    talk.ask("làm căn cước ở đâu", decided(Kind.ANSWER, "can-cuoc"))
    talk.ask("tôi không hiểu", intent=Intent.confused)
    turn = talk.type("1")
    assert "nói đơn giản hơn đây" in talk.text and "Làm thẻ ở công an." in talk.text and "Cài đặt của" not in talk.text
    assert turn.facts == (ProfileChanged("level", "simple"),) and talk.state.screen == "v1:topic:can-cuoc"


def test_a_step_the_plainer_text_does_not_have_gives_all_of_them(talk: Talk) -> None:
    talk.press("v1:step:can-cuoc:3")
    talk.press("v1:manner:level:simple")
    assert talk.state.screen == "v1:step:can-cuoc:all" and "1. Đi." in talk.text


def test_where_there_are_no_plainer_words_that_is_said_with_the_way_to_a_human(talk: Talk) -> None:
    talk.press("v1:manner:level:simple")
    talk.press("v1:topic:otp")
    talk.press("v1:manner:level:simple")
    assert "chưa có lời nào đơn giản hơn" in talk.text and "gặp người hỗ trợ" in talk.text
    assert "Không đọc mã cho ai" in talk.text


@pytest.mark.parametrize("said", ["dài quá bác không đọc hết được", "nói ngắn thôi", "gì mà dài thế"])
def test_too_long_means_plainer_words(talk: Talk, said: str) -> None:
    talk.ask("làm căn cước ở đâu", decided(Kind.ANSWER, "can-cuoc"))
    talk.ask(said, decided(Kind.ANSWER, "otp"), aspect="trouble")
    assert talk.state.profile.level == "simple" and "Làm thẻ ở công an." in talk.text


@pytest.mark.parametrize("said", ["phóng to chữ lên", "chữ nhỏ quá không đọc được", "cho bác chữ to hơn"])
def test_bigger_letters_come_at_once_up_to_the_biggest(talk: Talk, said: str) -> None:
    talk.press("v1:topic:otp")
    for size in ("large", "very_large"):
        turn = talk.ask(said, decided(Kind.ANSWER, "can-cuoc"), aspect="trouble")
        assert turn.replies[-1].text_size == size and "Không đọc mã cho ai" in turn.replies[-1].text
    assert talk.ask(said, decided(Kind.ANSWER, "can-cuoc")).facts == () and "to nhất rồi" in talk.text


def test_letters_of_the_phone_are_a_question(talk: Talk) -> None:
    talk.ask("chữ trên điện thoại nhỏ quá", decided(Kind.ANSWER, "otp"))
    assert talk.state.profile.text_size == "normal" and talk.state.topic_id == "otp"


@pytest.mark.parametrize(("said", "words"), [("đọc to", "🔊 Đọc to"), ("tôi không biết chữ", "Nói thay vì gõ")])
def test_who_cannot_read_is_told_who_reads_and_keeps_the_place(talk: Talk, said: str, words: str) -> None:
    talk.press("v1:topic:otp")
    turn = talk.ask(said, decided(Kind.DONT_KNOW))
    assert words in talk.text and turn.facts == () and "v1:human" in talk.payloads()
    talk.type("quay lại")
    assert talk.state.screen == talk.state.shown == "v1:topic:otp"


def test_danger_goes_before_reading(talk: Talk) -> None:
    talk.ask("tôi không biết chữ", decided(Kind.DONT_KNOW), urgency=Urgency.being_scammed)
    assert talk.turn and talk.turn.replies[0].urgent


def test_who_finds_an_answer_unclear_is_offered_plainer_words(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    turn = talk.press("v1:fb:turn0001:down:unclear")
    assert turn.facts == (Feedback("turn0001", Rating.DOWN, "unclear"),)
    assert talk.payloads()[0] == "v1:manner:level:simple" and "v1:human" in talk.payloads()


# --- steps and choices by their number


@pytest.mark.parametrize("said", ["bước 3", "bước thứ ba", "cho xem bước 3"])
def test_a_step_can_be_asked_for_by_its_number(talk: Talk, said: str) -> None:
    talk.press("v1:step:can-cuoc:1")
    talk.type(said)
    assert talk.state.screen == "v1:step:can-cuoc:3"
    talk.ask("bước sau", intent=Intent.next)
    assert talk.state.screen == "v1:step:can-cuoc:3", "the next one, where there is none"
    talk.type("bước 9")
    assert "không có bước 9" in talk.text and talk.state.screen == "v1:step:can-cuoc:3"


def test_where_no_steps_are_a_step_is_a_question(talk: Talk) -> None:
    talk.ask("bước 3", decided(Kind.DONT_KNOW), follow_up=True)
    assert talk.text


def test_a_choice_can_be_named_by_its_place(talk: Talk) -> None:
    talk.press("v1:area:dinh-danh")
    talk.type("chọn mục thứ hai")
    assert talk.state.screen == "v1:topic:vneid-mat-may"
