"""What the pages about one variant have in common."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from admin.lint import Hint, lint
from admin.preview import Bubble, bubbles
from admin.topics import topic_of
from admin.web.gate import Denied
from admin.web.pages import Desk
from admin.words import LEVELS, STATUSES
from bot.quality import OWN_QUERIES
from knowledge.files import TopicFile
from knowledge.model import Body, Level, Status, Topic, VariantKey
from knowledge.store import VariantState, variant_state


@dataclass(frozen=True)
class Variant:
    """A variant as its pages show it; `state` is None when nobody has written it yet."""

    key: VariantKey
    topic: Topic
    state: VariantState | None
    siblings: dict[VariantKey, VariantState]
    catalogue_title: str

    @property
    def body(self) -> Body:
        """What an editor starts from."""
        return self.state.body if self.state else Body()

    @property
    def title(self) -> str:
        """The title citizens would read, else the plan's name for the topic."""
        titles = [self.body.title, *(state.body.title for state in self.siblings.values())]
        return next((title for title in titles if title), self.catalogue_title)

    @property
    def name(self) -> str:
        """Reading level and, for other languages than Vietnamese, the language."""
        level = LEVELS[self.key.level]
        return level if self.key.language == "vi" else f"{level} ({self.key.language})"

    @property
    def path(self) -> str:
        """The address of the variant's page."""
        return f"/admin/topics/{self.key}"

    @property
    def status(self) -> str:
        """Where it stands, in words."""
        if self.state is None:
            return "Chưa có nội dung"
        return STATUSES[self.state.status]

    @property
    def is_outdated(self) -> bool:
        return self.state is not None and self.state.status is Status.OUTDATED

    @property
    def base(self) -> int:
        """The number of the newest revision, 0 without any."""
        return self.state.latest_number if self.state else 0

    def published_others(self) -> dict[VariantKey, Body]:
        """The other levels' published texts, which this one may inherit from."""
        return {key: state.published.body for key, state in self.siblings.items() if state.published}


def find_variant(session: Session, desk: Desk, topic_id: str, language: str, level: Level) -> Variant:
    """The variant at that address. Raises Denied (404) for an unknown topic or an impossible language code."""
    content = desk.parts.content()
    topic = topic_of(session, topic_id, content)
    if topic is None or not (language.isascii() and language.replace("-", "").isalnum() and len(language) <= 16):
        raise Denied(404, "Không có chủ đề này.")
    key = VariantKey(topic_id=topic_id, language=language, level=level)
    others = {VariantKey(topic_id=topic_id, language=x, level=y) for x in {language, "vi"} for y in Level} - {key}
    siblings = {other: state for other in others if (state := variant_state(session, other))}
    entry = content.catalogue.get(topic_id)
    return Variant(key, topic, variant_state(session, key), siblings, entry.title if entry else topic_id)


def hints_for(desk: Desk, variant: Variant, body: Body) -> list[Hint]:
    """What the linter says about that body of the variant, its sibling level aside."""
    bodies = {state.key.level.value: state.body for state in _same_language(variant)}
    file = TopicFile(topic=variant.topic, language=variant.key.language, **{**bodies, variant.key.level.value: body})
    found = lint([file], evaluation=[OWN_QUERIES], today=desk.today)[(variant.topic.id, variant.key.language)]
    return [hint for hint in found if hint.level is variant.key.level]


def _same_language(variant: Variant) -> list[VariantState]:
    return [state for key, state in variant.siblings.items() if key.language == variant.key.language]


def bubbles_for(desk: Desk, variant: Variant, body: Body) -> list[Bubble]:
    """How citizens would read that body once it is published."""
    return bubbles(variant.key, body, variant.published_others(), desk.today)


def published_bubbles(desk: Desk, variant: Variant) -> list[Bubble]:
    """How citizens read the variant now, with who confirmed it; none while nothing is published."""
    if variant.state is None or variant.state.published is None:
        return []
    return bubbles(variant.key, variant.state.published.body, variant.published_others(), desk.today, variant.state)
