"""One journey for every app: what a person means to do, what they see, and how the two find each other on each app.

The journey is a transcript of the terminal. What is typed there becomes an intention: the exact label of a choice on
the screen (or of the way home, back or to a human) is pressed, anything else is typed. `Walk` carries intentions out
with whatever an app offers, turning pages where the wanted choice is on a later one.

**What counts as the same** is settled here and nowhere else. `words` leaves out bold marks, bullets and all white
space, hence also where an app cuts a long text in two, and pictures, which one app shows and another describes.
`Screen.agrees` leaves out how a choice is reached (button or number), how navigation is worded, and which choices wait
behind "Thêm ▸". Words, labels and their order must be equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

from bot.channels.console import BOT, COMMENT, USER

MORE = "more"
WAYS = {"thêm": MORE, "quay lại": "back", "người": "human", "0": "home"}  # what numbered menus say → the flow of the button
NAV_LABELS = {"🏠 Trang chủ": "home", "◀ Quay lại": "back", "🙋 Gặp người hỗ trợ": "human"}

_PICTURE = re.compile(r"^\[?Hình minh họa: .*$", re.MULTILINE)
_BULLET = re.compile(r"^\s*[-•] ", re.MULTILINE)
_CHOICES = re.compile(r"^Gõ số để chọn:\n((?:\d+ – .+\n?)+)", re.MULTILINE)
_NUMBERED = re.compile(r"^(\d+) – (.+)$", re.MULTILINE)
_NAV = re.compile(r"^Hoặc gõ: (.+)$", re.MULTILINE)
_QUOTED = re.compile(r"“([^”]+)”")


def words(text: str) -> str:
    """The words of a text, without the marks and the white space that apps treat differently."""
    return " ".join(_BULLET.sub("", _PICTURE.sub("", text.replace("**", ""))).split())


@dataclass(frozen=True)
class Screen:
    """What a person has before them: the words; choices by label; ways by flow. The values say how an app is told."""

    words: str
    choices: dict[str, str] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    pages: int = 1  # seen

    @property
    def complete(self) -> bool:
        """Whether no choice waits on a later page."""
        return MORE not in self.ways

    def agrees(self, golden: Screen) -> bool:
        """Same words; same choices in the same order and same ways, save those that "Thêm ▸" on either side still hides."""
        mine, theirs = list(self.choices), list(golden.choices)
        turned_back = {"back"} if self.pages > 1 else set()  # a later page leads back to the one before
        ways, their_ways = set(self.ways) - {MORE} - turned_back, set(golden.ways) - {MORE} - turned_back
        both = min(len(mine), len(theirs))
        lacking = len(theirs) > both or ways < their_ways
        beyond = len(mine) > both
        if golden.complete and (beyond or lacking == self.complete):
            return False  # what is lacking, and nothing else, waits on a later page
        if self.complete and not golden.complete and (lacking or not beyond):
            return False  # the golden screen has more than it shows
        return self.words == golden.words and mine[:both] == theirs[:both] and ways <= their_ways

    def with_page(self, page: Screen) -> Screen:
        """This screen with the choices of its next page too; the ways are those of that page."""
        return Screen(self.words, self.choices | page.choices, page.ways, self.pages + 1)


def joined(screens: Iterable[Screen]) -> Screen:
    """The bubbles of one answer as one screen."""
    bubbles = list(screens)
    choices = {label: how for bubble in bubbles for label, how in bubble.choices.items()}
    ways = {way: how for bubble in bubbles for way, how in bubble.ways.items()}
    return Screen(" ".join(bubble.words for bubble in bubbles if bubble.words), choices, ways)


def numbered(text: str) -> Screen:
    """A bubble whose choices are numbers to type, as terminal and Zalo show it."""
    plain = text.replace("**", "")
    listed, nav = _CHOICES.search(plain), _NAV.search(plain)
    choices = {label: number for number, label in _NUMBERED.findall(listed[1])} if listed else {}
    ways = {WAYS[word]: word for word in _QUOTED.findall(nav[1])} if nav else {}
    return Screen(words(_NAV.sub("", _CHOICES.sub("", plain))), choices, ways)


def with_buttons(text: str, buttons: Iterable[tuple[str, str]]) -> Screen:
    """A bubble with buttons, given as (label, payload). Navigation is known by its payload: some apps shorten its labels."""
    flows = [(label, payload, payload.split(":")[1]) for label, payload in buttons]
    choices = {label: payload for label, payload, flow in flows if flow not in WAYS.values()}
    return Screen(words(text), choices, {flow: payload for _, payload, flow in flows if flow in WAYS.values()})


@dataclass(frozen=True)
class Step:
    """One line of the journey: what the person does, whether that is a press, and what they see then."""

    line: str
    is_press: bool
    seen: Screen


def steps_of(transcript: str) -> list[Step]:
    """The journey written down in a transcript of the terminal."""
    steps: list[Step] = []
    kept = "\n".join(line for line in transcript.splitlines() if not line.startswith(COMMENT))
    for turn in re.split(rf"^{USER}", kept, flags=re.MULTILINE)[1:]:
        line, _, answer = turn.partition("\n")
        before = steps[-1].seen if steps else Screen("")
        steps.append(Step(line, line in before.choices or NAV_LABELS.get(line) in before.ways, _recorded(answer)))
    return steps


def _recorded(answer: str) -> Screen:
    bubbles = re.split(rf"^{BOT}.*\n", answer, flags=re.MULTILINE)[1:]
    return joined(numbered(re.sub(r"^  ", "", bubble, flags=re.MULTILINE)) for bubble in bubbles)


class App(Protocol):
    """An app in a person's hand. Every call goes the whole way there and back."""

    def say(self, text: str) -> Screen:
        """Type a text and send it."""
        ...

    def tell(self, how: str) -> Screen:
        """Choose: `how` is what the screen gave for the choice, a payload to press or a number to type."""
        ...


class Walk:
    """A person who knows what they want, at some app.

    Args:
        paging: entered while a page is turned, which is no line of the journey.
    """

    def __init__(self, app: App, paging: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._app, self._paging = app, paging
        self.screen = Screen("")
        self.pages_turned = 0
        self.told: list[str] = []  # how choices were made

    def type(self, text: str) -> Screen:
        self.screen = self._app.say(text)
        return self.screen

    def press(self, label: str) -> Screen:
        """Choose by label, wherever it is."""
        how = self._way(NAV_LABELS[label]) if label in NAV_LABELS else self._choice(label)
        self.told.append(how)
        self.screen = self._app.tell(how)
        return self.screen

    def follow(self, step: Step) -> Screen:
        """Do what the journey says."""
        return self.press(step.line) if step.is_press else self.type(step.line)

    def turn_all_pages(self) -> Screen:
        """Look at every choice and way there is."""
        while not self.screen.complete:
            self._turn_page()
        return self.screen

    def _choice(self, label: str) -> str:
        while label not in self.screen.choices and not self.screen.complete:
            self._turn_page()
        assert label in self.screen.choices, f"no “{label}” among {list(self.screen.choices)}"
        return self.screen.choices[label]

    def _way(self, flow: str) -> str:
        while flow not in self.screen.ways and not self.screen.complete:
            self._turn_page()
        return self.screen.ways[flow]

    def _turn_page(self) -> None:
        with self._paging():
            page = self._app.tell(self.screen.ways[MORE])
        assert re.search(r"Các (mục \d+–\d+|nút còn lại)", page.words), "a later page says which choices it holds"
        self.screen = self.screen.with_page(page)
        self.pages_turned += 1
