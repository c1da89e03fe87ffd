"""A topic's steps, one at a time or all at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.flows import card
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.feedback import buttons as feedback_buttons
from bot.flows.shown import Shown
from bot.messages import Button, Media
from bot.payloads import pack
from knowledge.model import Aspect, Section, View

MAX_STEPS = 99


@dataclass(frozen=True, slots=True)
class _At:
    """A place in a topic's steps, counted from 1."""

    view: View
    section: Section
    number: int

    @property
    def count(self) -> int:
        return len(self.section.steps)

    @property
    def topic_id(self) -> str:
        return self.view.key.topic_id


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<topic>:<number>`` or ``<topic>:all``. Raises Gone past the last step."""
    view, section = _section(ctx, one(args))
    if args[1:2] == ("all",):
        return _all(ctx, view, section)
    number = one(args, 1)
    if not number.isdecimal() or not 1 <= int(number[:3]) <= len(section.steps):
        raise Gone(number)
    return _step(ctx, _At(view, section, int(number)))


def _section(ctx: Ctx, topic_id: str) -> tuple[View, Section]:
    _, view = ctx.topic(topic_id)
    section = view.section(Aspect.STEPS)
    if section is None or not section.steps:
        raise Gone(f"{topic_id} has no steps")
    return view, section


def _step(ctx: Ctx, at: _At) -> Screen:
    shown = Shown(ctx, at.view)
    step = at.section.steps[at.number - 1]
    title = ctx.say("steps.title", title=at.view.short_title, number=at.number, count=at.count)
    intro = [shown.text(at.section.text)] if at.number == 1 and at.section.text else []
    done = [ctx.say("steps.done")] if at.number == at.count else []
    source = [shown.source()] if at.number in (1, at.count) else []
    media = (Media("image", step.picture.path, step.picture.alt),) if step.picture else ()
    state = ctx.state.model_copy(update={"topic_id": at.topic_id, "aspect": Aspect.STEPS.value})
    text = "\n\n".join([title, *intro, shown.step(at.section, at.number), *done, *source])
    return Screen(text, pack("step", at.topic_id, at.number), state, _moves(ctx, at), media=media)


def _moves(ctx: Ctx, at: _At) -> tuple[Button, ...]:
    onward = [ctx.button("label.next", "step", at.topic_id, at.number + 1)] if at.number < at.count else []
    back = [ctx.button("label.previous", "step", at.topic_id, at.number - 1)] if at.number > 1 else []
    everything = [ctx.button("label.all_steps", "step", at.topic_id, "all")] if at.count > 1 else []
    summary = ctx.button("aspect.summary", "topic", at.topic_id)
    sheet = [card.button(ctx, at.topic_id)] if at.number == at.count else []
    return (*onward, *back, *everything, summary, *sheet, *feedback_buttons(ctx))


def _all(ctx: Ctx, view: View, section: Section) -> Screen:
    shown = Shown(ctx, view)
    title = ctx.say("steps.all", title=view.short_title, count=len(section.steps))
    state = ctx.state.model_copy(update={"topic_id": view.key.topic_id, "aspect": Aspect.STEPS.value})
    one_by_one = ctx.button("label.one_by_one", "step", view.key.topic_id, 1)
    topic_id = view.key.topic_id
    summary, sheet = ctx.button("aspect.summary", "topic", topic_id), card.button(ctx, topic_id)
    choices = (one_by_one, summary, sheet, *feedback_buttons(ctx))
    text = "\n\n".join([title, shown.section(section), shown.source()])
    return Screen(text, pack("step", view.key.topic_id, "all"), state, choices)
