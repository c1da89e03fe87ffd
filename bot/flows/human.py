""" "Gặp người hỗ trợ": the commune's own contacts where they are known, else whom to ask for; what is unknown is said."""

from __future__ import annotations

from bot.directory import Directory, Helper
from bot.facts import HumanRequested
from bot.flows.base import Ctx, Screen
from bot.messages import Button
from bot.payloads import pack
from learning.communes import communes

MAX_HELPERS = 5


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    directory = ctx.world.directory
    lines = _known(ctx, directory) if directory else _unknown(ctx)
    text = "\n\n".join([ctx.say("human.title"), *lines, ctx.say("human.danger")])
    choices = (ctx.button("label.danger", "danger"), *_place(ctx), ctx.button("label.ask", "ask"))
    return Screen(text, pack("human"), ctx.state, choices, facts=(HumanRequested(ctx.state.topic_id),))


def _place(ctx: Ctx) -> tuple[Button, ...]:
    """The way to say where one lives, or to change it, in a bot that knows the communes."""
    label = "label.place" if place_name(ctx) is None else "label.other_place"
    return (ctx.button(label, "where", "h"),) if "where" in ctx.flows else ()


def place_name(ctx: Ctx) -> str | None:
    """The commune this person told, with its province."""
    commune = communes().get(ctx.state.profile.commune or "")
    return f"{commune.name}, {commune.province.name}" if commune else None


def _unknown(ctx: Ctx) -> list[str]:
    """Whom to ask for anywhere; said for the commune that was told, whose contacts nobody has filled in yet."""
    told = place_name(ctx)
    missing = ctx.say("human.not_filled", commune=told) if told else ctx.say("human.no_hours")
    return [ctx.say("human.unknown"), missing]


def _known(ctx: Ctx, directory: Directory) -> list[str]:
    lines = [_one_stop(ctx, directory)]
    if directory.police_phone:
        lines.append(ctx.say("human.police", phone=directory.police_phone))
    if directory.helpers:
        names = "; ".join(_helper(helper) for helper in directory.helpers[:MAX_HELPERS])
        lines.append(ctx.say("human.team", names=names))
    listed = "\n".join(f"- {line}" for line in lines)
    return [f"{ctx.say('human.known', commune=directory.commune)}\n{listed}"]


def _one_stop(ctx: Ctx, directory: Directory) -> str:
    address = directory.one_stop_address or ctx.say("human.address_unknown")
    hours = directory.one_stop_hours
    parts = [
        ctx.say("human.one_stop", address=address),
        ctx.say("human.hours", hours=hours) if hours else ctx.say("human.hours_unknown"),
        *([ctx.say("human.phone", phone=directory.one_stop_phone)] if directory.one_stop_phone else []),
    ]
    return ". ".join(parts)


def _helper(helper: Helper) -> str:
    village = f" ({helper.village})" if helper.village else ""
    phone = f" {helper.phone}" if helper.phone else ""
    return f"{helper.name}{village}{phone}"
