"""What every channel must do. Subclass `ChannelConformance` in a test module and give it a `driver` fixture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import pytest

from bot.messages import Attachment, Button, Media, Outgoing
from bot.paging import fit, utf16_length
from bot.payloads import pack
from bot.state import Profile
from bot.texts import Voice

HOME = Button("🏠 Trang chủ", pack("home"))
HUMAN = Button("🙋 Gặp người hỗ trợ", pack("human"))
NASTY = '<b>đậm</b> <script>alert("x")</script> & &lt; [bấm](https://xau.example) <a href="x">y</a> _nghiêng_ `mã` *sao*'


@dataclass(frozen=True)
class Shown:
    """One message as a person sees it: text without mark-up, and what each button does (payload or URL) by its label."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class Driver(Protocol):
    """One person at one channel, over the real shell and engine."""

    capacity: int
    text_limit: int
    has_buttons: bool
    shows_markup: bool  # False where the mark-up is rendered by a page this driver does not run
    attachments: tuple[Attachment, ...]  # those the platform can send

    def show(self, message: Outgoing) -> list[Shown]:
        """Send one bubble; what the platform took."""
        ...

    def say(self, text: str, message_id: str | None = None) -> list[Shown]:
        """Type a text; the answers. A message id given twice is a message the platform delivers twice."""
        ...

    def press(self, what: str) -> list[Shown]:
        """Press the button with that payload; the answers."""
        ...

    def attach(self, kind: Attachment) -> list[Shown]:
        """Send an attachment; the answers."""
        ...


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def all_text(shown: list[Shown]) -> str:
    return "\n".join(one.text for one in shown)


def choices(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"Lựa chọn {n}", pack("topic", f"t{n}")) for n in range(1, count + 1))


