"""Joining another phone or app to the same profiles. The shell makes and checks the codes before the turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.flows import learn, person
from bot.flows.base import Ctx, Screen
from bot.flows.learn_base import as_person, called, known, learner, paragraphs
from bot.messages import Button
from bot.payloads import pack
from learning.linking import LinkOutcome, shown
from learning.people import MAX_PEOPLE

WORDS: Final = {
    LinkOutcome.ALREADY: "link.already",
    LinkOutcome.WRONG: "link.wrong",
    LinkOutcome.TOO_MANY: "link.too_many",
    LinkOutcome.FULL: "link.full",
}


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """What joining is; ``new`` shows a fresh code, ``type`` asks for one, ``code:<code>`` says how a typed one did."""
    match args[:1]:
        case ("new",):
            return _code(ctx, args)
        case ("type",):
            return _type(ctx)
        case ("code",):
            return _outcome(ctx)
    return Screen(ctx.say("link.menu"), pack("link"), ctx.state, _choices(ctx))


def _choices(ctx: Ctx) -> tuple[Button, ...]:
    own = [ctx.button("label.link_new", "link", "new")] if learner(ctx).current else []
    return (*own, ctx.button("label.link_type", "link", "type"))


@known
def _code(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """The code is shown this once: coming back here shows what joining is."""
    code = learner(ctx).code
    text = paragraphs(ctx.say("link.code", text=shown(code)), ctx.say("link.beware")) if code else ctx.say("link.too_many_codes")
    return Screen(text, pack("link"), ctx.state, (ctx.button("label.quit_lesson", "learn"),))


def _type(ctx: Ctx, *before: str) -> Screen:
    text = paragraphs(*before, ctx.say("link.type"))
    return Screen(text, pack("link", "type"), ctx.state, (ctx.button("label.quit_lesson", "learn"),))


def _outcome(ctx: Ctx) -> Screen:
    outcome = LinkOutcome(learner(ctx).link or LinkOutcome.WRONG)
    if outcome is not LinkOutcome.JOINED:
        return _type(ctx, ctx.say(WORDS[outcome], count=MAX_PEOPLE))
    names = ", ".join(called(ctx, who) for who in learner(ctx).people)
    return _joined(ctx, ctx.say("link.joined", names=names))


def _joined(ctx: Ctx, word: str) -> Screen:
    """Straight on for the only learner; several are asked who of them it is."""
    who = learner(ctx).current
    if who:
        return learn.menu(replace(ctx, state=as_person(ctx.state, who)), word)
    screen = person.people(ctx, ())
    return replace(screen, text=paragraphs(word, screen.text))
