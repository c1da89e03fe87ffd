"""Self-assessment: a few questions spread evenly over the skills that have items."""

from __future__ import annotations

from typing import Final

from bot.flows import quiz
from bot.flows.base import Ctx, Screen
from bot.flows.learn_base import items, paragraphs, record, started
from bot.payloads import pack
from learning.events import Purpose
from learning.quiz import Quiz, balanced

COUNT: Final = 10
GO: Final = "go"


@started
def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """What awaits the learner; ``go`` asks the first question or goes on with an unfinished round."""
    if args[:1] == (GO,) and items(ctx):
        chosen = balanced(items(ctx).values(), ctx.world.turn_id, COUNT)
        return quiz.go(ctx, Quiz(Purpose.SELF, chosen))
    return _intro(ctx)


def _intro(ctx: Ctx) -> Screen:
    if not items(ctx):
        return Screen(ctx.say("self.empty"), pack("self"), ctx.state, (ctx.button("label.quit_lesson", "learn"),))
    last = record(ctx).self_check
    before = ctx.say("self.last", number=last.right, count=last.count) if last else None
    text = paragraphs(ctx.say("self.intro", count=min(COUNT, len(items(ctx)))), before)
    choices = (ctx.button(_label(ctx), "self", GO), ctx.button("label.quit_lesson", "learn"))
    return Screen(text, pack("self"), ctx.state, choices)


def _label(ctx: Ctx) -> str:
    if record(ctx).open_attempt(Purpose.SELF):
        return "label.self_go_on"
    return "label.self_again" if record(ctx).self_check else "label.self_go"
