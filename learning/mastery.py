"""How well a skill is known, from the answers given about it: pure."""

from __future__ import annotations

from enum import StrEnum

from learning.criterion import Criterion

KEPT_OUTCOMES = 12  # different items remembered per skill; a criterion may look at no more

Outcomes = tuple[tuple[str, bool], ...]
"""(item id, right?) oldest first, each item once: its last answer counts."""


class SkillLevel(StrEnum):
    MASTERED = "mastered"
    PRACTISING = "practising"  # on the way: more right than wrong
    NEEDS_WORK = "needs_work"
    UNKNOWN = "unknown"  # not one answer yet


def remember(outcomes: Outcomes, item: str, correct: bool) -> Outcomes:
    """The outcomes with one answer more; an older answer to the same item is forgotten."""
    others = tuple(outcome for outcome in outcomes if outcome[0] != item)
    return (*others, (item, correct))[-KEPT_OUTCOMES:]


def skill_level(outcomes: Outcomes, criterion: Criterion) -> SkillLevel:
    """How well a skill is known by that criterion: only answers count, and only to different items."""
    recent = [correct for _, correct in outcomes[-criterion.skill_of :]]
    if not recent:
        return SkillLevel.UNKNOWN
    if sum(recent) >= criterion.skill_right:
        return SkillLevel.MASTERED
    return SkillLevel.PRACTISING if sum(recent) * 2 > len(recent) else SkillLevel.NEEDS_WORK
