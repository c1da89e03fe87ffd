"""From what was understood to a place: danger first, then what was asked for in words, then the question."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands import fold
from bot.flows import ask, calm, reading
from bot.flows.base import Ctx
from bot.navigation import Place, arrive, go
from bot.payloads import pack, parse
from bot.state import HOME
from bot.turn import Heard
from nlu.asides import commune_told
from nlu.understanding import Intent
from retrieval.decision import Kind

ASKED_FOR: Final[dict[Intent, str]] = {
    Intent.greeting: pack("home", "hello"),
    Intent.thanks: pack("talk", "thanks"),
    Intent.goodbye: pack("talk", "goodbye"),
    Intent.abuse: pack("talk", "abuse"),
    Intent.small_talk: pack("talk", "small_talk"),
    Intent.bot_identity: pack("who"),
    Intent.human: pack("human"),
    Intent.menu: HOME,
    Intent.back: pack("back"),
    Intent.help: pack("help"),
    Intent.yes: pack("talk", "yes"),
    Intent.no: pack("talk", "no"),
    Intent.next: pack("next"),
    Intent.repeat: pack("again"),
    Intent.profile: pack("profile"),
    Intent.erase: pack("erase"),
    Intent.stop: pack("talk", "stop"),
    Intent.empty: pack("talk", "empty"),
    Intent.confused: pack("talk", "lost"),
    Intent.gibberish: pack("talk", "gibberish"),
    Intent.learn: pack("learn"),
    Intent.quiz: pack("self"),
    Intent.progress: pack("progress"),
    Intent.join_group: pack("link"),
    Intent.report: pack("report"),
    Intent.wrong: pack("none", ask.OTHER),
    Intent.another: pack("ask"),
    Intent.injection: pack("talk", "injection"),
    Intent.secret: pack("talk", "secret"),
}
# Guesses about the tone of a text, which a sure answer overrides, and which are kept for the curators.
UNSURE: Final = frozenset({Intent.greeting, Intent.thanks, Intent.small_talk, Intent.gibberish, Intent.yes, Intent.no})
KEPT: Final = frozenset({Intent.small_talk, Intent.gibberish, Intent.injection, Intent.report})

# What "có" and "không" mean on the screens that ask: payloads by flow
REPLIES: Final[dict[str, dict[Intent, str]]] = {
    "erase": {Intent.yes: pack("erase", "yes"), Intent.no: pack("erase", "no"), Intent.wrong: pack("erase", "no")},
    "forget": {Intent.yes: pack("forget", "yes"), Intent.no: pack("person"), Intent.wrong: pack("person")},
    "consent": {Intent.yes: pack("consent", "yes"), Intent.no: pack("consent", "no"), Intent.wrong: pack("consent", "no")},
    "offer": {Intent.yes: pack("offer"), Intent.no: pack("none"), Intent.wrong: pack("none")},
}
# On a topic, these words in a "no" say that it was the wrong one
_WRONG: Final = ("khong phai", "khong dung", "sai", "nham", "chua dung")
_ON_TOPIC: Final = ("topic", "step", "urgent")
_SETTINGS: Final = (
    (("don gian", "de hieu", "ngan"), reading.SIMPLER),
    (("chu to", "to hon", "to len", "chu lon", "phong to"), reading.LARGER),
    (("co chu",), pack("profile", "size")),
    (("tieng", "ngon ngu"), pack("profile", "language")),
    (("xung ho", "goi toi", "goi bac", "goi la"), pack("profile", "address")),
)


def asked_for(heard: Heard | None) -> str | None:
    """The payload of the screen that a sentence asks for in words; None for questions and danger."""
    if heard is None or heard.understanding.urgency:
        return None
    return ASKED_FOR.get(heard.understanding.intent)


def respond(ctx: Ctx, heard: Heard | None) -> Place:
    """The place a typed text leads to. Without `heard` (understanding failed) an apology with the menu."""
    if heard is None:
        return go(ctx, pack("unknown", "broken"))
    if screen := calm.respond(ctx, heard):
        return arrive(ctx, screen)
    if beside := reading.asked(heard.understanding) or _place_named(ctx, heard) or _area_named(ctx, heard):
        return go(ctx, beside)
    intent = heard.understanding.intent
    if heard.understanding.urgency or _is_question(heard):
        return arrive(ctx, ask.respond(ctx, heard))
    place = go(ctx, _payload(ctx, heard))
    if intent not in KEPT:
        return place
    fact = ask.question_asked(ctx, heard, place.screen)
    return replace(place, screen=replace(place.screen, facts=(fact, *place.screen.facts)))


def _place_named(ctx: Ctx, heard: Heard) -> str | None:
    """The communes of the name that somebody gives who asks whom to meet there."""
    name = commune_told(heard.understanding.restored) if heard.understanding.urgency is None else None
    return pack("where", "h", "find", name.replace(" ", "-")[:40]) if name and "where" in ctx.flows else None


def _area_named(ctx: Ctx, heard: Heard) -> str | None:
    """The area whose title was typed, from wherever: the word of an old menu is as good as its button."""
    said = fold(heard.understanding.masked)
    return next((pack("area", area.id) for area in ctx.world.content.areas if fold(area.title) == said), None)


def _is_question(heard: Heard) -> bool:
    intent, decision = heard.understanding.intent, heard.decision
    answered = decision is not None and decision.kind in (Kind.ANSWER, Kind.ASK_BACK, Kind.PROCEDURE)
    return intent not in ASKED_FOR or (intent in UNSURE and answered)


def _payload(ctx: Ctx, heard: Heard) -> str:
    intent = heard.understanding.intent
    if intent is Intent.profile:
        return _setting(heard.understanding.masked)
    flow = parse(ctx.state.shown).flow
    if intent is Intent.no and flow in _ON_TOPIC and any(word in fold(heard.understanding.normal) for word in _WRONG):
        return pack("none", ask.OTHER)
    replies = REPLIES.get(flow, {})
    return replies.get(intent, ASKED_FOR[intent])


def _setting(text: str) -> str:
    """The setting a sentence names, else the overview."""
    folded = fold(text)
    return next((payload for words, payload in _SETTINGS if any(w in folded for w in words)), pack("profile"))
