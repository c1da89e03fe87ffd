"""Getting from screen to screen: dispatch, pages, back and forth. Every way ends on a screen; none can loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, get_args

from bot.flows import profile
from bot.flows.base import Ctx, Gone, Screen, one
from bot.messages import Button
from bot.payloads import Payload, PayloadError, pack, parse
from bot.state import HOME, MAX_BACK, MAX_MENU, State, TextSize
from knowledge.model import Aspect

CHANGED: Final = pack("talk", "changed")
LARGER: Final = "larger"
RESUME: Final = "resume"
LEARN: Final = pack("learn")
LEADING_ON: Final = frozenset({"q", "learn", "lesson"})


@dataclass(frozen=True, slots=True)
class Place:
    """A screen, its page, and the screens behind it; `instead` is said where its text is before the person already."""

    screen: Screen
    page: int
    back: tuple[str, ...]
    instead: str | None = None


def go(ctx: Ctx, payload: str) -> Place:
    """Where a payload leads. One that leads nowhere (any more) gives today's menu with a word about it."""
    try:
        parsed = parse(payload)
        move = _MOVES.get(parsed.flow)
        return move(ctx, parsed) if move else arrive(ctx, dispatch(ctx, parsed))
    except (Gone, PayloadError):
        return arrive(ctx, dispatch(ctx, parse(CHANGED)))


def dispatch(ctx: Ctx, payload: Payload) -> Screen:
    """The screen of a payload. Raises Gone for an unknown flow or arguments."""
    flow = ctx.flows.get(payload.flow)
    if flow is None:
        raise Gone(payload.flow)
    return flow.show(ctx, payload.args)


def arrive(ctx: Ctx, screen: Screen) -> Place:
    """A step forward: the screen left goes on the stack."""
    return Place(screen, 0, _stack(ctx, screen))


def _stack(ctx: Ctx, screen: Screen) -> tuple[str, ...]:
    """The screens behind this one. Coming upon a screen that is on the stack cuts the circle off."""
    here, stack = ctx.state.screen, ctx.state.back
    if screen.address == HOME:
        return ()
    if screen.remark or screen.address == here:
        return stack
    if screen.address in stack:
        return stack[: stack.index(screen.address)]
    return stack if _same_series(ctx, here, screen.address) else (*stack, here)[-MAX_BACK:]


def _same_series(ctx: Ctx, left: str, right: str) -> bool:
    a, b = _parsed(left), _parsed(right)
    flow = ctx.flows.get(a.flow)
    return bool(flow and flow.series and a.flow == b.flow and a.args[:1] == b.args[:1])


def _parsed(address: str) -> Payload:
    try:
        return parse(address)
    except PayloadError:
        return parse(HOME)


def _shown_again(ctx: Ctx, address: str, page: int, back: tuple[str, ...]) -> Place:
    """A screen seen before: without its facts, which were stored then. If it is gone, home."""
    try:
        screen = dispatch(ctx, parse(address))
    except (Gone, PayloadError):
        screen, page, back = replace(dispatch(ctx, parse(HOME)), text=ctx.say("chat.changed")), 0, ()
    return Place(replace(screen, facts=()), page, back)


def _go_back(ctx: Ctx, payload: Payload) -> Place:
    """From a later page to the one before, from a remark to the screen under it, else to the last screen on the stack."""
    state = ctx.state
    if state.page > 0:
        return _shown_again(ctx, state.shown, state.page - 1, state.back)
    if state.shown != state.screen:
        return _shown_again(ctx, state.screen, 0, state.back)
    return _shown_again(ctx, state.back[-1] if state.back else HOME, 0, state.back[:-1])


def _again(ctx: Ctx, payload: Payload) -> Place:
    return _shown_again(ctx, ctx.state.screen, 0, ctx.state.back)


def _manner(ctx: Ctx, payload: Payload) -> Place:
    """``level:simple`` or ``size:larger``: the setting is kept, and the same screen shown at once in the new manner."""
    name, value = one(payload.args), one(payload.args, 1)
    chosen = _next_size(ctx) if value == LARGER else value
    after, fact = profile.changed_to(ctx, name, chosen)
    place = _shown_again(after, _in_manner(after, ctx.state.screen), 0, ctx.state.back)
    same = place.screen.text == _shown_again(ctx, ctx.state.screen, 0, ()).screen.text
    limit = (name == "level" and same) or (name == "size" and ctx.state.profile.text_size == chosen)
    word = after.say(f"manner.{name}_limit" if limit else f"manner.{name}")
    facts = (fact,) if after.state.profile != ctx.state.profile else ()
    return replace(place, screen=replace(place.screen, before=(word,), facts=facts))


def _next_size(ctx: Ctx) -> str:
    """The next bigger size of letters; the biggest stays."""
    sizes = get_args(TextSize)
    return str(sizes[min(sizes.index(ctx.state.profile.text_size) + 1, len(sizes) - 1)])


def _in_manner(ctx: Ctx, address: str) -> str:
    """The same screen; a step that the plainer text does not have gives all of its steps."""
    here = _parsed(address)
    if here.flow != "step" or leads_somewhere(ctx, address):
        return address
    return pack("step", *here.args[:1], "all")


def _more(ctx: Ctx, payload: Payload) -> Place:
    """``more`` turns the page of what is shown, the last one stays; ``more:<page>:<address>`` works on its own."""
    if not payload.args:
        return _turn_page(ctx, ctx.state.shown, ctx.state.page + 1)
    page = payload.args[0]
    if not page.isdecimal() or int(page[:3]) > MAX_MENU:
        raise Gone(page)
    address = pack(*payload.args[1:]) if len(payload.args) > 1 else ctx.state.shown
    return _turn_page(ctx, address, int(page))


