"""Settings: how to be called, how plainly and how big to write; what is kept, and erasing it."""

from __future__ import annotations

from typing import Final, get_args

from bot import state as states
from bot.facts import ConversationErased, ProfileChanged
from bot.flows import home
from bot.flows.base import Ctx, Gone, Screen, one
from bot.messages import Button
from bot.payloads import pack
from bot.state import State

# setting's name in payloads and texts → (field of Profile, its values)
SETTINGS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "address": ("address", get_args(states.Address)),
    "level": ("level", get_args(states.ReadingLevel)),
    "size": ("text_size", get_args(states.TextSize)),
}


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """The settings as they are; with a setting's name its values; ``language`` says which there are."""
    if not args:
        return _overview(ctx)
    if args[0] == "language":
        return Screen(ctx.say("profile.language"), pack("profile", "language"), ctx.state, (_overview_button(ctx),))
    name, (_, values) = args[0], _setting(args[0])
    choices = tuple(ctx.button(f"{name}.{value}", "set", name, value) for value in values)
    return Screen(ctx.say(f"profile.ask_{name}"), pack("profile", name), ctx.state, choices)


def _setting(name: str) -> tuple[str, tuple[str, ...]]:
    if name not in SETTINGS:
        raise Gone(name)
    return SETTINGS[name]


def _overview(ctx: Ctx) -> Screen:
    profile = ctx.state.profile
    text = ctx.say(
        "profile.menu",
        address=ctx.say(f"address.{profile.address}"),
        level=ctx.say(f"level.{profile.level}"),
        size=ctx.say(f"size.{profile.text_size}"),
    )
    settings = [ctx.button(f"label.set_{name}", "profile", name) for name in (*SETTINGS, "language")]
    return Screen(text, pack("profile"), ctx.state, (*settings, ctx.button("label.kept", "kept"), _erase_button(ctx)))


def _overview_button(ctx: Ctx) -> Button:
    return ctx.button("label.profile", "profile")


def _erase_button(ctx: Ctx) -> Button:
    return ctx.button("label.erase", "erase")


def choose(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<setting>:<value>``: keeps the value and shows the settings in the new manner."""
    name, value = one(args), one(args, 1)
    field, values = _setting(name)
    if value not in values:
        raise Gone(value)
    state = ctx.state.model_copy(update={"profile": ctx.state.profile.model_copy(update={field: value})})
    changed = Ctx(state, ctx.world, ctx.flows)
    screen = _overview(changed)
    text = f"{changed.say('profile.saved')}\n\n{screen.text}"
    return Screen(text, screen.address, state, screen.choices, facts=(ProfileChanged(field, value),))


def kept(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """What is kept, in plain words."""
    return Screen(ctx.say("profile.kept"), pack("kept"), ctx.state, (_erase_button(ctx), _overview_button(ctx)))


def erase(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """Asks first; ``yes`` erases and starts as with a stranger, ``no`` keeps everything."""
    if args[:1] == ("yes",):
        return _erased(ctx)
    if args[:1] == ("no",):
        screen = _overview(ctx)
        return Screen(f"{ctx.say('erase.kept')}\n\n{screen.text}", screen.address, ctx.state, screen.choices)
    choices = (ctx.button("label.erase_yes", "erase", "yes"), ctx.button("label.erase_no", "erase", "no"))
    return Screen(ctx.say("erase.confirm"), pack("erase"), ctx.state, choices)


def _erased(ctx: Ctx) -> Screen:
    fresh = Ctx(State(), ctx.world, ctx.flows)
    return Screen(fresh.say("erase.done"), states.HOME, fresh.state, home.main_menu(fresh), facts=(ConversationErased(),))
