"""👍 and 👎, with a reason asked after 👎. Both speak of the turn in their payload, however old the button is."""

from __future__ import annotations

from typing import Final

from bot.facts import Feedback, Rating
from bot.flows import reading
from bot.flows.base import Ctx, Gone, Screen, one
from bot.messages import Button
from bot.payloads import pack

UNCLEAR: Final = "unclear"
REASONS: Final = ("wrong_topic", UNCLEAR, "outdated", "not_enough")


def buttons(ctx: Ctx) -> tuple[Button, ...]:
    """👍/👎 about the last question, while it has an answer on the screen and no rating yet."""
    turn = ctx.state.question
    if turn is None or turn == ctx.state.rated:
        return ()
    return (ctx.button("label.up", "fb", turn, "up"), ctx.button("label.down", "fb", turn, "down"))


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<turn>:up``, ``<turn>:down`` or ``<turn>:down:<reason>``."""
    turn, value = one(args), one(args, 1)
    reason = args[2] if len(args) > 2 else None
    if value not in set(Rating) or reason not in {None, *REASONS}:
        raise Gone(value)
    fact = Feedback(turn, Rating(value), reason)
    state = ctx.state.model_copy(update={"rated": turn})
    if fact.value is Rating.DOWN and reason is None:
        asked = tuple(ctx.button(f"label.{reason}", "fb", turn, "down", reason) for reason in REASONS)
        return Screen(ctx.say("feedback.why"), pack("fb", turn, "down"), state, asked, facts=(fact,), remark=True)
    if reason == UNCLEAR:
        text = f"{ctx.say('feedback.noted')}\n\n{ctx.say('reading.unclear')}"
        return Screen(text, pack("fb", *args[:3]), state, reading.ways(ctx), facts=(fact,), remark=True)
    name = "feedback.noted" if reason else "feedback.thanks"
    return Screen(ctx.say(name), pack("fb", *args[:3]), state, _onward(ctx), facts=(fact,), remark=True)


def report(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """Something is wrong: with the answer just given, as 👎 does; else thanks, and where to report a lesson."""
    turn = ctx.state.question
    if turn is not None and turn != ctx.state.rated:
        return show(ctx, (turn, Rating.DOWN.value))
    choices = (ctx.button("label.ask", "ask"), ctx.button("label.danger", "danger"))
    return Screen(ctx.say("chat.report"), pack("report"), ctx.state, choices, remark=True)


def _onward(ctx: Ctx) -> tuple[Button, ...]:
    return (ctx.button("label.continue", "again"), ctx.button("label.ask_again", "ask"))
