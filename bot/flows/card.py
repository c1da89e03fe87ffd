"""A topic's card: one sheet in large print with pictures, to look at, send on or print."""

from __future__ import annotations

from bot.flows.base import Ctx, Screen, one
from bot.messages import CARDS, Button, Media
from bot.payloads import pack
from knowledge.model import Aspect


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<topic>``: its card at the person's reading level, and the ways back into the topic."""
    topic, view = ctx.topic(one(args))
    level = ctx.state.profile.level
    card = Media("image", f"{CARDS}{level}/{topic.id}.png", ctx.say("card.alt", title=view.title))
    state = ctx.state.model_copy(update={"topic_id": topic.id, "aspect": None})
    return Screen(ctx.say("card.text", title=view.title), pack("card", topic.id), state, _ways(ctx, topic.id), media=(card,))


def button(ctx: Ctx, topic_id: str) -> Button:
    """The way to the card of a topic that has a text."""
    return ctx.button("label.card", "card", topic_id)


def _ways(ctx: Ctx, topic_id: str) -> tuple[Button, ...]:
    _, view = ctx.topic(topic_id)
    steps = [ctx.button("aspect.steps", "topic", topic_id, Aspect.STEPS.value)] if view.section(Aspect.STEPS) else []
    return (*steps, ctx.button("aspect.summary", "topic", topic_id))
