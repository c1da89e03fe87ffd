"""What frightened people say after an emergency card: answered kindly, with the danger still at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.flows import urgent
from bot.flows.ask import question_asked
from bot.flows.base import Ctx, Gone, Screen, one
from bot.messages import Button
from bot.payloads import pack, parse
from bot.turn import Heard
from nlu.asides import IN_DANGER, aside
from nlu.understanding import Urgency
from retrieval.decision import Kind

BANK: Final = "bank_number"
WORDS: Final = ("afraid", "money_back", BANK)
BANK_TOPIC: Final = "khoa-the"


def respond(ctx: Ctx, heard: Heard) -> Screen | None:
    """The screen for such a message; None where it is none, or where it tells of a new danger.

    Where the bank's number is to be found is told to everybody, the rest only while a danger is at hand.
    """
    understanding = heard.understanding
    said = aside(understanding.restored, (BANK, *(IN_DANGER if ctx.state.emergency else ())))
    if said is None or (understanding.urgency and not _goes_on(said, understanding.urgency)):
        return None
    screen = _screen(ctx, said)
    asked = replace(question_asked(ctx, heard, screen), decision=Kind.CHAT.value)  # answered: not for the curators' queue
    return replace(screen, facts=(asked,))


def _goes_on(said: str, urgency: Urgency) -> bool:
    """A danger in these words is the one at hand: they call again."""
    return said == "calls_again" and urgency is Urgency.being_scammed


def _screen(ctx: Ctx, said: str) -> Screen:
    """The words for it; where they would be about money and the danger is not, the card itself."""
    if said == BANK or (said in WORDS and _is_money(ctx)):
        return show(ctx, (said,))
    return _again(ctx, said)


def _is_money(ctx: Ctx) -> bool:
    """Whether the danger at hand is about money, as the emergency steps of topics are."""
    here = parse(ctx.state.emergency or pack("danger"))
    return here.flow == "topic" or here.args[:1] in {(u.value,) for u in urgent.MONEY}


def _again(ctx: Ctx, said: str) -> Screen:
    """The emergency card once more; who is called again gets the steps of the scam it began with."""
    if said == "calls_again" and ctx.state.scam:
        return urgent.show(ctx, (Urgency.being_scammed.value, ctx.state.scam))
    card = parse(ctx.state.emergency or pack("danger"))
    return ctx.flows[card.flow].show(ctx, card.args)


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``afraid``, ``money_back`` or ``bank_number``: a remark, so that "Quay lại" leads to the steps."""
    said = one(args)
    if said not in WORDS:
        raise Gone(said)
    return Screen(ctx.say(f"calm.{said}"), pack("calm", said), ctx.state, _choices(ctx, said), remark=True)


def _choices(ctx: Ctx, said: str) -> tuple[Button, ...]:
    """Back to the steps first, then what helps next."""
    card = (Button(ctx.voice.label("aspect.emergency"), ctx.state.emergency),) if ctx.state.emergency else ()
    bank = (ctx.button("label.bank_number", "calm", BANK),) if said != BANK else ()
    lock = ctx.topic_button(BANK_TOPIC) if said == BANK else None
    lost = (ctx.button("label.lost_money", "urgent", Urgency.lost_money.value),) if said == "afraid" else ()
    danger = () if card else (ctx.button("label.danger", "danger"),)
    return (*card, *lost, *bank, *((lock,) if lock else ()), *danger, ctx.button("label.human", "human"))
