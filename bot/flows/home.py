"""Home: the greeting, the emergency first, the areas, and everything else within one press."""

from __future__ import annotations

from bot.flows.base import Ctx, Screen
from bot.messages import Button
from bot.payloads import pack
from bot.state import HOME
from bot.texts import LABEL_LENGTH, clip, visible
from knowledge.model import Area


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """The main menu. The argument ``hello`` greets first; at the first contact the notice does, and few words leave room."""
    again = "home.hello" if args[:1] == ("hello",) else "home.menu"
    name = again if ctx.state.seen_notice else "home.first"
    fresh = {"topic_id": None, "aspect": None, "offered": (), "question": None, "failures": 0, "emergency": None, "scam": None}
    state = ctx.state.model_copy(update=fresh)
    return Screen(ctx.say(name), HOME, state, main_menu(ctx))


def main_menu(ctx: Ctx) -> tuple[Button, ...]:
    """The choices of the main menu, the emergency first."""
    learn = (ctx.button("label.learn", "learn"),) if "learn" in ctx.flows else ()
    first = (ctx.button("label.danger", "danger"), ctx.button("label.ask", "ask"), *learn)
    last = (ctx.button("label.profile", "profile"), ctx.button("label.help", "help"), ctx.button("label.who", "who"))
    return (*first, *area_buttons(ctx), *last)


def area_buttons(ctx: Ctx) -> tuple[Button, ...]:
    return tuple(Button(area_label(area), pack("area", area.id)) for area in ctx.world.content.areas)


def area_label(area: Area) -> str:
    """Icon and title, the icon left out where the two do not fit on a button."""
    full = f"{area.icon} {area.title}"
    return full if visible(full) <= LABEL_LENGTH else clip(area.title)


def invite(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """ "Hỏi một câu": how to ask, with examples and the areas for who would rather press."""
    return Screen(ctx.say("ask.invite"), pack("ask"), ctx.state, area_buttons(ctx))
