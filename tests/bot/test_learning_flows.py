"""Learning as people meet it, through shell, engine and database: consent, profiles, lessons, quizzes, progress, two apps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from bot.conversations import Conversations
from bot.flows.learn_table import LEARNING, concerns_learning
from bot.messages import PAYLOAD_BYTES
from bot.state import State
from bot.tables import ConversationRow
from bot.texts import LABEL_LENGTH, visible
from knowledge.courses import Card
from knowledge.snapshot import load_content_from_files
from learning import store
from learning.tables import FamilyRow, LearnerPlaceRow, LearnerRow, LearningEventRow
from storage import Database
from tests.bot.learners_talking import Clock, Phone, answer, conversations_of, learner, right_answer, whole_quiz
from tests.learning.samples import COURSE, FIRST, learning_content

KEPT = (FamilyRow, LearnerRow, LearnerPlaceRow, LearningEventRow)


def kept(database: Database) -> int:
    with database.reading() as session:
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in KEPT)


# --- consent


def test_home_offers_learning(phone: Phone) -> None:
    phone.type("menu")
    assert "📚 Học và kiểm tra" in phone.labels


def test_nothing_is_kept_before_consent_which_says_what_why_and_how_to_erase(phone: Phone, database: Database) -> None:
    phone.type("học và kiểm tra")
    for words in ("giữ lại", "Để làm gì", "Không giữ", "xóa", "đồng ý"):
        assert words in phone.text
    assert kept(database) == 0


def test_consent_makes_a_profile_and_asks_questions_that_can_all_be_skipped(phone: Phone, database: Database) -> None:
    phone.press("v1:learn")
    phone.choose("Đồng ý")
    for _ in range(5):
        assert "Bỏ qua ▶" in phone.labels
        phone.choose("Bỏ qua")
    assert "Học và kiểm tra" in phone.text
    who = learner(database)
    assert (who.name, who.audience, who.commune, who.guardian) == ("", None, None, False)
    assert who.consent_text and who.consented_at


def test_all_questions_answered_by_typing_and_numbers(phone: Phone, database: Database) -> None:
    for typed in ("học", "1", "Bà Tám", "1", "2", "Nông dân", "hac thanh", "1"):
        phone.type(typed)
    who = learner(database)
    answers = (who.name, who.address, who.level, who.audience, who.province, who.commune)
    assert answers == ("Bà Tám", "bac", "simple", "nong-dan", "38", "14797")
    assert "Người đang học: **Bà Tám**" in phone.text


def test_without_consent_one_learns_and_nothing_is_kept(phone: Phone, database: Database) -> None:
    phone.press("v1:learn")
    phone.choose("học thử")
    phone.read_lesson()
    assert "**Kết quả:** đúng **4/4**" in whole_quiz(phone)
    assert "ghi lại kết quả" not in phone.text and kept(database) == 0
    assert "xong **1/2** bài" in phone.press("v1:progress")


def test_a_trial_can_become_a_profile(phone: Phone, database: Database) -> None:
    phone.press("v1:learn")
    phone.choose("học thử")
    phone.press("v1:learn")
    phone.choose("Ghi lại tiến độ")
    phone.choose("Đồng ý")
    assert kept(database) > 0 and "học thử" not in phone.press("v1:learn")


def test_a_child_needs_a_guardian_who_agrees_on_a_screen_of_their_own(phone: Phone, database: Database) -> None:
    phone.press("v1:learn")
    phone.choose("dưới 16")
    assert "cha mẹ" in phone.text and kept(database) == 0
    phone.press("v1:consent:yes")
    assert kept(database) == 0
    phone.choose("Tôi là cha mẹ")
    assert learner(database).guardian


def test_an_old_consent_button_adds_nobody(lan: Phone, database: Database) -> None:
    lan.press("v1:consent:yes")
    lan.press("v1:consent:guardian")
    assert learner(database).name == "Lan"


# --- profiles


def test_numbers_typed_as_a_name_are_not_kept(phone: Phone, database: Database) -> None:
    phone.press("v1:learn")
    phone.choose("Đồng ý")
    assert "chữ thôi" in phone.type("0912 345 678")
    phone.type("Lan 038123456789")
    assert learner(database).name == "Lan"


@pytest.mark.parametrize("typed", ["vneid là gì vậy", "họ gọi bắt tôi chuyển tiền ngay", "làm sao để cài?"])
def test_questions_and_cries_for_help_are_no_names(phone: Phone, database: Database, typed: str) -> None:
    phone.press("v1:learn")
    phone.choose("Đồng ý")
    phone.type(typed)
    assert learner(database).name == ""


def test_two_people_on_one_phone_keep_apart(lan: Phone) -> None:
    lan.read_lesson()
    lan.press("v1:people")
    lan.choose("Thêm người học")
    lan.choose("Đồng ý")
    lan.type("Minh")
    assert "chưa học bài nào" in lan.press("v1:progress")
    lan.press("v1:people")
    lan.choose("Lan")
    assert "đã đọc" in lan.press("v1:progress")


def test_each_person_is_called_in_their_own_way(lan: Phone) -> None:
    lan.press("v1:told:address:bac")
    lan.press("v1:people")
    lan.choose("Thêm người học")
    lan.choose("Đồng ý")
    assert "Bạn" in lan.text and "bác" not in lan.text.lower()
    lan.press("v1:people")
    lan.choose("Lan")
    assert "bác" in lan.text


def test_the_settings_of_the_conversation_are_those_of_the_person(lan: Phone, database: Database) -> None:
    lan.press("v1:set:address:chu")
    assert learner(database).address == "chu"


def test_erasing_a_profile_asks_first_and_then_leaves_nothing(lan: Phone, database: Database) -> None:
    lan.read_lesson()
    lan.press("v1:forget:yes")
    assert learner(database)
    lan.press("v1:forget")
    assert "Lan" in lan.choose("Có, xóa hồ sơ")
    assert kept(database) == 0


def test_erasing_the_conversation_erases_the_profiles_met_nowhere_else(lan: Phone, database: Database) -> None:
    lan.press("v1:erase")
    lan.press("v1:erase:yes")
    assert kept(database) == 0
    assert "xin phép" in lan.press("v1:learn")


# --- lessons


def test_cards_come_one_by_one_with_number_and_bar(lan: Phone) -> None:
    lan.choose("Bắt đầu học")
    assert "Thẻ 1/2 ●○" in lan.text and "bạn nhé" in lan.text
    lan.type("tiếp")
    assert "Thẻ 2/2 ●●" in lan.text
    lan.type("tiếp")
    assert "Thực hành" in lan.text and "Làm được là khi" in lan.text


def test_back_from_any_card_leaves_the_lesson(lan: Phone) -> None:
    lan.press("v1:course:an-toan")
    lan.press("v1:lesson:an-toan:giu-ma:1")
    lan.press("v1:lesson:an-toan:giu-ma:2")
    assert "Giữ tiền cho bạn" in lan.type("quay lại")


def test_a_lesson_is_taken_up_where_it_was_left_on_another_day(lan: Phone, shell: Conversations) -> None:
    lan.press("v1:lesson:an-toan:giu-ma:1")
    lan.press("v1:lesson:an-toan:giu-ma:2")
    clock: Clock = shell._clock  # type: ignore[assignment]
    clock.now += timedelta(days=9)
    lan.type("0")
    lan.press("v1:learn")
    assert "Thực hành" in lan.choose("Học tiếp")


@pytest.mark.parametrize(
    ("label", "words"), [("Đã làm", "tự làm được"), ("Chưa làm", "làm sau cũng được"), ("Bỏ qua", "đã học hết")]
)
def test_the_practice_task_may_be_done_not_yet_or_skipped(lan: Phone, label: str, words: str) -> None:
    lan.press("v1:lesson:an-toan:giu-ma:1")
    lan.press("v1:lesson:an-toan:giu-ma:2")
    lan.press("v1:lesson:an-toan:giu-ma:p")
    lan.choose(label)
    assert words in lan.text and "Làm bài kiểm tra" in " ".join(lan.labels)


def test_the_end_of_a_lesson_without_reading_it_makes_nothing_done(lan: Phone) -> None:
    assert "chưa xem" in lan.press("v1:lesson:an-toan:giu-ma:end")
    assert "chưa học bài nào" in lan.press("v1:progress")


def test_reading_again_stores_nothing_twice(lan: Phone, database: Database) -> None:
    lan.read_lesson()
    lan.press("v1:lesson:an-toan:giu-ma:end")
    lan.press("v1:lesson:an-toan:giu-ma:1")
    with database.reading() as session:
        kinds = [row.kind for row in session.scalars(select(LearningEventRow))]
    assert kinds.count("lesson_done") == 1 and kinds.count("card_read") == 2


@pytest.mark.parametrize(
    "payload", ["v1:lesson:an-toan:giu-ma:9", "v1:lesson:an-toan:x", "v1:course:x", "v1:q:nope:1", "v1:ans:nope:1:a"]
)
def test_what_is_gone_is_said_with_the_menu(lan: Phone, payload: str) -> None:
    assert "đã thay đổi" in lan.press(payload)


def test_lessons_speak_at_the_level_of_the_learner(database: Database) -> None:
    card, practice = Card(text="Mã OTP là chìa khóa.", simple="Mã là chìa."), FIRST.practice
    assert practice
    lesson = FIRST.model_copy(update={"cards": (card,), "practice": practice.model_copy(update={"simple": "Tìm một tin."})})
    course = COURSE.model_copy(update={"lessons": (lesson,)})
    phone = Phone(conversations_of(database, replace(learning_content(), courses={"vi": {course.id: course}}))).enrol()
    assert "Mã OTP là chìa khóa." in phone.press("v1:lesson:an-toan:giu-ma:1")
    assert "Tìm một tin nhắn có mã." in phone.press("v1:lesson:an-toan:giu-ma:p")
    phone.press("v1:set:level:simple")
    assert "Mã là chìa." in phone.press("v1:lesson:an-toan:giu-ma:1")
    assert "Tìm một tin.\n\nLàm được là khi" in phone.press("v1:lesson:an-toan:giu-ma:p")


# --- self-assessment


def test_a_self_assessment_covers_the_skills_and_recommends_lessons(lan: Phone) -> None:
    assert "5 câu hỏi ngắn" in lan.press("v1:self")
    lan.choose("Bắt đầu")
    for n in range(5):
        answer(lan, right=False)
        lan.choose("Xem kết quả" if n == 4 else "Câu tiếp")
    assert "từng bước" in lan.text and "Nên học trước" in lan.text and "Giữ mã OTP: đúng 0/3 câu" in lan.text
    assert any("Giữ mã OTP" in label for label in lan.labels)
    assert "Tự đánh giá gần nhất" in lan.press("v1:progress")


# --- two apps


def test_progress_is_found_again_on_another_app(lan: Phone, shell: Conversations) -> None:
    lan.read_lesson()
    lan.press("v1:quiz:an-toan:giu-ma")
    right_answer(lan)
    code = lan.press("v1:link:new").split("**")[1]
    other = Phone(shell, "q1", "zalo")
    other.press("v1:learn")
    other.choose("Đã học ở máy khác")
    assert "Lan" in other.type(code.lower())
    other.press("v1:learn")
    assert "chỗ đang dở" in other.choose("Học tiếp") and "Câu 2/4" in other.text
    right_answer(other)
    lan.press("v1:quiz:an-toan:giu-ma")
    assert "Câu 3/4" in lan.text


def test_a_wrong_code_is_said_and_a_question_stays_a_question(phone: Phone) -> None:
    phone.press("v1:link:type")
    assert "chưa đúng" in phone.type("KHM 472 TB")
    assert "nhiều lần quá" in [phone.type("KHM 472 TB") for _ in range(5)][-1]
    assert "chưa đúng" not in phone.type("mã này lấy ở chỗ nào thế ạ")


def test_a_code_is_shown_once(lan: Phone) -> None:
    assert "Mã nối máy" in lan.press("v1:link:new")
    assert "Mã nối máy: " not in lan.type("nói lại")


# --- every screen


def walk(phone: Phone, limit: int = 400) -> Iterator[str]:
    """Press everything that can be reached from the learning menu, except what ends the walk."""
    seen, queue = set[str](), ["v1:learn"]
    while queue and len(seen) < limit:
        payload = queue.pop(0)
        if payload in seen or payload.split(":")[1] not in LEARNING or payload.startswith(("v1:forget:yes", "v1:link:new")):
            continue
        seen.add(payload)
        phone.press(payload)
        yield payload
        queue += [b.payload for b in phone.buttons if not b.payload.startswith("v1:where:c:set")]


@pytest.mark.parametrize("capacity", [8, 5])
def test_every_screen_leads_on_home_and_to_a_human(shell: Conversations, capacity: int) -> None:
    phone = Phone(shell, capacity=capacity).enrol()
    for payload in walk(phone, 250):
        assert "đã thay đổi" not in phone.text, payload
        assert "{" not in phone.text and phone.buttons, payload
        assert any(b.payload == "v1:home" for b in phone.nav), payload
        assert all(len(b.payload) <= PAYLOAD_BYTES and visible(b.label) <= LABEL_LENGTH for b in (*phone.buttons, *phone.nav))
        if capacity == 8:
            assert {"v1:back", "v1:human"} <= {b.payload for b in phone.nav}


def onward(phone: Phone) -> str:
    """The press that brings any question nearer its end: done if it can be, else an option not chosen yet, else the first."""
    done = [b for b in phone.buttons if "Xong" in b.label]
    unchosen = [b for b in phone.buttons if b.label.startswith("☐")]
    return (done or unchosen or list(phone.buttons))[0].payload


def test_every_shipped_lesson_can_be_learnt_to_the_end_and_its_quiz_taken(database: Database) -> None:
    content = load_content_from_files()
    phone = Phone(conversations_of(database, content)).enrol()
    for course in content.course_list():
        for lesson in course.lessons:
            for number in range(1, len(lesson.cards) + 1):
                assert f"Thẻ {number}/{len(lesson.cards)}" in phone.press(f"v1:lesson:{course.id}:{lesson.id}:{number}")
            phone.press(f"v1:did:{course.id}:{lesson.id}:done")
            phone.press(f"v1:quiz:{course.id}:{lesson.id}")
            for _ in range(60):
                if "**Kết quả:**" in phone.text:
                    break
                phone.press(onward(phone))
            assert "**Kết quả:**" in phone.text and "{" not in phone.text
    total = sum(len(c.lessons) for c in content.course_list())
    with database.reading() as session:
        record = store.events_of(session, learner(database).id)
    assert sum(e.kind == "lesson_done" for e in record) == sum(e.kind == "attempt_finished" for e in record) == total


# --- cost


def test_other_turns_do_not_load_learners() -> None:
    assert not concerns_learning(State(), "v1:topic:otp") and not concerns_learning(State(), None)
    assert concerns_learning(State(), "v1:learn") and concerns_learning(State(screen="v1:q:a:1"), None)
    assert concerns_learning(State(), "v1:more:1:lesson:a:b:1") and not concerns_learning(State(), "nonsense")


def test_a_turn_asks_few_questions_of_the_database(database: Database, lan: Phone) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    lan.type("menu")
    menu = len([s for s in statements if "learn" in s])
    statements.clear()
    lan.press("v1:lesson:an-toan:giu-ma:1")
    assert menu == 0 and len([s for s in statements if "learn" in s]) <= 5


def test_the_state_stays_small_even_in_a_trial(database: Database, phone: Phone) -> None:
    phone.press("v1:learn")
    phone.choose("học thử")
    phone.read_lesson()
    whole_quiz(phone)
    with database.reading() as session:
        state = session.scalars(select(ConversationRow.state)).one()
    assert len(state) < 8_000
