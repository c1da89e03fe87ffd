"""Official procedures: those found or belonging to a topic, the card of one, and its texts page by page.

Everything here comes from imported records and stands under a line that says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.flows import procedure_text as texts
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.feedback import buttons as feedback_buttons
from bot.messages import Button
from bot.paging import split_text
from bot.payloads import Payload, PayloadError, pack, parse
from bot.texts import LABEL_LENGTH, clip
from knowledge.model import Aspect
from knowledge.procedures.model import Procedure, Tier
from knowledge.procedures.render import month
from nlu.understanding import Understanding
from retrieval.decision import Decision

PAGE: Final = 1_400  # characters of a record's text on one screen
LISTED: Final = 8
NEAR: Final = 2  # topics offered beside procedures
SHOWN: Final = 3  # procedures found for one question
BUTTON_ROOM: Final = LABEL_LENGTH - 3  # beside the number
BRIEF: Final = 5  # words a question about the procedure on the screen may have that names nothing else
BY_ASPECT: Final = {
    Aspect.DOCUMENTS.value: "papers",
    Aspect.FEE.value: "time",
    Aspect.TIME.value: "time",
    Aspect.STEPS.value: "steps",
    Aspect.WHERE.value: "steps",
    Aspect.ELIGIBILITY.value: "conditions",
}


def respond(ctx: Ctx, decision: Decision, aspect: str | None) -> Screen | None:
    """The screen for procedures that were found: the card of a clear one, else the list; None if none is there any more."""
    codes = tuple(found.code for found in decision.procedures if ctx.world.procedures.get(found.code))
    if not codes:
        return None
    ctx = _left(ctx)
    if len(codes) == 1 or (decision.clear and not ctx.state.offered):
        return show(ctx, (codes[0], BY_ASPECT[aspect]) if aspect in BY_ASPECT else (codes[0],))
    return found(ctx, codes)


def found(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<code>:<code>…``: procedures to choose from, then the topics that were near. Raises Gone without any."""
    procedures = _known(ctx, args[:SHOWN])
    topics = _topics(ctx)
    head = ctx.say("procedure.choose" if topics else "procedure.found", month=month(procedures[0]))
    text = "\n\n".join([head, _lines(ctx, procedures), *([ctx.say("procedure.topics")] if topics else [])])
    choices = (*_buttons(procedures), *topics, ctx.button("label.none", "none"))
    return Screen(text, pack("found", *args[:SHOWN]), ctx.state, choices)


def _topics(ctx: Ctx) -> tuple[Button, ...]:
    """The reviewed topics that the question came near to."""
    near = (button for topic_id in ctx.state.offered[:NEAR] if (button := ctx.topic_button(topic_id)))
    return tuple(replace(button, label=ctx.voice.label("label.related", title=button.label)) for button in near)


