"""How far each language is: words, core lessons, recordings, glossary."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.languages import Language, read_glossary, registry
from knowledge.tables import TranslationRow, TrialRow, VariantRow
from knowledge.translation.units import Kind


@dataclass(frozen=True)
class LanguageCoverage:
    """Counts of one language. A core lesson counts once, as published if any of its levels is; `audio`: recordings named."""

    language: str
    name: str
    own_name: str | None
    on_trial: bool
    words_draft: int
    words_published: int
    words_total: int
    core_draft: int
    core_published: int
    core_total: int
    other_topics: int
    audio: int
    glossary: int
    missing_core: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values by name."""
        return asdict(self)


def language_coverage(session: Session, words_total: int) -> list[LanguageCoverage]:
    """Every language of the registry, in its order; `words_total` is the number of interface texts there are."""
    trials = set(session.scalars(select(TrialRow.language)))
    return [_coverage(session, language, language.id in trials, words_total) for language in registry().languages]


def _coverage(session: Session, language: Language, on_trial: bool, words_total: int) -> LanguageCoverage:
    published, draft = _topics(session, language.id)
    core = registry().core_topics
    return LanguageCoverage(
        language=language.id,
        name=language.name,
        own_name=language.own_name,
        on_trial=on_trial,
        words_draft=_words(session, language.id, "draft"),
        words_published=_words(session, language.id, "published"),
        words_total=words_total,
        core_draft=sum(topic in draft for topic in core),
        core_published=sum(topic in published for topic in core),
        core_total=len(core),
        other_topics=len((published | draft) - set(core)),
        audio=_count(session, TranslationRow.language == language.id, TranslationRow.audio != ""),
        glossary=len(read_glossary(language.id).terms),
        missing_core=tuple(topic for topic in core if topic not in published | draft),
    )


def _topics(session: Session, language: str) -> tuple[set[str], set[str]]:
    """Topics with a published text, and those with a draft only."""
    rows = session.execute(
        select(VariantRow.topic_id, VariantRow.published_revision_id, VariantRow.draft_revision_id).where(
            VariantRow.language == language
        )
    ).all()
    published = {topic for topic, live, _ in rows if live is not None}
    return published, {topic for topic, _, draft in rows if draft is not None} - published


def _words(session: Session, language: str, status: str) -> int:
    word = TranslationRow.unit.startswith(f"{Kind.WORD.value}:", autoescape=True)
    return _count(session, TranslationRow.language == language, word, TranslationRow.text != "", TranslationRow.status == status)


def _count(session: Session, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(TranslationRow).where(*conditions)) or 0  # type: ignore[arg-type]
