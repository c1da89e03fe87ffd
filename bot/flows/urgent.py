"""Someone in danger now: what to do, in order, before anything else."""

from __future__ import annotations

from typing import Final

from bot.flows import acts
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.shown import Shown
from bot.messages import Button
from bot.payloads import pack, parse
from knowledge.model import Aspect, View
from nlu.understanding import Urgency
from retrieval.decision import Decision, Kind

# Dangers to life and to children have words of their own; the others take the steps of the best topic.
DEDICATED: Final = frozenset({Urgency.life_danger, Urgency.despair, Urgency.captive, Urgency.child_danger, Urgency.blackmail})
USUAL: Final[dict[Urgency, tuple[str, ...]]] = {
    Urgency.being_scammed: ("lua-dao-gia-cong-an", "bi-lua-lam-gi"),
    Urgency.lost_money: ("bi-lua-lam-gi", "khoa-the"),
    Urgency.device_taken: ("lua-dao-app-gia", "mat-dien-thoai", "vneid-mat-may", "khoa-the", "lay-lai-tai-khoan"),
    Urgency.despair: ("bi-lua-lam-gi",),
    Urgency.captive: ("lua-dao-viec-nhe", "bao-cao-lua-dao"),
    Urgency.child_danger: ("tre-em-tren-mang", "bao-cao-lua-dao"),
    Urgency.blackmail: ("bao-cao-lua-dao",),
    Urgency.life_danger: (),
}
KEYS_GIVEN: Final = ("otp", "link-la", "lua-dao-app-gia")  # codes read out, links pressed, apps installed: steps of their own
SCAM_AREA: Final = "an-toan"


def menu(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """ "Đang bị lừa? Bấm đây": what holds for all, at once, then what is happening."""
    buttons = tuple(ctx.button(f"label.{urgency.value}", "urgent", urgency.value) for urgency in USUAL)
    return Screen(ctx.say("danger.menu"), pack("danger"), ctx.state, buttons, urgent=True)


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """The first acts (arguments as for `_whole`); in despair everything at once, no help waits behind a button."""
    screen = _whole(ctx, args)
    return screen if args[0] == Urgency.despair else acts.first(ctx, screen, *parse(screen.address).args)


def others(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """What to do after the first acts, with sources and dates."""
    screen = _whole(ctx, args)
    return acts.others(ctx, screen, *parse(screen.address).args)


def _whole(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<urgency>`` or ``<urgency>:<topic>``: the topic whose emergency steps were chosen when the person spoke."""
    try:
        urgency = Urgency(one(args))
    except ValueError:
        raise Gone(args[0]) from None
    chosen = _with_steps(ctx, args[1:2]) or (_usual(ctx, urgency) if urgency not in DEDICATED else None)
    return _from_topic(ctx, urgency, chosen) if chosen else _from_texts(ctx, urgency)


def respond(ctx: Ctx, urgency: Urgency, decision: Decision | None) -> Screen:
    """The screen for what was just said, from the topic that fits it best."""
    view = _best(ctx, urgency, decision) if urgency not in DEDICATED else None
    return show(ctx, (urgency.value, view.key.topic_id) if view else (urgency.value,))


def _best(ctx: Ctx, urgency: Urgency, decision: Decision | None) -> View | None:
    """For a scam under way the best scam topic found, for a taken device the best of the usual ones, else the usual one."""
    found = tuple(topic.topic_id for topic in decision.topics) if decision else ()
    if urgency is Urgency.being_scammed:
        topics = ctx.world.content.topics
        scams = (t for t in found if t in topics and topics[t].area == SCAM_AREA)
        return _with_steps(ctx, tuple(t for t in scams if t not in USUAL[Urgency.captive]))  # those steps are for the captive
    if urgency is Urgency.lost_money and decision and decision.kind is Kind.ANSWER:
        return _with_steps(ctx, tuple(t for t in found[:1] if t in KEYS_GIVEN))
    if urgency is Urgency.device_taken:
        return _with_steps(ctx, tuple(t for t in found if t in USUAL[urgency]))
    return None


def _usual(ctx: Ctx, urgency: Urgency) -> View | None:
    return _with_steps(ctx, USUAL[urgency])


def _with_steps(ctx: Ctx, topic_ids: tuple[str, ...]) -> View | None:
    """The first of those topics whose text has emergency steps."""
    views = (ctx.view(topic_id) for topic_id in topic_ids)
    return next((view for view in views if view and view.section(Aspect.EMERGENCY)), None)


def _from_topic(ctx: Ctx, urgency: Urgency, view: View) -> Screen:
    section = view.section(Aspect.EMERGENCY)
    if section is None:
        raise Gone(view.key.topic_id)
    shown = Shown(ctx, view)
    heading = f"**{ctx.say('aspect.emergency')}**"
    text = "\n\n".join([heading, shown.section(section), ctx.say("urgent.after"), shown.source()])
    state = ctx.state.model_copy(update={"topic_id": view.key.topic_id, "aspect": Aspect.EMERGENCY.value, "failures": 0})
    address = pack("urgent", urgency.value, view.key.topic_id)
    return Screen(text, address, state, _choices(ctx, urgency, view.key.topic_id), urgent=True)


def _from_texts(ctx: Ctx, urgency: Urgency) -> Screen:
    text = "\n\n".join([ctx.say(f"urgent.{urgency.value}"), ctx.say("urgent.status")])
    known = next((topic_id for topic_id in USUAL[urgency] if ctx.view(topic_id)), None)
    state = ctx.state.model_copy(update={"topic_id": known, "aspect": None, "failures": 0})
    return Screen(text, pack("urgent", urgency.value), state, _choices(ctx, urgency, known), urgent=True)


def _choices(ctx: Ctx, urgency: Urgency, topic_id: str | None) -> tuple[Button, ...]:
    """The next dangers in line first: who is being cheated may just have lost money."""
    follows = {Urgency.being_scammed: (Urgency.lost_money, Urgency.device_taken), Urgency.lost_money: (Urgency.device_taken,)}
    dangers = [ctx.button(f"label.{u.value}", "urgent", u.value) for u in follows.get(urgency, ())]
    read = [ctx.button("label.read_topic", "topic", topic_id)] if topic_id else []
    return (*dangers, *read, ctx.button("label.danger_other", "danger"))
