"""Quizzes: a question, its feedback, the result. One address per question, which shows whatever is due there."""

from __future__ import annotations

from typing import Final

from bot.facts import Fact
from bot.flows import learn_course, quiz_text
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.learn_base import Happened, happened, items, learner, lesson_at, paragraphs, record, started
from bot.flows.quiz_choices import Asked, buttons, picked, ticked_on_screen
from bot.messages import Button
from bot.payloads import pack
from bot.texts import clip
from knowledge.quiz import SEVERAL
from learning import quiz
from learning.events import Purpose
from learning.progress import At, lesson_items
from learning.quiz import AlreadyAnswered, Attempt, NotAsked, Quiz

END: Final = "end"


@started
def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<course>:<lesson>``: the lesson's quiz, the unfinished one if there is any, else a new one."""
    at = lesson_at(ctx, one(args), one(args, 1))
    asked = Quiz(Purpose.LESSON, lesson_items(at.lesson, items(ctx)), at.course.id, at.lesson.id)
    return go(ctx, asked)


def go(ctx: Ctx, asked: Quiz) -> Screen:
    """Go on with the unfinished attempt at that quiz, else start one. Raises Gone where there is nothing to ask."""
    unfinished = record(ctx).open_attempt(asked.purpose, asked.course, asked.lesson)
    if unfinished:
        return _due(ctx, unfinished, ctx.say("quiz.go_on"))
    if not asked.items:
        raise Gone("no quiz items")
    begun = quiz.start(ctx.world.turn_id, asked, ctx.world.turn_id, learner(ctx).criterion, ctx.world.now)
    after = happened(ctx, begun)
    return _due(after.ctx, _attempt(after.ctx, begun.attempt), facts=after.facts)


def _attempt(ctx: Ctx, attempt_id: str) -> Attempt:
    found = record(ctx).attempt(attempt_id)
    if found is None:
        raise Gone(attempt_id)
    return found


def _due(ctx: Ctx, attempt: Attempt, *before: str, facts: tuple[Fact, ...] = ()) -> Screen:
    """What the attempt asks now. Where its last questions were withdrawn, it ends here."""
    number = quiz.open_number(attempt, items(ctx))
    if number:
        return _question(ctx, attempt, number, *before, facts=facts)
    if not attempt.answers:
        raise Gone("nothing left to ask")
    return _ended(happened(ctx, quiz.finish(attempt, ctx.world.now)), attempt, facts)


def _ended(after: Happened, attempt: Attempt, facts: tuple[Fact, ...]) -> Screen:
    return _result(after.ctx, attempt, facts=(*facts, *after.facts))


@started
def at_question(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<attempt>:<number>[:<ticked options>]`` or ``<attempt>:end``."""
    attempt = _attempt(ctx, one(args))
    if one(args, 1) == END:
        return _result(ctx, attempt)
    number = _number(attempt, args[1])
    if attempt.answer_to(attempt.item_at(number)):
        return _feedback(ctx, attempt, number)
    if number != quiz.open_number(attempt, items(ctx)):
        return _due(ctx, attempt)
    return _question(ctx, attempt, number, ticked=tuple(args[2].split(".")) if len(args) > 2 else ())


def _number(attempt: Attempt, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:3]) <= len(attempt.items):
        raise Gone(text)
    return int(text)


@started
def answer(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<attempt>:<number>:<options>``: counts once; a second press shows what the first one led to."""
    attempt = _attempt(ctx, one(args))
    number = _number(attempt, one(args, 1))
    try:
        events = quiz.answer(attempt, number, one(args, 2).split("."), items(ctx), ctx.world.now)
    except AlreadyAnswered:
        return _feedback(ctx, attempt, number, ctx.say("quiz.already"))
    except NotAsked:
        return _due(ctx, attempt)
    after = happened(ctx, *events)
    return _feedback(after.ctx, _attempt(after.ctx, attempt.id), number, facts=after.facts)


@started
def picks(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<attempt>:<number>:<1.3>``: options typed by their numbers.

    A whole answer counts. A part of an order is kept, and numbers beside ticks are ticks more: what was chosen
    by pressing is never lost, and "Xong" ends it.
    """
    attempt = _attempt(ctx, one(args))
    number = _number(attempt, one(args, 1))
    item = items(ctx).get(attempt.item_at(number))
    if item is None or number != quiz.open_number(attempt, items(ctx)):
        return at_question(ctx, args[:2])
    chosen = picked(Asked(attempt, number, item), one(args, 2))
    if chosen is None or item.kind not in SEVERAL:
        word = ctx.say("quiz.pick_one" if chosen else "chat.number", number=args[2].replace(".", " "))
        return _question(ctx, attempt, number, word)
    ticked = tuple(dict.fromkeys((*ticked_on_screen(ctx, attempt, number), *chosen)))
    if Asked(attempt, number, item, chosen).complete and set(ticked) == set(chosen):
        return answer(ctx, (attempt.id, args[1], ".".join(chosen)))
    return _question(ctx, attempt, number, ticked=ticked)


def _question(
    ctx: Ctx, attempt: Attempt, number: int, *before: str, ticked: tuple[str, ...] = (), facts: tuple[Fact, ...] = ()
) -> Screen:
    asked = Asked(attempt, number, items(ctx)[attempt.item_at(number)], ticked)
    text = paragraphs(*before, quiz_text.question(ctx, attempt, number, asked.item, ticked))
    return Screen(text, asked.address(ticked), ctx.state, buttons(ctx, asked), facts=facts)


def _feedback(ctx: Ctx, attempt: Attempt, number: int, *before: str, facts: tuple[Fact, ...] = ()) -> Screen:
    given = attempt.answer_to(attempt.item_at(number))
    item = items(ctx).get(attempt.item_at(number))
    words = quiz_text.feedback(ctx, attempt, item, given) if item and given else ctx.say("quiz.gone")
    following = quiz.open_number(attempt, items(ctx))
    if following:
        onward = ctx.button("label.next_question", "q", attempt.id, following)
    else:
        onward = ctx.button("label.see_result", "q", attempt.id, END)
    return Screen(paragraphs(*before, words), pack("q", attempt.id, number), ctx.state, (onward,), facts=facts)


def _result(ctx: Ctx, attempt: Attempt, *, facts: tuple[Fact, ...] = ()) -> Screen:
    """How it went. An attempt that is not at its end goes on instead."""
    if quiz.open_number(attempt, items(ctx)):
        return _due(ctx, attempt)
    text = quiz_text.result(ctx, attempt)
    return Screen(text, pack("q", attempt.id, END), ctx.state, _after(ctx, attempt), facts=facts)


def _after(ctx: Ctx, attempt: Attempt) -> tuple[Button, ...]:
    if attempt.purpose is Purpose.SELF:
        advised = [_lesson_button(at) for at in quiz_text.advised(ctx, attempt)]
        return (*advised, ctx.button("label.progress", "progress"), ctx.button("label.quit_lesson", "learn"))
    here = (attempt.course or "", attempt.lesson or "")
    following = learn_course.next_button(ctx, lesson_at(ctx, *here))
    again = [ctx.button("label.lesson_again", "lesson", *here, 1), ctx.button("label.quiz_again", "quiz", *here)]
    ahead = [*following, *again] if quiz.result(attempt).passed else [*again, *following]
    return (*ahead, ctx.button("label.progress", "progress"), ctx.button("label.quit_lesson", "learn"))


def _lesson_button(at: At) -> Button:
    return Button(clip(f"📘 {at.lesson.short_title}"), pack("lesson", at.course.id, at.lesson.id))
