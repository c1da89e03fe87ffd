"""Who learns: consent, several people on one phone, and erasing a profile."""

from __future__ import annotations

from dataclasses import replace

from bot.facts import PersonAdded, PersonErased
from bot.flows import learn
from bot.flows.base import Ctx, Gone, Screen, one
from bot.flows.learn_base import as_person, called, current, known, learner, paragraphs, with_learner, with_state
from bot.messages import Button
from bot.payloads import pack, parse
from bot.state import HOME
from bot.texts import clip
from learning.people import MAX_PEOPLE, Person
from learning.record import Record

WIZARD = "w"  # one question after another, right after consent
CARD = "c"  # one question, then back to the profile


def who_learns(ctx: Ctx) -> Screen:
    """Before anything is learnt: one of the people of this phone, or consent for the first of them."""
    return people(ctx, ()) if learner(ctx).people else consent(ctx, ())


def consent(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """What would be kept and why; ``yes``, ``child``, ``guardian`` or ``no`` answers it, each only on its own screen."""
    answered = args[0] if args else "ask"
    asked = parse(ctx.state.shown)
    if answered == "no":
        return _trial(ctx)
    if asked.flow == "consent" and answered in ("yes", "guardian") and (answered == "guardian") == (asked.args == ("child",)):
        return _add(ctx, guardian=answered == "guardian")
    child = answered in ("child", "guardian") or (answered == "yes" and asked.args == ("child",))
    return _guardian(ctx) if child else _consent(ctx)


def _consent(ctx: Ctx) -> Screen:
    if len(learner(ctx).people) >= MAX_PEOPLE:
        return Screen(ctx.say("consent.full", count=MAX_PEOPLE), pack("people"), ctx.state, _people_choices(ctx))
    choices = [
        ctx.button("label.consent_yes", "consent", "yes"),
        ctx.button("label.consent_child", "consent", "child"),
        ctx.button("label.consent_no", "consent", "no"),
    ]
    elsewhere = [] if learner(ctx).people else [ctx.button("label.consent_linked", "link", "type")]
    return Screen(ctx.say("consent.ask"), pack("consent"), ctx.state, (*choices, *elsewhere))


def _guardian(ctx: Ctx) -> Screen:
    choices = (ctx.button("label.consent_guardian", "consent", "guardian"), ctx.button("label.consent_no", "consent", "no"))
    return Screen(ctx.say("consent.guardian"), pack("consent", "child"), ctx.state, choices)


def _trial(ctx: Ctx) -> Screen:
    """Learning without anything kept; where somebody of this phone has a profile, that one stays."""
    if learner(ctx).people:
        return people(ctx, ())
    trying = with_state(ctx, trial=ctx.state.trial or Record())
    return learn.menu(trying, trying.say("consent.trial"))


def _add(ctx: Ctx, *, guardian: bool) -> Screen:
    if len(learner(ctx).people) >= MAX_PEOPLE:
        return _consent(ctx)
    from bot.flows import person_about

    manner = ctx.state.profile if not learner(ctx).people else type(ctx.state.profile)()
    added = Person(ctx.world.turn_id, address=manner.address, level=manner.level, language=manner.language, guardian=guardian)
    after = with_learner(ctx, people=(*learner(ctx).people, added), current=added, record=Record())
    spoken = replace(after, state=as_person(ctx.state, added))
    screen = person_about.ask(spoken, "name", WIZARD)
    return replace(screen, text=paragraphs(spoken.say("consent.thanks"), screen.text), facts=(PersonAdded(added),))


def people(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """Everybody of this phone to choose from; ``use:<id>`` has been chosen by the shell before this turn."""
    if not learner(ctx).people:
        return consent(ctx, ())
    if args[:1] == ("use",):
        return _chosen(ctx, one(args, 1))
    return Screen(ctx.say("people.ask"), pack("people"), ctx.state, _people_choices(ctx))


def _people_choices(ctx: Ctx) -> tuple[Button, ...]:
    named = [Button(clip(f"👤 {called(ctx, p)}"), pack("people", "use", p.id)) for p in learner(ctx).people]
    add = [ctx.button("label.add_person", "consent")] if len(learner(ctx).people) < MAX_PEOPLE else []
    return (*named, *add)


def _chosen(ctx: Ctx, person_id: str) -> Screen:
    person = learner(ctx).current
    if person is None or person.id != person_id:
        raise Gone(person_id)
    spoken = replace(ctx, state=as_person(ctx.state, person))
    return learn.menu(spoken, spoken.say("people.chosen", title=called(ctx, person)))


@known
def forget(ctx: Ctx, args: tuple[str, ...]) -> Screen:
    """Erase the profile that learns now: asked first, ``yes`` erases."""
    if args[:1] == ("yes",) and parse(ctx.state.shown).flow == "forget":
        return _erased(ctx)
    text = ctx.say("person.forget", title=called(ctx, current(ctx)))
    choices = (ctx.button("label.forget_yes", "forget", "yes"), ctx.button("label.forget_no", "person"))
    return Screen(text, pack("forget"), ctx.state, choices)


def _erased(ctx: Ctx) -> Screen:
    gone = current(ctx)
    others = tuple(person for person in learner(ctx).people if person.id != gone.id)
    after = with_learner(ctx, people=others, current=None, record=Record())
    choices = _people_choices(after) if others else (ctx.button("label.learn", "learn"),)
    address = pack("people") if others else HOME
    text = ctx.say("people.erased", title=called(ctx, gone))
    return Screen(text, address, ctx.state, choices, facts=(PersonErased(gone.id),))
