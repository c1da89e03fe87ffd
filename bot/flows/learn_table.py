"""The learning room's flows, and which turns have to know the learner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.flows import FLOWS, learn, learn_course, learn_link, person, person_about, person_place, progress, quiz, quiz_self
from bot.flows.base import Flow
from bot.navigation import RESUME
from bot.payloads import PayloadError, parse
from bot.state import State

LEARNING: Final[Mapping[str, Flow]] = {
    "learn": Flow(learn.show),
    "course": Flow(learn_course.show_course),
    "lesson": Flow(learn_course.show_lesson, series=True),
    "did": Flow(learn_course.did),
    "quiz": Flow(quiz.show),
    "q": Flow(quiz.at_question, series=True),
    "ans": Flow(quiz.answer),
    "picks": Flow(quiz.picks),
    "self": Flow(quiz_self.show),
    "progress": Flow(progress.show),
    "consent": Flow(person.consent),
    "people": Flow(person.people),
    "person": Flow(person_about.card),
    "about": Flow(person_about.about),
    "told": Flow(person_about.told),
    "where": Flow(person_place.show, series=True),
    "forget": Flow(person.forget),
    "link": Flow(learn_link.show),
}
ALL_FLOWS: Final[Mapping[str, Flow]] = {**FLOWS, **LEARNING}
MOVES: Final = frozenset({"back", "again", "more", "next", "previous", "number", "nth", "manner"})


def concerns_learning(state: State, payload: str | None) -> bool:
    """Whether a turn may show a learning screen. `payload` is None for a text that has to be understood."""
    try:
        parsed = parse(payload) if payload else None
    except PayloadError:
        return False
    if parsed is None or parsed.flow in MOVES:
        around = (state.shown, state.screen, *state.back[-1:])
        return any(_flow(address) in LEARNING for address in around) or bool(parsed and set(parsed.args) & set(LEARNING))
    return parsed.flow in LEARNING or parsed.flow == RESUME


def _flow(address: str) -> str:
    try:
        return parse(address).flow
    except PayloadError:
        return ""
