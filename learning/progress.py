"""From a record and today's courses: what is done, what comes next, which lessons help with which skills. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.courses import Course, Lesson
from learning.criterion import Criterion
from learning.mastery import SkillLevel, skill_level
from learning.people import COURSE_AUDIENCES
from learning.quiz import Items
from learning.record import Record

EVERYBODY: Final = "moi-nguoi"


class LessonStatus(StrEnum):
    NEW = "new"
    READING = "reading"
    READ = "read"  # all of it read; the quiz is still to be passed
    DONE = "done"


@dataclass(frozen=True, slots=True)
class At:
    """A lesson in its course."""

    course: Course
    lesson: Lesson


def lesson_items(lesson: Lesson, items: Items) -> tuple[str, ...]:
    """The lesson's quiz items that are published today."""
    return tuple(item_id for item_id in lesson.items if item_id in items)


def lesson_status(record: Record, at: At, items: Items) -> LessonStatus:
    """How far a lesson is. A lesson whose quiz was passed is done; without items, reading it is enough."""
    known = record.lesson(at.course.id, at.lesson.id)
    if known.done_at:
        finished = known.passed or not lesson_items(at.lesson, items)
        return LessonStatus.DONE if finished else LessonStatus.READ
    return LessonStatus.READING if known.cards else LessonStatus.NEW


def is_read(record: Record, at: At) -> bool:
    """Whether all cards were read and the practice task, where there is one, was answered."""
    known = record.lesson(at.course.id, at.lesson.id)
    return known.cards >= len(at.lesson.cards) and (at.lesson.practice is None or known.practice is not None)


def next_lesson(record: Record, courses: Iterable[Course], items: Items) -> At | None:
    """What to learn next: a lesson begun, else the next of a course begun, else the first of all. None when all are done."""
    left = [(at, status) for at in all_lessons(courses) if (status := lesson_status(record, at, items)) is not LessonStatus.DONE]
    begun = {key.split("/")[0] for key in record.lessons}
    ranks = {LessonStatus.READ: 0, LessonStatus.READING: 0}
    best = min(left, key=lambda found: (ranks.get(found[1], 1), found[0].course.id not in begun), default=None)
    return best[0] if best else None


def for_group(courses: Iterable[Course], group: str | None) -> tuple[Course, ...]:
    """The courses written for a group of people first, then those for everybody, then those for others."""

    def rank(course: Course) -> int:
        if group and COURSE_AUDIENCES.get(group, group) in course.audience:
            return 0
        return 1 if EVERYBODY in course.audience or not course.audience else 2

    return tuple(sorted(courses, key=rank))


def all_lessons(courses: Iterable[Course]) -> list[At]:
    """Every lesson of the courses, in order."""
    return [At(course, lesson) for course in courses for lesson in course.lessons]


def known_skill(record: Record, skill: str, courses: Iterable[Course], items: Items, criterion: Criterion) -> SkillLevel:
    """How well a skill is known. It is not mastered while a quiz that asks about it was taken and not passed."""
    level = skill_level(record.skills.get(skill, ()), criterion)
    failed = level is SkillLevel.MASTERED and any(_failed(record, at) for at in lessons_for({skill}, courses, items))
    return SkillLevel.PRACTISING if failed else level


def _failed(record: Record, at: At) -> bool:
    known = record.lesson(at.course.id, at.lesson.id)
    return known.best is not None and not known.passed


def lessons_for(skills: Collection[str], courses: Iterable[Course], items: Items) -> list[At]:
    """Lessons whose quiz asks about one of those skills, the most about them first."""
    scored = [(sum(items[i].skill in skills for i in lesson_items(at.lesson, items)), at) for at in all_lessons(courses)]
    return [at for score, at in sorted(scored, key=lambda found: -found[0]) if score]
