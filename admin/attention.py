"""What needs somebody's attention today, each with the page to go on at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.permissions import Actor, Permission
from admin.questions import URGENT, open_questions
from admin.topics import SOON, Text, texts
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
    """What this person may see and do something about."""
    found = list(_texts(texts(session), today)) if actor.may(Permission.READ_CONTENT) else []
    if actor.may(Permission.READ_QUEUE):
        open_now = open_questions(session, now)
        down = sum("down" in question.reasons for question in open_now)
        found.append(Matter(len(open_now), "câu hỏi bot chưa giải quyết được", "/admin/queue"))
        danger = sum(URGENT in question.reasons for question in open_now)
        found.append(Matter(danger, "câu hỏi khẩn cấp 🆘", "/admin/queue?reason=urgent", urgent=danger > 0))
        found.append(Matter(down, "câu trả lời bị chê 👎", "/admin/queue?reason=down", urgent=down > 0))
    if actor.may(Permission.MANAGE_DELIVERY):
        dead = session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.status == "dead")) or 0
        found.append(Matter(dead, "tin không gửi được", "/admin/letters", urgent=dead > 0))
    return found


def _texts(found: Sequence[Text], today: date) -> Iterator[Matter]:
    review = sum(text.status is Status.IN_REVIEW for text in found)
    yield Matter(review, "bài chờ duyệt", "/admin/topics?status=in_review", urgent=review > 0)
    drafts = sum(text.in_work and text.status is Status.DRAFT for text in found)
    yield Matter(drafts, "bản nháp đang soạn", "/admin/topics?status=draft")
    outdated = sum(text.status is Status.OUTDATED for text in found)
    yield Matter(outdated, "bài cần xem lại vì bài khác đã đổi", "/admin/topics?status=outdated", urgent=outdated > 0)
    late = sum(text.live and text.review_by is not None and text.review_by < today for text in found)
    due = sum(text.live and text.review_by is not None and today <= text.review_by <= today + SOON for text in found)
    yield Matter(late, "bài đã quá hạn rà soát", "/admin/topics?status=due", urgent=late > 0)
    yield Matter(due, "bài đến hạn rà soát trong 30 ngày", "/admin/topics?status=due")
    expired = sum(figure.valid_until < today for text in found if text.live for figure in text.body.figures or ())
    yield Matter(expired, "con số đã hết hạn dùng", "/admin/topics?status=due", urgent=expired > 0)
    unconfirmed = sum(text.live and not text.confirmed_by for text in found)
    yield Matter(unconfirmed, "bài đang hiển thị chưa có cán bộ xác nhận", "/admin/topics?status=unconfirmed")
