"""What is said before an answer to somebody worried: what not to do now, or what to lock first where things were lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.flows.base import Ctx, Screen
from bot.messages import Button
from bot.payloads import pack, parse
from knowledge.model import Aspect
from nlu.asides import tells

LOST: Final = {"card": "khoa-the", "phone": "mat-dien-thoai", "id_card": "can-cuoc"}  # what was lost → the topic about it


def cautioned(ctx: Ctx, screen: Screen, restored: str) -> Screen:
    """The screen with a word before it; a password that was only forgotten needs none."""
    if tells("lost", restored):
        return _after_loss(ctx, screen, restored)
    if tells("forgotten", restored):
        return screen
    return replace(screen, before=(*screen.before, _caution(ctx, screen)))


def _caution(ctx: Ctx, screen: Screen) -> str:
    """What not to do, and the way to the emergency steps: the button where the screen has one, the word everywhere."""
    emergency = any(parse(button.payload).args[1:] == (Aspect.EMERGENCY.value,) for button in screen.choices if button.payload)
    return ctx.say("danger.caution", way=ctx.say("danger.way_button" if emergency else "danger.way_word"))


def _after_loss(ctx: Ctx, screen: Screen, restored: str) -> Screen:
    """Everything that was named, in the order in which it should be locked, with its topic; a bag may hold all of it."""
    named = [thing for thing in LOST if tells(thing, restored)]
    things = named or (list(LOST) if tells("bag", restored) else [])
    if not things:
        return screen
    lines = [ctx.say("lost.head"), *(ctx.say(f"lost.{thing}") for thing in things), ctx.say("lost.danger")]
    others = tuple(button for thing in things if (button := _way(ctx, screen, LOST[thing])))
    first = 1 if parse(screen.address).flow in ("topic", "step") else len(screen.choices)  # a numbered list stays in order
    choices = (*screen.choices[:first], *others, *screen.choices[first:])
    return replace(screen, before=(*screen.before, "\n".join(lines)), choices=choices)


def _way(ctx: Ctx, screen: Screen, topic_id: str) -> Button | None:
    """The button to a topic that is neither on the screen nor among its choices."""
    offered = {button.payload for button in screen.choices}
    return None if screen.state.topic_id == topic_id or pack("topic", topic_id) in offered else ctx.topic_button(topic_id)
