"""The words other rooms use to talk about what a citizen said."""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """What the message wants of the bot; everything that is not surely something else is a `question`."""

    question = "question"
    greeting = "greeting"
    thanks = "thanks"
    goodbye = "goodbye"
    abuse = "abuse"
    small_talk = "small_talk"
    bot_identity = "bot_identity"
    human = "human"
    menu = "menu"
    back = "back"
    help = "help"
    yes = "yes"
    no = "no"
    next = "next"
    repeat = "repeat"
    profile = "profile"
    erase = "erase"
    stop = "stop"
    empty = "empty"
    gibberish = "gibberish"
    confused = "confused"
    learn = "learn"
    quiz = "quiz"
    progress = "progress"
    join_group = "join_group"
    report = "report"
    wrong = "wrong"
    another = "another"
    injection = "injection"
    secret = "secret"  # noqa: S105 - asks for a secret, is none


class Urgency(StrEnum):
    """A danger that cannot wait for an ordinary answer."""

    being_scammed = "being_scammed"
    lost_money = "lost_money"
    device_taken = "device_taken"
    despair = "despair"
    captive = "captive"
    child_danger = "child_danger"
    blackmail = "blackmail"
    life_danger = "life_danger"


ASPECTS = ("summary", "steps", "documents", "fee", "time", "where", "eligibility", "trouble", "safety")
"""The parts of an answer a question can ask for."""
