"""From what was understood to a place: danger first, then what was asked for in words, then the question."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands import fold
from bot.flows import ask
from bot.flows.base import Ctx
from bot.navigation import Place, arrive, go
from bot.payloads import pack, parse
from bot.state import HOME
from bot.turn import Heard
from nlu.understanding import Intent
from retrieval.decision import Kind

ASKED_FOR: Final[dict[Intent, str]] = {
    Intent.GREETING: pack("home", "hello"),
    Intent.THANKS: pack("talk", "thanks"),
    Intent.GOODBYE: pack("talk", "goodbye"),
    Intent.ABUSE: pack("talk", "abuse"),
    Intent.SMALL_TALK: pack("talk", "small_talk"),
    Intent.BOT_IDENTITY: pack("who"),
    Intent.HUMAN: pack("human"),
    Intent.MENU: HOME,
    Intent.BACK: pack("back"),
    Intent.HELP: pack("help"),
    Intent.YES: pack("talk", "yes"),
    Intent.NO: pack("talk", "no"),
    Intent.NEXT: pack("next"),
    Intent.REPEAT: pack("again"),
    Intent.PROFILE: pack("profile"),
    Intent.ERASE: pack("erase"),
    Intent.STOP: pack("talk", "stop"),
    Intent.EMPTY: pack("talk", "empty"),
    Intent.GIBBERISH: pack("talk", "gibberish"),
}
# Guesses about the tone of a text, which a sure answer overrides, and which are kept for the curators.
UNSURE: Final = frozenset({Intent.GREETING, Intent.THANKS, Intent.SMALL_TALK, Intent.GIBBERISH, Intent.YES, Intent.NO})
KEPT: Final = frozenset({Intent.SMALL_TALK, Intent.GIBBERISH})

# What "có" and "không" mean on the screens that ask: payloads by flow
REPLIES: Final[dict[str, dict[Intent, str]]] = {
    "erase": {Intent.YES: pack("erase", "yes"), Intent.NO: pack("erase", "no")},
    "offer": {Intent.YES: pack("offer"), Intent.NO: pack("none")},
}
_SETTINGS: Final = (
    (("don gian", "de hieu", "ngan gon"), pack("set", "level", "simple")),
    (("chu to", "co chu", "to hon", "chu lon", "phong to"), pack("profile", "size")),
    (("tieng", "ngon ngu"), pack("profile", "language")),
    (("xung ho", "goi toi", "goi bac", "goi la"), pack("profile", "address")),
)


def respond(ctx: Ctx, heard: Heard | None) -> Place:
    """The place a typed text leads to. Without `heard` (understanding failed) an apology with the menu."""
    if heard is None:
        return go(ctx, pack("unknown", "broken"))
    intent = heard.understanding.intent
    if heard.understanding.urgency or _is_question(heard):
        return arrive(ctx, ask.respond(ctx, heard))
    place = go(ctx, _payload(ctx, heard))
    if intent not in KEPT:
        return place
    fact = ask.question_asked(ctx, heard, place.screen)
    return replace(place, screen=replace(place.screen, facts=(fact, *place.screen.facts)))


def _is_question(heard: Heard) -> bool:
    intent, decision = heard.understanding.intent, heard.decision
    answered = decision is not None and decision.kind in (Kind.ANSWER, Kind.ASK_BACK, Kind.PROCEDURE)
    return intent not in ASKED_FOR or (intent in UNSURE and answered)


def _payload(ctx: Ctx, heard: Heard) -> str:
    intent = heard.understanding.intent
    if intent is Intent.PROFILE:
        return _setting(heard.understanding.masked)
    replies = REPLIES.get(parse(ctx.state.shown).flow, {})
    return replies.get(intent, ASKED_FOR[intent])


def _setting(text: str) -> str:
    """The setting a sentence names, else the overview."""
    folded = fold(text)
    return next((payload for words, payload in _SETTINGS if any(w in folded for w in words)), pack("profile"))
