"""What a person in danger meets, and one who is only worried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.facts import QuestionAsked
from nlu.understanding import Intent, Urgency
from retrieval.decision import Kind
from tests.bot.talking import CONTENT, Talk, decided, emergency


def test_a_scam_under_way_takes_the_best_scam_topic_with_emergency_steps(talk: Talk) -> None:
    talk.ask("họ gọi", decided(Kind.ANSWER, "can-cuoc", "bi-lua-lam-gi"), urgency=Urgency.being_scammed)
    assert "Gọi ngân hàng khóa tài khoản" in talk.text
    talk.type("menu")
    talk.ask("họ gọi rồi", decided(Kind.ANSWER, "can-cuoc"), urgency=Urgency.being_scammed)
    assert "Tắt máy, không chuyển tiền" in talk.text


@pytest.mark.parametrize("urgency", list(Urgency))
def test_every_danger_is_met_with_steps_a_way_on_and_a_human(talk: Talk, urgency: Urgency) -> None:
    turn = talk.ask("có chuyện lớn rồi", decided(Kind.DONT_KNOW), urgency=urgency, intent=Intent.human)
    assert turn.replies[0].urgent is (urgency is not Urgency.despair), "an alarm does not comfort"
    assert "113" in turn.replies[0].text and talk.buttons
    assert isinstance(turn.facts[0], QuestionAsked) and turn.facts[0].urgency == urgency
    assert "v1:human" in [b.payload for b in talk.nav]


def test_a_worry_is_answered_with_the_way_to_the_emergency_steps_before_it(talk: Talk) -> None:
    turn = talk.ask("có người gọi đòi mã, có thật không", decided(Kind.ANSWER, "otp"), worry=True)
    assert [reply.urgent for reply in turn.replies] == [False] * len(turn.replies)
    assert any("**sos**" in reply.text for reply in turn.replies[:-1]) and "**sos**" not in turn.replies[-1].text
    assert isinstance(turn.facts[0], QuestionAsked) and turn.facts[0].urgency is None, "not flagged to the console"
    talk.ask("chuyện ấy có thật không", decided(Kind.DONT_KNOW), worry=True)
    assert not any("Việc cần làm NGAY" in reply.text for reply in talk.turn.replies if talk.turn), (
        "no button is named that is not there"
    )
    talk.ask("họ bảo gửi tiền", decided(Kind.ANSWER, "lua-dao-gia-cong-an"), worry=True)
    assert any("bấm “Việc cần làm NGAY” ở dưới" in reply.text for reply in talk.turn.replies if talk.turn)
    talk.ask("mã otp là gì", decided(Kind.ANSWER, "otp"))
    assert not any("**sos**" in reply.text for reply in talk.turn.replies if talk.turn)


@pytest.mark.parametrize("word", ["sos", "SOS", "khẩn cấp", "cứu tôi", "đang bị lừa"])
def test_a_word_opens_the_emergency_menu_from_anywhere(talk: Talk, word: str) -> None:
    talk.ask("otp là gì", decided(Kind.ANSWER, "otp"))
    turn = talk.type(word)
    assert turn.replies[0].urgent and "v1:urgent:lost_money" in talk.payloads()


@pytest.mark.parametrize("urgency", list(Urgency))
def test_danger_is_met_even_without_any_content(talk: Talk, urgency: Urgency) -> None:
    talk.world = replace(talk.world, content=replace(CONTENT, topics={}, views={}))
    assert "113" in talk.ask("có chuyện lớn rồi", None, urgency=urgency).replies[0].text


@pytest.mark.parametrize(
    "urgency", [Urgency.despair, Urgency.captive, Urgency.child_danger, Urgency.blackmail, Urgency.life_danger]
)
def test_dangers_to_life_have_words_of_their_own(talk: Talk, urgency: Urgency) -> None:
    talk.ask("…", decided(Kind.ANSWER, "lua-dao-gia-cong-an"), urgency=urgency)
    assert "Tắt máy, không chuyển tiền" not in talk.text


PARTED = [u for u in Urgency if u not in (Urgency.despair, Urgency.life_danger, Urgency.device_taken)]  # the last has four


@pytest.mark.parametrize("urgency", PARTED)
def test_three_acts_come_first_and_the_others_one_press_later(talk: Talk, urgency: Urgency) -> None:
    talk.world = replace(talk.world, content=replace(CONTENT, topics={}, views={}))
    talk.press(f"v1:urgent:{urgency}")
    assert "\n3. " in talk.text and "\n4. " not in talk.text and len(talk.text) < 700
    assert all(number in talk.text for number in ("113", "115", "111")), "whom to call waits behind no button"
    assert talk.payloads()[0] == f"v1:acts:{urgency}" and "v1:danger" in talk.payloads()
    talk.type("tiếp")
    assert "\n4. " in talk.text and "\n3. " not in talk.text and "chưa có cán bộ xác nhận" in talk.text
    assert talk.turn and talk.turn.replies[0].urgent and "v1:danger" in talk.payloads()
    talk.press("v1:back")
    assert "\n3. " in talk.text


def test_in_despair_no_help_waits_behind_a_button(talk: Talk) -> None:
    talk.press("v1:urgent:despair")
    assert not any(payload.startswith("v1:acts") for payload in talk.payloads())


def test_the_emergency_steps_of_a_topic_are_parted_with_their_source_kept(talk: Talk) -> None:
    long = emergency("Tắt máy.", *(f"Việc thứ {n}." for n in range(2, 8)))
    view = CONTENT.view("lua-dao-gia-cong-an")
    assert view is not None
    changed = view.model_copy(update={"sections": (long, *(s for s in view.sections if s.aspect is not long.aspect))})
    talk.world = replace(talk.world, content=replace(CONTENT, views={**CONTENT.views, view.key: changed}))
    for payload in ("v1:topic:lua-dao-gia-cong-an:emergency", "v1:urgent:being_scammed:lua-dao-gia-cong-an"):
        talk.press(payload)
        assert "3. Việc thứ 3." in talk.text and "Việc thứ 4" not in talk.text and talk.turn and talk.turn.replies[0].urgent
        talk.press(talk.payloads()[0])
        assert "Việc thứ 7" in talk.text and "Nguồn: Báo A" in talk.text and "Rà soát" in talk.text


def test_despair_names_helplines_with_their_caveat(talk: Talk) -> None:
    talk.press("v1:urgent:despair")
    for words in ("115", "111", "096 306 1414", "2022", "có thể đã đổi", "không có lỗi"):
        assert words in talk.text


def test_despair_leads_to_a_human_and_to_nothing_about_money(talk: Talk) -> None:
    talk.ask("t k muốn sống nữa", decided(Kind.ANSWER, "bi-lua-lam-gi"), urgency=Urgency.despair)
    assert talk.payloads() == ["v1:human"] and talk.state.topic_id is None
    assert "tiền" not in talk.text and "chưa có cán bộ" not in talk.text
    talk.ask("tôi sợ lắm", decided(Kind.DONT_KNOW))
    assert talk.state.screen == "v1:urgent:despair", "fear stays with it"


# --- what is said after the card


@pytest.fixture
def scammed(talk: Talk) -> Talk:
    """Somebody whom false police called, and who has paid."""
    talk.ask("công an gọi bắt chuyển tiền", decided(Kind.ANSWER, "lua-dao-gia-cong-an"), urgency=Urgency.being_scammed)
    talk.ask("tôi chuyển rồi", decided(Kind.DONT_KNOW), urgency=Urgency.lost_money, follow_up=True)
    return talk


@pytest.mark.parametrize("urgency", [Urgency.being_scammed, None])
def test_who_is_called_again_gets_the_steps_of_the_same_scam(scammed: Talk, urgency: Urgency | None) -> None:
    scammed.ask("họ đang gọi lại", decided(Kind.ANSWER, "bi-lua-lam-gi"), urgency=urgency, follow_up=True)
    assert scammed.state.screen == "v1:urgent:being_scammed:lua-dao-gia-cong-an"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("tôi sợ làm", "bình tĩnh"),  # "sợ lắm", accents guessed wrong
        ("run quá cháu ơi", "không có lỗi"),
        ("giờ làm sao lấy lại tiền", "không ai hứa chắc được"),
        ("số ngân hàng là số mấy", "Mặt sau thẻ"),
        ("không có thẻ thì gọi số nào", "quầy gần nhất"),
    ],
)
def test_fear_and_questions_in_need_stay_with_the_danger(scammed: Talk, said: str, words: str) -> None:
    turn = scammed.ask(said, decided(Kind.DONT_KNOW, "otp"), follow_up=True)
    assert words in scammed.text and scammed.payloads()[0] == "v1:urgent:lost_money:bi-lua-lam-gi"
    assert [fact.decision for fact in turn.facts if isinstance(fact, QuestionAsked)] == ["chat"], "answered: nothing for curators"
    scammed.type("quay lại")
    assert scammed.state.screen == "v1:urgent:lost_money:bi-lua-lam-gi"


def test_what_now_shows_the_steps_once_more(scammed: Talk) -> None:
    scammed.ask("giờ phải làm sao", decided(Kind.DONT_KNOW), follow_up=True, aspect="steps")
    assert "Gọi ngân hàng khóa tài khoản" in scammed.text


def test_home_or_another_matter_ends_the_danger(scammed: Talk) -> None:
    scammed.ask("làm căn cước ở đâu", decided(Kind.ANSWER, "can-cuoc"))
    assert scammed.state.emergency is None
    scammed.ask("tôi sợ lắm", decided(Kind.DONT_KNOW), follow_up=True)
    assert "bình tĩnh" not in scammed.text


def test_anybody_is_told_where_the_number_of_a_bank_stands_and_no_number(talk: Talk) -> None:
    talk.ask("vietcombank gọi số mấy", decided(Kind.ASK_BACK, "otp"))
    assert "Mặt sau thẻ" in talk.text and not any(c.isdigit() for c in talk.text)


# --- no money asked for; things lost


def test_a_picture_published_is_no_blackmail(talk: Talk) -> None:
    talk.ask("tụi nó đăng ảnh t lên mạng", decided(Kind.DONT_KNOW), urgency=Urgency.blackmail)
    assert "xin gỡ" in talk.text and "thầy cô" in talk.text and "Trả một lần" not in talk.text
    talk.ask("nó dọa đăng ảnh, đòi 5 triệu", decided(Kind.DONT_KNOW), urgency=Urgency.blackmail)
    assert "Trả một lần" in talk.text


def test_things_lost_are_to_be_locked_one_by_one(talk: Talk) -> None:
    talk.ask("rơi mất túi có căn cước, thẻ atm với điện thoại", decided(Kind.ANSWER, "otp"), worry=True)
    said = talk.turn.replies[0].text if talk.turn else ""
    assert said.index("Thẻ ngân hàng") < said.index("Điện thoại") < said.index("Thẻ căn cước")
    assert "đọc mã" not in said and "v1:topic:can-cuoc" in talk.payloads()
    talk.ask("ông xã tôi bị mất thẻ atm", decided(Kind.ANSWER, "otp"), worry=True)
    assert "khóa thẻ" in talk.text and "Điện thoại:" not in talk.text


def test_a_forgotten_password_alarms_nobody(talk: Talk) -> None:
    talk.ask("zalo bị mất mật khẩu", decided(Kind.ANSWER, "otp"), worry=True)
    assert len(talk.turn.replies if talk.turn else ()) == 1


def test_the_danger_button_says_at_once_what_holds_for_all(talk: Talk) -> None:
    talk.press("v1:danger")
    assert talk.text.startswith("**Dừng lại.") and "v1:urgent:lost_money" in talk.payloads()
