"""Content files into the database and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.files import TopicFile
from knowledge.files import save_topic as save_files
from knowledge.folder import CONTENT_DIR, Folder, folder_checksum, read_folder
from knowledge.model import Body, Level, Topic, Value, VariantKey, checksum_of
from knowledge.published import BASE_LANGUAGE
from knowledge.store import bump_version, save_topic, ship, topic_value
from knowledge.tables import ContentStateRow, DocumentRow, RevisionRow, TopicRow, VariantRow
from knowledge.trials import ship_words

SHIPPED_AUTHOR = "hocvuso"


@dataclass
class LoadReport:
    """What loading a folder did, as variant and document names; `kept` are texts people have taken over."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0


def load_folder(session: Session, content_dir: Path = CONTENT_DIR, author: str = SHIPPED_AUTHOR) -> LoadReport:
    """Bring the database up to the files: Vietnamese published, other languages as drafts.

    Texts that people have edited or confirmed stay as they are. Loading an unchanged folder
    again does nothing. Raises ContentError (all mistakes of all files) before anything is written.
    """
    checksum = folder_checksum(content_dir)
    state = session.get_one(ContentStateRow, 1, with_for_update=True)
    report = LoadReport()
    if state.folder_checksum == checksum:
        return report
    folder = read_folder(content_dir)
    _load_topics(session, folder, author, report)
    _load_documents(session, folder, report)
    if ship_words(session, content_dir, author):
        bump_version(session)  # a language on trial shows them
    state.folder_checksum = checksum
    return report


def _load_topics(session: Session, folder: Folder, author: str, report: LoadReport) -> None:
    rows = {_row_key(row): row for row in session.scalars(select(VariantRow))}
    for file in folder.topics:
        if file.language == BASE_LANGUAGE or session.get(TopicRow, file.topic.id) is None:
            save_topic(session, file.topic)
            session.flush()
        for level in Level:
            if body := file.body(level):
                key = VariantKey(topic_id=file.topic.id, language=file.language, level=level)
                _load_variant(session, key, body, author, rows.get(str(key)), report)


def _load_variant(session: Session, key: VariantKey, body: Body, author: str, row: VariantRow | None, report: LoadReport) -> None:
    checksum = checksum_of(body)
    if row and row.shipped_checksum == checksum:
        report.unchanged += 1
    elif not ship(session, key, body, author, checksum, live=key.language == BASE_LANGUAGE):
        report.kept.append(str(key))
    else:
        (report.updated if row else report.created).append(str(key))


def _load_documents(session: Session, folder: Folder, report: LoadReport) -> None:
    rows = {(row.kind, row.language, row.key): row for row in session.scalars(select(DocumentRow))}
    changed = False
    for position, (kind, language, key, value) in enumerate(_documents(folder)):
        row, checksum = rows.pop((kind, language, key), None), checksum_of(value)
        if row and (row.checksum, row.position) == (checksum, position):
            report.unchanged += 1
            continue
        (report.updated if row else report.created).append(f"{kind}/{language}/{key}")
        row = row or DocumentRow(kind=kind, language=language, key=key, published=language == BASE_LANGUAGE)
        row.position, row.body, row.checksum = position, value.model_dump(mode="json", exclude_none=True), checksum
        session.add(row)
        changed = True
    for (kind, language, key), row in rows.items():
        report.removed.append(f"{kind}/{language}/{key}")
        session.delete(row)
    if changed or rows:
        bump_version(session)


def _documents(folder: Folder) -> Iterator[tuple[str, str, str, Value]]:
    yield "catalogue", BASE_LANGUAGE, "catalogue", folder.catalogue
    for skill in folder.skills:
        yield "skill", BASE_LANGUAGE, skill.id, skill
    for language, files in folder.quizzes.items():
        for item in (item for file in files for item in file.items):
            yield "quiz", language, item.id, item
    for language, courses in folder.courses.items():
        for course in courses:
            yield "course", language, course.id, course


def export_topics(session: Session, target: Path) -> list[Path]:
    """Write every topic as files below target (`<language>/topics/<id>.md`, `<language>/examples/<id>.tsv`).

    Published text where there is some, else the draft. An unedited database gives the shipped files byte for
    byte. Returns the paths that were written or, where the database has no such examples, deleted.
    """
    return [path for file in topic_files(session) for path in save_files(file, target / file.language)]


def topic_files(session: Session) -> Iterator[TopicFile]:
    """Every topic of the database in each of its languages, by topic and language."""
    current = VariantRow.published_revision_id, VariantRow.draft_revision_id
    query = select(VariantRow, RevisionRow, TopicRow).join(TopicRow).join(RevisionRow, RevisionRow.id == func.coalesce(*current))
    bodies: dict[tuple[str, str], dict[str, Body]] = {}
    topics: dict[str, Topic] = {}
    for variant, revision, topic in session.execute(query.order_by(VariantRow.topic_id, VariantRow.language)):
        topics[topic.id] = topic_value(topic)
        bodies.setdefault((topic.id, variant.language), {})[variant.level] = Body.model_validate(revision.body)
    for (topic_id, language), levels in bodies.items():
        topic = topics[topic_id]
        if language != BASE_LANGUAGE and (topic_id, BASE_LANGUAGE) in bodies:
            topic = Topic(id=topic.id, area=topic.area)  # the rest is said once, in the Vietnamese file
        yield TopicFile(topic=topic, language=language, **levels)


def _row_key(row: VariantRow) -> str:
    return f"{row.topic_id}/{row.language}/{row.level}"
