"""A profile and the questions about it: name, address, level, group. Every one can be skipped and changed later."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, get_args

from bot import state as states
from bot.facts import PersonChanged
from bot.flows import learn, person_place
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.learn_base import as_person, called, current, known, learner, paragraphs, with_learner
from bot.flows.person import CARD, WIZARD
from bot.messages import Button
from bot.payloads import pack
from learning.communes import communes, provinces
from learning.people import Person, clean_name

GROUPS: Final = {
    "nguoi-dan": "group.people",
    "nguoi-cao-tuoi": "group.elderly",
    "nong-dan": "group.farmer",
    "tieu-thuong": "group.trader",
    "cong-nhan": "group.worker",
    "can-bo": "group.official",
    "hoc-sinh": "group.pupil",
}
# question → (field of the profile, its choices: value → name of its text)
QUESTIONS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "name": ("name", {}),
    "address": ("address", {value: f"address.{value}" for value in get_args(states.Address)}),
    "level": ("level", {value: f"level.{value}" for value in get_args(states.ReadingLevel)}),
    "group": ("audience", GROUPS),
}
FIRST_PAGE: Final = 8  # choices most channels show at once: "Bỏ qua" is among them, however many there are
ASKED: Final = {"name": "about.name", "address": "about.address", "level": "about.level", "group": "about.group"}


@known
def card(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """The profile that learns now, and what can be done with it."""
    return _card(ctx)


def _card(ctx: Ctx, *before: str) -> Screen:
    who = current(ctx)
    text = ctx.say(
        "person.card",
        title=called(ctx, who),
        address=ctx.say(f"address.{who.address}"),
        level=ctx.say(f"level.{who.level}"),
        names=ctx.say(GROUPS[who.audience]) if who.audience in GROUPS else ctx.say("person.unknown"),
        commune=place_words(ctx, who),
    )
    guardian = ctx.say("person.guardian") if who.guardian else None
    return Screen(paragraphs(*before, text, guardian), pack("person"), ctx.state, _card_choices(ctx))


def place_words(ctx: Ctx, who: Person) -> str:
    """Commune and province, as much as is known."""
    commune, province = communes().get(who.commune or ""), provinces().get(who.province or "")
    if commune:
        return commune.full
    return province.name if province else ctx.say("person.unknown")


def _card_choices(ctx: Ctx) -> tuple[Button, ...]:
    return (
        ctx.button("label.switch_person", "people"),
        ctx.button("label.rename", "about", "name", CARD),
        ctx.button("label.change_address", "about", "address", CARD),
        ctx.button("label.change_level", "about", "level", CARD),
        ctx.button("label.change_group", "about", "group", CARD),
        ctx.button("label.change_place", "where", CARD),
        ctx.button("label.link", "link"),
        ctx.button("label.forget", "forget"),
    )


@known
def about(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<question>[:<mode>]``: asks it."""
    if one(args) not in QUESTIONS:
        raise Gone(args[0])
    return ask(ctx, args[0], _mode(args, 1))


def _mode(args: tuple[str, ...], index: int) -> str:
    return WIZARD if args[index : index + 1] == (WIZARD,) else CARD


def ask(ctx: Ctx, question: str, mode: str, *before: str) -> Screen:
    """The question with its choices; in the wizard it can be skipped, at the profile one goes back."""
    _, values = QUESTIONS[question]
    choices = [Button(ctx.voice.label(name), pack("told", question, value, mode)) for value, name in values.items()]
    choices.insert(FIRST_PAGE - 1, _skip(ctx, question, mode))
    text = paragraphs(*before, ctx.say(ASKED[question]))
    return Screen(text, pack("about", question, mode), ctx.state, tuple(choices))


def _skip(ctx: Ctx, question: str, mode: str) -> Button:
    return ctx.button("label.skip", *(_following(question) if mode == WIZARD else ("person",)))


def _following(question: str) -> tuple[str, ...]:
    """The flow and arguments of the question after this one, in the wizard."""
    order = list(QUESTIONS)
    after = order.index(question) + 1
    return ("about", order[after], WIZARD) if after < len(order) else ("where", WIZARD)


@known
def told(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """``<question>:<value>[:<mode>]``: keeps the answer. A typed name comes as ``name:typed``, its text with the turn."""
    question, value, mode = one(args), one(args, 1), _mode(args, 2)
    if question not in QUESTIONS:
        raise Gone(question)
    field, values = QUESTIONS[question]
    kept = clean_name(ctx.world.typed or "") if question == "name" else value
    if question == "name" and not kept:
        return ask(ctx, "name", mode, ctx.say("about.bad_name"))
    if values and kept not in values:
        raise Gone(kept)
    return _told(ctx, question, field, kept, mode)


def _told(ctx: Ctx, question: str, field: str, value: str, mode: str) -> Screen:
    who = current(ctx)
    after = changed(ctx, who, **{field: value})
    screen = _then(after, question) if mode == WIZARD else _card(after, after.say("person.saved"))
    return replace(screen, facts=(PersonChanged(who.id, field, value), *screen.facts))


def changed(ctx: Ctx, who: Person, **fields: object) -> Ctx:
    """The context in which that person has other fields, spoken to in the new manner."""
    now: Person = replace(who, **fields)  # type: ignore[arg-type]
    people = tuple(now if person.id == now.id else person for person in learner(ctx).people)
    after = with_learner(ctx, people=people, current=now)
    return replace(after, state=as_person(ctx.state, now))


def _then(ctx: Ctx, question: str) -> Screen:
    flow, *rest = _following(question)
    return person_place.show(ctx, tuple(rest)) if flow == "where" else ask(ctx, rest[0], WIZARD)


def finished(ctx: Ctx, mode: str) -> Screen:
    """After the place: it is said; the wizard ends at the learning menu, a single change at the profile."""
    word = ctx.say("where.saved", title=place_words(ctx, current(ctx)))
    return learn.menu(ctx, word) if mode == WIZARD else _card(ctx, word)
