"""Someone in danger now: what to do, in order, before anything else."""

from __future__ import annotations

from typing import Final

from bot.flows import acts
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.shown import Shown
from bot.messages import Button
from bot.payloads import pack, parse
from knowledge.model import Aspect, View
from nlu.asides import tells
from nlu.understanding import Understanding, Urgency
from retrieval.decision import Decision, Kind

# Dangers to life and to children have words of their own; the others take the steps of the best topic.
DEDICATED: Final = frozenset({Urgency.life_danger, Urgency.despair, Urgency.captive, Urgency.child_danger, Urgency.blackmail})
USUAL: Final[dict[Urgency, tuple[str, ...]]] = {
    Urgency.being_scammed: ("lua-dao-gia-cong-an", "bi-lua-lam-gi"),
    Urgency.lost_money: ("bi-lua-lam-gi", "khoa-the"),
    Urgency.device_taken: ("lua-dao-app-gia", "mat-dien-thoai", "vneid-mat-may", "khoa-the", "lay-lai-tai-khoan"),
    Urgency.despair: (),  # nothing to read: somebody to be with
    Urgency.captive: ("lua-dao-viec-nhe", "bao-cao-lua-dao"),
    Urgency.child_danger: ("tre-em-tren-mang", "bao-cao-lua-dao"),
    Urgency.blackmail: ("bao-cao-lua-dao",),
    Urgency.life_danger: (),
}
KEYS_GIVEN: Final = ("otp", "link-la", "lua-dao-app-gia")  # codes read out, links pressed, apps installed: steps of their own
SCAM_AREA: Final = "an-toan"
# "Máy, nick bị chiếm, mất" is three matters: label → the topic with its steps
DEVICES: Final = {
    "label.device_runs": "lua-dao-app-gia",
    "label.device_lost": "mat-dien-thoai",
    "label.account_taken": "lay-lai-tai-khoan",
}
EXPOSED: Final = "exposed"  # a picture is online, but nobody asks for anything: words of its own
EXPOSABLE: Final = frozenset({Urgency.blackmail, Urgency.child_danger})
EXPOSED_TOPIC: Final = "tre-em-tren-mang"
MONEY: Final = frozenset({Urgency.being_scammed, Urgency.lost_money, Urgency.device_taken})


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
    """``<urgency>``, ``<urgency>:<topic>``, the topic whose steps were chosen when the person spoke, or ``blackmail:exposed``."""
    try:
        urgency = Urgency(one(args))
    except ValueError:
        raise Gone(args[0]) from None
    if args[1:2] == (EXPOSED,) and urgency in EXPOSABLE:
        return _exposed(ctx, urgency)
    usual = urgency not in DEDICATED and urgency is not Urgency.device_taken
    chosen = _with_steps(ctx, args[1:2]) or (_usual(ctx, urgency) if usual else None)
    return _from_topic(ctx, urgency, chosen) if chosen else _from_texts(ctx, urgency)


def respond(ctx: Ctx, understanding: Understanding, decision: Decision | None) -> Screen:
    """The screen for what was just said, from the topic that fits it best. Raises Gone without a danger."""
    urgency = understanding.urgency
    if urgency is None:
        raise Gone("no danger")
    if urgency in EXPOSABLE and _is_exposed(understanding):
        return show(ctx, (urgency.value, EXPOSED))
    view = _best(ctx, understanding, decision) if urgency not in DEDICATED else None
    return show(ctx, (urgency.value, view.key.topic_id) if view else (urgency.value,))


def _is_exposed(understanding: Understanding) -> bool:
    return tells("exposed", understanding.restored) and not tells("demands", understanding.restored)


def _best(ctx: Ctx, understanding: Understanding, decision: Decision | None) -> View | None:
    """For a scam under way the one at hand, else the best found; for a taken device the best of the usual ones."""
    found = tuple(topic.topic_id for topic in decision.topics) if decision else ()
    match understanding.urgency:
        case Urgency.being_scammed:
            return _at_hand(ctx, understanding, decision) or _scam(ctx, found)
        case Urgency.lost_money if decision and decision.kind is Kind.ANSWER:
            return _with_steps(ctx, tuple(t for t in found[:1] if t in KEYS_GIVEN))
        case Urgency.device_taken:
            return _with_steps(ctx, tuple(t for t in found if t in USUAL[Urgency.device_taken]))
    return None


