"""The published content as one immutable value: what every other room reads.

`load_content` takes it from the database (the truth while the bot runs), `load_content_from_files`
from a folder (tests, evaluation, building an index without a database); for the same texts both are equal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.courses import Course
from knowledge.folder import CONTENT_DIR, Catalogue, Folder, read_folder
from knowledge.languages import registry
from knowledge.model import Area, Body, CatalogueEntry, Level, Skill, Status, Topic, Value, VariantKey, View
from knowledge.published import BASE_LANGUAGE, Published, build_views
from knowledge.quiz import QuizItem
from knowledge.store import content_version, topic_value
from knowledge.tables import DocumentRow, RevisionRow, TopicRow, VariantRow
from knowledge.trials import Trial, Words, load_trials, published_words

__all__ = ["Content", "content_of", "content_version", "load_content", "load_content_from_files"]

_NOT_TEXT = {"revision_id", "confirmed_by", "confirmed_on", "status"}


@dataclass(frozen=True, eq=False)
class Content:
    """Published topics, quiz items and courses at one moment.

    `version` counts publishing transactions (0 when read from files). `words` are interface words published in other languages,
    `trials` drafts to be shown as such; `hidden_languages` are left out by a setting. Two contents are
    equal when citizens would read the same texts, whatever their version and revision ids.
    """

    areas: tuple[Area, ...]
    catalogue: Mapping[str, CatalogueEntry]
    skills: Mapping[str, Skill]
    topics: Mapping[str, Topic]
    views: Mapping[VariantKey, View]
    quiz: Mapping[str, Mapping[str, QuizItem]] = field(default_factory=dict)
    courses: Mapping[str, Mapping[str, Course]] = field(default_factory=dict)
    version: int = 0
    words: Mapping[str, Words] = field(default_factory=dict)
    trials: Mapping[str, Trial] = field(default_factory=dict)
    hidden_languages: frozenset[str] = frozenset()

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """What a citizen may choose besides Vietnamese, in registry order: languages with published texts, and those on trial."""
        there = {key.language for key in self.views} | set(self.trials)
        return tuple(x.id for x in registry().languages if x.id in there - self.hidden_languages)

    def trial(self, language: str) -> Trial | None:
        """That language's drafts, None where they are not to be shown."""
        return self.trials.get(language) if language not in self.hidden_languages else None

    def view(self, topic_id: str, language: str = BASE_LANGUAGE, level: Level = Level.STANDARD) -> View | None:
        """The best published text for that reader: their level, else the other one, else Vietnamese; None if there is none."""
        for wanted_language in dict.fromkeys((language, BASE_LANGUAGE)):
            for wanted_level in dict.fromkeys((level, Level.STANDARD, Level.SIMPLE)):
                if view := self._index.get((topic_id, wanted_language, wanted_level)):
                    return view
        return None

    def quiz_item(self, item_id: str, language: str = BASE_LANGUAGE) -> QuizItem | None:
        """A quiz item in that language, else in Vietnamese, else None."""
        return self.quiz.get(language, {}).get(item_id) or self.quiz.get(BASE_LANGUAGE, {}).get(item_id)

    def quiz_for(self, topic_id: str, language: str = BASE_LANGUAGE) -> tuple[QuizItem, ...]:
        """All items of a topic, in file order, each in the best language."""
        items = {**self.quiz.get(BASE_LANGUAGE, {}), **self.quiz.get(language, {})}
        return tuple(item for item in items.values() if item.topic_id == topic_id)

    def course(self, course_id: str, language: str = BASE_LANGUAGE) -> Course | None:
        """A course in that language, else in Vietnamese, else None."""
        return self.courses.get(language, {}).get(course_id) or self.courses.get(BASE_LANGUAGE, {}).get(course_id)

    def course_list(self, language: str = BASE_LANGUAGE) -> tuple[Course, ...]:
        """All courses, each in the best language."""
        return tuple({**self.courses.get(BASE_LANGUAGE, {}), **self.courses.get(language, {})}.values())

    def area_topics(self, area_id: str) -> tuple[Topic, ...]:
        """Topics of an area that have a published text, in catalogue order."""
        entries = (entry for entry in self.catalogue.values() if entry.area == area_id)
        return tuple(self.topics[e.id] for e in entries if e.id in self.topics and self.view(e.id))

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over everything citizens read and search; revision ids and confirmations do not count."""
        shown = {
            "areas": _dumps(self.areas),
            "catalogue": _dumps(self.catalogue.values()),
            "skills": _dumps(self.skills.values()),
            "topics": {t.id: t.model_dump(mode="json") for t in self.topics.values()},
            "views": {str(k): v.model_dump(mode="json", exclude=_NOT_TEXT) for k, v in self.views.items()},
            "quiz": {language: _dumps(items.values()) for language, items in self.quiz.items() if items},
            "courses": {language: _dumps(courses.values()) for language, courses in self.courses.items() if courses},
            **({"words": {x: dict(words) for x, words in self.words.items()}} if self.words else {}),
            **({"trials": {x: _shown_on_trial(trial) for x, trial in self.trials.items()}} if self.trials else {}),
        }
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _index(self) -> Mapping[tuple[str, str, Level], View]:
        return {(k.topic_id, k.language, k.level): v for k, v in self.views.items()}

    def __eq__(self, other: object) -> bool:
        return self.checksum == other.checksum if isinstance(other, Content) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.checksum)


def _dumps(values: Iterable[Value]) -> list[object]:
    return [value.model_dump(mode="json") for value in values]


def _shown_on_trial(trial: Trial) -> object:
    return [dict(trial.words), {x: view.model_dump(mode="json", exclude=_NOT_TEXT) for x, view in trial.views.items()}]


def load_content(session: Session) -> Content:
    """What is published in the database now."""
    documents = [(row, row.body) for row in session.scalars(_PUBLISHED_DOCUMENTS)]
    catalogue = next((Catalogue.model_validate(body) for row, body in documents if row.kind == "catalogue"), Catalogue())
    published = _published_in(session)
    views = build_views(published)
    shown = {key.topic_id for key in views}
    topics = [topic_value(row) for row in session.scalars(select(TopicRow)) if row.id in shown]
    return Content(
        areas=catalogue.areas,
        catalogue={entry.id: entry for entry in catalogue.topics},
        skills={row.key: Skill.model_validate(body) for row, body in documents if row.kind == "skill"},
        topics={topic.id: topic for topic in sorted(topics, key=lambda t: t.id)},
        views=views,
        quiz=_by_language((row.language, QuizItem.model_validate(body)) for row, body in documents if row.kind == "quiz"),
        courses=_by_language((row.language, Course.model_validate(body)) for row, body in documents if row.kind == "course"),
        version=content_version(session),
        words=published_words(session),
        trials=load_trials(session, published),
    )


_PUBLISHED_DOCUMENTS = (
    select(DocumentRow).where(DocumentRow.published).order_by(DocumentRow.kind, DocumentRow.language, DocumentRow.position)
)


def _published_in(session: Session) -> list[Published]:
    query = select(VariantRow, RevisionRow).join(RevisionRow, VariantRow.published_revision_id == RevisionRow.id)
    return [
        Published(
            key=VariantKey(topic_id=variant.topic_id, language=variant.language, level=Level(variant.level)),
            body=Body.model_validate(revision.body),
            revision_id=revision.id,
            status=Status.OUTDATED if variant.outdated else Status.PUBLISHED,
            confirmed_by=variant.confirmed_by,
            confirmed_on=variant.confirmed_on,
        )
        for variant, revision in session.execute(query)
    ]


Item = TypeVar("Item", QuizItem, Course)


def _by_language(items: Iterable[tuple[str, Item]]) -> dict[str, dict[str, Item]]:
    found: dict[str, dict[str, Item]] = {}
    for language, item in items:
        found.setdefault(language, {})[item.id] = item
    return found


def load_content_from_files(content_dir: Path = CONTENT_DIR) -> Content:
    """The content of a folder as if everything in it were published. Raises ContentError with files and lines."""
    return content_of(read_folder(content_dir))


def content_of(folder: Folder) -> Content:
    """The content a folder would give once loaded: Vietnamese published, other languages still drafts."""
    texts = [file for file in folder.topics if file.language == BASE_LANGUAGE]
    published = [
        Published(key=VariantKey(topic_id=file.topic.id, language=file.language, level=level), body=body)
        for file in texts
        for level in Level
        if (body := file.body(level))
    ]
    return Content(
        areas=folder.catalogue.areas,
        catalogue={entry.id: entry for entry in folder.catalogue.topics},
        skills={skill.id: skill for skill in folder.skills},
        topics={file.topic.id: file.topic for file in sorted(texts, key=lambda f: f.topic.id)},
        views=build_views(published),
        quiz={BASE_LANGUAGE: {item.id: item for quiz in folder.quizzes.get(BASE_LANGUAGE, ()) for item in quiz.items}},
        courses={BASE_LANGUAGE: {course.id: course for course in folder.courses.get(BASE_LANGUAGE, ())}},
    )
