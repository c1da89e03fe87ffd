"""The shipped content through the engine: every topic, section and step, at both levels, reads well and leads on."""

from __future__ import annotations

from functools import cache

import pytest

from bot.engine import World
from bot.flows import FLOWS
from bot.flows.base import Ctx
from bot.navigation import leads_somewhere
from bot.payloads import pack
from bot.state import Profile, State
from bot.texts import LABEL_LENGTH, visible
from knowledge.folder import CONTENT_DIR
from knowledge.model import Aspect
from knowledge.snapshot import Content, load_content_from_files
from nlu.understanding import Urgency
from tests.bot.talking import NOW, Talk

TOPICS = sorted(path.stem for path in (CONTENT_DIR / "vi" / "topics").glob("*.md"))


@cache
def content() -> Content:
    return load_content_from_files()


@pytest.fixture(params=["standard", "simple"])
def reader(request: pytest.FixtureRequest) -> Talk:
    profile = Profile.model_validate({"level": request.param, "address": "bac"})
    return Talk(World(content(), NOW, "turn0000"), State(seen_notice=True, profile=profile))


def check(talk: Talk) -> None:
    ctx = Ctx(talk.state, talk.world, FLOWS)
    assert "{" not in talk.text and "Mục này đã thay đổi" not in talk.text
    assert all(leads_somewhere(ctx, b.payload) for b in (*talk.buttons, *talk.nav))
    assert all(visible(b.label) <= LABEL_LENGTH for b in talk.buttons)


@pytest.mark.parametrize("topic_id", TOPICS)
def test_every_section_of_every_topic_can_be_shown(reader: Talk, topic_id: str) -> None:
    for aspect in Aspect:
        reader.press(pack("topic", topic_id, aspect.value))
        check(reader)
    assert "Nguồn: " in reader.text and "Rà soát: " in reader.text


@pytest.mark.parametrize("topic_id", TOPICS)
def test_the_steps_of_every_topic_can_be_walked_to_the_end(reader: Talk, topic_id: str) -> None:
    reader.press(pack("topic", topic_id, "steps"))
    for _ in range(40):
        check(reader)
        if "Tiếp ▶" not in reader.labels():
            break
        reader.type("tiếp")
    assert "bước cuối" in reader.text


@pytest.mark.parametrize("urgency", [Urgency.being_scammed, Urgency.lost_money])
def test_the_usual_dangers_take_their_steps_from_reviewed_topics(reader: Talk, urgency: Urgency) -> None:
    reader.press(pack("urgent", urgency.value))
    assert "1. " in reader.text and "\n4. " not in reader.text
    reader.press(reader.payloads()[0])
    assert "4. " in reader.text and "Nguồn: " in reader.text


def test_a_device_or_an_account_taken_is_three_matters_with_steps_of_their_own(reader: Talk) -> None:
    reader.press("v1:urgent:device_taken")
    assert reader.labels()[:3] == ["Máy tự chạy, đen màn", "Mất điện thoại", "Mất Zalo, Facebook"]
    for number, topic_id in enumerate(["lua-dao-app-gia", "mat-dien-thoai", "lay-lai-tai-khoan"], start=1):
        reader.press("v1:urgent:device_taken")
        reader.type(str(number))
        assert reader.state.topic_id == topic_id and reader.turn and reader.turn.replies[0].urgent


def test_every_area_can_be_opened_on_a_narrow_channel(reader: Talk) -> None:
    reader.capacity = 5
    for area in content().areas:
        reader.press(pack("area", area.id))
        check(reader)
        assert len(reader.buttons) + len(reader.nav) <= 5
