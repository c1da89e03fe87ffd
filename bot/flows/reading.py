"""Help with reading, asked for in words: bigger letters and plainer words at once, and who or what reads aloud."""

from __future__ import annotations

from typing import Final

from bot.flows.base import Ctx, Gone, Screen
from bot.messages import Button
from bot.payloads import pack
from nlu.asides import READING, aside
from nlu.understanding import Understanding

SIMPLER: Final = pack("manner", "level", "simple")
LARGER: Final = pack("manner", "size", "larger")
ALOUD: Final = "aloud"
ASKED: Final = {"aloud": pack("reading", ALOUD), "larger": LARGER, "cannot_read": pack("reading"), "shorter": SIMPLER}


def asked(understanding: Understanding) -> str | None:
    """The payload of what a message asks for about reading; None in danger and for everything else."""
    said = aside(understanding.restored, READING) if understanding.urgency is None else None
    return ASKED[said] if said else None


def show(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """What can be done for who cannot read well; ``aloud`` says where reading aloud is."""
    if args not in ((), (ALOUD,)):
        raise Gone(args[0])
    return Screen(ctx.say("reading.aloud" if args else "reading.help"), pack("reading", *args), ctx.state, ways(ctx), remark=True)


def ways(ctx: Ctx) -> tuple[Button, ...]:
    """The same in plainer words, in bigger letters, once more, or from a human."""
    profile = ctx.state.profile
    simpler = (simpler_button(ctx),) if profile.level != "simple" else ()
    larger = (Button(ctx.voice.label("label.larger"), LARGER),) if profile.text_size != "very_large" else ()
    return (*simpler, *larger, ctx.button("label.again", "again"), ctx.button("label.human", "human"))


def simpler_button(ctx: Ctx) -> Button:
    return Button(ctx.voice.label("label.simpler"), SIMPLER)
