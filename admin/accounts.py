"""Users of the console and their passwords."""

from __future__ import annotations

import re
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from admin import audit
from admin.permissions import Role
from admin.tables import SessionRow, UserRow

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """A hash checked for unknown names, so that they take as long as known ones. Slow to make, like every hash."""
    return _HASHER.hash(secrets.token_hex())


class AccountError(ValueError):
    """An account cannot be made or changed so; the message, in Vietnamese, says why."""


def clean_name(name: str) -> str:
    """The sign-in name as it is kept. Raises AccountError for other than 2–40 of a–z, 0–9, dot, dash, underscore."""
    cleaned = name.strip().lower()
    if not _NAME.fullmatch(cleaned):
        raise AccountError("Tên đăng nhập gồm 2–40 chữ cái không dấu, chữ số, dấu chấm hoặc gạch, không có khoảng trắng.")
    return cleaned


def check_password(password: str, name: str) -> None:
    """Raises AccountError for a password that is too short, too long, the name itself, or of a single character."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"Mật khẩu cần từ {SHORTEST_PASSWORD} đến {LONGEST_PASSWORD} ký tự.")
    if name in password.lower() or len(set(password)) < 4:
        raise AccountError("Mật khẩu này dễ đoán quá: đừng chứa tên đăng nhập, đừng lặp mãi vài ký tự.")


def create_user(
    session: Session, name: str, password: str, role: Role, *, full_name: str = "", commune: str | None = None, by: str
) -> UserRow:
    """Add somebody. Raises AccountError for a bad or taken name, or a weak password."""
    name = clean_name(name)
    check_password(password, name)
    if find_user(session, name):
        raise AccountError(f"Đã có người dùng tên {name}.")
    row = UserRow(
        name=name,
        full_name=full_name.strip() or name,
        role=role.value,
        commune_code=(commune or "").strip() or None,
        password_hash=_HASHER.hash(password),
    )
    session.add(row)
    session.flush()
    audit.record(session, by, "user.create", f"user:{name}", after=describe(row))
    return row


def change_user(
    session: Session, row: UserRow, *, full_name: str, role: Role, commune: str | None, active: bool, by: str
) -> None:
    """Change what a user is; open browsers of somebody switched off are signed out.

    Raises AccountError when nobody would be left to manage users.
    """
    before = describe(row)
    was_manager = _manages(row)
    row.full_name, row.role = full_name.strip() or row.name, role.value
    row.commune_code, row.active = (commune or "").strip() or None, active
    session.flush()
    if was_manager and not _manages(row) and not _managers(session):
        raise AccountError("Phải còn ít nhất một quản trị viên đang hoạt động, không giới hạn địa bàn.")
    if not active:
        end_sessions(session, row.id)
    audit.record(session, by, "user.change", f"user:{row.name}", before, describe(row))


def set_password(session: Session, row: UserRow, password: str, *, by: str, keep: str | None = None) -> None:
    """Give a user a new password and sign out their browsers, but for the one whose token hash is `keep`.

    Raises AccountError for a weak password.
    """
    check_password(password, row.name)
    row.password_hash = _HASHER.hash(password)
    end_sessions(session, row.id, keep)
    audit.record(session, by, "user.password", f"user:{row.name}", after="mật khẩu mới, các phiên khác đã thoát")


def password_fits(row: UserRow | None, password: str) -> bool:
    """Whether that is the user's password; takes as long for None as for a user."""
    nobody = _nobody()  # before the name matters: the first sign-in of a process makes it
    try:
        _HASHER.verify(row.password_hash if row else nobody, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return row is not None


def find_user(session: Session, name: str) -> UserRow | None:
    """The user of that sign-in name, whatever its case."""
    return session.scalars(select(UserRow).where(UserRow.name == name.strip().lower())).one_or_none()


def list_users(session: Session) -> list[UserRow]:
    """Everybody, by name."""
    return list(session.scalars(select(UserRow).order_by(UserRow.name)))


def end_sessions(session: Session, user_id: int, keep: str | None = None) -> None:
    """Sign a user out everywhere, but for the session of token hash `keep`."""
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.token_hash != (keep or "")))


def describe(row: UserRow) -> str:
    """A line for the audit log."""
    return f"{row.full_name} · {row.role} · xã {row.commune_code or 'tất cả'} · {'đang dùng' if row.active else 'đã khóa'}"


def _manages(row: UserRow) -> bool:
    return row.active and row.role == Role.ADMIN.value and row.commune_code is None


def _managers(session: Session) -> int:
    fits = UserRow.active.is_(True), UserRow.role == Role.ADMIN.value, UserRow.commune_code.is_(None)
    return session.scalar(select(func.count()).select_from(UserRow).where(*fits)) or 0
