"""The first acts of an emergency by themselves: who is in danger reads three lines, not three screens."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.flows.base import Ctx, Gone, Screen
from bot.payloads import pack

FIRST: Final = 3
_ACT: Final = re.compile(r"\d{1,2}\. ")


def parted(text: str) -> tuple[str, str]:
    """A text up to its third numbered act, and what follows; nothing follows where only one act would be left."""
    lines = text.split("\n")
    acts = [at for at, line in enumerate(lines) if _ACT.match(line)]
    if len(acts) <= FIRST + 1:
        return text, ""
    return "\n".join(lines[: acts[FIRST]]).rstrip(), "\n".join(lines[acts[FIRST] :])


def first(ctx: Ctx, screen: Screen, *args: str) -> Screen:
    """The screen with its first acts only; a button leads to the others, the sources and the date (``acts:<args>``)."""
    text, others = parted(screen.text)
    if not others:
        return screen
    text = f"{text}\n\n{ctx.say('urgent.calls')}"
    return replace(screen, text=text, choices=(ctx.button("label.acts", "acts", *args), *screen.choices))


def others(ctx: Ctx, screen: Screen, *args: str) -> Screen:
    """What `first` left out. Raises Gone where nothing was."""
    _, text = parted(screen.text)
    if not text:
        raise Gone(screen.address)
    heading = f"**{ctx.say('urgent.others')}**"
    return replace(screen, text=f"{heading}\n\n{text}", address=pack("acts", *args))
