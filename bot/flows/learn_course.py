"""Courses and lessons: cards one by one, the practice task, the end of a lesson."""

from __future__ import annotations

from typing import Final

from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.learn_base import (
    bar,
    course,
    courses,
    filled,
    happened,
    items,
    learner,
    lesson_at,
    level,
    paragraphs,
    record,
    started,
)
from bot.messages import Button
from bot.payloads import pack
from bot.texts import clip
from learning.events import CardRead, LessonDone, Outcome, PracticeReported, Purpose
from learning.progress import At, LessonStatus, is_read, lesson_items, lesson_status, next_lesson
from learning.quiz import Items
from learning.record import Record

PRACTICE: Final = "p"
END: Final = "end"
_OUTCOMES: Final = {Outcome.DONE: "lesson.well_done", Outcome.NOT_YET: "lesson.not_yet"}
_STATUS: Final = {
    LessonStatus.NEW: "lesson.new",
    LessonStatus.READING: "lesson.reading",
    LessonStatus.READ: "lesson.read",
    LessonStatus.DONE: "lesson.done",
}


@started
def show_course(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<course>``: its lessons, each with how far it is."""
    found = course(ctx, one(args))
    lines = [_line(ctx, number, At(found, lesson)) for number, lesson in enumerate(found.lessons, 1)]
    text = ctx.say("course.show", title=found.title, text=filled(ctx, found.summary), names="\n".join(lines))
    choices = tuple(Button(clip(lesson.short_title), pack("lesson", found.id, lesson.id)) for lesson in found.lessons)
    return Screen(text, pack("course", found.id), ctx.state, choices)


def _line(ctx: Ctx, number: int, at: At) -> str:
    return ctx.say("course.line", number=number, title=at.lesson.short_title, status=status_words(ctx, at))


def status_words(ctx: Ctx, at: At) -> str:
    """How far a lesson is, in words."""
    known = record(ctx).lesson(at.course.id, at.lesson.id)
    status = lesson_status(record(ctx), at, items(ctx))
    return ctx.say(_STATUS[status], number=min(known.cards, len(at.lesson.cards)), count=len(at.lesson.cards))


def resume(progress: Record, at: At, known: Items) -> tuple[str, ...]:
    """The flow and arguments that lead on in a lesson: to its quiz once it is read, else to where it was left."""
    if lesson_status(progress, at, known) is LessonStatus.READ:
        return ("quiz", at.course.id, at.lesson.id)
    return ("lesson", at.course.id, at.lesson.id)


@started
def show_lesson(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<course>:<lesson>`` goes on where it was left; with a card's number, ``p`` or ``end`` to that place."""
    at = lesson_at(ctx, one(args), one(args, 1))
    place = args[2] if len(args) > 2 else _left(ctx, at)
    if place == END:
        return _end(ctx, at)
    return _practice(ctx, at) if place == PRACTICE else _card(ctx, at, place)


def _left(ctx: Ctx, at: At) -> str:
    """The place where the lesson was left: the last card seen, the practice task, or the end."""
    known = record(ctx).lesson(at.course.id, at.lesson.id)
    if known.cards < len(at.lesson.cards):
        return str(max(1, known.cards))
    return END if is_read(record(ctx), at) else PRACTICE


def _card(ctx: Ctx, at: At, place: str) -> Screen:
    count = len(at.lesson.cards)
    if not place.isdecimal() or not 1 <= int(place[:3]) <= count:
        raise Gone(place)
    number = int(place)
    read = CardRead(at=ctx.world.now, course=at.course.id, lesson=at.lesson.id, card=number)
    new = number > record(ctx).lesson(at.course.id, at.lesson.id).cards
    after = happened(ctx, *([read] if new else []))
    head = ctx.say("lesson.card", title=at.lesson.title, number=number, count=count, bar=bar(number, count))
    text = paragraphs(head, filled(ctx, at.lesson.cards[number - 1].text_at(level(ctx))))
    return Screen(text, _address(at, number), after.ctx.state, _moves(ctx, at, number), facts=after.facts)


def _address(at: At, place: str | int) -> str:
    return pack("lesson", at.course.id, at.lesson.id, place)


def _moves(ctx: Ctx, at: At, number: int) -> tuple[Button, ...]:
    here = (at.course.id, at.lesson.id)
    if number < len(at.lesson.cards):
        onward = ctx.button("label.next", "lesson", *here, number + 1)
    elif at.lesson.practice:
        onward = ctx.button("label.practice", "lesson", *here, PRACTICE)
    else:
        onward = ctx.button("label.lesson_end", "lesson", *here, END)
    back = (ctx.button("label.previous", "lesson", *here, number - 1),) if number > 1 else ()
    return (onward, *back, ctx.button("label.quit_lesson", "learn"))


def _practice(ctx: Ctx, at: At) -> Screen:
    practice = at.lesson.practice
    if practice is None:
        raise Gone("no practice task")
    values = {"title": at.lesson.title, "text": filled(ctx, practice.text_at(level(ctx))), "check": filled(ctx, practice.check)}
    here = (at.course.id, at.lesson.id)
    choices = (
        ctx.button("label.practice_done", "did", *here, Outcome.DONE.value),
        ctx.button("label.practice_not_yet", "did", *here, Outcome.NOT_YET.value),
        ctx.button("label.practice_skip", "did", *here, Outcome.SKIPPED.value),
    )
    return Screen(ctx.say("lesson.practice", **values), _address(at, PRACTICE), ctx.state, choices)


@started
def did(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<course>:<lesson>:<outcome>``: what the learner says about the practice task."""
    at = lesson_at(ctx, one(args), one(args, 1))
    try:
        outcome = Outcome(one(args, 2))
    except ValueError:
        raise Gone(args[2]) from None
    report = PracticeReported(at=ctx.world.now, course=at.course.id, lesson=at.lesson.id, outcome=outcome)
    after = happened(ctx, report)
    word = _OUTCOMES.get(outcome)
    screen = _end(after.ctx, at, *([ctx.say(word)] if word else []))
    return Screen(screen.text, screen.address, screen.state, screen.choices, facts=(*after.facts, *screen.facts))


def _end(ctx: Ctx, at: At, *before: str) -> Screen:
    """The end of a lesson. Coming here with everything read makes the lesson done, once."""
    known = record(ctx).lesson(at.course.id, at.lesson.id)
    complete = is_read(record(ctx), at)
    done = LessonDone(at=ctx.world.now, course=at.course.id, lesson=at.lesson.id)
    after = happened(ctx, *([done] if complete and known.done_at is None else []))
    title = ctx.say("lesson.end" if complete else "lesson.end_open", title=at.lesson.title)
    text = paragraphs(*before, title, _quiz_line(after.ctx, at))
    choices = _onward(after.ctx, at, complete)
    return Screen(text, _address(at, END), after.ctx.state, choices, facts=after.facts)


def _quiz_line(ctx: Ctx, at: At) -> str | None:
    asked = lesson_items(at.lesson, items(ctx))
    known = record(ctx).lesson(at.course.id, at.lesson.id)
    if not asked:
        return None
    if record(ctx).open_attempt(Purpose.LESSON, at.course.id, at.lesson.id):
        return ctx.say("lesson.quiz_open")
    if known.best:
        return _best(ctx, *known.best, known.passed)
    return ctx.say("lesson.quiz", count=len(asked), number=learner(ctx).criterion.needed(len(asked)))


def _best(ctx: Ctx, right: int, count: int, passed: bool) -> str:
    """How the best quiz went; where it was not passed, what passes."""
    if passed:
        return ctx.say("lesson.quiz_passed", number=right, count=count)
    mark = ctx.say("quiz.not_passed", number=learner(ctx).criterion.needed(count), count=count)
    return f"{ctx.say('lesson.quiz_failed', number=right, count=count)} {mark}"


def _onward(ctx: Ctx, at: At, complete: bool) -> tuple[Button, ...]:
    here = (at.course.id, at.lesson.id)
    following = next_button(ctx, at)
    quiz = [ctx.button(quiz_label(ctx, at), "quiz", *here)] if lesson_items(at.lesson, items(ctx)) else []
    passed = record(ctx).lesson(*here).passed
    ahead = [*following, *quiz] if passed else [*quiz, *following]
    unread = [] if complete else [ctx.button("label.go_on_lesson", "lesson", *here)]
    return (*unread, *ahead, ctx.button("label.first_card", "lesson", *here, 1), ctx.button("label.quit_lesson", "learn"))


def quiz_label(ctx: Ctx, at: At) -> str:
    """The name of the label that leads to the lesson's quiz."""
    if record(ctx).open_attempt(Purpose.LESSON, at.course.id, at.lesson.id):
        return "label.quiz_go_on"
    return "label.quiz_again" if record(ctx).lesson(at.course.id, at.lesson.id).best else "label.quiz"


def next_button(ctx: Ctx, at: At) -> list[Button]:
    """The button to what comes after this lesson: the next one in its course that is not done, else any other."""
    ids = [lesson.id for lesson in at.course.lessons]
    later = (At(at.course, lesson) for lesson in at.course.lessons[ids.index(at.lesson.id) + 1 :])
    undone = (a for a in later if lesson_status(record(ctx), a, items(ctx)) is not LessonStatus.DONE)
    following = next(undone, None) or next_lesson(record(ctx), courses(ctx), items(ctx))
    if following is None or following == at:
        return []
    return [ctx.button("label.next_lesson", "lesson", following.course.id, following.lesson.id)]
