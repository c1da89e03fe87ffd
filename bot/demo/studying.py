"""How a demo learner enrols and learns: answers what the wizard asks, then goes the way the buttons offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.demo.people import Resident
from bot.demo.phone import Phone
from bot.payloads import Payload, pack
from knowledge.quiz import Kind, QuizItem
from learning.events import Outcome
from learning.record import Record

LEARNS_PER_VISIT: Final = 0.04  # how much better answers get each time
BEST: Final = 0.96
OUTCOMES: Final = {Outcome.DONE: 65, Outcome.NOT_YET: 20, Outcome.SKIPPED: 15}


@dataclass
class Pupil:
    """A resident while learning.

    Args:
        record: reads the progress kept of who learns on that phone now, None where nobody does.
        items: all quiz items by id.
    """

    who: Resident
    rng: Random
    record: Callable[[Phone], Record | None]
    items: Mapping[str, QuizItem]
    visits: int = 0
    enrolled: bool = False

    def arrive(self, phone: Phone, others: bool) -> None:
        """Take the phone in hand: consent and profile the first time, later the own name where others learn there too."""
        if not self.enrolled:
            self._enrol(phone)
        elif others:
            phone.press(pack("people"))
            if mine := phone.find(lambda button: button.label.endswith(f" {self.who.name}")):
                phone.press(mine)
        self.visits += 1

    def _enrol(self, phone: Phone) -> None:
        phone.press(pack("consent"))
        phone.press(pack("consent", "child" if self.who.child else "yes"))
        if self.who.child:
            phone.press(pack("consent", "guardian"))
        phone.type(self.who.name)
        phone.press(pack("told", "address", self.who.address, "w"))
        phone.press(pack("told", "level", self.who.level, "w"))
        self._place(phone)
        self.enrolled = True

    def _place(self, phone: Phone) -> None:
        if self.who.audience is None or self.who.commune is None:
            phone.press(pack("where", "w"))
            phone.press(pack("learn"))
            return
        phone.press(pack("told", "group", self.who.audience, "w"))
        phone.press(pack("where", "w", "set", self.who.commune))

    def study(self, phone: Phone, presses: int) -> None:
        """Lessons and quizzes from where they were left, up to that many presses; then the phone is put away."""
        phone.press(pack("learn"))
        for _ in range(presses):
            onward = self._onward(phone)
            if onward is None:
                return
            phone.press(onward)

    def assess(self, phone: Phone) -> None:
        """The self-assessment to its end."""
        phone.press(pack("self"))
        phone.press(pack("self", "go"))
        while asked := _asked(phone.offered):
            phone.press(self._answer(phone, asked))
            if following := phone.offered:
                phone.press(pack(following[0].flow, *following[0].args))

    def _onward(self, phone: Phone) -> str | None:
        """What to press next; None when there is nothing to go on with, or it is enough for today."""
        offered = phone.offered
        flows = {payload.flow for payload in offered}
        if asked := _asked(offered):
            return self._answer(phone, asked)
        if "did" in flows:
            return self._practised(offered)
        if not offered or offered[0].flow not in ("lesson", "quiz", "q") or ("progress" in flows and self._tired()):
            return None
        return pack(offered[0].flow, *offered[0].args)

    def _tired(self) -> bool:
        return self.rng.random() < 0.3

    def _practised(self, offered: list[Payload]) -> str:
        outcome = self.rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        here = next(payload.args[:2] for payload in offered if payload.flow == "did")
        return pack("did", *here, outcome.value)

    def _answer(self, phone: Phone, asked: tuple[str, int]) -> str:
        """The payload that answers the question; several answers are ticked one by one before."""
        attempt_id, number = asked
        record = self.record(phone)
        attempt = record.attempt(attempt_id) if record else None
        if attempt is None:
            return pack("learn")
        item = self.items[attempt.item_at(number)]
        chosen = self._chosen(item)
        if item.kind is Kind.MULTIPLE:
            for last in range(1, len(chosen) + 1):
                phone.press(pack("q", attempt_id, number, ".".join(chosen[:last])))
        return pack("ans", attempt_id, number, ".".join(chosen))

    def _chosen(self, item: QuizItem) -> list[str]:
        """The right options as often as this learner is right, else wrong ones."""
        right = min(BEST, self.who.kind.skill + LEARNS_PER_VISIT * self.visits)
        correct = [option.id for option in item.options if option.correct]
        if self.rng.random() < right:
            return correct
        wrong = [option.id for option in item.options if not option.correct]
        return [self.rng.choice(wrong)] if wrong else correct[:1]


def _asked(offered: list[Payload]) -> tuple[str, int] | None:
    """Attempt and number of the question on the screen: its choices answer it or tick an option."""
    for payload in offered:
        if payload.flow in ("ans", "q") and len(payload.args) == 3:
            return payload.args[0], int(payload.args[1])
    return None
