"""Languages besides Vietnamese: hidden until a curator tries them or a speaker publishes them, never where safety is at stake."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

import pytest

from bot.state import Profile, State
from bot.texts import LABEL_LENGTH, SHORT, Voice, load_texts, visible
from knowledge.languages import read_interface, registry
from knowledge.model import Aspect, Level, VariantKey
from knowledge.trials import Trial, is_warning
from tests.bot.talking import CONTENT, VIEWS, Talk, section, steps, view
from tests.bot.talking import emergency as emergency_section

LABEL = "bản dịch thử, chưa được người bản ngữ kiểm tra"
DRAFT = view("can-cuoc", "ធ្វើអត្តសញ្ញាណប័ណ្ណ", section(Aspect.SUMMARY, "អត្តសញ្ញាណប័ណ្ណធ្វើនៅប៉ូលិស។"), steps("ទៅ។"), level=Level.SIMPLE)
WORDS = {"label.back": "ថយក្រោយ", "label.home": "ទំព័រដើម", "home.menu": "សូមជ្រើសមួយ៖", "aspect.fee": "ថ្លៃសេវា"}
TRIED = replace(CONTENT, trials={"khm": Trial(WORDS, {"can-cuoc": DRAFT})})


def khmer(character: str) -> bool:
    return "\u1780" <= character <= "\u17ff"


@pytest.fixture
def tried(talk: Talk) -> Talk:
    """A conversation where Khmer is on trial."""
    talk.world = replace(talk.world, content=TRIED)
    return talk


@pytest.fixture
def reader(tried: Talk) -> Talk:
    """Somebody who has chosen Khmer."""
    tried.press("v1:set:language:khm")
    return tried


class TestWithoutTheSwitch:
    def test_the_menu_of_languages_has_vietnamese_only_and_says_that_more_are_in_the_making(self, talk: Talk) -> None:
        talk.press("v1:profile:language")
        assert "chỉ nói được **tiếng Việt**" in talk.text and "đang soạn" in talk.text
        assert not [p for p in talk.payloads() if p.startswith("v1:set:language")]

    def test_a_language_cannot_be_chosen_by_an_old_button(self, talk: Talk) -> None:
        talk.press("v1:set:language:khm")
        assert "đã thay đổi" in talk.text and talk.state.profile.language == "vi"

    def test_who_chose_it_before_reads_vietnamese_again(self, reader: Talk) -> None:
        reader.world = replace(reader.world, content=CONTENT)
        reader.press("v1:topic:can-cuoc")
        assert not any(map(khmer, reader.text)) and LABEL not in reader.text
        assert "Thẻ căn cước làm ở công an" in reader.text  # at the level chosen, not forced to be simple

    def test_a_published_text_is_offered_and_needs_no_label(self, talk: Talk) -> None:
        published = DRAFT.model_copy(update={"key": VariantKey(topic_id="can-cuoc", language="khm", level=Level.SIMPLE)})
        talk.world = replace(talk.world, content=replace(CONTENT, views={**CONTENT.views, published.key: published}))
        talk.press("v1:profile:language")
        assert "v1:set:language:khm" in talk.payloads()
        talk.press("v1:set:language:khm")
        talk.press("v1:topic:can-cuoc")
        assert "អត្តសញ្ញាណប័ណ្ណធ្វើនៅប៉ូលិស។" in talk.text
        assert LABEL not in talk.text and "Làm thẻ ở công an." not in talk.text

    def test_what_a_translation_lacks_is_said_in_vietnamese(self, talk: Talk) -> None:
        short = DRAFT.model_copy(update={"key": VariantKey(topic_id="bi-lua-lam-gi", language="khm")})
        talk.world = replace(talk.world, content=replace(CONTENT, views={**CONTENT.views, short.key: short}))
        talk.press("v1:set:language:khm")
        talk.press("v1:urgent:lost_money")
        assert "Gọi ngân hàng khóa tài khoản." in talk.text


class TestOnTrial:
    def test_the_menu_offers_it_by_its_own_name(self, tried: Talk) -> None:
        tried.press("v1:profile:language")
        assert "ខ្មែរ · Khmer" in tried.labels() and "Tiếng Việt" in tried.labels()

    def test_the_golden_lesson(self, reader: Talk) -> None:
        reader.press("v1:topic:can-cuoc")
        assert reader.text.split("\n\n")[:6] == [
            f"🔸 Tiếng Khmer: {LABEL}.",
            "**Làm thẻ căn cước**",
            "🔸 **ធ្វើអត្តសញ្ញាណប័ណ្ណ**",
            "អត្តសញ្ញាណប័ណ្ណធ្វើនៅប៉ូលិស។",
            "**Tiếng Việt:**\nLàm thẻ ở công an.",
            "Nguồn: Báo A (01/05/2026) · Rà soát: 01/11/2026\nNội dung soạn từ nguồn công khai, chưa có cán bộ xác nhận.",
        ]

    def test_a_step_stands_above_its_vietnamese(self, reader: Talk) -> None:
        reader.press("v1:step:can-cuoc:1")
        assert "🔸 ទៅ។\n\n**Tiếng Việt:**\nĐi." in reader.text

    def test_steps_that_do_not_match_are_left_in_vietnamese(self, reader: Talk) -> None:
        longer = DRAFT.model_copy(update={"sections": (steps("ទៅ។", "មក។"),)})
        reader.world = replace(reader.world, content=replace(TRIED, trials={"khm": Trial(WORDS, {"can-cuoc": longer})}))
        reader.press("v1:step:can-cuoc:1")
        assert not any(map(khmer, reader.text)) and "Đi." in reader.text
        assert reader.text.endswith(f"Chữ Khmer trên nút: {LABEL}.")  # nothing above says that the Vietnamese is a draft

    def test_buttons_carry_both_words_and_still_work_when_typed(self, reader: Talk) -> None:
        reader.press("v1:topic:can-cuoc")
        assert [b.label for b in reader.nav] == ["◀ Quay lại · ថយក្រោយ", "🙋 Gặp người hỗ trợ", "🏠 Trang chủ · ទំព័រដើម"]
        reader.type("trang chủ")
        assert reader.state.screen == "v1:home"

    def test_the_main_menu_has_both_texts(self, reader: Talk) -> None:
        reader.press("v1:home")
        assert reader.text == f"🔸 Tiếng Khmer: {LABEL}.\n\n🔸 សូមជ្រើសមួយ៖\n\nBạn gõ câu hỏi, hoặc chọn một mục:"

    def test_back_to_vietnamese(self, reader: Talk) -> None:
        reader.press("v1:set:language:vi")
        assert LABEL not in reader.text and "Ngôn ngữ: tiếng Việt" in reader.text

    @pytest.mark.parametrize("payload", ["v1:danger", "v1:urgent:being_scammed", "v1:topic:lua-dao-gia-cong-an:emergency"])
    def test_in_danger_every_word_is_vietnamese(self, reader: Talk, payload: str) -> None:
        reader.press(payload)
        shown = reader.text + "".join(b.label for b in (*reader.buttons, *reader.nav))
        assert not any(map(khmer, shown)) and LABEL not in shown

    def test_the_state_remembers_the_language(self, reader: Talk) -> None:
        assert State.from_json(reader.state.to_json()).profile.language == "khm"


class TestWords:
    def test_a_published_word_stands_alone_with_the_icon_of_its_original(self) -> None:
        voice = Voice(Profile(language="khm"), words={"label.back": "ថយក្រោយ"})
        assert voice.label("label.back") == "◀ ថយក្រោយ"

    def test_a_draft_with_placeholders_of_yesterday_is_left_out(self) -> None:
        voice = Voice(Profile(language="khm"), trial={"area.pick": "{gone} {area}"})
        assert voice.say("area.pick", area="A") == "**A**\nBạn chọn một mục:"

    def test_a_button_without_room_for_both_keeps_the_vietnamese(self) -> None:
        voice = Voice(Profile(language="khm"), trial={"label.human": "ជួបអ្នកជួយ"})
        assert voice.label("label.human") == "🙋 Gặp người hỗ trợ"

    @pytest.mark.parametrize(
        "name", ["notice", "danger.menu", "urgent.lost_money", "label.danger", "label.captive", "aspect.safety"]
    )
    def test_warnings_are_known_as_such(self, name: str) -> None:
        assert is_warning(name)

    @pytest.mark.parametrize("language", [x.id for x in registry().languages])
    def test_shipped_drafts_are_of_texts_that_exist_and_have_their_placeholders(self, language: str) -> None:
        for word in read_interface(language).words:
            original = load_texts()[word.name].get("simple") or load_texts()[word.name]["standard"]
            allowed = {field for _, field, _, _ in Formatter().parse(original) if field}
            assert {field for _, field, _, _ in Formatter().parse(word.text) if field} <= allowed
            assert not is_warning(word.name)
            assert not word.name.startswith(SHORT) or visible(word.text) <= LABEL_LENGTH


def test_a_language_hidden_by_a_setting_is_not_offered() -> None:
    both = {x: Trial(WORDS) for x in ("hmn-VN", "hmn-Latn-rpa")}
    content = replace(CONTENT, trials=both, hidden_languages=frozenset({"hmn-Latn-rpa"}))
    assert content.languages == ("hmn-VN",) and content.trial("hmn-Latn-rpa") is None


def test_the_sample_has_an_emergency() -> None:
    """Otherwise the test of danger above would prove nothing."""
    assert any(emergency_section("x").aspect in v.aspects for v in VIEWS)
