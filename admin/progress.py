"""The learners behind a count: who they are called by, what they did, when last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

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
MOST: Final = 500  # learners on one page; an export of figures has no limit


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """One learner and their own counts, by the same rules as the figures."""

    name: str
    audience: str | None
    joined: datetime
    lessons_done: int
    quizzes_taken: int
    quizzes_passed: int
    last_active: datetime | None


def learner_lines(session: Session, commune: str | None, audience: str | None) -> list[LearnerLine]:
    """The learners of one commune and group (None: did not say), by joining."""
    event = LearningEventRow
    lesson = event.course_id + "/" + event.lesson_id
    quiz = (event.kind == "attempt_finished") & event.lesson_id.is_not(None)
    query = (
        select(
            LearnerRow.name,
            LearnerRow.audience,
            LearnerRow.consented_at,
            func.count(distinct(case((event.kind == "lesson_done", lesson)))),
            func.count(case((quiz, event.id))),
            func.count(distinct(case((quiz & event.success.is_(True), lesson)))),
            func.max(case((event.kind != "consented", event.at))),
        )
        .outerjoin(event, event.learner_id == LearnerRow.id)
        .where(LearnerRow.commune.is_not_distinct_from(commune), LearnerRow.audience.is_not_distinct_from(audience))
        .group_by(LearnerRow.id)
        .order_by(LearnerRow.consented_at, LearnerRow.id)
        .limit(MOST)
    )
    return [LearnerLine(*row) for row in session.execute(query)]
