"""Which learners are counted, and the learners behind a count: who they are called by, what they did, when last.

What a line of this page says is what people agree to before anything is kept (`consent.ask` in the bot's texts, compared by
a test): a new column here needs new words there, and a new `CONSENT_TEXT`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, select
from sqlalchemy.orm import Session

from admin.audit import VIETNAM
from learning import figures
from learning.communes import communes
from learning.figures import Figure
from learning.people import CONSENT_TEXT
from learning.tables import LearnerRow, LearningEventRow

AUDIENCES: Final[Mapping[str, str]] = {
    "nguoi-dan": "Người dân",
    "nguoi-cao-tuoi": "Người cao tuổi",
    "nong-dan": "Nông dân",
    "tieu-thuong": "Tiểu thương",
    "cong-nhan": "Công nhân",
    "can-bo": "Cán bộ, công chức",
    "hoc-sinh": "Học sinh, sinh viên",
}
UNKNOWN: Final = "-"  # in addresses: people who did not say
ANY: Final = "*"  # in addresses: whatever they said
PAGE: Final = 100  # learners on one page


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose learning is looked at, on which days of Vietnam, both included. Places and audience are codes, `UNKNOWN` or `ANY`."""

    province: str = ANY
    commune: str = ANY
    audience: str = ANY
    since: date | None = None
    until: date | None = None

    @property
    def start(self) -> datetime | None:
        """Events from then on count."""
        return datetime.combine(self.since, time.min, VIETNAM) if self.since else None

    @property
    def end(self) -> datetime | None:
        """Events before then count."""
        return datetime.combine(self.until + timedelta(days=1), time.min, VIETNAM) if self.until else None


@dataclass(frozen=True, slots=True)
class Place:
    """The figures of one commune: all of it, and its groups."""

    name: str
    province: str
    total: Figure
    groups: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """One learner and their own counts, by the same rules as the figures. `name` is None where it may not be shown."""

    name: str | None
    audience: str | None
    joined: datetime
    lessons_done: int
    quizzes_taken: int
    quizzes_passed: int
    last_active: datetime | None


def places(found: Sequence[Figure]) -> list[Place]:
    """The figures by commune, in their order."""
    return [_place(key, tuple(group)) for key, group in groupby(found, lambda figure: (figure.province, figure.commune))]


def _place(key: tuple[str | None, str | None], groups: tuple[Figure, ...]) -> Place:
    counts = figures.totals(groups)
    total = Figure(*key, None, counts.learners, counts.active, counts.lessons_done, counts.quizzes_taken, counts.quizzes_passed)
    return Place(place_name(key[1] or UNKNOWN), province_name(key[0]), total, groups)


def place_name(commune: str) -> str:
    """A commune's name, by its code or one of the stand-ins."""
    return communes()[commune].name if commune in communes() else "mọi nơi" if commune == ANY else "chưa rõ xã"


def province_name(code: str | None) -> str:
    """A province's name, empty for nobody's."""
    return next((commune.province.name for commune in communes().values() if commune.province.code == code), "")


def group_name(audience: str) -> str:
    """A group's name, by its id or one of the stand-ins."""
    return AUDIENCES.get(audience, "mọi nhóm" if audience == ANY else "chưa rõ nhóm")


def communes_with_learners(session: Session) -> dict[str, str]:
    """Code to name, by name: what there is to choose from."""
    codes = session.scalars(select(LearnerRow.commune).where(LearnerRow.commune.is_not(None)).distinct())
    named = {code: f"{place_name(code)} ({communes()[code].province.name})" for code in codes if code in communes()}
    return dict(sorted(named.items(), key=lambda item: item[1]))


def learner_count(session: Session, wanted: Wanted) -> int:
    """How many learners there are behind it."""
    return session.scalar(_chosen(select(func.count()).select_from(LearnerRow), wanted)) or 0


def learner_lines(session: Session, wanted: Wanted, page: int = 1) -> list[LearnerLine]:
    """One page of the learners, by joining; events count from `since` to `until`.

    The name of somebody who agreed to earlier words, which promised that nobody would see it, is left out.
    """
    event = LearningEventRow
    lesson = event.course_id + "/" + event.lesson_id
    quiz = (event.kind == "attempt_finished") & event.lesson_id.is_not(None)
    query = (
        select(
            case((LearnerRow.consent_text == CONSENT_TEXT, LearnerRow.name)),
            LearnerRow.audience,
            LearnerRow.consented_at,
            func.count(distinct(case((event.kind == "lesson_done", lesson)))),
            func.count(case((quiz, event.id))),
            func.count(distinct(case((quiz & event.success.is_(True), lesson)))),
            func.max(case((event.kind != "consented", event.at))),
        )
        .outerjoin(event, and_(event.learner_id == LearnerRow.id, *_within(wanted)))
        .group_by(LearnerRow.id)
        .order_by(LearnerRow.consented_at, LearnerRow.id)
    )
    rows = session.execute(_chosen(query, wanted).limit(PAGE).offset((page - 1) * PAGE))
    return [LearnerLine(*row) for row in rows]


def _within(wanted: Wanted) -> list[ColumnElement[bool]]:
    start, end = wanted.start, wanted.end
    return ([LearningEventRow.at >= start] if start else []) + ([LearningEventRow.at < end] if end else [])


def _chosen(query: Select[Any], wanted: Wanted) -> Select[Any]:
    pairs = ((LearnerRow.province, wanted.province), (LearnerRow.commune, wanted.commune), (LearnerRow.audience, wanted.audience))
    for column, value in pairs:
        if value != ANY:
            query = query.where(column.is_not_distinct_from(None if value == UNKNOWN else value))
    return query
