"""The learning room's menu: what to do next, the courses, self-assessment, progress, who is learning."""

from __future__ import annotations

from bot.flows import learn_course
from bot.flows.base import Ctx, Screen
from bot.flows.learn_base import LEARN, called, courses, is_trial, items, learner, paragraphs, record, started
from bot.messages import Button
from bot.payloads import pack
from bot.texts import LABEL_LENGTH, clip, visible
from knowledge.courses import Course
from learning.progress import At, next_lesson


@started
def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """Where the learner stands in one line, and everything that can be learnt."""
    return menu(ctx)


def menu(ctx: Ctx, *before: str) -> Screen:
    """The menu, with words before it for who comes from elsewhere."""
    upcoming = next_lesson(record(ctx), courses(ctx), items(ctx))
    text = paragraphs(*before, ctx.say("learn.menu"), f"{_who(ctx)}\n{_next(ctx, upcoming)}".strip())
    return Screen(text, LEARN, ctx.state, _choices(ctx, upcoming))


def _who(ctx: Ctx) -> str:
    if is_trial(ctx):
        return ctx.say("learn.trial")
    person = learner(ctx).current
    return ctx.say("learn.person", title=called(ctx, person)) if person else ""


def _next(ctx: Ctx, upcoming: At | None) -> str:
    if upcoming:
        return ctx.say("learn.next", title=upcoming.lesson.title, area=upcoming.course.short_title)
    return ctx.say("learn.all_done" if courses(ctx) else "learn.empty")


def _course_label(course: Course) -> str:
    """The course with its icon, the icon left out where the two do not fit on a button."""
    full = f"📘 {course.short_title}"
    return full if visible(full) <= LABEL_LENGTH else clip(course.short_title)


def _choices(ctx: Ctx, upcoming: At | None) -> tuple[Button, ...]:
    begun = "label.learn_on" if record(ctx).lessons else "label.learn_first"
    onward = [ctx.button(begun, *learn_course.resume(record(ctx), upcoming, items(ctx)))] if upcoming else []
    listed = [Button(_course_label(course), pack("course", course.id)) for course in courses(ctx)]
    own = [ctx.button("label.self_check", "self"), ctx.button("label.progress", "progress")]
    keep = [ctx.button("label.keep_progress", "consent")] if is_trial(ctx) else [ctx.button("label.person", "person")]
    return (*onward, *listed, *own, *keep, ctx.button("label.link", "link"))