def _at_hand(ctx: Ctx, understanding: Understanding, decision: Decision | None) -> View | None:
    """The scam this danger began with: "họ đang gọi lại" says no more than that it goes on."""
    sure = decision is not None and decision.kind is Kind.ANSWER and decision.kept_topic is None
    goes_on = understanding.follow_up or not sure
    return _with_steps(ctx, (ctx.state.scam,)) if ctx.state.scam and goes_on else None


def _scam(ctx: Ctx, found: tuple[str, ...]) -> View | None:
    topics = ctx.world.content.topics
    scams = (t for t in found if t in topics and topics[t].area == SCAM_AREA)
    return _with_steps(ctx, tuple(t for t in scams if t not in USUAL[Urgency.captive]))  # those steps are for the captive


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
    return _card(ctx, urgency, text, pack("urgent", urgency.value, view.key.topic_id), view.key.topic_id)


def _from_texts(ctx: Ctx, urgency: Urgency) -> Screen:
    text, address = ctx.say(f"urgent.{urgency.value}"), pack("urgent", urgency.value)
    if urgency is Urgency.despair:
        return _card(ctx, urgency, text, address, None)
    known = next((topic_id for topic_id in USUAL[urgency] if ctx.view(topic_id)), None)
    return _card(ctx, urgency, f"{text}\n\n{ctx.say('urgent.status')}", address, known)


def _exposed(ctx: Ctx, urgency: Urgency) -> Screen:
    text = f"{ctx.say('urgent.exposed')}\n\n{ctx.say('urgent.status')}"
    known = EXPOSED_TOPIC if ctx.view(EXPOSED_TOPIC) else None
    return _card(ctx, urgency, text, pack("urgent", urgency.value, EXPOSED), known)


def _card(ctx: Ctx, urgency: Urgency, text: str, address: str, topic_id: str | None) -> Screen:
    """The card, and the danger kept at hand: with its scam, if it is one."""
    aspect = Aspect.EMERGENCY.value if topic_id and f":{topic_id}" in address else None
    scam = topic_id if urgency is Urgency.being_scammed else ctx.state.scam if urgency in MONEY else None
    at_hand = {"topic_id": topic_id, "aspect": aspect, "failures": 0, "emergency": address, "scam": scam}
    state = ctx.state.model_copy(update=at_hand)
    gentle = urgency is Urgency.despair
    return Screen(text, address, state, _choices(ctx, urgency, address, topic_id), urgent=True, gentle=gentle)


def _choices(ctx: Ctx, urgency: Urgency, address: str, topic_id: str | None) -> tuple[Button, ...]:
    """The next dangers in line first: who is being cheated may just have lost money. In despair nothing but a human."""
    if urgency is Urgency.despair:
        return (ctx.button("label.human", "human"),)
    if address == pack("urgent", Urgency.device_taken.value):
        return (
            *_devices(ctx),
            ctx.button("label.bank_number", "calm", "bank_number"),
            ctx.button("label.danger_other", "danger"),
        )
    follows = {Urgency.being_scammed: (Urgency.lost_money, Urgency.device_taken), Urgency.lost_money: (Urgency.device_taken,)}
    near = (Urgency.blackmail,) if address.endswith(f":{EXPOSED}") else follows.get(urgency, ())
    dangers = [ctx.button(f"label.{u.value}", "urgent", u.value) for u in near]
    bank = [ctx.button("label.bank_number", "calm", "bank_number")] if urgency in MONEY else []
    read = [ctx.button("label.read_topic", "topic", topic_id)] if topic_id else []
    return (*dangers, *bank, *read, ctx.button("label.danger_other", "danger"))


def _devices(ctx: Ctx) -> tuple[Button, ...]:
    """What may have happened to a device or an account, each with steps of its own."""
    there = ((label, topic) for label, topic in DEVICES.items() if _with_steps(ctx, (topic,)))
    return tuple(ctx.button(label, "urgent", Urgency.device_taken.value, topic) for label, topic in there)