def of_topic(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<topic>``: the procedures that belong to a topic. Raises Gone without any."""
    topic_id = one(args)
    _, view = ctx.topic(topic_id)
    procedures = ctx.world.procedures.of_topic(topic_id)[:LISTED]
    if not procedures:
        raise Gone(topic_id)
    head = ctx.say("procedure.of_topic", title=view.title, month=month(procedures[0]))
    text = "\n\n".join([head, _lines(ctx, procedures)])
    return Screen(text, pack("procedures", topic_id), ctx.state, _buttons(procedures))


def topic_button(ctx: Ctx, topic_id: str) -> tuple[Button, ...]:
    """The way from a topic to its procedures, where any were imported."""
    there = ctx.world.procedures.of_topic(topic_id)
    return (ctx.button("label.procedures", "procedures", topic_id),) if there else ()


def _known(ctx: Ctx, codes: tuple[str, ...]) -> tuple[Procedure, ...]:
    procedures = tuple(procedure for code in codes if (procedure := ctx.world.procedures.get(code)))
    if not procedures:
        raise Gone("procedures")
    return procedures


def _lines(ctx: Ctx, procedures: tuple[Procedure, ...]) -> str:
    named = enumerate(procedures, start=1)
    lines = (
        ctx.say("procedure.line", number=n, title=texts.cut(p.name, texts.TITLE_ROOM), level=p.level.lower()) for n, p in named
    )
    return "\n".join(lines)


def _buttons(procedures: tuple[Procedure, ...]) -> tuple[Button, ...]:
    """One a procedure, numbered as in the text, with the words that tell it from the others."""
    names = texts.told_apart([procedure.name for procedure in procedures], BUTTON_ROOM)
    numbered = enumerate(zip(procedures, names, strict=True), start=1)
    return tuple(Button(clip(f"{number}. {name}"), pack("procedure", procedure.code)) for number, (procedure, name) in numbered)


def _left(ctx: Ctx) -> Ctx:
    """The talk has gone on to a procedure: a follow-up must not fall back on the topic before."""
    return replace(ctx, state=ctx.state.model_copy(update={"topic_id": None, "aspect": None}))


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<code>``, ``<code>:<part>`` or ``<code>:<part>:<page>``. Raises Gone for what is not there."""
    (procedure,) = _known(ctx, (one(args),))
    if len(args) == 1:
        return _card(ctx, procedure)
    return _part(ctx, procedure, args[1], args[2] if len(args) > 2 else "1")


def _card(ctx: Ctx, procedure: Procedure) -> Screen:
    papers, time_fee = texts.short_papers(ctx, procedure), texts.short_time_fee(ctx, procedure)
    parts = (texts.head(ctx, procedure), texts.label(ctx, procedure), papers, time_fee, texts.link(ctx, procedure))
    topics = _topics(ctx) if ctx.state.topic_id is None else ()
    choices = (*_part_buttons(ctx, procedure, None), *topics, *_levels(ctx, procedure), *feedback_buttons(ctx))
    return Screen("\n\n".join(parts), pack("procedure", procedure.code), ctx.state, choices)


def _part(ctx: Ctx, procedure: Procedure, name: str, number: str) -> Screen:
    """One page of a part's text. A page that is not there leads nowhere."""
    if name not in texts.PARTS:
        raise Gone(name)
    pages = split_text(texts.PARTS[name](ctx, procedure), PAGE)
    if not number.isdecimal() or not 1 <= int(number[:4]) <= len(pages):
        raise Gone(number)
    page = int(number)
    head = ctx.say("procedure.part", title=texts.title(procedure), page=page, pages=len(pages))
    more = (ctx.button("label.procedure_more", "procedure", procedure.code, name, page + 1),) if page < len(pages) else ()
    text = "\n\n".join([head, texts.label(ctx, procedure), pages[page - 1], texts.link(ctx, procedure)])
    card = ctx.button("label.procedure_card", "procedure", procedure.code)
    choices = (*more, card, *_part_buttons(ctx, procedure, name), *feedback_buttons(ctx))
    return Screen(text, pack("procedure", procedure.code, name, page), ctx.state, choices)


def _part_buttons(ctx: Ctx, procedure: Procedure, shown: str | None) -> tuple[Button, ...]:
    """The parts that have a text."""
    there = (name for name, part in texts.PARTS.items() if name != shown and part(ctx, procedure))
    return tuple(ctx.button(f"label.procedure_{name}", "procedure", procedure.code, name) for name in there)


def _levels(ctx: Ctx, procedure: Procedure) -> tuple[Button, ...]:
    """The same procedure at the other levels, one record a level."""
    others = {other.tier: other for other in reversed(ctx.world.procedures.siblings(procedure.code))}
    return tuple(
        Button(ctx.voice.label("label.procedure_level", level=ctx.say(_level_text(tier))), pack("procedure", other.code))
        for tier, other in others.items()
        if tier is not procedure.tier
    )


def _level_text(tier: Tier) -> str:
    return f"procedure.level_{tier.name.lower()}"


def follow(ctx: Ctx, understanding: Understanding) -> Screen | None:
    """A short question on a procedure's screen: the part asked for, or of which one; None where it is about something else."""
    here, part = _here(ctx), BY_ASPECT.get(understanding.aspect or "")
    brief = understanding.follow_up or len(understanding.restored.split()) <= BRIEF
    codes = tuple(code for code in here.args if ctx.world.procedures.get(code))
    if part is None or not brief or not codes:
        return None
    if here.flow == "procedure":
        return show(ctx, (codes[0], part))
    return replace(found(ctx, codes), before=(ctx.say("procedure.of_which"),)) if here.flow == "found" else None


def _here(ctx: Ctx) -> Payload:
    try:
        return parse(ctx.state.screen)
    except PayloadError:
        return Payload("")
