"""What the learning screens share: who learns, their record, and what a screen brings about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import wraps
from typing import Final

from bot.facts import Fact, Learned
from bot.flows.base import Ctx, Gone, Handler, Screen
from bot.flows.shown import VIETNAM
from bot.payloads import pack
from bot.state import State
from bot.texts import pair
from knowledge.courses import Course, Lesson
from knowledge.model import Level
from knowledge.quiz import QuizItem
from knowledge.render import Address, resolve
from learning.events import Event
from learning.people import Learner, Person
from learning.progress import At, for_group
from learning.record import Record, fold

LEARN: Final = pack("learn")
BAR: Final = 12  # longest bar; longer courses of cards are scaled down to it


@dataclass(frozen=True, slots=True)
class Happened:
    """The context after events, and the facts that store them."""

    ctx: Ctx
    facts: tuple[Fact, ...]


def learner(ctx: Ctx) -> Learner:
    """Who learns; nobody where nothing is known."""
    return ctx.world.learner or Learner()


def record(ctx: Ctx) -> Record:
    """The progress of who learns now; of a trial what the conversation remembers."""
    return learner(ctx).record if learner(ctx).current else ctx.state.trial or Record()


def is_trial(ctx: Ctx) -> bool:
    return learner(ctx).current is None and ctx.state.trial is not None


def happened(ctx: Ctx, *events: Event) -> Happened:
    """Let events happen: to a known learner as facts to be stored, in a trial only in the conversation's state."""
    after = fold(events, record(ctx))
    if learner(ctx).current is None:
        return Happened(replace(ctx, state=ctx.state.model_copy(update={"trial": after})), ())
    known = replace(learner(ctx), record=after)
    return Happened(replace(ctx, world=replace(ctx.world, learner=known)), tuple(map(Learned, events)))


def started(show: Handler) -> Handler:
    """A screen for somebody who learns: who that is, is asked first."""

    @wraps(show)
    def guarded(ctx: Ctx, args: tuple[str, ...]) -> Screen:
        from bot.flows import person

        if learner(ctx).current is None and ctx.state.trial is None:
            return person.who_learns(ctx)
        return show(ctx, args)

    return guarded


def known(show: Handler) -> Handler:
    """A screen about a kept profile: without one, consent is asked for first."""

    @wraps(show)
    def guarded(ctx: Ctx, args: tuple[str, ...]) -> Screen:
        from bot.flows import person

        return person.who_learns(ctx) if learner(ctx).current is None else show(ctx, args)

    return guarded


def current(ctx: Ctx) -> Person:
    """The profile learning now. Raises Gone where there is none."""
    found = learner(ctx).current
    if found is None:
        raise Gone("nobody learns")
    return found


def called(ctx: Ctx, who: Person) -> str:
    """The person's name, a number for somebody who gave none."""
    number = next((n for n, p in enumerate(learner(ctx).people, 1) if p.id == who.id), 1)
    return who.name or ctx.say("people.nameless", number=number)


def with_learner(ctx: Ctx, **changes: object) -> Ctx:
    """The context with another learner."""
    changed: Learner = replace(learner(ctx), **changes)  # type: ignore[arg-type]
    return replace(ctx, world=replace(ctx.world, learner=changed))


def with_state(ctx: Ctx, **changes: object) -> Ctx:
    return replace(ctx, state=ctx.state.model_copy(update=changes))


def as_person(state: State, who: Person) -> State:
    """The conversation spoken in the manner of that person; a trial ends."""
    manner = {"address": who.address, "level": who.level, "language": who.language}
    profile = type(state.profile).model_validate({**state.profile.model_dump(), **manner})
    return state.model_copy(update={"profile": profile, "trial": None})


def items(ctx: Ctx) -> dict[str, QuizItem]:
    """All published quiz items in this person's language."""
    content, language = ctx.world.content, ctx.state.profile.language
    return {**content.quiz.get("vi", {}), **content.quiz.get(language, {})}


def courses(ctx: Ctx) -> tuple[Course, ...]:
    """All published courses, those for the learner's group first."""
    person = learner(ctx).current
    return for_group(ctx.world.content.course_list(ctx.state.profile.language), person.audience if person else None)


def course(ctx: Ctx, course_id: str) -> Course:
    """A published course. Raises Gone."""
    found = ctx.world.content.course(course_id, ctx.state.profile.language)
    if found is None:
        raise Gone(course_id)
    return found


def lesson_at(ctx: Ctx, course_id: str, lesson_id: str) -> At:
    """A lesson of a published course. Raises Gone."""
    found = course(ctx, course_id)
    lesson: Lesson | None = found.lesson(lesson_id)
    if lesson is None:
        raise Gone(lesson_id)
    return At(found, lesson)


def filled(ctx: Ctx, text: str) -> str:
    """A text of the content with the forms of address filled in."""
    return resolve(text, (), ctx.world.now.astimezone(VIETNAM).date(), Address(*pair(ctx.state.profile)))


def level(ctx: Ctx) -> Level:
    """The reading level of who learns."""
    return Level(ctx.state.profile.level)


def bar(done: int, count: int) -> str:
    """Progress as dots, beside the numbers and never instead of them: ●●○○."""
    width = min(count, BAR)
    full = round(done * width / count) if count else 0
    return "●" * full + "○" * (width - full)


def paragraphs(*parts: str | None) -> str:
    """The parts that are there, with blank lines between them."""
    return "\n\n".join(part for part in parts if part)
