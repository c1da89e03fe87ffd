"""The choices below a question: one press, ticks, or an order put together tap by tap; and numbers typed instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.flows import quiz_text
from bot.flows.base import Ctx
from bot.messages import Button
from bot.payloads import pack, parse
from bot.texts import clip
from knowledge.quiz import SEVERAL, Kind, Option, QuizItem
from learning import quiz
from learning.quiz import Attempt

PLACES: Final = "①②③④⑤"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on the screen. `ticked` are the ids chosen so far, in the order of choosing."""

    attempt: Attempt
    number: int
    item: QuizItem
    ticked: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[Option, ...]:
        """The options in the order shown."""
        return quiz.options(self.item, self.attempt.seed)

    @property
    def complete(self) -> bool:
        """Whether the chosen options are an answer: any for several right ones, all of them for an order."""
        return len(self.ticked) == len(self.options) if self.item.kind is Kind.ORDER else bool(self.ticked)

    def address(self, ticked: Sequence[str] = ()) -> str:
        """The payload of the question with these options chosen."""
        return pack("q", self.attempt.id, self.number, *([".".join(ticked)] if ticked else []))


def buttons(ctx: Ctx, asked: Asked) -> tuple[Button, ...]:
    """The options in the order shown, then what ends or undoes a choice of several."""
    labelled = list(zip(asked.options, quiz_text.labels(ctx, asked.options), strict=True))
    if asked.item.kind not in SEVERAL:
        return tuple(Button(label, pack("ans", asked.attempt.id, asked.number, option.id)) for option, label in labelled)
    ticks = [_tick(asked, option.id, label) for option, label in labelled]
    return (*ticks, *_done(ctx, asked), *_undo(ctx, asked))


def _tick(asked: Asked, option_id: str, label: str) -> Button:
    """A choice that takes its option in or out: the payload holds all that is chosen, so nothing has to be remembered."""
    on = option_id in asked.ticked
    after = [o for o in asked.ticked if o != option_id] if on else [*asked.ticked, option_id]
    return Button(clip(f"{_sign(asked, option_id)} {label}"), asked.address(after))


def _sign(asked: Asked, option_id: str) -> str:
    if option_id not in asked.ticked:
        return quiz_text.OPEN
    return PLACES[asked.ticked.index(option_id)] if asked.item.kind is Kind.ORDER else quiz_text.TICKED


def _done(ctx: Ctx, asked: Asked) -> list[Button]:
    done = ("ans", asked.attempt.id, asked.number, ".".join(asked.ticked))
    return [ctx.button("label.done_choosing", *done)] if asked.complete else []


def _undo(ctx: Ctx, asked: Asked) -> list[Button]:
    if asked.item.kind is not Kind.ORDER or not asked.ticked:
        return []
    return [Button(ctx.voice.label("label.undo"), asked.address(asked.ticked[:-1]))]


def picked(asked: Asked, numbers: str) -> tuple[str, ...] | None:
    """The ids of options typed by their numbers as shown, e.g. ``2.1.3``; None where a number is none of theirs."""
    shown = asked.options
    wanted = [int(n) for n in numbers.split(".") if n.isdecimal()]
    if not wanted or not all(1 <= n <= len(shown) for n in wanted) or len(set(wanted)) != len(wanted):
        return None
    return tuple(shown[n - 1].id for n in wanted)


def ticked_on_screen(ctx: Ctx, attempt: Attempt, number: int) -> tuple[str, ...]:
    """What is chosen so far where that question is on the screen: its address holds it."""
    shown = parse(ctx.state.shown)
    if shown.flow != "q" or shown.args[:2] != (attempt.id, str(number)) or len(shown.args) < 3:
        return ()
    return tuple(shown.args[2].split("."))
