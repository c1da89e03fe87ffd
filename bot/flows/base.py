"""What every flow is made of: the context it reads, the screen it gives, the way it says that something is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.facts import Fact
from bot.messages import Button, Media
from bot.payloads import pack
from bot.state import State
from bot.texts import Voice, clip
from bot.turn import World
from knowledge.model import Aspect, Level, Topic, View
from knowledge.published import BASE_LANGUAGE
from knowledge.trials import Trial


class Gone(LookupError):
    """The arguments of a payload no longer lead anywhere; the engine says so and shows what there is now."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a flow shows.

    `address` is the payload that shows the screen again, with the same choices in the same order. A
    `remark` is said on top of the current screen, which "Quay lại" leads back to. `choices` belong to
    the text; `before` and `after` are bubbles without choices. An urgent screen that is
    `gentle` goes before everything, too, but is not shown as an alarm.
    """

    text: str
    address: str
    state: State
    choices: tuple[Button, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    media: tuple[Media, ...] = ()
    urgent: bool = False
    gentle: bool = False
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Ctx:
    """What a flow may look at."""

    state: State
    world: World
    flows: Mapping[str, Flow]

    @property
    def language(self) -> str:
        """The language this person chose, Vietnamese where it is not to be had today."""
        chosen = self.state.profile.language
        return chosen if chosen in self.world.content.languages else BASE_LANGUAGE

    @property
    def trial(self) -> Trial | None:
        """Drafts in this person's language, where citizens may see them."""
        return self.world.content.trial(self.state.profile.language)

    def without_trial(self) -> Ctx:
        """The same without drafts: warnings are never mere drafts."""
        return replace(self, world=replace(self.world, content=replace(self.world.content, trials={})))

    @property
    def voice(self) -> Voice:
        if self.state.profile.language == BASE_LANGUAGE:
            return Voice(self.state.profile)
        trial = self.trial
        return Voice(self.state.profile, self.world.content.words.get(self.language), trial.words if trial else None)

    def say(self, name: str, /, **values: object) -> str:
        return self.voice.say(name, **values)

    def button(self, name: str, flow: str, *args: str | int) -> Button:
        """A button with the label of that name."""
        return Button(self.voice.label(name), pack(flow, *args))

    def view(self, topic_id: str) -> View | None:
        """The published text of a topic for this person's language and level; the simple one where drafts stand beside it."""
        level = Level.SIMPLE if self.trial else Level(self.state.profile.level)
        view = self.world.content.view(topic_id, self.language, level)
        if view is None or view.key.language == BASE_LANGUAGE:
            return view
        return _completed(view, self.world.content.view(topic_id, level=level))

    def draft(self, view: View) -> View | None:
        """The draft in this person's language to show above a Vietnamese text, None where there is none to be shown."""
        trial = self.trial
        return trial.views.get(view.key.topic_id) if trial and view.key.language == BASE_LANGUAGE else None

    def topic(self, topic_id: str) -> tuple[Topic, View]:
        """A topic with its text. Raises Gone where there is none."""
        view = self.view(topic_id)
        if view is None or topic_id not in self.world.content.topics:
            raise Gone(topic_id)
        return self.world.content.topics[topic_id], view

    def topic_button(self, topic_id: str) -> Button | None:
        """The button to a topic, None where it has no text."""
        view = self.view(topic_id)
        return Button(clip(view.short_title), pack("topic", topic_id)) if view else None


def _completed(translated: View, vietnamese: View | None) -> View:
    """A translation with the sections it lacks in Vietnamese: what to do in danger must not be lost on the way."""
    lacking = tuple(s for s in (vietnamese.sections if vietnamese else ()) if translated.section(s.aspect) is None)
    ordered = sorted((*translated.sections, *lacking), key=lambda s: list(Aspect).index(s.aspect))
    return translated.model_copy(update={"sections": tuple(ordered)})


Handler = Callable[[Ctx, tuple[str, ...]], Screen]


@dataclass(frozen=True, slots=True)
class Flow:
    """One kind of screen.

    Args:
        show: gives the screen for a payload's arguments; raises Gone.
        series: screens with the same first argument follow each other without piling up under "Quay lại".
    """

    show: Handler
    series: bool = False


def one(args: tuple[str, ...], index: int = 0) -> str:
    """The argument at that place. Raises Gone where it is missing."""
    if index >= len(args):
        raise Gone("missing argument")
    return args[index]
