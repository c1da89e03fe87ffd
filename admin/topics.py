"""The list of topics as curators look at it: where each text stands, what needs work, found without accents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.check_examples import fold
from knowledge.files import TopicFile
from knowledge.model import Area, Body, CatalogueEntry, Level, Status, Topic, VariantKey
from knowledge.published import BASE_LANGUAGE
from knowledge.snapshot import Content
from knowledge.store import topic_value
from knowledge.tables import RevisionRow, TopicRow, VariantRow

SOON: Final = timedelta(days=30)
FILTERS: Final[Mapping[str, str]] = {
    "": "Tất cả",
    "draft": "Có bản nháp",
    "in_review": "Chờ duyệt",
    "outdated": "Cần xem lại",
    "unconfirmed": "Chưa ai xác nhận",
    "due": "Sắp hoặc quá hạn rà soát",
    "errors": "Có lỗi soạn thảo",
    "none": "Chưa có nội dung",
}


@dataclass(frozen=True, slots=True)
class Text:
    """One variant in the list: the newest body (draft, else published) and where it stands."""

    key: VariantKey
    body: Body
    revision_id: int
    status: Status
    live: bool
    in_work: bool
    confirmed_by: str | None
    review_by: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One topic in the list. `texts` is empty for a topic of the plan that nobody has written yet."""

    id: str
    title: str
    area: str
    texts: tuple[Text, ...]

    @property
    def main(self) -> Text | None:
        """The Vietnamese standard text."""
        return next((text for text in self.texts if _is_main(text)), None)


def texts(session: Session) -> list[Text]:
    """All variants, by topic, language and level."""
    newest = func.coalesce(VariantRow.draft_revision_id, VariantRow.published_revision_id)
    query = select(VariantRow, RevisionRow).join(RevisionRow, RevisionRow.id == newest)
    rows = session.execute(query.order_by(VariantRow.topic_id, VariantRow.language, VariantRow.level.desc()))
    return [_text(variant, revision) for variant, revision in rows]


def _text(row: VariantRow, revision: RevisionRow) -> Text:
    body = Body.model_validate(revision.body)
    return Text(
        key=VariantKey(topic_id=row.topic_id, language=row.language, level=Level(row.level)),
        body=body,
        revision_id=revision.id,
        status=Status(row.status),
        live=row.published_revision_id is not None,
        in_work=row.draft_revision_id is not None,
        confirmed_by=row.confirmed_by,
        review_by=body.review_by,
    )


def lines(written: Sequence[Text], catalogue: Mapping[str, CatalogueEntry], areas: Mapping[str, str]) -> list[Line]:
    """A line per topic: those of the plan in its order, then any other. `areas`: area of each topic in the database."""
    by_topic: dict[str, list[Text]] = {}
    for text in written:
        by_topic.setdefault(text.key.topic_id, []).append(text)
    ids = [*catalogue, *(topic for topic in by_topic if topic not in catalogue)]
    return [_line(i, by_topic.get(i, []), catalogue.get(i), areas) for i in ids]


def _line(topic_id: str, written: list[Text], entry: CatalogueEntry | None, areas: Mapping[str, str]) -> Line:
    titles = (text.body.title for text in sorted(written, key=lambda text: text.key.language != BASE_LANGUAGE))
    title = next((t for t in titles if t), entry.title if entry else topic_id)
    area = entry.area if entry else areas.get(topic_id, "")
    return Line(topic_id, title, area, tuple(written))


def area_names(areas: Sequence[Area]) -> dict[str, str]:
    """Area ids to what people read."""
    return {area.id: f"{area.icon} {area.title}" for area in areas}


def by_area(written: Sequence[Text], areas: Sequence[Area], area_of: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Topics with a Vietnamese text to choose from: area name → topic id → title, by the alphabet, the areas in their order."""
    found: dict[str, dict[str, str]] = {}
    names = area_names(areas)
    places = list(names)
    titles = {text.key.topic_id: text.body.title or text.key.topic_id for text in written if _is_main(text)}

    def place(topic_id: str) -> tuple[int, str]:
        area = area_of.get(topic_id, "")
        return places.index(area) if area in names else len(places), fold(titles[topic_id])

    for topic_id in sorted(titles, key=place):
        area = names.get(area_of.get(topic_id, ""), "Khác")
        found.setdefault(area, {})[topic_id] = titles[topic_id]
    return found


def _is_main(text: Text) -> bool:
    return (text.key.language, text.key.level) == (BASE_LANGUAGE, Level.STANDARD)


def topic_areas(session: Session) -> dict[str, str]:
    """The area of every topic in the database."""
    return {row.id: row.area for row in session.scalars(select(TopicRow))}


def found(lines: Sequence[Line], wanted: str) -> list[Line]:
    """The lines that have every word of a search, accents aside: in a title or the id, then those in an example question."""
    named = [line for line in lines if _has(_names(line), wanted)]
    return named + [line for line in lines if line not in named and _has((*_names(line), *_examples(line)), wanted)]


def _has(texts: Sequence[str], wanted: str) -> bool:
    text = fold(" ".join(texts))
    return all(word in text for word in fold(wanted).split())


def _names(line: Line) -> tuple[str, ...]:
    return (line.id, line.title, *(text.body.short_title or "" for text in line.texts))


def _examples(line: Line) -> tuple[str, ...]:
    return tuple(example.text for example in line.main.body.examples or ()) if line.main else ()


def fits(line: Line, name: str, today: date, errors: bool) -> bool:
    """Whether a line belongs under that filter (a key of FILTERS)."""
    checks = {
        "draft": any(t.in_work for t in line.texts),
        "in_review": any(t.status is Status.IN_REVIEW for t in line.texts),
        "outdated": any(t.status is Status.OUTDATED for t in line.texts),
        "unconfirmed": any(t.live and not t.confirmed_by for t in line.texts),
        "due": any(t.review_by and t.review_by <= today + SOON for t in line.texts),
        "errors": errors,
        "none": not line.texts,
    }
    return checks.get(name, True)


def files(written: Sequence[Text], topics: Mapping[str, Topic]) -> Iterator[TopicFile]:
    """The texts as content files, one per topic and language, for the linter."""
    bodies: dict[tuple[str, str], dict[str, Body]] = {}
    for text in written:
        bodies.setdefault((text.key.topic_id, text.key.language), {})[text.key.level.value] = text.body
    for (topic_id, language), levels in bodies.items():
        yield TopicFile(topic=topics[topic_id], language=language, **levels)


def topic_of(session: Session, topic_id: str, content: Content) -> Topic | None:
    """The topic in the database, else as the plan's catalogue has it, else None."""
    if row := session.get(TopicRow, topic_id):
        return topic_value(row)
    entry = content.catalogue.get(topic_id)
    return Topic(id=entry.id, area=entry.area) if entry else None


def all_topics(session: Session) -> dict[str, Topic]:
    """Every topic in the database."""
    return {row.id: topic_value(row) for row in session.scalars(select(TopicRow))}
