"""Where a learner lives: a commune typed without accents, or found by province and first letter."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.facts import PersonChanged, ProfileChanged
from bot.flows import human
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.learn_base import current, known, learner, paragraphs, with_state
from bot.messages import Button
from bot.payloads import pack
from bot.texts import LABEL_LENGTH, clip, visible
from learning.communes import Commune, Province, communes, communes_of, find, groups, provinces

PROVINCES: Final = 7  # about so many on a screen
COMMUNES: Final = 16
WIZARD: Final = "w"
HUMAN: Final = "h"
YES: Final = "yes"


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """The place of a learner, for a kept profile only, or with the mode ``h`` of anybody who wants to meet a human."""
    return _show(ctx, args) if args[:1] == (HUMAN,) else _learners(ctx, args)


def _show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<mode>`` asks; ``:g:<n>`` a group of provinces, ``:p:<province>[:<n>]`` its communes, ``:find:<text>`` a search
    (``:yes`` takes its only find), ``:set:<commune>`` and ``:only:<province>`` keep the place.
    """
    mode = args[0] if args else "c"
    kind = args[1] if len(args) > 1 else "ask"
    if kind == "ask":
        return _ask(ctx, mode)
    handler = _KINDS.get(kind)
    if handler is None:
        raise Gone(kind)
    return handler(ctx, mode, args[2:])


_learners = known(_show)


def _ask(ctx: Ctx, mode: str, name: str = "where.ask") -> Screen:
    home = provinces().get(learner(ctx).province or "")
    near = [Button(clip(f"📍 {home.short}"), pack("where", mode, "p", home.code))] if home else []
    listed = [Button(clip(label), pack("where", mode, "g", n)) for n, (label, _) in enumerate(_province_groups())]
    return Screen(ctx.say(name), pack("where", mode), ctx.state, (*near, *listed, _skip(ctx, mode)))


def _province_groups() -> list[tuple[str, tuple[Province, ...]]]:
    return groups(list(provinces().values()), PROVINCES)


def _skip(ctx: Ctx, mode: str) -> Button:
    return ctx.button("label.skip", {WIZARD: "learn", HUMAN: "human"}.get(mode, "person"))


def _group(ctx: Ctx, mode: str, args: tuple[str, ...]) -> Screen:
    number = _index(one(args), len(_province_groups()))
    _, listed = _province_groups()[number]
    choices = [Button(clip(province.short), pack("where", mode, "p", province.code)) for province in listed]
    return Screen(ctx.say("where.provinces"), pack("where", mode, "g", number), ctx.state, (*choices, _all(ctx, mode)))


def _all(ctx: Ctx, mode: str) -> Button:
    return ctx.button("label.all_provinces", "where", mode)


def _index(text: str, count: int) -> int:
    if not text.isdecimal() or int(text[:3]) >= count:
        raise Gone(text)
    return int(text)


def _province(ctx: Ctx, mode: str, args: tuple[str, ...]) -> Screen:
    province = provinces().get(one(args))
    if province is None:
        raise Gone(args[0])
    cut = groups(communes_of(province.code), COMMUNES)
    if len(args) > 1:
        return _communes(ctx, mode, province, _index(args[1], len(cut)))
    listed = [Button(clip(label), pack("where", mode, "p", province.code, n)) for n, (label, _) in enumerate(cut)]
    only = (ctx.button("label.only_province", "where", mode, "only", province.code),) if mode != HUMAN else ()
    text = ctx.say("where.province", title=province.name)
    return Screen(text, pack("where", mode, "p", province.code), ctx.state, (*listed, *only, _all(ctx, mode)))


def _communes(ctx: Ctx, mode: str, province: Province, number: int) -> Screen:
    label, listed = groups(communes_of(province.code), COMMUNES)[number]
    choices = [Button(clip(commune.name), pack("where", mode, "set", commune.code)) for commune in listed]
    text = ctx.say("where.communes", title=province.name, area=label)
    address = pack("where", mode, "p", province.code, number)
    return Screen(text, address, ctx.state, (*choices, ctx.button("label.back", "where", mode, "p", province.code)))


def _find(ctx: Ctx, mode: str, args: tuple[str, ...]) -> Screen:
    found = find(one(args).replace("-", " "), _home(ctx))
    if not found:
        return _ask(ctx, mode, "where.none")
    address = pack("where", mode, "find", args[0])
    if len(found) == 1 and args[1:] == (YES,):
        return _set(ctx, mode, (found[0].code,))
    if len(found) == 1:
        right = ctx.button("label.this_place", "where", mode, "set", found[0].code)
        return Screen(ctx.say("where.this", title=found[0].full), address, ctx.state, (right, _all(ctx, mode)))
    choices = [Button(_label(commune), pack("where", mode, "set", commune.code)) for commune in found]
    text = paragraphs(ctx.say("where.found", count=len(found)), _written(found))
    return Screen(text, address, ctx.state, (*choices, _all(ctx, mode)))


def _home(ctx: Ctx) -> str | None:
    """The province whose communes are offered first: the person's, else the one this bot is at home in."""
    who = learner(ctx).current
    return (who.province if who else None) or learner(ctx).province


def _label(commune: Commune) -> str:
    """Commune and province on one button, without "Phường" where both would not fit."""
    return commune.full if visible(commune.full) <= LABEL_LENGTH else clip(f"{commune.short}, {commune.province.short}")


def _written(found: list[Commune]) -> str | None:
    """The places in full where a button had to leave something out; else they would only stand there twice."""
    if all(_label(commune) == commune.full for commune in found):
        return None
    return "\n".join(f"- {commune.full}" for commune in found)


def _set(ctx: Ctx, mode: str, args: tuple[str, ...]) -> Screen:
    commune = communes().get(one(args))
    if commune is None:
        raise Gone(args[0])
    return _kept(ctx, mode, commune.province.code, commune.code)


def _only(ctx: Ctx, mode: str, args: tuple[str, ...]) -> Screen:
    if one(args) not in provinces():
        raise Gone(args[0])
    return _kept(ctx, mode, args[0], None)


def _kept(ctx: Ctx, mode: str, province: str, commune: str | None) -> Screen:
    living = with_state(ctx, profile=ctx.state.profile.model_copy(update={"commune": commune}))
    if mode == HUMAN:
        return replace(human.show(living, ()), facts=(ProfileChanged("commune", commune or ""),))
    return _told(living, mode, province, commune)


def _told(ctx: Ctx, mode: str, province: str, commune: str | None) -> Screen:
    """The place kept with the profile that learns."""
    from bot.flows import person_about

    who = current(ctx)
    after = person_about.changed(ctx, who, province=province, commune=commune)
    screen = person_about.finished(after, mode)
    facts = (PersonChanged(who.id, "province", province), PersonChanged(who.id, "commune", commune))
    return replace(screen, facts=(*facts, *screen.facts))


def told_commune(payload: str | None) -> str | None:
    """The commune that a payload keeps, known before its screen is made: its contacts are shown there."""
    kept = f"{pack('where', HUMAN, 'set')}:"
    return payload.removeprefix(kept) if payload and payload.startswith(kept) else None


_KINDS: Final = {"g": _group, "p": _province, "find": _find, "set": _set, "only": _only}
