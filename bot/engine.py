"""One turn of the conversation: pure. No database, network, clock or channel; the shell brings all it needs.

The shell asks `needs_hearing`; if so it runs understanding and retrieval. Then `step` gives the new
state, the replies and the facts, which the shell stores in one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import burst, commands
from bot.facts import ConversationErased
from bot.flows import FLOWS
from bot.flows.base import Ctx, Flow, Screen
from bot.hearing import respond
from bot.messages import MAX_TEXT, Incoming, Outgoing
from bot.navigation import Place, go, navigation, state_after, with_way_back
from bot.paging import Page, fit, more_payload
from bot.payloads import PayloadError, pack, parse
from bot.state import MAX_MENU, State
from bot.texts import DRAFT_MARK
from bot.turn import Heard, Turn, World
from knowledge.languages import registry
from nlu.masking import hidden_in

__all__ = ["Heard", "Turn", "World", "needs_hearing", "step"]


def needs_hearing(state: State, incoming: Incoming) -> bool:
    """Whether the message has to be understood; False for buttons, numbers of the menu, exact words and empty messages."""
    return commands.read(state, incoming) is None


def step(state: State, incoming: Incoming, heard: Heard | None, world: World, flows: Mapping[str, Flow] = FLOWS) -> Turn:
    """Answer one message. Gives at least one reply for whatever a person sends, and never raises for it.

    Args:
        heard: what was understood; may be None where `needs_hearing` is False, or when understanding failed.
        flows: the table of flows; a room that teaches passes a larger one.
    """
    ctx = Ctx(state, replace(world, typed=incoming.text), flows)
    payload = commands.read(state, incoming)
    place = _place(ctx, payload, heard)
    remarks = _remarks(ctx, incoming, heard if payload is None else None)
    page = fit(_outgoing(ctx, place), incoming.capacity, place.page, _more(place.screen.address))
    instead = place.instead or _turned(ctx, place.screen.text, page)
    screen, main = _seen(place.screen, page.outgoing, instead) if instead else (place.screen, page.outgoing)
    return Turn(_after(ctx, place, page), _bubbles(screen, main, remarks), screen.facts)


def _place(ctx: Ctx, payload: str | None, heard: Heard | None) -> Place:
    """Where the message leads; a screen for somebody in danger is made without drafts of translations."""
    place = go(ctx, payload) if payload is not None else respond(ctx, heard)
    if place.screen.urgent and ctx.trial:
        return _place(ctx.without_trial(), payload, heard)
    return with_way_back(ctx, place)


def _remarks(ctx: Ctx, incoming: Incoming, heard: Heard | None) -> tuple[str, ...]:
    """What has to be said besides the answer: who the bot is (once), hidden numbers, a cut text, the language."""
    understanding = heard.understanding if heard else None
    names = [
        *([] if ctx.state.seen_notice else ["notice"]),
        *_hidden(understanding.personal if understanding else hidden_in(incoming.text or "")),
        *(["remark.too_long"] if len(incoming.text or "") > MAX_TEXT else []),
        *(["remark.language"] if understanding and understanding.language not in ("vi", "unknown") else []),
    ]
    return tuple(ctx.say(name) for name in names)


def _hidden(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """What to say of hidden numbers: of a secret code that it is told to nobody."""
    if not kinds:
        return ()
    return ("remark.code",) if "otp" in kinds else ("remark.personal",)


def _outgoing(ctx: Ctx, place: Place) -> Outgoing:
    screen = place.screen
    spoken = replace(ctx, state=screen.state)  # labels in the manner just chosen
    if screen.urgent:
        spoken = spoken.without_trial()
    text = _labelled(spoken, screen.text)
    return Outgoing(text, screen.choices[:MAX_MENU], navigation(spoken, place), screen.media, screen.urgent and not screen.gentle)


_TITLE = re.compile(r"\*\*[^*\n]+\*\*(?=\n|$)")


def _turned(ctx: Ctx, text: str, page: Page) -> str | None:
    """What a later page says: which choices it holds, and of what; None for the first page."""
    if page.number == 0:
        return None
    first, count = page.outgoing.first, len(page.outgoing.buttons)
    word = ctx.say("page.more", number=first, count=first + count - 1) if count else ctx.say("page.rest")
    title = _TITLE.match(text)
    return f"{title[0]}\n{word}" if title else word


def _seen(screen: Screen, main: Outgoing, instead: str) -> tuple[Screen, Outgoing]:
    """A screen whose text the person has before them: only its choices are sent again, with other words."""
    return replace(screen, before=(), after=()), replace(main, text=instead, media=())


def _labelled(ctx: Ctx, text: str) -> str:
    """The text; where the person's language is on trial, with a line that says so: above drafts, else below, for the buttons."""
    language = registry().language(ctx.state.profile.language)
    if not ctx.trial or language is None:
        return text
    if DRAFT_MARK in text:
        return f"{ctx.say('trial.label', title=language.name)}\n\n{text}"
    return f"{text}\n\n{ctx.say('trial.buttons', title=language.name)}"


def _more(address: str) -> Callable[[int], str]:
    """The payload of a page: with the screen's address where it fits, so that the button outlives the conversation."""
    screen = parse(address)

    def payload(page: int) -> str:
        try:
            return pack("more", page, screen.flow, *screen.args)
        except PayloadError:
            return more_payload(page)

    return payload


def _bubbles(screen: Screen, main: Outgoing, remarks: tuple[str, ...]) -> tuple[Outgoing, ...]:
    """The screen's bubble among those without choices; in danger nothing comes before what to do."""
    before = screen.before if screen.urgent else (*remarks, *screen.before)
    after = (*screen.after, *remarks) if screen.urgent else screen.after
    size = screen.state.profile.text_size
    return tuple(replace(bubble, text_size=size) for bubble in (*map(Outgoing, before), main, *map(Outgoing, after)))


def _after(ctx: Ctx, place: Place, page: Page) -> State:
    """The state to keep: where the person is, and what numbers and labels mean now."""
    choices = place.screen.choices[:MAX_MENU]
    erased = any(isinstance(fact, ConversationErased) for fact in place.screen.facts)
    state = state_after(place, page.number, ctx.world.turn_id, ctx.state)
    menu = {"menu": tuple(b.payload for b in choices), "labels": tuple(commands.fold(b.label) for b in choices)}
    return state.model_copy(update={**menu, **burst.kept(ctx.world.typed, ctx.world.now), "seen_notice": not erased})
