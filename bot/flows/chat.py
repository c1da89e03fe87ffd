"""Everything that is no question: small talk, what cannot be read, numbers that are no choice."""

from __future__ import annotations

from typing import Final

from bot.flows import home, reading
from bot.flows.base import Ctx, Gone, Screen, one
from bot.messages import Attachment, Button
from bot.payloads import pack

TALK: Final = (
    *("thanks", "goodbye", "lost", "abuse", "small_talk", "yes", "no", "stop", "empty", "gibberish", "changed"),
    *("injection", "secret"),
)


def talk(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """A kind word with the main menu, as a remark: the person's place is kept for "Quay lại"."""
    if one(args) not in TALK:
        raise Gone(args[0])
    choices = _ways_on(ctx) if args[0] == "lost" else home.main_menu(ctx)
    return Screen(ctx.say(f"chat.{args[0]}"), pack("talk", args[0]), ctx.state, choices, remark=True)


def _ways_on(ctx: Ctx) -> tuple[Button, ...]:
    """For who did not understand: the same in plainer words, once more, or from a human."""
    simpler = (reading.simpler_button(ctx),) if ctx.state.profile.level != "simple" else ()
    return (*simpler, ctx.button("label.again", "again"), ctx.button("label.human", "human"))


def sent(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """An attachment the bot cannot read yet, with what to do instead."""
    if one(args) not in set(Attachment):
        raise Gone(args[0])
    return Screen(ctx.say(f"sent.{args[0]}"), pack("sent", args[0]), ctx.state, home.main_menu(ctx), remark=True)
