"""The flows, one small file per kind of conversation, and the table that leads to them.

A payload ``v1:<flow>:…`` is shown by the flow of that name. A room that teaches adds its flows by
passing a larger table to the engine: ``{**FLOWS, "learn": Flow(learn.show)}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.flows import area, ask, calm, card, chat, feedback, help, home, human, procedure, profile, reading, steps, topic, urgent
from bot.flows.base import Flow

FLOWS: Final[Mapping[str, Flow]] = {
    "home": Flow(home.show),
    "ask": Flow(home.invite),
    "area": Flow(area.show),
    "topic": Flow(topic.show),
    "step": Flow(steps.show, series=True),
    "card": Flow(card.show),
    "offer": Flow(ask.offer),
    "unknown": Flow(ask.unknown),
    "none": Flow(ask.none_of_these),
    "found": Flow(procedure.found),
    "procedures": Flow(procedure.of_topic),
    "procedure": Flow(procedure.show, series=True),
    "fb": Flow(feedback.show),
    "report": Flow(feedback.report),
    "danger": Flow(urgent.menu),
    "urgent": Flow(urgent.show),
    "acts": Flow(urgent.others),
    "calm": Flow(calm.show),
    "help": Flow(help.show),
    "who": Flow(help.who),
    "human": Flow(human.show),
    "profile": Flow(profile.show),
    "set": Flow(profile.choose),
    "kept": Flow(profile.kept),
    "reading": Flow(reading.show),
    "erase": Flow(profile.erase),
    "talk": Flow(chat.talk),
    "sent": Flow(chat.sent),
}
