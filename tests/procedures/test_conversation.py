"""Procedures in the conversation: told apart from reviewed lessons, reachable by button, number and follow-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.facts import QuestionAsked
from bot.flows.procedure_text import told_apart
from bot.paging import utf16_length
from bot.state import State
from bot.turn import World
from retrieval.decision import Decision, Kind, ScoredProcedure
from tests.bot.talking import CONTENT, NOW, Talk, decided
from tests.procedures.samples import TIME_HEAD, TOPICS, book, procedure

LABEL = "chưa phải bài đã duyệt"


@pytest.fixture
def talk() -> Talk:
    return Talk(World(CONTENT, NOW, "turn0000", procedures=book()), State(seen_notice=True))


def found(*codes: str, clear: bool = False, before: Decision | None = None) -> Decision:
    procedures = tuple(ScoredProcedure(code, 1.0) for code in codes)
    return replace(before or Decision(Kind.DONT_KNOW), kind=Kind.PROCEDURE, procedures=procedures, clear=clear)


def test_a_clear_procedure_is_shown_as_recorded_and_labelled(talk: Talk) -> None:
    talk.ask("nuôi voi", found("9.000001", "9.000002", clear=True))
    for part in ("Khai báo nuôi voi trong nhà", "9.000001", "Bộ Công an", "tháng 7/2026", LABEL, "Tờ khai theo mẫu"):
        assert part in talk.text
    assert "phí **chưa rõ" in talk.text and "ghi “Miễn phí”" in talk.text and "ghi chú: (Phí 20.000 đồng)" in talk.text
    assert "https://dichvucong.gov.vn/" in talk.text


def test_several_are_offered_by_number(talk: Talk) -> None:
    talk.ask("voi", found("9.000001", "9.000002"))
    assert "chưa có bài đã duyệt" in talk.text and "tháng 7/2026" in talk.text
    assert talk.payloads()[:2] == ["v1:procedure:9.000001", "v1:procedure:9.000002"]
    talk.type("2")
    assert "đăng ký tên thuyền thúng" in talk.text and LABEL in talk.text


def test_near_lessons_stay_one_press_away(talk: Talk) -> None:
    talk.ask("voi", found("9.000001", "9.000002", before=decided(Kind.ASK_BACK, "otp")))
    assert "v1:topic:otp" in talk.payloads() and "Giữ kín mã OTP" in " ".join(talk.labels())


def test_the_question_is_kept_with_what_was_found(talk: Talk) -> None:
    turn = talk.ask("voi", found("9.000001"))
    (fact,) = [fact for fact in turn.facts if isinstance(fact, QuestionAsked)]
    assert (fact.decision, fact.topic_id, [p.code for p in fact.procedures]) == ("procedure", None, ["9.000001"])


def test_the_part_asked_for_comes_first_and_follow_ups_keep_the_procedure(talk: Talk) -> None:
    talk.ask("nuôi voi cần giấy gì", found("9.000001", clear=True), aspect="documents")
    assert "Giấy ủy quyền" in talk.text and "phần 1/1" in talk.text
    talk.ask("thế bao lâu", Decision(Kind.DONT_KNOW), aspect="time", follow_up=True)
    assert "3 Ngày làm việc" in talk.text and LABEL in talk.text


@pytest.mark.parametrize(("aspect", "told"), [("where", "Nộp ở xã"), ("fee", "3 Ngày làm việc")])
def test_a_brief_question_on_a_card_is_about_its_procedure(talk: Talk, aspect: str, told: str) -> None:
    talk.press("v1:procedure:9.000001")
    talk.ask("thẻ bao lâu", found("9.000005", "9.000003"), aspect=aspect)
    assert told in talk.text and "nuôi voi" in talk.text


def test_a_whole_question_on_a_card_is_about_something_else(talk: Talk) -> None:
    talk.press("v1:procedure:9.000001")
    talk.ask("làm bánh chưng lâu năm thì xin giấy xác nhận ở đâu", found("9.000005"), aspect="where")
    assert "bánh chưng" in talk.text


def test_a_brief_question_on_a_list_asks_which_of_them(talk: Talk) -> None:
    talk.ask("voi", found("9.000001", "9.000002"))
    talk.ask("thế bao lâu", Decision(Kind.DONT_KNOW), aspect="time", follow_up=True)
    assert "thủ tục nào dưới đây" in talk.text
    assert talk.payloads()[:2] == ["v1:procedure:9.000001", "v1:procedure:9.000002"]


def test_what_is_free_and_has_no_note_on_charges_is_said_to_be_free(talk: Talk) -> None:
    free = procedure(time_fee=f"{TIME_HEAD}Trực tiếp5 NgàyMiễn phí(nộp bản giấy)")
    talk.world = replace(talk.world, procedures=book().of([free], TOPICS))
    talk.press("v1:procedure:9.000001")
    assert "phí ghi “Miễn phí”" in talk.text and "chưa rõ" not in talk.text


def test_names_that_look_alike_on_a_button_are_told_apart() -> None:
    names = ["Cấp lại chứng nhận đăng ký xe bị mất", "Cấp lại chứng nhận đăng ký xe bị hỏng", "Khai báo nuôi voi"]
    assert told_apart(names, 20) == ["…mất", "…hỏng", "Khai báo nuôi voi"]
    assert told_apart(["Cấp thẻ", "Cấp thẻ"], 20) == ["Cấp thẻ", "Cấp thẻ"]


def test_a_lesson_leads_to_its_official_procedures(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc")
    assert "v1:procedures:can-cuoc" in talk.payloads()
    talk.press("v1:procedures:can-cuoc")
    assert talk.payloads() == ["v1:procedure:9.000001", "v1:procedure:9.000003"]
    assert "bản ghi tháng 7/2026" in talk.text
    talk.press("v1:back")
    assert "Làm thẻ căn cước" in talk.text


def test_a_lesson_without_imported_procedures_is_as_before(talk: Talk) -> None:
    bare = Talk(World(CONTENT, NOW, "turn0000"), State(seen_notice=True))
    for conversation, topic in ((bare, "can-cuoc"), (talk, "otp")):
        conversation.press(f"v1:topic:{topic}")
        assert not any("procedures" in payload for payload in conversation.payloads())


def test_a_record_that_speaks_of_districts_says_whom_to_ask_now(talk: Talk) -> None:
    talk.press("v1:procedure:9.000004")
    assert "không còn cấp huyện" in talk.text
    talk.press("v1:procedure:9.000001")
    assert "cấp huyện" not in talk.text


def test_the_same_procedure_at_another_level_is_one_press_away(talk: Talk) -> None:
    talk.press("v1:procedure:9.000004")
    assert "v1:procedure:9.000003" in talk.payloads() and "Nộp ở cấp tỉnh" in talk.labels()


def test_long_texts_come_page_by_page_and_lose_nothing(talk: Talk) -> None:
    long = procedure(steps="\n".join(f"Bước {n}: đi đến nơi số {n} rồi hỏi." for n in range(1, 200)))
    talk.world = replace(talk.world, procedures=book().of([long], TOPICS))
    talk.press("v1:procedure:9.000001:steps")
    seen = talk.text
    while "Xem thêm ▸" in talk.labels():
        assert utf16_length(talk.text) <= 2_000
        talk.press(next(b.payload for b in talk.buttons if b.label == "Xem thêm ▸"))
        seen += talk.text
    assert all(f"nơi số {n} rồi hỏi" in seen for n in range(1, 200))


@pytest.mark.parametrize("payload", ["v1:procedure:9.000099", "v1:procedure:9.000001:fee", "v1:procedure:9.000001:steps:9"])
def test_what_is_gone_is_said_to_have_changed(talk: Talk, payload: str) -> None:
    talk.press(payload)
    assert "đã thay đổi" in talk.text


def test_procedures_that_were_removed_meanwhile_leave_the_honest_answer(talk: Talk) -> None:
    talk.world = replace(talk.world, procedures=book().of([], TOPICS))
    talk.ask("voi", found("9.000001"))
    assert "chưa có bài hướng dẫn" in talk.text


def test_every_screen_keeps_the_way_back_home_and_to_a_human(talk: Talk) -> None:
    talk.ask("voi", found("9.000001", "9.000002"))
    assert {b.payload for b in talk.nav} >= {"v1:back", "v1:human", "v1:home"}
