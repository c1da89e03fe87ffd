"""A topic: the section that was asked for, its source and status, and the rest of it as buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.flows import acts, card, home, procedure, steps
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.feedback import buttons as feedback_buttons
from bot.flows.shown import Shown
from bot.messages import Button
from bot.payloads import pack
from knowledge.model import Aspect, View
from nlu.aspects import asks_prevention, names_trouble
from nlu.understanding import Understanding, Urgency

FIRST = 3  # sections that stand before the way to official procedures
RELATED = 2  # related topics offered below a topic
PARTS: Final = "parts"
SAFETY_AREA: Final = "an-toan"
PLACES: Final = ("dinh-danh", "an-toan", "thanh-toan", "dich-vu-cong")  # areas with a place of their own to ask


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<topic>``, ``<topic>:<aspect>`` or ``<topic>:parts``. One of the plan without content is said to be in the making."""
    topic_id = one(args)
    if ctx.view(topic_id) is None:
        return writing(ctx, topic_id)
    if args[1:2] == (PARTS,):
        return parts(ctx, topic_id)
    return answer(ctx, topic_id, _aspect(args[1]) if len(args) > 1 else None)


def _aspect(name: str) -> Aspect:
    try:
        return Aspect(name)
    except ValueError:
        raise Gone(name) from None


def answer(ctx: Ctx, topic_id: str, aspect: Aspect | None) -> Screen:
    """The section of that aspect, one step at a time for steps; without an aspect the summary."""
    _, view = ctx.topic(topic_id)
    steps_section = view.section(Aspect.STEPS)
    if aspect is Aspect.STEPS and steps_section and steps_section.steps:
        return steps.show(ctx, (topic_id, "1"))
    return _section(ctx, view, aspect or Aspect.SUMMARY)


def aspect_of(understanding: Understanding) -> Aspect | None:
    """The aspect asked for; a summary is what is shown anyway."""
    known = {a.value: a for a in Aspect if a is not Aspect.SUMMARY}
    return known.get(understanding.aspect or "")


def section_for(ctx: Ctx, topic_id: str, understanding: Understanding) -> Aspect | None:
    """The section for a question that opens a topic; None, its summary, where the mishap or fraud asked about is the topic."""
    aspect = aspect_of(understanding)
    found, view = ctx.topic(topic_id)
    mishap = aspect is Aspect.TROUBLE and names_trouble(view.title)
    fraud = aspect is Aspect.SAFETY and found.area == SAFETY_AREA and not asks_prevention(understanding.restored)
    return None if mishap or fraud else aspect


def parts(ctx: Ctx, topic_id: str) -> Screen:
    """A topic's sections to choose from: for a follow-up that does not say which."""
    _, view = ctx.topic(topic_id)
    state = ctx.state.model_copy(update={"topic_id": topic_id, "aspect": None})
    return Screen(ctx.say("topic.keep", title=view.title), pack("topic", topic_id, PARTS), state, choices(ctx, view, None))


def _section(ctx: Ctx, view: View, wanted: Aspect) -> Screen:
    """The wanted section, or honestly that there is none, and what there is; the summary is not repeated in one conversation."""
    section = view.section(wanted)
    if section is None and ctx.state.topic_id == view.key.topic_id:
        return _nothing(ctx, view, wanted)
    shown_aspect = wanted if section else Aspect.SUMMARY
    shown = Shown(ctx, view)
    missing = [] if section else [_missing(ctx, view, wanted)]
    body = section or view.section(Aspect.SUMMARY)
    heading = [] if shown_aspect is Aspect.SUMMARY else [f"**{ctx.say(f'aspect.{shown_aspect.value}')}**"]
    title = [f"**{view.title}**"] if section else []
    text = "\n\n".join([*missing, *title, *heading, *([shown.section(body)] if body else []), shown.source()])
    topic_id = view.key.topic_id
    state = ctx.state.model_copy(update={"topic_id": topic_id, "aspect": wanted.value})
    address = pack("topic", topic_id) if wanted is Aspect.SUMMARY else pack("topic", topic_id, wanted.value)
    screen = Screen(text, address, state, choices(ctx, view, shown_aspect))
    if shown_aspect is not Aspect.EMERGENCY:
        return screen
    at_hand = state.model_copy(update={"emergency": address, "scam": None})
    return acts.first(ctx, replace(screen, state=at_hand, urgent=True), Urgency.being_scammed.value, topic_id)


def _nothing(ctx: Ctx, view: View, wanted: Aspect) -> Screen:
    address = pack("topic", view.key.topic_id, wanted.value)
    return Screen(_missing(ctx, view, wanted), address, ctx.state, choices(ctx, view, None))


def _missing(ctx: Ctx, view: View, wanted: Aspect) -> str:
    name = "topic.not_applicable" if wanted in view.not_applicable else "topic.missing"
    return ctx.say(name, title=view.title, aspect=ctx.say(f"aspect.{wanted.value}").removesuffix(" ▶"))


def choices(ctx: Ctx, view: View, shown: Aspect | None) -> tuple[Button, ...]:
    """The other sections, emergency first and steps next; below the summary the card, too; then 👍/👎 and related topics."""
    aspects = sorted((a for a in view.aspects if a is not shown), key=lambda a: a not in (Aspect.EMERGENCY, Aspect.STEPS))
    sections = tuple(ctx.button(f"aspect.{a.value}", "topic", view.key.topic_id, a.value) for a in aspects)
    official = procedure.topic_button(ctx, view.key.topic_id)
    sheet = (card.button(ctx, view.key.topic_id),) if shown is Aspect.SUMMARY else ()
    extra = (*official, *sheet)
    return (*sections[:FIRST], *extra, *sections[FIRST:], *feedback_buttons(ctx), *_related(ctx, view.key.topic_id))


def _related(ctx: Ctx, topic_id: str) -> tuple[Button, ...]:
    topic = ctx.world.content.topics[topic_id]
    found = (ctx.topic_button(other) for other in topic.related if other != topic_id)
    buttons = [replace(button, label=_arrow(ctx, button.label)) for button in found if button]
    return tuple(buttons[:RELATED])


def _arrow(ctx: Ctx, title: str) -> str:
    return ctx.voice.label("label.related", title=title)


def writing(ctx: Ctx, topic_id: str) -> Screen:
    """A topic of the plan without content: said honestly, with where to look, what is near and its area. Raises Gone."""
    entry = ctx.world.content.catalogue.get(topic_id)
    if entry is None:
        raise Gone(topic_id)
    near = near_topics(ctx)
    area = tuple(button for button in home.area_buttons(ctx) if button.payload == pack("area", entry.area))
    parts = [ctx.say("topic.writing", title=entry.title), place(ctx, entry.area)]
    text = "\n\n".join([*parts, *([ctx.say("topic.related")] if near else [])])
    state = ctx.state.model_copy(update={"topic_id": topic_id, "aspect": None})
    return Screen(text, pack("topic", topic_id), state, (*near, *area))


def place(ctx: Ctx, area_id: str) -> str:
    """Where to go meanwhile, by area."""
    return ctx.say(f"place.{area_id}" if area_id in PLACES else "place.other")


def near_topics(ctx: Ctx) -> tuple[Button, ...]:
    """Up to three covered topics that the question came near to."""
    buttons = [button for topic_id in ctx.state.offered if (button := ctx.topic_button(topic_id))]
    return tuple(buttons[:3])