def _turn_page(ctx: Ctx, address: str, page: int) -> Place:
    if address == ctx.state.shown:
        return _shown_again(ctx, address, page, ctx.state.back)
    screen = dispatch(ctx, parse(address))
    return Place(replace(screen, facts=()), page, _stack(ctx, screen))


def _next(ctx: Ctx, payload: Payload) -> Place:
    """The way on in a lesson, quiz or danger, the next step of a topic, its first from another section, else the next page."""
    target = _way_on(ctx.state) or _step_from(ctx, 1)
    return go(ctx, target) if target else _turn_page(ctx, ctx.state.shown, ctx.state.page + 1)


def _way_on(state: State) -> str | None:
    """The first choice where it leads on: below a card of a lesson, the feedback to an answer, the first acts in danger."""
    here = _parsed(state.shown)
    on_card = here.flow == "lesson" and here.args[-1:] and here.args[-1].isdecimal()
    after_answer = here.flow == "q" and len(state.menu) == 1
    first_acts = bool(state.menu) and _parsed(state.menu[0]).flow == "acts"
    return state.menu[0] if state.menu and (on_card or after_answer or first_acts) else None


def _previous(ctx: Ctx, payload: Payload) -> Place:
    """The step before, else back."""
    here = _parsed(ctx.state.screen)
    target = _step_from(ctx, -1) if here.flow == "step" and ctx.state.shown == ctx.state.screen else None
    return go(ctx, target) if target else _go_back(ctx, payload)


def _step_from(ctx: Ctx, by: int) -> str | None:
    """The payload of the step that far from the one on the screen, None where there is none."""
    here = _parsed(ctx.state.screen)
    if here.flow not in ("topic", "step") or not here.args:
        return None
    view = ctx.view(here.args[0])
    section = view.section(Aspect.STEPS) if view else None
    at = here.args[1] if here.flow == "step" and len(here.args) > 1 else "0"
    number = int(at[:3]) + by if at.isdecimal() else 0
    return pack("step", here.args[0], number) if section and 1 <= number <= len(section.steps) else None


def _nth(ctx: Ctx, payload: Payload) -> Place:
    """``<n>``: that step of the topic on the screen; elsewhere, and past the last step, it is said that there is none."""
    here, number = _parsed(ctx.state.screen), one(payload.args)
    step = pack("step", here.args[0], number) if here.flow in ("topic", "step") and here.args else ""
    if step and leads_somewhere(ctx, step):
        return go(ctx, step)
    place = _shown_again(ctx, ctx.state.shown, ctx.state.page, ctx.state.back)
    return replace(place, screen=replace(place.screen, before=(ctx.say("steps.none", number=number),)))


def _number(ctx: Ctx, payload: Payload) -> Place:
    """A number that is no choice here: said, with the same choices; their text is still on the screen."""
    place = _shown_again(ctx, ctx.state.shown, ctx.state.page, ctx.state.back)
    word = ctx.say("chat.number", number=payload.args[0] if payload.args else "?")
    return replace(place, instead=word)


def _resume(ctx: Ctx, payload: Payload) -> Place:
    """Back to the quiz that was left for something else; to the learning room where none was."""
    return go(ctx, _quiz_behind(ctx.state.screen, *ctx.state.back[::-1]) or LEARN)


def _quiz_behind(*addresses: str) -> str | None:
    """The first screen of a quiz among these; None where that is its result, so that it is over."""
    found = next((address for address in addresses if _parsed(address).flow == "q"), None)
    return None if found is None or _parsed(found).args[-1:] == ("end",) else found


_MOVES: Final[dict[str, Callable[[Ctx, Payload], Place]]] = {
    "back": _go_back,
    "again": _again,
    "more": _more,
    "next": _next,
    "previous": _previous,
    "number": _number,
    "nth": _nth,
    "manner": _manner,
    RESUME: _resume,
}


def leads_somewhere(ctx: Ctx, payload: str) -> bool:
    """Whether a payload has a screen today: for tests and for checks of stored menus."""
    parsed = parse(payload)
    if parsed.flow in _MOVES:
        return True
    try:
        return bool(dispatch(ctx, parsed))
    except Gone:
        return False


def navigation(ctx: Ctx, place: Place) -> tuple[Button, ...]:
    """The way back where there is one, to a human and home; home comes last, it stays on every page."""
    address = place.screen.address
    behind = address != HOME or place.page > 0  # with an empty stack, back is home
    back = (ctx.button("label.back", "back"),) if behind else ()
    human = (ctx.button("label.human", "human"),) if address != pack("human") else ()
    home = (ctx.button("label.home", "home"),) if address != HOME else ()
    return (*back, *human, *home)


def with_way_back(ctx: Ctx, place: Place) -> Place:
    """The place; where a question or a word led out of a quiz, the way back into it is the first choice.

    In danger nothing calls back to learning, and the learning room's own screens lead on themselves.
    """
    screen = place.screen
    under = (ctx.state.screen,) if screen.remark else ()
    own = _parsed(screen.address).flow in LEADING_ON
    if screen.urgent or own or not _quiz_behind(*under, *place.back[::-1]):
        return place
    spoken = replace(ctx, state=screen.state)  # in the manner just chosen
    resume = spoken.button("label.resume", RESUME)
    return replace(place, screen=replace(screen, choices=(resume, *screen.choices)))


def state_after(place: Place, page: int, turn_id: str, was: State) -> State:
    """The conversation's place after the turn."""
    screen = place.screen
    here = was.screen if screen.remark else screen.address
    return screen.state.model_copy(
        update={"screen": here, "shown": screen.address, "page": page, "back": place.back, "last_turn_id": turn_id}
    )
