"""What the bot can do, and what it is."""

from __future__ import annotations

from bot.flows.base import Ctx, Screen
from bot.payloads import pack


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """How to use the bot, with examples of what to type."""
    choices = (ctx.button("label.ask", "ask"), ctx.button("label.who", "who"), ctx.button("label.profile", "profile"))
    return Screen(ctx.say("help.text"), pack("help"), ctx.state, choices)


def who(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """ "Bot này có thật không?": what it is, what it never does, and how to check it with people one can trust."""
    choices = (ctx.button("label.kept", "kept"), ctx.button("label.danger", "danger"), ctx.button("label.ask", "ask"))
    return Screen(ctx.say("who.text"), pack("who"), ctx.state, choices)
