"""The commune's office: its directory, accounts of every role, a text waiting for review, an undelivered reply."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from admin.accounts import AccountError, create_user
from admin.directories import save_directory
from admin.permissions import Actor, Role
from admin.tables import CommuneDirectoryRow, UserRow
from bot import delivery
from bot.demo.marks import ACTOR, SAMPLE, SCOPED, USERS, full_name, is_demo
from bot.demo.people import COMMUNE
from bot.directory import Directory, Helper
from bot.messages import Place
from bot.tables import OutboxRow
from bot.wire import outgoing_from
from knowledge.model import Aspect, Body, Example, Section, VariantKey
from knowledge.snapshot import Content
from knowledge.store import VariantState, save_draft, submit, variant_state
from learning.communes import communes

NOTE: Final = f"thêm nơi người dân trong xã được giúp tận tay {SAMPLE}"  # also how the revision is found again
EXAMPLE: Final = "ở xã mình ai giúp cài VNeID tận nhà"
PREFERRED: Final = ("vneid-cai-dat", "vneid-muc-2", "otp")  # topics for the text in review, the first that is free
ADDITION: Final = (
    "Ở xã, {you} có thể nhờ **Tổ công nghệ số cộng đồng** giúp tận tay: sáng thứ Bảy, tại nhà văn hóa thôn, không mất tiền."
)
BLOCKED: Final = "the person has not written for 7 days or has blocked the account"
_SYSTEM: Final = Actor(0, ACTOR, ACTOR, Role.ADMIN)


def _number(last: int) -> str:
    """A telephone number that cannot exist, and says so."""
    return f"0900 000 {last:03} {SAMPLE}"


def directory() -> Directory:
    """The commune's contacts: a real commune, invented people and numbers."""
    return Directory(
        commune=communes()[COMMUNE].name,
        one_stop_address=f"Trụ sở UBND xã, cạnh chợ trung tâm {SAMPLE}",
        one_stop_hours=f"Thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00 {SAMPLE}",
        one_stop_phone=_number(1),
        police_phone=_number(13),
        helpers=(
            Helper("Anh Lê Văn Tình", "Thôn Đông Thịnh", _number(21)),
            Helper("Chị Nguyễn Thị Nguyện", "Thôn Hoa Phú", _number(22)),
            Helper("Em Phạm Quang Trẻ", "Thôn Hoa Trung, Đoàn xã", _number(23)),
            Helper("Bác Trương Thị Chăm", "Thôn Nam Huân, Hội Phụ nữ", _number(24)),
        ),
    )


def open_office(session: Session) -> bool:
    """Write the commune's directory; False where the commune keeps its own already, which stays."""
    if session.scalar(select(exists().where(CommuneDirectoryRow.commune_code == COMMUNE))):
        return False
    save_directory(session, COMMUNE, directory(), _SYSTEM)
    return True


def hand_in_draft(session: Session, content: Content) -> VariantKey | None:
    """A text with one paragraph and one question more, waiting for review; None where every text is being worked on."""
    written = [key for key in content.views if key == VariantKey(topic_id=key.topic_id)]
    for key in sorted(written, key=_preference):
        state = variant_state(session, key)
        if state and state.published and state.draft is None:
            author = full_name("demo-editor")
            save_draft(session, key, _added_to(state), author, note=NOTE, base=state.latest_number)
            submit(session, key, author, NOTE)
            return key
    return None


def _preference(key: VariantKey) -> tuple[int, str]:
    rank = PREFERRED.index(key.topic_id) if key.topic_id in PREFERRED else len(PREFERRED)
    return rank, key.topic_id


def _added_to(state: VariantState) -> Body:
    body = state.body
    sections = tuple(_longer(section) if section.aspect is Aspect.SUMMARY else section for section in body.sections)
    return body.model_copy(update={"sections": sections, "examples": (*(body.examples or ()), Example(text=EXAMPLE))})


def _longer(section: Section) -> Section:
    return section.model_copy(update={"text": f"{section.text}\n\n{ADDITION}"})


def lose_a_letter(session: Session, now: datetime) -> bool:
    """The last reply to somebody on Zalo OA could not be delivered: a dead letter. False where nobody is on Zalo OA."""
    mine = (OutboxRow.channel == "zalo_oa", is_demo(OutboxRow.person), OutboxRow.status == "sent")
    last = select(OutboxRow).where(OutboxRow.id == select(func.max(OutboxRow.id)).where(*mine).scalar_subquery())
    row = session.scalar(last)
    if row is None:
        return False
    taken = {"status": "sending", "attempts": 1, "sent_at": None}  # in this transaction: no worker sees it so
    session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(taken))
    parcel = delivery.Parcel(row.id, Place(row.channel, row.person), outgoing_from(row.body), attempts=1)
    delivery.mark_failed(session, parcel, delivery.Unreachable(BLOCKED), now)
    return True


def check_names(session: Session) -> None:
    """Raises AccountError when somebody has one of the demo accounts' names."""
    taken = session.scalars(select(UserRow.name).where(UserRow.name.in_(USERS))).all()
    if taken:
        raise AccountError(f"Tên đăng nhập {', '.join(taken)} đang có người dùng, nên chưa tạo được dữ liệu mẫu.")


def hire(session: Session) -> dict[str, str]:
    """An account of every role with a random password; gives the passwords by sign-in name. Raises AccountError."""
    passwords = {name: secrets.token_urlsafe(12) for name in USERS}
    for name, (role, _) in USERS.items():
        scope = COMMUNE if name == SCOPED else None
        create_user(session, name, passwords[name], role, full_name=full_name(name), commune=scope, by=ACTOR)
    return passwords
