"""What needs somebody's attention today, each with the page to go on at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.directories import directory_for
from admin.permissions import Actor, Permission
from admin.progress import ANY, Wanted, learner_count
from admin.questions import DOWN, URGENT, open_questions
from admin.topics import SOON, Text, texts
from bot.directory import Directory
from bot.tables import OutboxRow
from knowledge.model import Status


@dataclass(frozen=True, slots=True)
class Matter:
    """A number of things to look at; `urgent` ones are marked, zero is good news."""

    count: int
    text: str
    path: str
    urgent: bool = False


def matters(session: Session, actor: Actor, now: datetime, today: date) -> list[Matter]:
    """What this person can do something about, and how many learners they look after."""
    found = [matter for needed, matter in _texts(texts(session), today) if actor.may(needed)]
    if actor.may(Permission.WORK_QUEUE):
        found += _questions(session, now)
    if actor.may(Permission.MANAGE_DELIVERY):
        dead = session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.status == "dead")) or 0
        found.append(Matter(dead, "tin không gửi được", "/admin/letters", urgent=dead > 0))
    if actor.commune and actor.may(Permission.EDIT_DIRECTORY):
        missing = _missing(directory_for(session, actor.commune))
        found.append(
            Matter(missing, "mục còn trống trong danh bạ của xã", f"/admin/directory/{actor.commune}", urgent=missing > 0)
        )
    if actor.may(Permission.READ_PROGRESS):
        learners = learner_count(session, Wanted(commune=actor.commune or ANY))
        found.append(Matter(learners, "người học", "/admin/progress"))
    return found


def _questions(session: Session, now: datetime) -> Iterator[Matter]:
    danger, down = len(open_questions(session, now, URGENT)), len(open_questions(session, now, DOWN))
    yield Matter(len(open_questions(session, now)), "câu hỏi bot chưa giải quyết được", "/admin/queue")
    yield Matter(danger, "câu hỏi khẩn cấp 🆘", f"/admin/queue?reason={URGENT}", urgent=danger > 0)
    yield Matter(down, "câu trả lời bị chê 👎", f"/admin/queue?reason={DOWN}", urgent=down > 0)


def _missing(directory: Directory | None) -> int:
    """How many kinds of contacts citizens are not told."""
    known = directory or Directory(commune="")
    parts = (known.one_stop_address, known.one_stop_hours, known.one_stop_phone, known.police_phone, known.helpers)
    return sum(not part for part in parts)


def _texts(found: Sequence[Text], today: date) -> Iterator[tuple[Permission, Matter]]:
    """Each with what it takes to deal with it."""
    edit, publish = Permission.EDIT_CONTENT, Permission.PUBLISH_CONTENT
    review = sum(text.status is Status.IN_REVIEW for text in found)
    yield publish, Matter(review, "bài chờ duyệt", "/admin/topics?status=in_review", urgent=review > 0)
    drafts = sum(text.in_work and text.status is Status.DRAFT for text in found)
    yield edit, Matter(drafts, "bản nháp đang soạn", "/admin/topics?status=draft")
    outdated = sum(text.status is Status.OUTDATED for text in found)
    yield edit, Matter(outdated, "bài cần xem lại vì bài khác đã đổi", "/admin/topics?status=outdated", urgent=outdated > 0)
    late = sum(text.live and text.review_by is not None and text.review_by < today for text in found)
    due = sum(text.live and text.review_by is not None and today <= text.review_by <= today + SOON for text in found)
    yield edit, Matter(late, "bài đã quá hạn rà soát", "/admin/topics?status=due", urgent=late > 0)
    yield edit, Matter(due, "bài đến hạn rà soát trong 30 ngày", "/admin/topics?status=due")
    expired = sum(figure.valid_until < today for text in found if text.live for figure in text.body.figures or ())
    yield edit, Matter(expired, "con số đã hết hạn dùng", "/admin/topics?status=due", urgent=expired > 0)
    unconfirmed = sum(text.live and not text.confirmed_by for text in found)
    yield publish, Matter(unconfirmed, "bài đang hiển thị chưa có cán bộ xác nhận", "/admin/topics?status=unconfirmed")
