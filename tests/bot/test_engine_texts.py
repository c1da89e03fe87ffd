"""The interface texts: none missing, none unused, all filled, labels short enough for a button."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot import commands
from bot.flows import ask, calm, chat, feedback, procedure_text, profile, topic, worry
from bot.messages import Attachment
from bot.state import Profile
from bot.texts import LABEL_LENGTH, PAIRS, Voice, clip, load_texts, visible
from knowledge.model import Aspect
from knowledge.procedures.model import Tier
from nlu.understanding import Urgency

TEXTS = load_texts()
SOURCES = "\n".join(p.read_text(encoding="utf-8") for p in Path(bot.__file__).parent.rglob("*.py"))
LITERAL = set(re.findall(r"""["']([a-z_]+\.[a-z_\-]+|notice)["']""", SOURCES))
# Names put together in the code: every family with every value it can take
MADE = {
    *(f"label.{name}" for name in (*Urgency, *feedback.REASONS, *commands._LABELS)),
    *(f"label.set_{name}" for name in (*profile.SETTINGS, "language")),
    *(f"profile.ask_{name}" for name in profile.SETTINGS),
    *(f"{name}.{value}" for name, (_, values) in profile.SETTINGS.items() for value in values),
    *(f"aspect.{aspect}" for aspect in Aspect),
    *(f"urgent.{urgency}" for urgency in Urgency),
    *(f"calm.{said}" for said in calm.WORDS),
    *(f"lost.{thing}" for thing in worry.LOST),
    *(f"manner.{name}" for name in ("level", "level_limit", "size", "size_limit")),
    *(f"sent.{attachment}" for attachment in Attachment),
    *(f"chat.{name}" for name in chat.TALK),
    *(f"ask.{why}" for why in ask.WHY if why not in ("first", "again")),
    *(f"place.{area}" for area in topic.PLACES),
    *(f"procedure.level_{tier.name.lower()}" for tier in Tier),
    *(f"label.procedure_{part}" for part in procedure_text.PARTS),
}
LABELS = [n for n in TEXTS if n.startswith(("label.", "aspect.", "address.", "level.", "size."))]
ALL = [(name, level) for name, wordings in TEXTS.items() for level in wordings]
FAKE = {"title": "T", "area": "A", "titles": "X", "aspect": "P", "number": 1, "count": 2}
FAKE |= {name: name for name in ("commune", "address", "hours", "phone", "names", "level", "size")}
FAKE |= {name: name for name in ("audience", "code", "fee", "field", "link", "ministry", "month", "note", "page", "pages")}
FAKE |= {name: name for name in ("text", "status", "bar", "check", "time", "way")}


def test_every_text_is_used() -> None:
    assert [name for name in TEXTS if name not in LITERAL | MADE] == []


def test_every_name_in_the_code_has_a_text() -> None:
    spaces = {name.split(".")[0] for name in TEXTS}
    asked = {name for name in LITERAL if name.split(".")[0] in spaces and f'"{name}"' in SOURCES}
    assert {name for name in asked | MADE if name not in TEXTS} == set()


@pytest.mark.parametrize(("name", "level"), ALL)
def test_texts_are_filled_completely(name: str, level: str) -> None:
    fields = {field for _, field, _, _ in Formatter().parse(TEXTS[name][level]) if field}
    assert fields <= {"you", "You", "me", "Me", *FAKE}
    for address in PAIRS:
        profile = Profile.model_validate({"level": level, "address": address})
        assert not re.search(r"[{}]", Voice(profile).say(name, **FAKE))


@pytest.mark.parametrize("name", LABELS)
def test_labels_fit_on_a_button(name: str) -> None:
    if name != "label.related":
        assert all(visible(text) <= LABEL_LENGTH for text in TEXTS[name].values())


@pytest.mark.parametrize("name", [n for n, wordings in TEXTS.items() if "simple" in wordings])
def test_simple_wordings_are_shorter_and_their_sentences_short(name: str) -> None:
    simple, standard = TEXTS[name]["simple"], TEXTS[name]["standard"]
    assert len(simple) < len(standard)
    sentences = re.split(r"[.?!:\n]", simple)
    assert max(len(sentence.split()) for sentence in sentences) <= 14


def test_the_person_is_called_as_they_chose() -> None:
    said = Voice(Profile(address="bac")).say("home.hello")
    assert said.startswith("Chào bác! Cháu rất vui")


def test_a_long_label_is_cut_at_a_word() -> None:
    assert clip("Tra cứu và nộp phạt vi phạm giao thông") == "Tra cứu và nộp phạt vi…"


def test_urgent_texts_ask_for_no_code_and_name_the_emergency_numbers() -> None:
    for name in ("despair", "captive", "child_danger", "blackmail", "life_danger", "being_scammed", "lost_money", "device_taken"):
        text = TEXTS[f"urgent.{name}"]["standard"]
        assert "113" in text
        assert not re.search(r"(gửi|cho|đọc) .{0,12}(mã|mật khẩu) cho (mình|cháu|em|\{me\})", text)
