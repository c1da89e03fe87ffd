"""The official frameworks as data: what is known, what is marked as unconfirmed, and that everything has its place."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from knowledge.folder import CONTENT_DIR, read_folder
from knowledge.frameworks import Frameworks, mapped, read_frameworks
from knowledge.model import Skill
from learning.criterion import Criterion


@pytest.fixture(scope="module")
def shipped() -> Frameworks:
    found = read_frameworks(CONTENT_DIR)
    assert found
    return found


def test_the_competence_framework_has_six_domains_and_twenty_four_competences(shipped: Frameworks) -> None:
    assert [len(ids) for ids in shipped.domains.values()] == [3, 6, 4, 4, 4, 3]
    assert len(shipped.all_competences()) == 24


def test_what_was_not_checked_against_the_annex_says_so(shipped: Frameworks) -> None:
    basic = shipped.frameworks[0]
    assert {group.id for group in basic.groups if group.confirmed} == {"thiet-bi", "thong-tin"}
    assert all(group.note for group in basic.groups if not group.confirmed)
    assert "phụ lục" in basic.note


def test_the_pass_rule_is_a_setting_with_the_stated_default(shipped: Frameworks) -> None:
    rule = shipped.pass_rule
    assert rule.setting == "HOCVUSO_QUIZ_PASS_SHARE" and "tỉnh" in rule.note
    assert Settings.model_fields["quiz_pass_share"].default == rule.default == Criterion().pass_share


def test_every_shipped_skill_and_so_every_topic_and_item_has_a_place(shipped: Frameworks) -> None:
    folder = read_folder()
    assert {skill.id: problems for skill in folder.skills if (problems := shipped.problems_of(skill))} == {}
    skills = {skill.id: skill for skill in folder.skills}
    for file in (file for file in folder.topics if file.language == "vi"):
        assert all(mapped(file.topic.skills, skills)), file.topic.id
    for quiz in folder.quizzes["vi"]:
        assert all(mapped([item.skill], skills)[0] for item in quiz.items), quiz.topic


def test_every_group_of_basic_skills_has_a_skill(shipped: Frameworks) -> None:
    used = {group for skill in read_folder().skills for group in skill.groups}
    assert used == shipped.skill_groups


def test_a_mapping_names_each_part_once() -> None:
    skills = {
        "a": Skill(id="a", title="A", domain="x", groups=("g", "h"), competences=("2.1", "1.1")),
        "b": Skill(id="b", title="B", domain="x", groups=("h",), competences=("1.1",)),
    }
    assert mapped(["b", "a", "gone"], skills) == (("h", "g"), ("1.1", "2.1"))


def test_a_folder_may_have_no_frameworks(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert read_frameworks(tmp_path_factory.mktemp("empty")) is None
