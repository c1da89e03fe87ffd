"""What there is for each topic of the plan: texts by language and level, their age, questions and quiz items. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from knowledge.files import TopicFile
from knowledge.folder import Folder
from knowledge.model import Body, CatalogueEntry, Example, Level, Status, VariantKey
from knowledge.published import BASE_LANGUAGE
from knowledge.quiz import QuizItem

MISSING = "missing"
Statuses = Mapping[VariantKey, Status]


@dataclass(frozen=True, slots=True)
class Row:
    """One topic in one language and level.

    `status` is that of the workflow, or "missing" where the plan's topic has no such text. `age` is the days since
    the review, `overdue` whether it should have been reviewed again by now. Questions and items are those of the
    language; `questions` and `items` are their numbers, the rest how they divide.
    """

    topic: str
    area: str
    language: str
    level: str
    status: str
    reviewed_on: date | None = None
    review_by: date | None = None
    age: int | None = None
    overdue: bool = False
    questions: int = 0
    writers: Mapping[str, int] = field(default_factory=dict)
    styles: Mapping[str, int] = field(default_factory=dict)
    items: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def written(self) -> bool:
        return self.status != MISSING


@dataclass(frozen=True, slots=True)
class Totals:
    """One language: topics of the plan, texts written by level, and the sums over its topics."""

    language: str
    planned: int
    written: Mapping[str, int]
    overdue: int
    questions: int
    writers: Mapping[str, int]
    styles: Mapping[str, int]
    items: int
    kinds: Mapping[str, int]

    def __str__(self) -> str:
        texts = ", ".join(f"{number}/{self.planned} {level}" for level, number in self.written.items())
        return f"{self.language}: {texts}, {self.questions} questions, {self.items} items, {self.overdue} texts past their review"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The rows by area and topic of the plan, Vietnamese first, and the totals of each language."""

    today: date
    rows: tuple[Row, ...]
    totals: tuple[Totals, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values, for `json.dumps`."""
        rows = [{name: _plain(value) for name, value in asdict(row).items()} for row in self.rows]
        return {"today": self.today.isoformat(), "totals": [asdict(one) for one in self.totals], "rows": rows}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def coverage_of(folder: Folder, today: date, statuses: Statuses | None = None) -> Coverage:
    """The coverage of a content folder. Without `statuses`, Vietnamese counts as published and translations as drafts,
    which is what loading the folder makes of them."""
    languages = dict.fromkeys([BASE_LANGUAGE, *sorted({file.language for file in folder.topics})])
    rows = [row for language in languages for row in _Language(folder, language, today, statuses or {}).rows()]
    places = {entry.id: place for place, entry in enumerate(folder.catalogue.topics)}
    rows.sort(key=lambda row: places.get(row.topic, len(places)))  # stable: languages and levels keep their order
    totals = tuple(_totals(language, [r for r in rows if r.language == language], len(places)) for language in languages)
    return Coverage(today, tuple(rows), totals)


class _Language:
    """The rows of one language."""

    def __init__(self, folder: Folder, language: str, today: date, statuses: Statuses) -> None:
        self._catalogue, self._language = folder.catalogue.topics, language
        self._today, self._statuses = today, statuses
        self._files = {file.topic.id: file for file in folder.topics if file.language == language}
        self._bases = {file.topic.id: file.standard for file in folder.topics if file.language == BASE_LANGUAGE}
        self._items = {quiz.topic: quiz.items for quiz in folder.quizzes.get(language, ())}

    def rows(self) -> Iterator[Row]:
        """Every topic of the plan in Vietnamese, the translated ones in other languages; all levels, Vietnamese both."""
        for entry in self._catalogue:
            file = self._files.get(entry.id)
            for level in Level:
                body = file.body(level) if file else None
                if body or self._language == BASE_LANGUAGE:
                    yield self._row(entry, level, file, body)

    def _row(self, entry: CatalogueEntry, level: Level, file: TopicFile | None, body: Body | None) -> Row:
        reviewed, due = (self._date(entry.id, file, body, name) for name in ("reviewed_on", "review_by"))
        examples = (file.standard.examples if file and file.standard else None) or ()
        items = self._items.get(entry.id, ())
        return Row(
            entry.id,
            entry.area,
            self._language,
            level.value,
            self._status(entry.id, level) if body else MISSING,
            reviewed if body else None,
            due if body else None,
            (self._today - reviewed).days if body and reviewed else None,
            bool(body and due and self._today > due),
            len(examples),
            _writers(examples),
            _styles(examples),
            len(items),
            _kinds(items),
        )

    def _status(self, topic: str, level: Level) -> str:
        usual = Status.PUBLISHED if self._language == BASE_LANGUAGE else Status.DRAFT
        return self._statuses.get(VariantKey(topic_id=topic, language=self._language, level=level), usual).value

    def _date(self, topic: str, file: TopicFile | None, body: Body | None, name: str) -> date | None:
        """A date of the text, else of the text it inherits from."""
        chain = (body, file.standard if file else None, self._bases.get(topic))
        return next((day for one in chain if one and (day := getattr(one, name))), None)


def _writers(examples: Iterable[Example]) -> dict[str, int]:
    return dict(sorted(Counter(example.writer or "" for example in examples).items()))


def _styles(examples: Iterable[Example]) -> dict[str, int]:
    return dict(sorted(Counter(example.style.value if example.style else "" for example in examples).items()))


def _kinds(items: Iterable[QuizItem]) -> dict[str, int]:
    return dict(sorted(Counter(item.kind.value for item in items).items()))


def _totals(language: str, rows: list[Row], planned: int) -> Totals:
    topics = list({row.topic: row for row in rows}.values())
    written = {level.value: sum(row.written and row.level == level.value for row in rows) for level in Level}
    return Totals(
        language,
        planned,
        written,
        sum(row.overdue for row in rows),
        sum(row.questions for row in topics),
        _sum(row.writers for row in topics),
        _sum(row.styles for row in topics),
        sum(row.items for row in topics),
        _sum(row.kinds for row in topics),
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items()))
