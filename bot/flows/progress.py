""" "Tiến độ của tôi": what is done, what is under way, what comes next, and each skill in words."""

from __future__ import annotations

from typing import Final

from bot.flows import learn_course
from bot.flows.base import Ctx, Screen
from bot.flows.learn_base import called, courses, items, learner, paragraphs, record, started
from bot.flows.quiz_text import SKILL_WORDS, skill_title
from bot.flows.shown import VIETNAM
from bot.messages import Button
from bot.payloads import pack
from knowledge.courses import Course
from knowledge.render import vietnamese_date
from learning.progress import At, LessonStatus, all_lessons, known_skill, lesson_status, next_lesson

SKILLS: Final = "skills"


@started
def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """The overview; ``skills`` names those without answers too."""
    everything = args[:1] == (SKILLS,)
    upcoming = next_lesson(record(ctx), courses(ctx), items(ctx))
    following = ctx.say("progress.next", title=upcoming.lesson.title) if upcoming else None
    text = paragraphs(_title(ctx), _lessons(ctx), _skills(ctx, everything), _self_check(ctx), following)
    address = pack("progress", SKILLS) if everything else pack("progress")
    return Screen(text, address, ctx.state, _choices(ctx, upcoming, everything))


def _title(ctx: Ctx) -> str:
    person = learner(ctx).current
    if person is None:
        return paragraphs(ctx.say("progress.yours"), ctx.say("learn.trial"))
    return ctx.say("progress.title", title=called(ctx, person))


def _status(ctx: Ctx, at: At) -> LessonStatus:
    return lesson_status(record(ctx), at, items(ctx))


def _lessons(ctx: Ctx) -> str:
    lessons = all_lessons(courses(ctx))
    if not record(ctx).lessons:
        return ctx.say("progress.none")
    done = sum(_status(ctx, at) is LessonStatus.DONE for at in lessons)
    lines = [ctx.say("progress.lessons", number=done, count=len(lessons)), *(_course(ctx, c) for c in courses(ctx))]
    begun = [at for at in lessons if _status(ctx, at) in (LessonStatus.READING, LessonStatus.READ)]
    names = "; ".join(f"{at.lesson.short_title} ({learn_course.status_words(ctx, at)})" for at in begun)
    return "\n".join([*lines, *([ctx.say("progress.reading", names=names)] if begun else [])])


def _course(ctx: Ctx, course: Course) -> str:
    done = sum(_status(ctx, At(course, lesson)) is LessonStatus.DONE for lesson in course.lessons)
    return ctx.say("progress.course", title=course.short_title, number=done, count=len(course.lessons))


def _skills(ctx: Ctx, everything: bool) -> str | None:
    covered = sorted({item.skill for item in items(ctx).values()})
    known = record(ctx).skills
    named = [skill for skill in covered if everything or skill in known]
    lines = [_skill(ctx, skill) for skill in named]
    return "\n".join([ctx.say("progress.skills"), *lines]) if lines else None


def _skill(ctx: Ctx, skill: str) -> str:
    level = known_skill(record(ctx), skill, courses(ctx), items(ctx), learner(ctx).criterion)
    return ctx.say("progress.skill", title=skill_title(ctx, skill), status=ctx.say(SKILL_WORDS[level]))


def _self_check(ctx: Ctx) -> str | None:
    last = record(ctx).self_check
    if last is None:
        return None
    day = vietnamese_date(last.at.astimezone(VIETNAM).date())
    return ctx.say("progress.self_check", text=day, number=last.right, count=last.count)


def _choices(ctx: Ctx, upcoming: At | None, everything: bool) -> tuple[Button, ...]:
    begun = "label.learn_on" if record(ctx).lessons else "label.learn_first"
    onward = [ctx.button(begun, *learn_course.resume(record(ctx), upcoming, items(ctx)))] if upcoming else []
    skills = [] if everything else [ctx.button("label.all_skills", "progress", SKILLS)]
    return (*onward, ctx.button("label.self_check", "self"), *skills, ctx.button("label.quit_lesson", "learn"))
