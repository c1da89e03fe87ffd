"""Settings: how to be called, how plainly and how big to write; what is kept, and erasing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, get_args

from bot import state as states
from bot.facts import ConversationErased, ProfileChanged
from bot.flows import home, human
from bot.flows.base import Ctx, Gone, Screen, one
from bot.messages import Button
from bot.payloads import pack
from bot.state import State
from bot.texts import LABEL_LENGTH, clip, visible
from knowledge.languages import registry
from knowledge.published import BASE_LANGUAGE

LANGUAGE: Final = "language"

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
    if args[0] == LANGUAGE:
        return _languages(ctx)
    name, (_, values) = args[0], _setting(args[0])
    choices = tuple(ctx.button(f"{name}.{value}", "set", name, value) for value in values)
    return Screen(ctx.say(f"profile.ask_{name}"), pack("profile", name), ctx.state, choices)


def _languages(ctx: Ctx) -> Screen:
    """Vietnamese and what else may be shown today; where there is nothing else, that more is in the making."""
    offered = ctx.world.content.languages
    if not offered:
        return Screen(ctx.say("profile.language"), pack("profile", LANGUAGE), ctx.state, (_overview_button(ctx),))
    vietnamese = ctx.button("label.vietnamese", "set", LANGUAGE, BASE_LANGUAGE)
    others = (Button(language_label(x), pack("set", LANGUAGE, x)) for x in offered)
    choices = (vietnamese, *others, _overview_button(ctx))
    return Screen(ctx.say("profile.ask_language"), pack("profile", LANGUAGE), ctx.state, choices)


def language_label(language_id: str) -> str:
    """A language on a button: own name and Vietnamese name, the latter alone where both do not fit."""
    language = registry().language(language_id)
    if language is None:
        return language_id
    return language.label if visible(language.label) <= LABEL_LENGTH else clip(language.name)


def _values(ctx: Ctx, name: str) -> tuple[str, tuple[str, ...]]:
    return (LANGUAGE, (BASE_LANGUAGE, *ctx.world.content.languages)) if name == LANGUAGE else _setting(name)


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
        names=ctx.say("profile.vietnamese") if ctx.language == BASE_LANGUAGE else language_label(ctx.language),
        commune=human.place_name(ctx) or ctx.say("profile.no_place"),
    )
    settings = [ctx.button(f"label.set_{name}", "profile", name) for name in (*SETTINGS, LANGUAGE)]
    place = (ctx.button("label.set_place", "where", "h"),) if "where" in ctx.flows else ()
    return Screen(text, pack("profile"), ctx.state, (*settings, *place, ctx.button("label.kept", "kept"), _erase_button(ctx)))


def _overview_button(ctx: Ctx) -> Button:
    return ctx.button("label.profile", "profile")


def _erase_button(ctx: Ctx) -> Button:
    return ctx.button("label.erase", "erase")


def choose(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<setting>:<value>``: keeps the value and shows the settings in the new manner."""
    changed, fact = changed_to(ctx, one(args), one(args, 1))
    screen = _overview(changed)
    text = f"{changed.say('profile.saved')}\n\n{screen.text}"
    return Screen(text, screen.address, changed.state, screen.choices, facts=(fact,))


def changed_to(ctx: Ctx, name: str, value: str) -> tuple[Ctx, ProfileChanged]:
    """The context with a setting at that value, and the fact. Raises Gone for what cannot be set."""
    field, values = _values(ctx, name)
    if value not in values:
        raise Gone(value)
    profile = ctx.state.profile.model_copy(update={field: value})
    return replace(ctx, state=ctx.state.model_copy(update={"profile": profile})), ProfileChanged(field, value)


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
