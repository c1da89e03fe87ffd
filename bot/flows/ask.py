"""A typed question: answer, ask back, or say honestly that there is no answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.facts import Feedback, QuestionAsked, Rating
from bot.flows import home, procedure, topic, urgent, worry
from bot.flows.base import Ctx, Gone, Screen, one
from bot.messages import Button
from bot.payloads import pack
from bot.state import MAX_OFFERED, State
from bot.turn import Heard
from knowledge.model import Aspect
from nlu.understanding import Understanding
from retrieval.decision import Decision, Kind

ASKED_BACK = 3  # topics in an ask-back, and nearest topics in a don't-know
FAILURES_BEFORE_HUMAN = 2
WHY: Final = ("first", "again", "outside", "about", "none_of_these", "broken", "procedure")

OFFER: Final = pack("offer")
OTHER: Final = "other"


def respond(ctx: Ctx, heard: Heard) -> Screen:
    """The screen for a question and the fact that it was asked. Danger comes before every other consideration."""
    ctx = replace(ctx, state=_asking(ctx, heard.decision))
    understanding = heard.understanding
    if understanding.urgency:
        screen = urgent.respond(ctx, understanding, heard.decision)
    else:
        screen = _by_decision(ctx, understanding, heard.decision)
        if understanding.worry:
            screen = worry.cautioned(ctx, screen, understanding.restored)
    return replace(screen, facts=(question_asked(ctx, heard, screen), *screen.facts))


def _asking(ctx: Ctx, decision: Decision | None) -> State:
    """The state with what is near on record; what a follow-up's few words resemble says nothing, so the record stays."""
    if decision and decision.kept_topic:
        return ctx.state.model_copy(update={"question": ctx.world.turn_id})
    near = tuple(topic_id for topic_id in decision.near if ctx.view(topic_id))[:MAX_OFFERED] if decision else ()
    return ctx.state.model_copy(update={"question": ctx.world.turn_id, "offered": near})


def _by_decision(ctx: Ctx, understanding: Understanding, decision: Decision | None) -> Screen:
    if kept := _kept(ctx, understanding, decision):
        return _follow_up(ctx, kept, topic.aspect_of(understanding))
    if decision is None:
        return unknown(ctx, ("broken",))
    if decision.kind is not Kind.ANSWER and (screen := procedure.follow(ctx, understanding)):
        return screen
    if decision.kind is Kind.PROCEDURE:
        return procedure.respond(_succeeded(ctx), decision, understanding.aspect) or unknown(ctx, ("procedure",))
    if decision.kind in (Kind.ANSWER, Kind.ASK_BACK) and decision.best:
        return _found(ctx, understanding, decision)
    if understanding.follow_up and ctx.state.topic_id is None:
        return unknown(ctx, ("about",))
    return _unanswered(ctx, decision)


def _unanswered(ctx: Ctx, decision: Decision) -> Screen:
    """A topic of the plan that fits best is named; else only what is really near is offered."""
    best = decision.best
    if best and not best.covered and best.topic_id in ctx.world.content.catalogue:
        return topic.writing(_succeeded(ctx), best.topic_id)
    return _failed(ctx, "outside" if decision.outside else "first")


def _kept(ctx: Ctx, understanding: Understanding, decision: Decision | None) -> str | None:
    """The topic a follow-up is about: the one retrieval kept, else the conversation's; None when another is a sure answer."""
    if decision and decision.kept_topic and ctx.view(decision.kept_topic):
        return decision.kept_topic
    current = ctx.state.topic_id
    if not understanding.follow_up or current is None or ctx.view(current) is None:
        return None
    elsewhere = decision and decision.kind is Kind.ANSWER and decision.best and decision.best.topic_id != current
    return None if elsewhere else current


def _follow_up(ctx: Ctx, topic_id: str, aspect: Aspect | None) -> Screen:
    """The section asked for; when none can be told, the topic's sections to choose from."""
    ctx = _succeeded(ctx)
    return topic.answer(ctx, topic_id, aspect) if aspect else topic.parts(ctx, topic_id)


def _found(ctx: Ctx, understanding: Understanding, decision: Decision) -> Screen:
    best = decision.best
    if best and ctx.view(best.topic_id) is None and best.topic_id in ctx.world.content.catalogue:
        return topic.writing(_succeeded(ctx), best.topic_id)
    if best and decision.kind is Kind.ANSWER and ctx.view(best.topic_id):
        return topic.answer(
            _calm(_succeeded(ctx), best.topic_id), best.topic_id, topic.section_for(ctx, best.topic_id, understanding)
        )
    return offer(_left(_succeeded(ctx)), ()) if ctx.state.offered else _failed(ctx, "first")


