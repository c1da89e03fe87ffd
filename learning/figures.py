"""Progress by commune and group, counted from learners and their events: for the console and its exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from openpyxl import Workbook
from sqlalchemy import ColumnElement, Select, case, distinct, func, select
from sqlalchemy.orm import Session

from learning.communes import communes
from learning.tables import LearnerRow, LearningEventRow

HEADINGS: Final = (
    "Mã tỉnh",
    "Tỉnh, thành phố",
    "Mã xã",
    "Xã, phường",
    "Nhóm đối tượng",
    "Người học",
    "Có hoạt động",
    "Bài đã học xong",
    "Bài kiểm tra đã làm",
    "Bài kiểm tra đạt",
)
UNKNOWN: Final = "chưa rõ"


@dataclass(frozen=True, slots=True)
class Figure:
    """The counts of one commune and group; None means people who did not say where or who they are.

    `active`: learners with any event beyond consent; `lessons_done` and `quizzes_passed` count different lessons
    per learner, `quizzes_taken` every finished lesson quiz.
    """

    province: str | None
    commune: str | None
    audience: str | None
    learners: int
    active: int
    lessons_done: int
    quizzes_taken: int
    quizzes_passed: int


def by_commune_and_group(
    session: Session,
    commune: str | None = None,
    province: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Figure]:
    """Counts per commune and audience group, ordered by codes; `since` (included) and `until` bound the events counted.

    Learners are counted whenever they joined. Two queries, whatever the number of rows.
    """
    place = (LearnerRow.province, LearnerRow.commune, LearnerRow.audience)
    learners = _within(select(*place, func.count()).group_by(*place), commune, province)
    events = _within(_counted(since, until), commune, province)
    done: dict[tuple[Any, ...], tuple[int, ...]] = {tuple(row[:3]): tuple(row[3:]) for row in session.execute(events)}
    found = [Figure(*row, *done.get(tuple(row[:3]), (0, 0, 0, 0))) for row in session.execute(learners)]
    return sorted(found, key=lambda f: (f.province or "~", f.commune or "~", f.audience or "~"))


def _within(query: Select[Any], commune: str | None, province: str | None) -> Select[Any]:
    if commune is not None:
        query = query.where(LearnerRow.commune == commune)
    return query.where(LearnerRow.province == province) if province is not None else query


def _counted(since: datetime | None, until: datetime | None) -> Select[Any]:
    place = (LearnerRow.province, LearnerRow.commune, LearnerRow.audience)
    event = LearningEventRow
    lesson = event.learner_id + "/" + event.course_id + "/" + event.lesson_id
    quiz = (event.kind == "attempt_finished") & event.lesson_id.is_not(None)
    query = select(
        *place,
        func.count(distinct(_if(event.kind != "consented", event.learner_id))),
        func.count(distinct(_if(event.kind == "lesson_done", lesson))),
        func.count(_if(quiz, event.id)),
        func.count(distinct(_if(quiz & event.success.is_(True), lesson))),
    ).join(LearnerRow, LearnerRow.id == event.learner_id)
    bounds: list[ColumnElement[bool]] = [event.at >= since] if since else []
    return query.where(*bounds, *([event.at < until] if until else [])).group_by(*place)


def _if(condition: ColumnElement[bool], value: Any) -> ColumnElement[Any]:
    return case((condition, value))


def totals(figures: Iterable[Figure]) -> Figure:
    """All figures added up, without place and group."""
    sums = [0, 0, 0, 0, 0]
    for figure in figures:
        counts = astuple(figure)[3:]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
    return Figure(None, None, None, *sums)


def rows(figures: Iterable[Figure], audience_names: dict[str, str]) -> list[tuple[str | int, ...]]:
    """One row per figure under `HEADINGS`, with codes turned into names."""
    return [_row(figure, audience_names) for figure in figures]


def _row(figure: Figure, audience_names: dict[str, str]) -> tuple[str | int, ...]:
    commune = communes().get(figure.commune or "")
    province = commune.province.name if commune else _province(figure.province)
    group = audience_names.get(figure.audience, figure.audience) if figure.audience else UNKNOWN
    named = (figure.province or "", province, figure.commune or "", commune.name if commune else UNKNOWN, group)
    return (*named, *astuple(figure)[3:])


def _province(code: str | None) -> str:
    return next((c.province.name for c in communes().values() if c.province.code == code), UNKNOWN)


def to_csv(table: Sequence[tuple[str | int, ...]], headings: Sequence[str] = HEADINGS) -> bytes:
    """The rows as CSV that spreadsheet programs open with the accents intact (UTF-8 with a mark)."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *([_inert(cell) for cell in row] for row in table)])
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(table: Sequence[tuple[str | int, ...]], headings: Sequence[str] = HEADINGS, title: str = "Tiến độ") -> bytes:
    """The rows as a workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in (headings, *([_inert(cell) for cell in row] for row in table)):
        sheet.append(list(row))
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _inert(cell: str | int) -> str | int:
    """A text that a spreadsheet program would run as a formula becomes plain text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
