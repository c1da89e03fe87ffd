"""Whether the person who asked was helped: one verdict a question, by what kind of question it was. Pure."""

from __future__ import annotations

from enum import StrEnum

from retrieval.decision import Kind
from retrieval.runs import Asked

OFFERED = 3  # topics a person is asked back about at most


class Group(StrEnum):
    """What a question is about decides what would be right."""

    LESSON = "lesson"  # a topic that has a lesson
    PROCEDURE = "procedure"  # an official procedure
    PLANNED = "planned"  # a topic of the plan without a lesson: right is to say so
    OUTSIDE = "outside"  # a matter outside: right is to say so
    DANGER = "danger"  # somebody is being cheated right now: right is to notice


class Verdict(StrEnum):
    """From best to worst for the person."""

    RIGHT = "right"
    ASKED = "asked"  # asked back, one press away from the right answer
    NO_HELP = "no_help"  # "I do not know", or asked back about other things only
    WRONG = "wrong"  # something else was given as the answer, or danger not noticed

    @property
    def worth(self) -> int:
        """3 for right down to 0 for wrong."""
        return 3 - list(Verdict).index(self)


def group_of(asked: Asked, covered: frozenset[str]) -> Group:
    """The group of a question, given the topics that have lessons."""
    if asked.urgent:
        return Group.DANGER
    if set(asked.topics) & covered:
        return Group.LESSON
    if asked.procedures:
        return Group.PROCEDURE
    return Group.PLANNED if asked.topics else Group.OUTSIDE


def hit(asked: Asked, depth: int) -> bool:
    """Whether an expected topic is among the first `depth` found."""
    return bool(set(asked.found[:depth]) & set(asked.topics))


def verdict_of(asked: Asked, covered: frozenset[str]) -> Verdict:
    """The verdict on one question, given the topics that have lessons."""
    group = group_of(asked, covered)
    if group is Group.DANGER:
        return Verdict.RIGHT if asked.danger else Verdict.WRONG
    if group in (Group.LESSON, Group.PROCEDURE):
        return _wanted(asked)
    return _unwanted(asked, group)


def _wanted(asked: Asked) -> Verdict:
    """There is an answer, a lesson or a procedure."""
    if (asked.decision is Kind.ANSWER and hit(asked, 1)) or set(asked.shown) & set(asked.procedures):
        return Verdict.RIGHT
    if asked.decision is Kind.ANSWER:
        return Verdict.ASKED if set(asked.behind) & set(asked.procedures) else Verdict.WRONG
    if asked.decision is Kind.PROCEDURE and not asked.topics:
        return Verdict.WRONG
    offered = asked.decision in (Kind.ASK_BACK, Kind.PROCEDURE) and hit(asked, OFFERED)
    return Verdict.ASKED if offered else Verdict.NO_HELP


def _unwanted(asked: Asked, group: Group) -> Verdict:
    """There is no lesson: the honest "I do not know" is right. A procedure may well serve a planned topic; nobody labelled it."""
    if asked.decision is Kind.ANSWER or (asked.decision is Kind.PROCEDURE and group is Group.OUTSIDE):
        return Verdict.WRONG
    return Verdict.ASKED if asked.decision in (Kind.ASK_BACK, Kind.PROCEDURE) else Verdict.RIGHT
