"""Content turned into text for one person on one day: placeholders filled, figures in date, source and status below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import Final

from bot.flows.base import Ctx
from bot.texts import DRAFT_MARK, pair
from knowledge import render
from knowledge.model import Aspect, Section, View

VIETNAM: Final = timezone(timedelta(hours=7))  # the whole country, all year round


@dataclass(frozen=True, slots=True)
class Shown:
    """A view as the person of this context reads it."""

    ctx: Ctx
    view: View

    @property
    def today(self) -> date:
        return self.ctx.world.now.astimezone(VIETNAM).date()

    def text(self, text: str) -> str:
        """A text of the view with figures and forms of address filled in."""
        return render.Filler(self.view.figures, self.today, self._address, text).fill(text)

    @property
    def _address(self) -> render.Address:
        return render.Address(*pair(self.ctx.state.profile))

    def section(self, section: Section) -> str:
        """A whole section: its text, then its steps numbered."""
        draft = self.ctx.draft(self.view)
        translated = draft.section(section.aspect) if draft else None
        vietnamese = self._section(section, self.view)
        if draft is None or translated is None:
            return vietnamese
        title = f"**{draft.title}**\n\n" if section.aspect is Aspect.SUMMARY and draft.title != self.view.title else ""
        return self._above(title + self._section(translated, draft), vietnamese)

    def _section(self, section: Section, view: View) -> str:
        filled = render.resolve_section(section, view, self.today, self._address)
        steps = [f"{number}. {step.text}" for number, step in enumerate(filled.steps, 1)]
        return "\n\n".join(part for part in (filled.text, "\n".join(steps)) if part)

    def step(self, section: Section, number: int) -> str:
        """One step, counted from 1; below its draft translation where the draft has just as many steps."""
        vietnamese = self.text(section.steps[number - 1].text)
        draft = self.ctx.draft(self.view)
        translated = draft.section(section.aspect) if draft else None
        if draft is None or translated is None or len(translated.steps) != len(section.steps):
            return vietnamese
        return self._above(Shown(self.ctx, draft).text(translated.steps[number - 1].text), vietnamese)

    def _above(self, draft: str, vietnamese: str) -> str:
        return f"{DRAFT_MARK} {draft}\n\n{self.ctx.say('trial.vietnamese')}\n{vietnamese}"

    def source(self) -> str:
        """The source and review line, and the line on who stands behind the text."""
        return f"{render.source_line(self.view)}\n{render.status_line(self.view, self.today)}"
