"""Where a person lives can be told without learning anything, and "Gặp người" then shows that commune's contacts."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.conversations import Conversations
from bot.directory import Directory
from bot.messages import Place
from nlu.understanding import Intent
from retrieval.decision import Kind
from storage import Database
from tests.bot.learners_talking import Clock, Ears, Phone
from tests.bot.talking import Talk, decided
from tests.learning.samples import learning_content

HOA_LOC = "16063"


def directory(_session: Session, _place: Place, commune: str | None) -> Directory | None:
    return Directory("Xã Hoa Lộc", "Số 1 phố Mẫu") if commune == HOA_LOC else None


@pytest.fixture
def villager(database: Database) -> Phone:
    return Phone(Conversations(database, Ears(), learning_content, Clock(), directory=directory))


def test_from_gap_nguoi_to_the_contacts_of_ones_own_commune(villager: Phone) -> None:
    villager.type("người")
    villager.choose("Cho biết xã")
    villager.type("hoa loc")
    assert "đồng ý" not in villager.text.lower(), "no consent: nothing is learnt"
    villager.press(f"v1:where:h:set:{HOA_LOC}")
    assert "Số 1 phố Mẫu" in villager.text
    villager.press("v1:home")
    villager.type("người")
    assert "Số 1 phố Mẫu" in villager.text and "📍 Đổi xã, phường" in villager.labels


def test_the_settings_name_the_place_and_change_it(villager: Phone) -> None:
    villager.press("v1:profile")
    assert "Nơi ở: chưa cho biết" in villager.text
    villager.choose("Xã, phường của tôi")
    villager.press(f"v1:where:h:set:{HOA_LOC}")
    villager.press("v1:profile")
    assert "Nơi ở: Xã Hoa Lộc, Thanh Hóa" in villager.text


def test_a_commune_whose_contacts_are_unknown_is_said_to_be_so(villager: Phone) -> None:
    villager.press("v1:where:h:set:14797")
    assert "chưa ai ghi giờ làm việc" in villager.text and "Công an xã" in villager.text


def test_erasing_forgets_the_place(villager: Phone) -> None:
    villager.press(f"v1:where:h:set:{HOA_LOC}")
    villager.press("v1:erase")
    villager.press("v1:erase:yes")
    villager.type("người")
    assert "Số 1 phố Mẫu" not in villager.text


def test_who_says_where_they_live_is_asked_which_place_of_that_name(database: Database, villager: Phone) -> None:
    villager.type("tôi ở xã Hoa Lộc thì gặp ai")
    assert f"v1:where:h:set:{HOA_LOC}" in [button.payload for button in villager.buttons]


def test_what_a_learner_told_counts_for_gap_nguoi_too(villager: Phone) -> None:
    villager.enrol()
    villager.press(f"v1:where:c:set:{HOA_LOC}")
    villager.type("người")
    assert "Số 1 phố Mẫu" in villager.text


def test_without_the_learning_room_the_sentence_is_a_question(talk: Talk) -> None:
    talk.ask("tôi ở xã Hoa Lộc thì gặp ai", decided(Kind.ANSWER, "otp"), intent=Intent.question)
    assert talk.state.topic_id == "otp"