class ChannelConformance:
    """The specification of a channel."""

    # --- showing

    def test_a_long_text_arrives_whole_in_order_and_within_the_limit(self, driver: Driver) -> None:
        paragraph = "Câu thứ {n} nói về **việc số {n}** và 🆘 nhắc người đọc dừng lại. " * 12
        text = "\n\n".join(paragraph.format(n=n) for n in range(1, 25))
        shown = driver.show(Outgoing(text, (Button("Có", pack("home")),), (HOME,)))
        assert words(all_text(shown))[: len(words(text))] == words(text)
        assert all(0 < utf16_length(one.text) <= driver.text_limit for one in shown)
        if driver.has_buttons:
            assert [bool(one.buttons) for one in shown] == [False] * (len(shown) - 1) + [True]

    def test_one_endless_word_is_cut_too(self, driver: Driver) -> None:
        shown = driver.show(Outgoing("🆘" * 6_000))
        assert all(utf16_length(one.text) <= driver.text_limit for one in shown)
        assert all_text(shown).count("🆘") == 6_000

    def test_bold_and_lists_are_shown_without_their_marks(self, driver: Driver) -> None:
        if not driver.shows_markup:
            pytest.skip("rendered by the page, tested in the browser")
        (shown,) = driver.show(Outgoing("**Đậm** và thường\n- một\n- hai\n\nhết **"))
        assert "**Đậm" not in shown.text and "Đậm và thường" in shown.text
        assert [line.strip()[-3:] for line in shown.text.splitlines() if "một" in line or "hai" in line] == ["một", "hai"]

    def test_markup_of_the_platform_inside_a_text_stays_text(self, driver: Driver) -> None:
        (shown,) = driver.show(Outgoing(NASTY))
        assert NASTY in shown.text

    def test_control_characters_do_not_break_anything(self, driver: Driver) -> None:
        (shown,) = driver.show(Outgoing("trước \x1b[31mđỏ\x07 sau"))
        assert "trước" in shown.text and "sau" in shown.text

    @pytest.mark.parametrize("count", [1, 2, 8, 9, 24])
    def test_every_choice_can_be_reached(self, driver: Driver, count: int) -> None:
        buttons, reached, page = choices(count), [], 0
        while True:
            cut = fit(Outgoing("Chọn:", buttons, (HUMAN, HOME)), driver.capacity, page)
            shown = driver.show(cut.outgoing)
            labels = [b.label for b in cut.outgoing.buttons]
            assert all(label in (all_text(shown) + str(shown[-1].buttons)) for label in labels)
            reached += labels
            page += 1
            if page >= cut.pages:
                break
        assert reached == [b.label for b in buttons]

    def test_every_button_carries_its_payload_or_its_address(self, driver: Driver) -> None:
        if not driver.has_buttons:
            pytest.skip("choices are typed")
        link = Button("Mở vneid.gov.vn", url="https://vneid.gov.vn/")
        shown = driver.show(Outgoing("Chọn:", (*choices(7), link), (HUMAN, HOME)))[-1]
        got = [target for _, target in shown.buttons]
        assert got == [*(b.payload for b in choices(7)), link.url, HUMAN.payload, HOME.payload]

    def test_long_labels_and_payloads_of_full_length_fit(self, driver: Driver) -> None:
        payload = pack("topic", "x" * 55)
        shown = driver.show(Outgoing("Chọn:", (Button("Nhãn dài hai mươi lăm chữ", payload),), (HOME,)))[-1]
        assert not driver.has_buttons or shown.buttons[0][1] == payload

    def test_an_urgent_bubble_is_shown(self, driver: Driver) -> None:
        assert "Dừng lại" in all_text(driver.show(Outgoing("**Dừng lại.** Gọi 113.", choices(2), (HOME,), urgent=True)))

    def test_missing_media_never_keep_the_text_back(self, driver: Driver) -> None:
        message = Outgoing("Nội dung", choices(1), (HOME,), (Media("image", "media/khong-co.png", "Hình minh họa"),))
        assert "Nội dung" in all_text(driver.show(message))

    def test_an_empty_text_with_choices_is_still_a_message(self, driver: Driver) -> None:
        shown = driver.show(Outgoing("", choices(2), (HOME,)))
        assert "Lựa chọn 1" in all_text(shown) + str(shown[-1].buttons)

    # --- talking

    def test_the_first_contact_says_that_this_is_a_machine(self, driver: Driver) -> None:
        first = all_text(driver.say("xin chào"))
        assert "máy trả lời tự động" in first
        assert "máy trả lời tự động" not in all_text(driver.say("xin chào"))

    def test_answers_come_in_order(self, driver: Driver) -> None:
        first = driver.say("xin chào")
        assert "máy trả lời tự động" in first[0].text  # the notice before the menu
        assert "chọn một mục" in first[-1].text

    def test_a_typed_number_is_as_good_as_the_button(self, driver: Driver) -> None:
        driver.say("xin chào")
        typed = driver.say("1")
        assert "113" in all_text(typed)  # the first choice of the menu: danger
        driver.say("0")
        if driver.has_buttons:
            assert all_text(driver.press(pack("danger"))) == all_text(typed)

    def test_a_question_gets_an_answer(self, driver: Driver) -> None:
        driver.say("xin chào")
        answer = driver.say("cách cài đặt ứng dụng VNeID")
        assert "VNeID" in all_text(answer) + str(answer[-1].buttons)

    def test_every_button_of_the_menu_leads_somewhere(self, driver: Driver) -> None:
        if not driver.has_buttons:
            pytest.skip("choices are typed")
        menu = driver.say("xin chào")[-1].buttons
        assert len(menu) >= 3
        for _, payload in menu:
            assert all_text(driver.press(payload)).strip()

    def test_an_old_or_strange_button_gets_a_kind_word_and_a_menu(self, driver: Driver) -> None:
        if not driver.has_buttons:
            pytest.skip("choices are typed")
        changed = Voice(Profile()).say("chat.changed")
        driver.say("xin chào")
        for payload in ("v1:topic:khong-con", "v1:gone:x", "v1:more:99"):
            shown = driver.press(payload)
            assert changed in all_text(shown) and shown[-1].buttons, payload

    def test_a_message_delivered_twice_is_answered_once(self, driver: Driver) -> None:
        driver.say("xin chào")
        first = driver.say("cách cài đặt ứng dụng VNeID", message_id="77001")
        again = driver.say("cách cài đặt ứng dụng VNeID", message_id="77001")
        assert first and again in ([], first)  # a channel that waits for the reply gets the same one again

    def test_every_kind_of_attachment_gets_a_kind_word(self, driver: Driver) -> None:
        driver.say("xin chào")
        for kind in driver.attachments:
            assert all_text(driver.attach(kind)).strip(), kind

    def test_strange_texts_are_answered(self, driver: Driver) -> None:
        driver.say("xin chào")
        for text in ("😀😀", "a" * 3_000, "Z̷̢̛a̵͝l̶g̸o̷", "'; DROP TABLE inbox; --", NASTY, "   ."):
            assert all_text(driver.say(text)).strip(), text
