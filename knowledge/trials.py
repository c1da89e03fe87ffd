"""Drafts in other languages, shown to citizens where a curator has said so – and never where safety is at stake.

A language on trial shows drafts of interface words and lessons, labelled, with the simple Vietnamese under them.
Warnings (the whole area `an-toan`, sections on emergencies and safety, and the words named below) stay Vietnamese
until a speaker has published them: a wrong word there costs money or lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.languages import Language, read_interface, read_registry
from knowledge.model import Aspect, Body, Level, VariantKey, View
from knowledge.published import BASE_LANGUAGE, Published, build_views
from knowledge.store import bump_version
from knowledge.tables import RevisionRow, TopicRow, TranslationRow, TrialRow, VariantRow

WORD: Final = "ui:"  # prefix of the unit ids of interface words
SAFETY_AREA: Final = "an-toan"
SAFETY_ASPECTS: Final = frozenset({Aspect.EMERGENCY, Aspect.SAFETY})
_WARNINGS: Final = (
    *("notice", "danger.", "urgent.", "who.", "remark.", "human.danger", "consent.", "erase.", "place.", "trial.", "sent."),
    *("chat.number", "chat.goodbye", "chat.secret", "chat.injection"),
)
_WARNING_LABELS: Final = (
    "danger",
    "being_scammed",
    "lost_money",
    "device_taken",
    "captive",
    "child_danger",
    "despair",
    "blackmail",
    "life_danger",
)
_CONSENT_LABELS: Final = ("consent_", "erase", "forget")

Words = Mapping[str, str]  # name of an interface text → its wording
NO_WORDS: Final[Words] = MappingProxyType({})  # frozen: shared by all who have none


@dataclass(frozen=True)
class Trial:
    """One language's drafts as citizens may see them: interface words by name, lessons by topic."""

    words: Words = field(default_factory=lambda: NO_WORDS)
    views: Mapping[str, View] = field(default_factory=dict)


def is_warning(name: str) -> bool:
    """Whether an interface text warns, or asks for consent: never shown as a mere draft."""
    label = name.removeprefix("label.")
    return name.startswith((*_WARNINGS, "aspect.emergency", "aspect.safety")) or (
        name.startswith("label.") and label.startswith((*_WARNING_LABELS, *_CONSENT_LABELS))
    )


def trial_languages(session: Session) -> tuple[str, ...]:
    """Ids of the languages on trial."""
    return tuple(session.scalars(select(TrialRow.language).order_by(TrialRow.language)))


def set_trial(session: Session, language: str, on: bool, actor: str) -> None:
    """Show a language's drafts to citizens who choose it, or hide them again; every process notices within seconds."""
    row = session.get(TrialRow, language)
    if on and row is None:
        session.add(TrialRow(language=language, shown_by=actor))
    elif row is not None and not on:
        session.delete(row)
    session.flush()
    bump_version(session)


def publish_words(session: Session, language: str, drafts: Mapping[str, str]) -> list[str]:
    """Give citizens these interface words, by name as the reviewer read them; returns the names published.

    A word that changed since it was read stays a draft.
    """
    done = []
    for name, text in drafts.items():
        row = session.get(TranslationRow, (language, f"{WORD}{name}"), with_for_update=True)
        if row is not None and row.text == text and row.status == "draft":
            row.status = "published"
            done.append(name)
    if done:
        session.flush()
        bump_version(session)
    return done


def load_trials(session: Session, published: Iterable[Published]) -> dict[str, Trial]:
    """What is on trial now, by language."""
    languages = trial_languages(session)
    if not languages:
        return {}
    words, base = _words(session, "draft"), [p for p in published if p.key.language == BASE_LANGUAGE]
    return {language: Trial(words.get(language, NO_WORDS), _views(session, language, base)) for language in languages}


def published_words(session: Session) -> dict[str, Words]:
    """Interface words that a speaker has published, by language."""
    return _words(session, "published")


def _words(session: Session, status: str) -> dict[str, Words]:
    query = select(TranslationRow).where(TranslationRow.unit.startswith(WORD, autoescape=True), TranslationRow.text != "")
    found: dict[str, dict[str, str]] = {}
    for row in session.scalars(query.where(TranslationRow.status == status)):
        name = row.unit.removeprefix(WORD)
        if status == "published" or not is_warning(name):
            found.setdefault(row.language, {})[name] = row.text
    return dict(found)


def _views(session: Session, language: str, base: list[Published]) -> dict[str, View]:
    query = (
        select(VariantRow, RevisionRow)
        .join(RevisionRow, VariantRow.draft_revision_id == RevisionRow.id)
        .join(TopicRow, VariantRow.topic_id == TopicRow.id)
        .where(VariantRow.language == language, VariantRow.published_revision_id.is_(None), TopicRow.area != SAFETY_AREA)
        .order_by(VariantRow.level.desc())  # standard before simple: the simple text wins
    )
    drafts = [_draft(variant, revision) for variant, revision in session.execute(query)]
    views = build_views([*base, *drafts])
    return {d.key.topic_id: views[d.key] for d in drafts if d.key in views and views[d.key].sections}


def _draft(variant: VariantRow, revision: RevisionRow) -> Published:
    """The draft without what warns."""
    body = Body.model_validate(revision.body)
    harmless = tuple(section for section in body.sections if section.aspect not in SAFETY_ASPECTS)
    key = VariantKey(topic_id=variant.topic_id, language=variant.language, level=Level(variant.level))
    return Published(key=key, body=body.model_copy(update={"sections": harmless}), revision_id=revision.id)


def ship_words(session: Session, content_dir: Path, author: str) -> int:
    """Take over the shipped drafts of interface words that no person has worked on; returns how many changed.

    Like lessons in other languages they come in as drafts, whatever the file says.
    """
    return sum(_ship_language(session, language, content_dir, author) for language in read_registry(content_dir).languages)


def _ship_language(session: Session, language: Language, content_dir: Path, author: str) -> int:
    changed = 0
    for word in read_interface(language.id, content_dir).words:
        unit = f"{WORD}{word.name}"
        row = session.get(TranslationRow, (language.id, unit)) or TranslationRow(
            language=language.id, unit=unit, translator=author
        )
        if row.translator != author or (row.text, row.basis) == (word.text, word.basis):
            continue
        row.text, row.basis, row.status = word.text, word.basis, "draft"
        session.add(row)
        changed += 1
    return changed
