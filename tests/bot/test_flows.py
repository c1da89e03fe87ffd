"""What a person meets: home, areas, topics, steps, feedback, danger, help, a human, settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.directory import Directory, Helper
from bot.facts import ConversationErased, Feedback, HumanRequested, ProfileChanged, QuestionAsked, Rating
from bot.messages import Attachment
from bot.state import State
from nlu.understanding import Intent, Urgency
from retrieval.decision import Kind
from tests.bot.talking import Talk, decided

# --- first contact


def test_the_first_reply_says_once_what_the_bot_is_and_in_a_line_what_it_keeps(stranger: Talk) -> None:
    first, menu = (reply.text for reply in stranger.type("chào").replies)
    for promise in ("máy", "không bao giờ", "OTP", "được lưu", "được che", "**riêng tư**", "**xóa dữ liệu**"):
        assert promise in first
    assert len(first) + len(menu) < 300, "the buttons below must be on the first screen of a small phone"
    stranger.type("menu")
    assert "máy trả lời tự động" not in stranger.text


def test_a_word_tells_all_that_is_kept(talk: Talk) -> None:
    talk.type("riêng tư")
    for promise in ("giữ:", "không giữ:", "OTP", "câu hỏi", "xóa được bất cứ lúc nào"):
        assert promise in talk.text
    assert "v1:erase" in talk.payloads()


def test_in_danger_the_notice_comes_after_the_steps(stranger: Talk) -> None:
    turn = stranger.ask("công an gọi bắt chuyển tiền", urgency=Urgency.being_scammed)
    assert turn.replies[0].urgent and "Tắt máy" in turn.replies[0].text
    assert "máy trả lời tự động" in turn.replies[-1].text


# --- home and areas


def test_home_puts_danger_first_then_asking_then_the_areas(talk: Talk) -> None:
    talk.type("menu")
    assert talk.payloads()[:4] == ["v1:danger", "v1:ask", "v1:area:dinh-danh", "v1:area:an-toan"]
    assert talk.labels()[2:5] == ["🪪 Định danh điện tử VNeID", "🛡️ An toàn, chống lừa đảo", "🏛️ Dịch vụ công trực tuyến"]


def test_learning_is_offered_only_when_its_flow_is_there(talk: Talk) -> None:
    talk.type("menu")
    assert "v1:learn" not in talk.payloads()


def test_an_area_lists_its_topics_and_says_what_is_being_written(talk: Talk) -> None:
    talk.press("v1:area:dinh-danh")
    assert talk.payloads() == ["v1:topic:can-cuoc", "v1:topic:vneid-mat-may"]
    talk.press("v1:area:dich-vu-cong")
    assert "đang soạn" in talk.text and "Cấp hộ chiếu" in talk.text


# --- topics


def test_a_topic_shows_summary_source_review_date_and_honest_status(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc")
    assert "làm ở công an, bạn nhé" in talk.text
    assert "Nguồn: Báo A (01/05/2026) · Rà soát: 01/11/2026" in talk.text
    assert "chưa có cán bộ xác nhận" in talk.text
    assert "v1:topic:can-cuoc:fee" in talk.payloads() and "v1:topic:vneid-mat-may" in talk.payloads()


def test_a_figure_is_shown_while_it_is_valid(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc:fee")
    assert "50.000 đồng" in talk.text
    talk.world = replace(talk.world, now=talk.world.now.replace(year=2027))
    talk.press("v1:topic:can-cuoc:fee")
    assert "50.000" not in talk.text and "mức ghi khi nộp" in talk.text


def test_a_missing_section_is_said_and_what_there_is_shown(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc:documents")
    assert "chưa có trong tài liệu" in talk.text and "v1:topic:can-cuoc:fee" in talk.payloads()
    talk.press("v1:topic:can-cuoc:time")
    assert "không có phần “Bao lâu thì xong”" in talk.text


def test_a_topic_without_content_is_said_to_be_in_the_making(talk: Talk) -> None:
    talk.press("v1:topic:ho-chieu")
    assert "đang soạn" in talk.text and "dichvucong.gov.vn" in talk.text


def test_the_simple_level_is_used_when_chosen(talk: Talk) -> None:
    talk.press("v1:set:level:simple")
    talk.press("v1:topic:can-cuoc")
    assert "Làm thẻ ở công an." in talk.text


# --- steps


def test_steps_come_one_at_a_time_forth_and_back(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc")
    talk.press("v1:topic:can-cuoc:steps")
    assert "Bước 1/3" in talk.text and talk.labels()[0] == "Tiếp ▶"
    talk.type("tiếp")
    assert "Bước 2/3" in talk.text and "Chụp ảnh" in talk.text
    talk.type("1")
    assert "Bước 3/3" in talk.text and "bước cuối" in talk.text and "Tiếp ▶" not in talk.labels()
    talk.type("lùi")
    assert "Bước 2/3" in talk.text


def test_back_from_any_step_leaves_the_steps(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc")
    for number in (1, 2, 3):
        talk.press(f"v1:step:can-cuoc:{number}")
    talk.type("quay lại")
    assert talk.state.screen == "v1:topic:can-cuoc"


def test_all_steps_at_once(talk: Talk) -> None:
    talk.press("v1:step:can-cuoc:all")
    assert "1. Mang giấy tờ" in talk.text and "3. Chờ nhận thẻ" in talk.text


@pytest.mark.parametrize("payload", ["v1:step:can-cuoc:4", "v1:step:can-cuoc:0", "v1:step:can-cuoc:x", "v1:step:can-cuoc"])
def test_a_step_that_is_gone_gives_the_menu(talk: Talk, payload: str) -> None:
    talk.press(payload)
    assert "đã thay đổi" in talk.text and "v1:ask" in talk.payloads()


# --- questions


def test_a_sure_answer_shows_the_aspect_asked_for(talk: Talk) -> None:
    talk.ask("làm căn cước mất bao nhiêu tiền", decided(Kind.ANSWER, "can-cuoc", "otp"), aspect="fee")
    assert "50.000 đồng" in talk.text and talk.state.topic_id == "can-cuoc"


def test_a_question_is_recorded_with_everything_that_was_decided(talk: Talk) -> None:
    turn = talk.ask("cccd 038…", decided(Kind.ANSWER, "can-cuoc"), aspect="fee", personal=("id_number",))
    (fact,) = turn.facts
    assert isinstance(fact, QuestionAsked)
    assert (fact.turn_id, fact.decision, fact.topic_id, fact.revision_id) == ("turn0001", "answer", "can-cuoc", 8)
    assert fact.topics[0].score == 0.9 and fact.index_build == "build-1" and fact.text_masked == "cccd 038…"


def test_hidden_numbers_are_pointed_out_gently(talk: Talk) -> None:
    talk.ask("thẻ …", decided(Kind.ANSWER, "otp"), personal=("card",))
    assert "đã che đi trước khi lưu" in talk.text


def test_asking_back_offers_three_topics_and_none_of_these(talk: Talk) -> None:
    talk.ask("mất máy", decided(Kind.ASK_BACK, "vneid-mat-may", "otp", "can-cuoc", "bi-lua-lam-gi"))
    assert len(talk.payloads()) == 4 and talk.payloads()[-1] == "v1:none"
    talk.type("2")
    assert talk.state.topic_id == "otp"
    talk.type("quay lại")
    assert talk.payloads()[0] == "v1:topic:vneid-mat-may"


def test_none_of_these_is_kept_as_a_hint_to_the_curators(talk: Talk) -> None:
    talk.ask("mất máy", decided(Kind.ASK_BACK, "vneid-mat-may", "otp"))
    assert talk.press("v1:none").facts == (Feedback("turn0001", Rating.DOWN, "none_of_these"),)
    assert "v1:area:dinh-danh" in talk.payloads()


def test_no_answer_is_said_with_what_is_near_the_menu_and_a_human(talk: Talk) -> None:
    talk.ask("giá vàng hôm nay", decided(Kind.DONT_KNOW, "otp", "can-cuoc"))
    assert "chưa có trong tài liệu" in talk.text
    assert talk.payloads()[:2] == ["v1:topic:otp", "v1:topic:can-cuoc"]
    assert "v1:human" in [b.payload for b in talk.nav]


def test_what_lies_far_from_the_question_is_not_offered(talk: Talk) -> None:
    talk.ask("mất máy", decided(Kind.ASK_BACK, "vneid-mat-may", "otp", "can-cuoc", step=0.02))
    assert talk.payloads() == ["v1:topic:vneid-mat-may", "v1:topic:otp", "v1:none"]


def test_a_matter_outside_gets_an_honest_word_the_areas_and_a_human_but_no_topic(talk: Talk) -> None:
    talk.ask("giá vàng hôm nay", decided(Kind.DONT_KNOW, "otp", "can-cuoc", outside=True))
    assert "chưa có trong tài liệu" in talk.text and talk.payloads()[0] == "v1:area:dinh-danh"
    assert not [p for p in talk.payloads() if p.startswith("v1:topic:")] and "v1:human" in [b.payload for b in talk.nav]


@pytest.mark.parametrize("said", ["không phải cái này", "sai rồi", "khong dung"])
def test_a_wrong_topic_is_given_up_for_the_next_ones(talk: Talk, said: str) -> None:
    talk.ask("mất máy", decided(Kind.ANSWER, "vneid-mat-may", "otp"))
    turn = talk.ask(said, intent=Intent.no)
    assert "hiểu nhầm" in talk.text and talk.payloads() == ["v1:topic:otp", "v1:none"]
    assert [f.reason for f in turn.facts if isinstance(f, Feedback)] == ["none_of_these"]
    talk.ask("không phải", intent=Intent.no)
    assert "v1:area:dinh-danh" in talk.payloads() and "v1:topic:otp" not in talk.payloads()


def test_a_plain_no_below_a_topic_is_no_complaint(talk: Talk) -> None:
    talk.ask("mất máy", decided(Kind.ANSWER, "vneid-mat-may", "otp"))
    assert talk.ask("không", intent=Intent.no).facts == () and "v1:area:dinh-danh" in talk.payloads()


def test_who_did_not_understand_is_offered_plainer_words(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    talk.ask("tôi không hiểu", intent=Intent.confused)
    assert talk.payloads() == ["v1:manner:level:simple", "v1:again", "v1:human"]


def test_a_missing_section_is_said_without_the_summary_once_more(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    summary = talk.text
    talk.ask("lệ phí bao nhiêu", decided(Kind.DONT_KNOW), aspect="fee", follow_up=True)
    assert "Lệ phí" in talk.text and len(talk.text) < len(summary) and talk.payloads()


def test_the_title_of_an_area_typed_anywhere_opens_it(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    talk.ask("dinh danh dien tu vneid", decided(Kind.ASK_BACK, "otp"))
    assert talk.state.screen == "v1:area:dinh-danh"


def test_a_question_that_leans_on_nothing_is_asked_what_it_is_about(talk: Talk) -> None:
    talk.ask("thế còn bố tôi thì sao", decided(Kind.DONT_KNOW, "otp"), follow_up=True)
    assert "đang hỏi về việc nào" in talk.text and talk.payloads()[0] == "v1:area:dinh-danh" and talk.state.failures == 0


@pytest.mark.parametrize(("text", "aspect"), [("có người gọi xin mã otp có phải lừa đảo không", "safety")])
def test_asked_whether_it_is_fraud_a_fraud_topic_answers_as_a_whole(talk: Talk, text: str, aspect: str) -> None:
    talk.ask(text, decided(Kind.ANSWER, "otp"), aspect=aspect)
    assert talk.state.screen == "v1:topic:otp"
    talk.ask("làm sao để không bị lừa mã otp", decided(Kind.ANSWER, "otp"), aspect=aspect)
    assert talk.state.screen == f"v1:topic:otp:{aspect}"


def test_a_second_failure_offers_a_human_first_and_never_loops(talk: Talk) -> None:
    talk.ask("giá vàng", decided(Kind.DONT_KNOW, "otp"))
    talk.ask("giá bạc", decided(Kind.DONT_KNOW, "otp"))
    assert talk.payloads()[0] == "v1:human" and talk.state.failures == 0


def test_an_answer_in_between_forgets_the_failure(talk: Talk) -> None:
    talk.ask("giá vàng", decided(Kind.DONT_KNOW))
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    talk.ask("giá bạc", decided(Kind.DONT_KNOW))
    assert talk.payloads()[0] != "v1:human"


@pytest.mark.parametrize("kind", [Kind.ANSWER, Kind.ASK_BACK, Kind.DONT_KNOW])
def test_a_topic_of_the_plan_without_content_is_never_answered_with_another(talk: Talk, kind: Kind) -> None:
    talk.ask("làm hộ chiếu", decided(kind, "ho-chieu", "can-cuoc"))
    assert "Cấp hộ chiếu" in talk.text and "đang soạn" in talk.text and talk.payloads()[0] == "v1:topic:can-cuoc"


def test_a_question_nobody_could_look_up_gets_an_apology_with_the_menu(talk: Talk) -> None:
    talk.ask("otp là gì", None)
    assert "chưa tìm được lúc này" in talk.text and talk.buttons


# --- follow-ups


def test_a_follow_up_keeps_the_topic(talk: Talk) -> None:
    talk.ask("làm căn cước", decided(Kind.ANSWER, "can-cuoc"))
    talk.ask("thế mất bao nhiêu tiền", decided(Kind.DONT_KNOW, "otp"), follow_up=True, aspect="fee")
    assert "50.000 đồng" in talk.text


def test_a_follow_up_whose_aspect_is_unclear_asks_which_section(talk: Talk) -> None:
    talk.ask("làm căn cước", decided(Kind.ANSWER, "can-cuoc"))
    talk.ask("thế tôi 72 tuổi thì sao", decided(Kind.ASK_BACK, "otp"), follow_up=True)
    assert "hỏi tiếp về **Làm thẻ căn cước**" in talk.text and "v1:topic:can-cuoc:where" in talk.payloads()


def test_a_sure_answer_elsewhere_changes_the_topic(talk: Talk) -> None:
    talk.ask("làm căn cước", decided(Kind.ANSWER, "can-cuoc"))
    talk.ask("còn otp", decided(Kind.ANSWER, "otp"), follow_up=True)
    assert talk.state.topic_id == "otp"


def test_the_topic_retrieval_kept_is_followed(talk: Talk) -> None:
    talk.ask("ở đâu", decided(Kind.ANSWER, "otp", kept="can-cuoc"), aspect="where")
    assert "Công an xã" in talk.text


def test_home_ends_the_topic(talk: Talk) -> None:
    talk.ask("làm căn cước", decided(Kind.ANSWER, "can-cuoc"))
    talk.type("0")
    talk.ask("thế mất bao nhiêu tiền", decided(Kind.DONT_KNOW), follow_up=True, aspect="fee")
    assert "đang hỏi về việc nào" in talk.text


# --- feedback


def test_thumbs_up_is_about_the_question_and_asked_once(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    assert talk.press("v1:fb:turn0001:up").facts == (Feedback("turn0001", Rating.UP),)
    talk.type("nói lại")
    assert "Không đọc mã cho ai" in talk.text and not any("fb" in p for p in talk.payloads())


def test_thumbs_down_asks_for_the_reason(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    assert talk.press("v1:fb:turn0001:down").facts == (Feedback("turn0001", Rating.DOWN),)
    assert "v1:fb:turn0001:down:unclear" in talk.payloads()
    assert talk.type("2").facts == (Feedback("turn0001", Rating.DOWN, "unclear"),)
    talk.type("quay lại")
    assert talk.state.screen == talk.state.shown == "v1:topic:otp"


def test_going_back_to_a_rating_stores_nothing_twice(talk: Talk) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    talk.capacity = 5
    talk.press("v1:fb:turn0001:down")
    assert talk.type("thêm").facts == ()


# --- human, identity, help


def test_without_a_directory_the_human_screen_says_whom_to_ask_and_what_is_unknown(talk: Talk) -> None:
    assert talk.type("người").facts == (HumanRequested(None),)
    assert "Tổ công nghệ số" in talk.text and "chưa biết giờ làm việc" in talk.text and "113" in talk.text


def test_with_a_directory_its_contacts_are_shown(talk: Talk) -> None:
    directory = Directory("xã A", "Số 1 đường B", "", "0200 000", "0200 113", (Helper("Chị Lan", "thôn 3", "0900 1"),))
    talk.world = replace(talk.world, directory=directory)
    talk.type("gặp người hỗ trợ")
    for words in ("xã A", "Số 1 đường B", "Giờ làm việc: mình chưa biết", "0200 113", "Chị Lan (thôn 3) 0900 1"):
        assert words in talk.text


def test_is_this_bot_real(talk: Talk) -> None:
    talk.ask("mày là người hay máy", intent=Intent.bot_identity)
    for words in ("không phải người", "không bao giờ gọi điện", "mã OTP", "một cửa"):
        assert words in talk.text


# --- settings


def test_being_called_differently_shows_at_once_and_later(talk: Talk) -> None:
    assert talk.press("v1:set:address:bac").facts == (ProfileChanged("address", "bac"),)
    assert "Cài đặt của bác" in talk.text
    talk.press("v1:topic:can-cuoc")
    assert "bác nhé" in talk.text


@pytest.mark.parametrize(
    ("text", "screen"),
    [("đổi cỡ chữ", "v1:profile:size"), ("đổi cài đặt giúp", "v1:profile")],
)
def test_settings_asked_for_in_words(talk: Talk, text: str, screen: str) -> None:
    talk.ask(text, intent=Intent.profile)
    assert talk.state.screen == screen


def test_erasing_asks_first_and_then_forgets_everything(talk: Talk) -> None:
    talk.press("v1:set:address:bac")
    assert talk.type("xóa dữ liệu").facts == ()
    turn = talk.ask("có", intent=Intent.yes)
    assert turn.facts == (ConversationErased(),)
    assert talk.state.profile == State().profile and not talk.state.seen_notice and talk.state.back == ()


def test_erasing_can_be_refused(talk: Talk) -> None:
    talk.press("v1:erase")
    assert talk.ask("không", intent=Intent.no).facts == () and "vẫn giữ nguyên" in talk.text


# --- small talk and what cannot be read


@pytest.mark.parametrize("intent", [i for i in Intent if i is not Intent.question])
def test_every_intent_gets_a_reply_with_choices(talk: Talk, intent: Intent) -> None:
    talk.ask("…?", intent=intent)
    assert talk.text and talk.buttons


def test_small_talk_keeps_the_place(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc")
    talk.ask("cảm ơn nhé", intent=Intent.thanks)
    talk.type("quay lại")
    assert talk.state.screen == talk.state.shown == "v1:topic:can-cuoc"


def test_a_sure_answer_beats_a_guess_that_it_was_small_talk(talk: Talk) -> None:
    talk.ask("chào em cho hỏi otp", decided(Kind.ANSWER, "otp"), intent=Intent.greeting)
    assert talk.state.topic_id == "otp"


@pytest.mark.parametrize("attachment", list(Attachment))
def test_attachments_are_met_kindly(talk: Talk, attachment: Attachment) -> None:
    talk.send(attachment)
    assert ("gõ" in talk.text) and talk.buttons


def test_a_long_text_is_said_to_be_cut(talk: Talk) -> None:
    talk.ask("a " * 3_000, decided(Kind.DONT_KNOW))
    assert "chỉ đọc được đoạn đầu và câu cuối" in talk.text and "gửi riêng câu hỏi" in talk.text


def test_another_language_is_told_what_the_bot_speaks(talk: Talk) -> None:
    talk.ask("សួស្តី", decided(Kind.DONT_KNOW), language="khm")
    assert "bằng tiếng Việt" in talk.text
