"""Quizzes as people take them, through shell, engine and database: answers, ticks, orders, numbers typed instead of presses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.expected import fits_choices
from bot.learners import Learners
from bot.state import State
from knowledge.quiz import QuizItem
from learning import store
from learning.criterion import Criterion
from learning.events import ItemAnswered
from storage import Database
from tests.bot.learners_talking import Phone, answer, conversations_of, learner, right_answer, whole_quiz
from tests.learning.samples import COURSE, FIRST, ITEMS, learning_content, multiple, order, single

ORDER = order("otp-9")
SEVERAL = multiple("otp-8")
RIGHT = [option.text for option in ORDER.options]


def test_each_answer_gets_its_own_feedback_before_the_next_question(lan: Phone) -> None:
    lan.press("v1:quiz:an-toan:giu-ma")
    assert "Câu 1/4" in lan.text
    said = answer(lan, right=False)
    assert "Chưa đúng" in said and "Vì sao" in said and ("Đáp án đúng" in said or "Ý đúng" in said)
    lan.type("tiếp")
    assert "Câu 2/4" in lan.text and "Đúng rồi" in right_answer(lan)


def test_a_quiz_passed_makes_the_lesson_done_and_shows_in_progress(lan: Phone) -> None:
    lan.read_lesson()
    assert "đúng **3/4**" in whole_quiz(lan, "1101") and "đạt" in lan.text and "Câu nên xem lại" in lan.text
    lan.press("v1:progress")
    assert "Đã xong **1/2** bài" in lan.text and "Tiếp theo:** Bài 2" in lan.text
    assert any(words in lan.text for words in ("đã vững", "đang khá dần", "cần học thêm"))


def test_a_quiz_failed_is_met_kindly_and_can_be_tried_again(lan: Phone) -> None:
    lan.read_lesson()
    assert "ai mới học cũng vậy" in whole_quiz(lan, "0000")
    lan.choose("Làm lại bài kiểm tra")
    assert "Câu 1/4" in lan.text
    assert "4/4" in whole_quiz(lan, "1111")


def test_a_quiz_failed_says_the_mark_and_which_stories_to_read_again(lan: Phone) -> None:
    assert "Đúng từ 3 câu là đạt" in lan.read_lesson()
    said = whole_quiz(lan, "0000")
    assert "**Chưa đạt**: cần đúng từ **3/4** câu" in said
    assert "- Tin này thật hay giả (otp-4)? (“Bấm vào đây nhận quà.”)" in said
    assert "đúng 0/4 câu" in lan.press("v1:lesson:an-toan:giu-ma:end") and "**Chưa đạt**: cần đúng từ **3/4** câu" in lan.text
    assert "cần đúng từ" not in whole_quiz(lan, "1111")


def test_ticks_can_be_set_and_taken_back_before_xong(lan: Phone) -> None:
    lan.press("v1:quiz:an-toan:giu-ma")
    while "Nên làm những gì" not in lan.text:
        right_answer(lan)
        lan.choose("Câu tiếp")
    assert not any("Xong" in label for label in lan.labels)
    lan.choose("Khóa thẻ")
    lan.choose("Chuyển thêm")
    assert "Đang chọn: " in lan.text and "☑ Khóa thẻ" in lan.labels
    lan.choose("Chuyển thêm")
    lan.choose("Báo công an")
    assert "Đúng rồi" in lan.choose("Xong")


def test_after_a_wrong_answer_only_the_bot_judges_and_the_right_one_comes_with_its_reason(database: Database) -> None:
    said = quiz_of(database, single("otp-7")).choose("Đọc mã")
    assert said.startswith("❌ **Chưa đúng**") and said.count("Đúng rồi") == 0
    assert "**Đáp án đúng:** Tắt máy\nVì sao: Tắt máy." in said


def test_of_several_options_each_is_judged_and_what_was_found_counts_in_words(database: Database) -> None:
    phone = quiz_of(database, SEVERAL)
    phone.choose("Khóa thẻ")
    phone.choose("Chuyển thêm")
    said = phone.choose("Xong")
    assert "**Gần đúng**: bạn tìm được 1 trong 2 ý đúng" in said
    assert "✅ **Khóa thẻ**: chọn đúng" in said and "❌ **Chuyển thêm tiền**: ý này không nên chọn" in said
    assert "**Ý đúng chưa được chọn:**\n**Báo công an**: Vì sao" in said


def test_pressing_an_answer_twice_counts_the_first(lan: Phone, database: Database) -> None:
    lan.press("v1:quiz:an-toan:giu-ma")
    while any("☐" in label for label in lan.labels):
        lan.choose("☐")
        lan.choose("Xong")
        lan.choose("Câu tiếp")
    first, second = lan.buttons[0].payload, lan.buttons[1].payload
    lan.press(first)
    assert "đã trả lời rồi" in lan.press(second)
    with database.reading() as session:
        answers = [e for e in store.events_of(session, learner(database).id) if isinstance(e, ItemAnswered)]
    assert len({a.item for a in answers}) == len(answers)


def test_an_unfinished_quiz_goes_on_at_its_open_question(lan: Phone) -> None:
    lan.press("v1:quiz:an-toan:giu-ma")
    right_answer(lan)
    lan.type("0")
    lan.press("v1:quiz:an-toan:giu-ma")
    assert "chỗ đang dở" in lan.text and "Câu 2/4" in lan.text


@pytest.mark.parametrize("way", ["xyzzy", "Giữ mã OTP thế nào?", "v1:human", "v1:topic:otp"])
def test_from_an_excursion_a_button_and_its_words_lead_back_into_the_quiz(lan: Phone, way: str) -> None:
    lan.press("v1:quiz:an-toan:giu-ma")
    right_answer(lan)
    lan.choose("Câu tiếp")
    _send(lan, way)
    assert lan.labels[0] == "📝 Làm tiếp bài kiểm tra"
    assert "Câu 2/4" in lan.choose("Làm tiếp bài kiểm tra")
    assert "📝 Làm tiếp bài kiểm tra" not in lan.labels
    _send(lan, way)
    assert "Câu 2/4" in lan.type("làm tiếp bài kiểm tra")


def _send(phone: Phone, what: str) -> None:
    phone.press(what) if what.startswith("v1:") else phone.type(what)


def test_nothing_calls_back_into_a_quiz_in_danger_or_when_it_is_over(lan: Phone) -> None:
    lan.press("v1:quiz:an-toan:giu-ma")
    lan.press("v1:urgent:being_scammed")
    assert "📝 Làm tiếp bài kiểm tra" not in lan.labels
    whole_quiz(lan)
    lan.press("v1:human")
    assert "📝 Làm tiếp bài kiểm tra" not in lan.labels
    assert "Học và kiểm tra" in lan.press("v1:resume"), "an old button leads to the learning room"


def test_a_question_without_its_lesson_says_what_it_is_about_and_gives_no_scam_away(lan: Phone) -> None:
    assert "Câu 1/5" in lan.press("v1:self:go") and "Về: An toàn, chống lừa đảo" in lan.text
    assert "Về: " not in lan.press("v1:quiz:an-toan:giu-ma"), "a lesson's own quiz needs no such line"


def test_the_criterion_in_force_is_stored_with_the_attempt_it_judges(database: Database) -> None:
    phone = Phone(conversations_of(database, learners=Learners(Criterion(pass_share=1.0)))).enrol()
    whole_quiz(phone, "1110")
    with database.reading() as session:
        events = store.events_of(session, learner(database).id)
    judged = [e for e in events if e.kind in ("attempt_started", "answered", "attempt_finished")]
    assert len(judged) == 6 and all(e.criterion.pass_share == 1.0 for e in judged)  # type: ignore[union-attr]
    assert judged[-1].passed is False  # type: ignore[union-attr]


def test_an_item_rewritten_meanwhile_and_one_withdrawn_do_not_break_a_quiz(database: Database, lan: Phone) -> None:
    lan.press("v1:quiz:an-toan:giu-ma")
    right_answer(lan)
    gone = dict(list(ITEMS.items())[:2])
    changed = Phone(conversations_of(database, replace(learning_content(), quiz={"vi": gone})), numbers=lan.numbers)
    changed.press("v1:quiz:an-toan:giu-ma")
    for _ in range(3):
        if "Kết quả" in changed.text:
            break
        if any("Câu tiếp" in x or "Xem kết quả" in x for x in changed.labels):
            changed.press(changed.buttons[0].payload)
        else:
            right_answer(changed)
    assert "Kết quả" in changed.text or "Xem kết quả" in " ".join(changed.labels)


# --- questions to put in order, and numbers typed instead of presses


def quiz_of(database: Database, item: QuizItem, **about: str) -> Phone:
    """A learner before a quiz of that one question."""
    lesson = FIRST.model_copy(update={"items": (item.id,)})
    course = COURSE.model_copy(update={"lessons": (lesson,)})
    content = replace(learning_content(), quiz={"vi": {item.id: item}}, courses={"vi": {course.id: course}})
    phone = Phone(conversations_of(database, content)).enrol()
    for payload in about.values():
        phone.press(payload)
    phone.press("v1:quiz:an-toan:giu-ma")
    return phone


def numbers(phone: Phone, texts: list[str]) -> list[int]:
    """The numbers of these options as shown."""
    return [next(n for n, label in enumerate(phone.labels, 1) if text in label) for text in texts]


def test_an_order_is_put_together_tap_by_tap_and_counts_when_done(database: Database) -> None:
    phone = quiz_of(database, ORDER)
    assert "xếp thứ tự" in phone.text and len(phone.labels) == 3
    phone.choose(RIGHT[0])
    assert "Thứ tự đang xếp:\n1. Tắt máy" in phone.text and "① Tắt máy" in phone.labels
    phone.choose(RIGHT[1])
    assert not any("Xong" in label for label in phone.labels)
    phone.choose(RIGHT[2])
    assert "Đúng rồi" in phone.choose("Xong")


def test_the_last_tap_can_be_taken_back(database: Database) -> None:
    phone = quiz_of(database, ORDER)
    phone.choose(RIGHT[1])
    phone.choose("Bỏ việc")
    assert "đang xếp" not in phone.text and not any("Bỏ việc" in label for label in phone.labels)
    phone.choose(RIGHT[0])
    phone.choose(RIGHT[2])
    phone.choose("Bỏ việc")
    assert "1. Tắt máy" in phone.text and "Báo công an" not in phone.text.split("đang xếp")[1]


def test_the_feedback_to_a_wrong_order_shows_the_right_one_with_reasons(database: Database) -> None:
    phone = quiz_of(database, ORDER)
    for text in reversed(RIGHT):
        phone.choose(text)
    said = phone.choose("Xong")
    assert "Chưa đúng" in said and "Thứ tự đúng" in said
    assert "1. **Tắt máy**: Vì sao: Tắt máy." in said and "3. **Báo công an**" in said


@pytest.mark.parametrize("written", ["{} {} {}", "{}{}{}", "{}, {}, {}", "{} rồi {} rồi {}", "chọn {}-{}-{}."])
def test_an_order_can_be_typed_by_its_numbers(database: Database, written: str) -> None:
    phone = quiz_of(database, ORDER)
    assert "Đúng rồi" in phone.type(written.format(*numbers(phone, RIGHT)))


def test_digits_that_are_no_choices_of_the_question_are_a_code(database: Database) -> None:
    assert "đừng đọc mã cho ai" in quiz_of(database, ORDER).type("4829")
    four = State(shown="v1:q:abc:1", menu=("v1:a", "v1:b", "v1:c", "v1:d"))
    assert fits_choices(four, "2134") and fits_choices(four, "chọn 4, 1, 3, 2")
    assert not fits_choices(four, "2135") and not fits_choices(four, "2114")
    assert not fits_choices(four.model_copy(update={"shown": "v1:home"}), "2134")


def test_an_order_typed_in_part_is_kept_and_gone_on_with(database: Database) -> None:
    phone = quiz_of(database, ORDER)
    first = numbers(phone, RIGHT)
    phone.type(f"{first[0]} {first[1]}")
    assert "1. Tắt máy\n2. Gọi ngân hàng" in phone.text
    phone.type(str(first[2]))
    assert "Đúng rồi" in phone.type("4"), "Xong is the next number"


@pytest.mark.parametrize("written", ["{} {}", "{}{}", "{},{}", "{} và {}", "chọn {} và {}"])
def test_several_right_options_can_be_typed_by_their_numbers(database: Database, written: str) -> None:
    phone = quiz_of(database, SEVERAL)
    assert "Đúng rồi" in phone.type(written.format(*numbers(phone, ["Báo công an", "Khóa thẻ"])))


def test_numbers_typed_beside_ticks_are_ticks_more_and_none_is_lost(database: Database) -> None:
    phone = quiz_of(database, SEVERAL)
    phone.choose("Khóa thẻ")
    phone.type("{} {}".format(*numbers(phone, ["Báo công an", "Chuyển thêm"])))
    assert [label[0] for label in phone.labels[:3]] == ["☑", "☑", "☑"] and "Câu 1/1" in phone.text
    phone.choose("Chuyển thêm")
    assert "Đúng rồi" in phone.choose("Xong")


def test_numbers_that_name_all_that_is_ticked_answer_at_once(database: Database) -> None:
    phone = quiz_of(database, SEVERAL)
    phone.choose("Khóa thẻ")
    assert "Đúng rồi" in phone.type("{} {}".format(*numbers(phone, ["Báo công an", "Khóa thẻ"])))


LONG = SEVERAL.model_copy(
    update={"options": tuple(o.model_copy(update={"text": f"{o.text} ngay trong buổi hôm nay"}) for o in SEVERAL.options)}
)


def test_long_options_are_written_once_and_chosen_by_their_number(database: Database) -> None:
    phone = quiz_of(database, LONG)
    assert phone.labels == ["☐ Ý 1", "☐ Ý 2", "☐ Ý 3"]
    assert all(phone.text.count(o.text) == 1 for o in LONG.options)
    phone.choose("Ý 2")
    assert "☐ **1.**" in phone.text and "☑ **2.**" in phone.text and "Đang chọn: Ý 2." in phone.text


def test_after_a_tick_the_story_and_the_instructions_are_not_told_again(database: Database) -> None:
    phone = quiz_of(database, SEVERAL.model_copy(update={"scenario": "Thẻ bị rơi ở chợ."}))
    before = phone.text
    assert "Thẻ bị rơi" in before and "chọn từng ý" in before
    phone.choose("Khóa thẻ")
    assert "Nên làm những gì" in phone.text and "Thẻ bị rơi" not in phone.text and "chọn từng ý" not in phone.text
    assert len(phone.text) < len(before)


def test_numbers_that_are_no_options_are_said(database: Database) -> None:
    phone = quiz_of(database, SEVERAL)
    assert "Câu 1/1" in phone.type("1 9") and "không có mục số 1 9" in phone.text


def test_two_numbers_where_one_is_asked_for_are_said(database: Database) -> None:
    phone = quiz_of(database, single("otp-7"))
    assert "chỉ chọn một ý" in phone.type("1 2") and "Câu 1/1" in phone.text


def test_typed_numbers_after_the_answer_change_nothing(database: Database) -> None:
    phone = quiz_of(database, SEVERAL)
    phone.type("{} {}".format(*numbers(phone, ["Báo công an", "Khóa thẻ"])))
    assert "Đúng rồi" in phone.type("1 2")
    with database.reading() as session:
        assert sum(e.kind == "answered" for e in store.events_of(session, learner(database).id)) == 1


def test_who_reads_simple_texts_gets_the_simple_words(database: Database) -> None:
    phone = quiz_of(database, ORDER, level="v1:set:level:simple")
    assert "Làm gì trước" in phone.text and "làm theo thứ tự nào" not in phone.text