def _succeeded(ctx: Ctx) -> Ctx:
    return replace(ctx, state=ctx.state.model_copy(update={"failures": 0}))


def _calm(ctx: Ctx, topic_id: str) -> Ctx:
    """A sure answer about another matter ends the danger that was at hand."""
    if ctx.world.content.topics[topic_id].area == urgent.SCAM_AREA:
        return ctx
    return replace(ctx, state=ctx.state.model_copy(update={"emergency": None, "scam": None}))


def _left(ctx: Ctx) -> Ctx:
    """The talk has gone on to something else, not yet known what: a follow-up must not fall back on the topic before."""
    return replace(ctx, state=ctx.state.model_copy(update={"topic_id": None, "aspect": None}))


def offer(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """Ask back: which of the nearest topics, or none of these. Without any on record: how to ask.

    The argument ``other`` asks what was meant instead of the topic just shown.
    """
    found = _nearest(ctx)
    if not found:
        return home.invite(ctx, ())
    other = args[:1] == (OTHER,)
    address = pack("offer", OTHER) if other else OFFER
    return Screen(ctx.say("ask.other" if other else "ask.which"), address, ctx.state, (*found, ctx.button("label.none", "none")))


def none_of_these(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """What was offered was all wrong: that is worth keeping, and counts as a failure.

    The argument ``other``: the topic shown was wrong; the others that were near are offered first.
    """
    facts = (Feedback(ctx.state.question, Rating.DOWN, "none_of_these"),) if ctx.state.question else ()
    others = tuple(t for t in ctx.state.offered if t != ctx.state.topic_id) if args[:1] == (OTHER,) else ()
    ctx = replace(ctx, state=ctx.state.model_copy(update={"offered": others, "topic_id": None, "aspect": None}))
    screen = offer(ctx, (OTHER,)) if others else _failed(ctx, "none_of_these")
    return replace(screen, facts=facts)


def _nearest(ctx: Ctx) -> tuple[Button, ...]:
    buttons = (ctx.topic_button(topic_id) for topic_id in ctx.state.offered[:ASKED_BACK])
    return tuple(button for button in buttons if button)


def _failed(ctx: Ctx, why: str) -> Screen:
    """A first failure offers what is near; the second one a human first, and the count starts anew."""
    failures = ctx.state.failures + 1
    again = failures >= FAILURES_BEFORE_HUMAN
    state = ctx.state.model_copy(update={"failures": 0 if again else failures})
    return unknown(replace(ctx, state=state), ("again" if again else why,))


def unknown(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """No answer, and why (one of `WHY`); what is near and the areas."""
    why = one(args)
    if why not in WHY:
        raise Gone(why)
    near = _nearest(ctx) if why in ("first", "again") else ()
    human = (ctx.button("label.human", "human"),) if why == "again" else ()
    return Screen(_words(ctx, why, bool(near)), pack("unknown", why), ctx.state, (*human, *near, *home.area_buttons(ctx)))


def _words(ctx: Ctx, why: str, near: bool) -> str:
    if why == "first":
        return f"{ctx.say('ask.unknown')}\n\n{ctx.say('ask.nearest' if near else 'ask.rephrase')}"
    return ctx.say("ask.unknown_again" if why == "again" else f"ask.{why}")


def question_asked(ctx: Ctx, heard: Heard, screen: Screen) -> QuestionAsked:
    """The record of a question: what was understood, decided and shown."""
    understanding, decision = heard.understanding, heard.decision
    shown = _shown(ctx, screen)
    view = ctx.view(shown) if shown else None
    return QuestionAsked(
        turn_id=ctx.world.turn_id,
        text_masked=understanding.masked,
        restored=understanding.restored,
        intent=understanding.intent.value,
        aspect=understanding.aspect,
        urgency=understanding.urgency.value if understanding.urgency else None,
        decision=decision.kind.value if decision else "",
        topics=decision.topics if decision else (),
        procedures=decision.procedures if decision else (),
        confidence=decision.confidence if decision else 0.0,
        index_build=decision.index_build if decision else "",
        topic_id=shown,
        revision_id=view.revision_id if view else None,
        follow_up=understanding.follow_up,
    )


def _shown(ctx: Ctx, screen: Screen) -> str | None:
    """The topic whose text is on the screen, None for menus, ask-backs and fixed words."""
    parts = screen.address.split(":")
    index = {"topic": 2, "step": 2, "urgent": 3}.get(parts[1])
    return parts[index] if index and len(parts) > index else None
