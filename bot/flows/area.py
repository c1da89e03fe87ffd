"""The topics of an area: those with content as choices, the rest of the catalogue named as being written."""

from __future__ import annotations

from bot.flows.base import Ctx, Gone, Screen, one
from bot.payloads import pack

NAMED = 5  # titles still being written that are named; the rest is counted


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    area = next((a for a in ctx.world.content.areas if a.id == one(args)), None)
    if area is None:
        raise Gone(one(args))
    title = f"{area.icon} {area.title}"
    buttons = tuple(b for topic in ctx.world.content.area_topics(area.id) if (b := ctx.topic_button(topic.id)))
    text = ctx.say("area.pick" if buttons else "area.empty", area=title)
    return Screen("\n\n".join([text, *_writing(ctx, area.id)]), pack("area", area.id), ctx.state, buttons)


def _writing(ctx: Ctx, area_id: str) -> list[str]:
    """The sentence naming the area's topics without content; empty when all have some."""
    entries = (entry for entry in ctx.world.content.catalogue.values() if entry.area == area_id)
    titles = [entry.title for entry in entries if ctx.view(entry.id) is None]
    if not titles:
        return []
    named = "; ".join(titles[:NAMED])
    rest = len(titles) - NAMED
    return [ctx.say("area.writing", titles=ctx.say("area.more", titles=named, count=rest) if rest > 0 else named)]
