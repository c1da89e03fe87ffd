"""The engine as a whole: numbers and words as buttons, the way back, old buttons, damaged states, and anything at all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import Heard, World, needs_hearing, step
from bot.facts import ConversationErased
from bot.flows import FLOWS
from bot.flows.base import Ctx, Flow, Screen
from bot.messages import MAX_TEXT, Attachment, Incoming
from bot.navigation import leads_somewhere
from bot.payloads import pack, parse
from bot.state import HOME, MAX_BACK, State
from nlu.understanding import ASPECTS, Intent, Urgency
from retrieval.decision import Kind
from tests.bot.talking import CONTENT, NOW, Talk, decided, understood

TELEGRAM_LIMIT = 4_096


def incoming(text: str | None = None, payload: str | None = None, attachment: Attachment | None = None) -> Incoming:
    return Incoming("test", "p", "1", NOW, text=text, payload=payload, attachment=attachment)


# --- typed numbers and words are buttons


@pytest.mark.parametrize("typed", ["1", " 1 ", "1.", "1)", "số 1", "so 1", "Chọn 1", "chọn số 1", "mục 1", "１", "1️⃣", "bấm 1!"])
def test_a_typed_number_picks_the_choice(talk: Talk, typed: str) -> None:
    talk.press("v1:area:dinh-danh")
    talk.type(typed)
    assert talk.state.screen == "v1:topic:can-cuoc"


def test_a_typed_label_picks_the_choice(talk: Talk) -> None:
    talk.press("v1:area:dinh-danh")
    talk.type("lam the can cuoc")
    assert talk.state.screen == "v1:topic:can-cuoc"


def test_a_button_sent_back_as_text_is_a_button(talk: Talk) -> None:
    talk.type("v1:topic:otp")
    assert talk.state.topic_id == "otp"


def test_numbers_go_on_counting_over_the_pages(talk: Talk) -> None:
    talk.capacity = 5
    talk.type("menu")
    first = talk.payloads()
    talk.type("thêm")
    assert talk.turn and talk.turn.replies[-1].first == len(first) + 1
    second = talk.payloads()
    talk.type(str(len(first) + 1))
    assert talk.state.shown == second[0]


def test_the_number_of_an_earlier_page_still_works(talk: Talk) -> None:
    talk.capacity = 5
    talk.type("menu")
    talk.type("thêm")
    talk.type("1")
    assert talk.state.screen == "v1:danger"


def test_a_number_that_is_no_choice_is_said_with_the_choices_and_without_the_text(talk: Talk) -> None:
    talk.press("v1:topic:can-cuoc")
    choices = talk.payloads()
    talk.type("99")
    assert "không có mục số 99" in talk.text and "Thẻ căn cước" not in talk.text
    assert talk.payloads() == choices and talk.state.screen == "v1:topic:can-cuoc"


def test_a_later_page_says_which_choices_it_holds_and_not_the_text_again(talk: Talk) -> None:
    talk.capacity = 5
    talk.press("v1:topic:can-cuoc")
    said = talk.text
    talk.type("thêm")
    assert talk.text.startswith("**Làm thẻ căn cước**\nCác mục 4–") and "Thẻ căn cước làm" not in talk.text
    talk.type("99")
    assert talk.text == "Ở đây không có mục số 99. Bạn chọn lại giúp mình nhé."
    talk.press("v1:back")
    assert talk.text == said


@pytest.mark.parametrize(
    ("word", "screen"),
    [("0", HOME), ("trang chủ", HOME), ("MENU", HOME), ("🏠 Trang chủ", HOME), ("giúp đỡ", "v1:help"), ("/erase", "v1:erase")],
)
def test_exact_words_lead_where_their_buttons_do(talk: Talk, word: str, screen: str) -> None:
    talk.press("v1:topic:otp")
    talk.type(word)
    assert talk.state.screen == screen


@pytest.mark.parametrize("text", ["otp là gì", "113", "tiếp theo tôi phải làm gì", "1 triệu thì sao", "menu ở đâu", "a" * 300])
def test_what_is_no_command_has_to_be_heard(talk: Talk, text: str) -> None:
    assert needs_hearing(talk.state, incoming(text))


COMMANDS = [incoming(""), incoming(" "), incoming(), incoming(payload="x"), incoming("0"), incoming("thêm")]


@pytest.mark.parametrize("message", COMMANDS)
def test_what_is_a_command_need_not_be_heard(message: Incoming) -> None:
    assert not needs_hearing(State(), message)


# --- the way back


def test_back_retraces_the_screens_to_home(talk: Talk) -> None:
    way = ["v1:area:an-toan", "v1:topic:otp", "v1:topic:bi-lua-lam-gi"]
    for payload in way:
        talk.press(payload)
    for payload in [*reversed(way[:-1]), HOME, HOME]:
        talk.press("v1:back")
        assert talk.state.screen == payload


def test_going_in_circles_does_not_pile_up(talk: Talk) -> None:
    for _ in range(5):
        talk.press("v1:topic:otp")
        talk.press("v1:topic:can-cuoc")
    assert talk.state.back == (HOME, "v1:topic:otp")


def test_the_way_back_is_bounded(talk: Talk) -> None:
    payloads = [p for t in ("can-cuoc", "otp", "lua-dao-gia-cong-an") for p in (f"v1:topic:{t}", f"v1:topic:{t}:steps")]
    for payload in [*payloads, "v1:help", "v1:who", "v1:kept", "v1:danger", "v1:ask", "v1:profile", "v1:erase", "v1:human"]:
        talk.press(payload)
    assert len(talk.state.back) == MAX_BACK


def test_back_on_a_later_page_turns_the_page_back(talk: Talk) -> None:
    talk.capacity = 5
    talk.type("menu")
    first = talk.payloads()
    talk.type("thêm")
    talk.press("v1:back")
    assert talk.payloads() == first


def test_more_stays_on_the_last_page(talk: Talk) -> None:
    talk.capacity = 5
    talk.type("menu")
    pages = []
    for word in ("thêm", "tiếp", "thêm", "thêm"):
        talk.type(word)
        pages.append(talk.payloads())
    assert pages[0] != pages[1] and pages[2] == pages[3] and pages[3]


# --- buttons and states from other times


DEAD = ["v1:topic:gone", "v1:nothing", "v0:home", "junk", "v1:area:x", "v1:set:level:high", "v1:more:x"]


@pytest.mark.parametrize("payload", DEAD)
def test_a_button_that_leads_nowhere_gives_todays_menu_and_keeps_the_place(talk: Talk, payload: str) -> None:
    talk.press("v1:topic:otp")
    talk.press(payload)
    assert "Mục này đã thay đổi" in talk.text and "v1:ask" in talk.payloads()
    talk.press("v1:back")
    assert talk.state.shown == "v1:topic:otp"


def test_going_back_to_a_topic_withdrawn_meanwhile_ends_at_home(talk: Talk) -> None:
    talk.press("v1:topic:otp")
    talk.press("v1:help")
    talk.world = replace(talk.world, content=replace(CONTENT, topics={}, views={}, catalogue={}))
    talk.press("v1:back")
    assert "đã thay đổi" in talk.text and talk.state.screen == HOME


DAMAGED = [None, "", "{", "[]", "7", '{"version": 2}', '{"screen": "x"}', '{"menu": 3}', '{"back": [1]}', "\x00"]


@pytest.mark.parametrize("stored", DAMAGED)
def test_a_damaged_state_is_a_fresh_one(stored: str | None) -> None:
    assert State.from_json(stored) == State()


def test_a_state_of_another_version_keeps_the_persons_settings() -> None:
    old = json.loads(State(seen_notice=True).to_json()) | {"version": 9, "profile": {"address": "bac", "later": 1}}
    state = State.from_json(json.dumps(old))
    assert state.profile.address == "bac" and state.seen_notice and state.screen == HOME


def test_a_state_whose_labels_and_menu_disagree_is_harmless(world: World) -> None:
    state = State(seen_notice=True, menu=("v1:help",), labels=("a b", "c d"))
    assert step(state, incoming("c d"), Heard(understood("c d"), None), world).replies


def test_an_old_page_button_works_from_anywhere(talk: Talk) -> None:
    talk.capacity = 5
    talk.press("v1:topic:otp")
    talk.press("v1:more:1:home")
    assert talk.state.screen == HOME and talk.turn and talk.turn.replies[-1].first == 4


# --- the seam for more flows


def test_a_room_adds_its_flow_to_the_table_and_home_offers_it(world: World) -> None:
    def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
        return Screen("Bài học", pack("learn", *args), ctx.state)

    flows = {**FLOWS, "learn": Flow(show)}
    home = step(State(seen_notice=True), incoming("menu"), None, world, flows)
    assert "v1:learn" in [b.payload for b in home.replies[-1].buttons]
    assert step(home.state, incoming("học và kiểm tra"), None, world, flows).replies[0].text == "Bài học"


# --- anything at all

TOPICS = ("can-cuoc", "otp", "vneid-mat-may", "lua-dao-gia-cong-an", "bi-lua-lam-gi", "ho-chieu", "gone")
words = st.sampled_from(["tiếp", "lùi", "quay lại", "thêm", "0", "menu", "nói lại", "người", "xóa dữ liệu", "cài đặt", "chào"])
known = st.sampled_from([
    *(pack("topic", t) for t in TOPICS),
    *(pack("topic", t, a) for t in TOPICS[:3] for a in (*ASPECTS, "emergency", "parts", "x")),
    *(pack("step", t, n) for t in TOPICS[:3] for n in (0, 1, 2, 3, 99, "all")),
    *(pack("urgent", u) for u in Urgency),
    *(pack(flow) for flow in (*FLOWS, "back", "more", "again", "next", "previous", "number", "learn")),
    *(pack("unknown", w) for w in ("first", "again", "broken", "procedure")),
    "v1:fb:turn0001:up", "v1:fb:turn0001:down", "v1:fb:turn0001:down:unclear", "v1:set:level:simple", "v1:set:address:co",
    "v1:erase:yes", "v1:erase:no", "v1:more:1:home", "v1:more:2:more:1", "v1:more:99999:home", "v1:more:1:back", "v1:number:7",
])  # fmt: skip
messages = st.one_of(
    st.builds(incoming, text=words),
    st.builds(incoming, text=st.integers(0, 99).map(str)),
    st.builds(incoming, text=st.text(max_size=80)),
    st.builds(incoming, text=st.text("a \u0301😀\x00", max_size=MAX_TEXT + 50)),
    st.builds(incoming, payload=known),
    st.builds(incoming, payload=st.text(max_size=70)),
    st.builds(incoming, attachment=st.sampled_from(Attachment)),
)
decisions = st.none() | st.builds(
    lambda kind, topics, kept: decided(kind, *topics, kept=kept),
    st.sampled_from(Kind),
    st.lists(st.sampled_from(TOPICS), max_size=6, unique=True),
    st.none() | st.sampled_from(TOPICS),
)
heard = st.none() | st.builds(
    lambda decision, intent, urgency, aspect, follow_up, personal, language: Heard(
        understood("…", intent=intent, urgency=urgency, aspect=aspect, follow_up=follow_up, personal=personal, language=language),
        decision,
    ),
    decisions,
    st.sampled_from(Intent),
    st.none() | st.sampled_from(Urgency),
    st.none() | st.sampled_from(ASPECTS),
    st.booleans(),
    st.just(()) | st.just(("phone",)),
    st.sampled_from(["vi", "khm", "hmn?", "unknown"]),
)
turns = st.lists(st.tuples(messages, heard, st.sampled_from([3, 5, 8])), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(turns)
def test_whatever_people_do_they_get_a_reply_that_leads_on(script: list[tuple[Incoming, Heard | None, int]]) -> None:
    state = State()
    for number, (message, understanding, capacity) in enumerate(script):
        world = World(CONTENT, NOW, f"t{number:07}")
        turn = step(state, replace(message, capacity=capacity), understanding, world)
        check_turn(turn.replies, capacity)
        ctx = Ctx(turn.state, world, FLOWS)
        assert all(leads_somewhere(ctx, b.payload) for r in turn.replies for b in (*r.buttons, *r.nav))
        assert State.from_json(turn.state.to_json()) == turn.state
        assert turn.state.seen_notice or any(isinstance(f, ConversationErased) for f in turn.facts)
        state = turn.state


def check_turn(replies: tuple, capacity: int) -> None:
    assert replies and all(r.text.strip() and len(r.text) <= TELEGRAM_LIMIT for r in replies)
    assert "{" not in "".join(r.text for r in replies)
    (main,) = [r for r in replies if r.buttons or r.nav]
    nav = [parse(b.payload).flow for b in main.nav]
    assert nav, "a screen without a way on"
    if capacity == 8:
        assert len(main.buttons) <= 8
        assert "human" in nav or any(b.payload == "v1:danger" for b in main.buttons)
    else:
        assert len(main.buttons) + len(main.nav) <= capacity


def test_every_screen_has_back_home_and_a_human(talk: Talk) -> None:
    for payload in ("v1:topic:otp", "v1:step:otp:1", "v1:danger", "v1:help", "v1:profile", "v1:area:an-toan", "v1:ask"):
        talk.press(payload)
        assert [b.payload for b in talk.nav] == ["v1:back", "v1:human", "v1:home"]
