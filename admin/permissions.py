"""Who may do what: roles, permissions and the one each address needs. Data; what is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """From least to most; each may do what the earlier ones may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMIN = "admin"


class Permission(StrEnum):
    SELF = "self"  # one's own account and the home page
    READ_CONTENT = "read_content"
    EDIT_CONTENT = "edit_content"
    PUBLISH_CONTENT = "publish_content"
    READ_QUEUE = "read_queue"
    WORK_QUEUE = "work_queue"
    READ_DIRECTORY = "read_directory"
    EDIT_DIRECTORY = "edit_directory"
    READ_PROGRESS = "read_progress"
    MANAGE_DELIVERY = "manage_delivery"
    READ_AUDIT = "read_audit"
    MANAGE_USERS = "manage_users"


P = Permission
_VIEWER: Final = frozenset({P.SELF, P.READ_CONTENT, P.READ_QUEUE, P.READ_DIRECTORY, P.READ_PROGRESS})
_EDITOR: Final = _VIEWER | {P.EDIT_CONTENT, P.WORK_QUEUE, P.EDIT_DIRECTORY}
_PUBLISHER: Final = _EDITOR | {P.PUBLISH_CONTENT, P.MANAGE_DELIVERY}
ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.PUBLISHER: _PUBLISHER,
    Role.ADMIN: _PUBLISHER | {P.READ_AUDIT, P.MANAGE_USERS},
}
COMMUNE_PERMISSIONS: Final = frozenset({P.SELF, P.READ_CONTENT, P.READ_DIRECTORY, P.EDIT_DIRECTORY, P.READ_PROGRESS})
"""The most that anybody with a commune scope may do: texts, questions and users belong to all communes."""

_VARIANT: Final = "/admin/topics/{topic}/{language}/{level}"
PUBLIC: Final = frozenset({("GET", "/admin/static/{name}"), ("GET", "/admin/sign-in"), ("POST", "/admin/sign-in")})
"""Addresses that need no signing in."""

ROUTES: Final[Mapping[tuple[str, str], Permission]] = {
    ("GET", "/admin/"): P.SELF,
    ("POST", "/admin/sign-out"): P.SELF,
    ("GET", "/admin/account"): P.SELF,
    ("POST", "/admin/account"): P.SELF,
    ("GET", "/admin/topics"): P.READ_CONTENT,
    ("GET", _VARIANT): P.READ_CONTENT,
    ("GET", f"{_VARIANT}/edit"): P.EDIT_CONTENT,
    ("POST", f"{_VARIANT}/edit"): P.EDIT_CONTENT,
    ("POST", f"{_VARIANT}/form"): P.EDIT_CONTENT,
    ("POST", f"{_VARIANT}/preview"): P.EDIT_CONTENT,
    ("POST", f"{_VARIANT}/submit"): P.EDIT_CONTENT,
    ("POST", f"{_VARIANT}/discard"): P.EDIT_CONTENT,
    ("GET", f"{_VARIANT}/review"): P.READ_CONTENT,
    ("POST", f"{_VARIANT}/publish"): P.PUBLISH_CONTENT,
    ("POST", f"{_VARIANT}/return"): P.PUBLISH_CONTENT,
    ("POST", f"{_VARIANT}/confirm"): P.PUBLISH_CONTENT,
    ("POST", f"{_VARIANT}/still-current"): P.PUBLISH_CONTENT,
    ("GET", f"{_VARIANT}/history"): P.READ_CONTENT,
    ("GET", f"{_VARIANT}/history/{{number}}"): P.READ_CONTENT,
    ("POST", f"{_VARIANT}/rollback"): P.PUBLISH_CONTENT,
    ("GET", "/admin/languages"): P.READ_CONTENT,
    ("GET", "/admin/languages/{language}"): P.READ_CONTENT,
    ("POST", "/admin/languages/{language}/trial"): P.PUBLISH_CONTENT,
    ("POST", "/admin/languages/{language}/words"): P.PUBLISH_CONTENT,
    ("GET", "/admin/queue"): P.READ_QUEUE,
    ("POST", "/admin/queue/dismiss"): P.WORK_QUEUE,
    ("POST", "/admin/queue/what-if"): P.WORK_QUEUE,
    ("POST", "/admin/queue/example"): P.WORK_QUEUE,
    ("POST", "/admin/queue/confirm"): P.PUBLISH_CONTENT,
    ("POST", "/admin/queue/publish"): P.PUBLISH_CONTENT,
    ("POST", "/admin/queue/undo"): P.WORK_QUEUE,
    ("GET", "/admin/evaluations"): P.READ_CONTENT,
    ("GET", "/admin/evaluations/{checksum}"): P.READ_CONTENT,
    ("GET", "/admin/directory"): P.READ_DIRECTORY,
    ("GET", "/admin/directory/{code}"): P.READ_DIRECTORY,
    ("POST", "/admin/directory/{code}"): P.EDIT_DIRECTORY,
    ("GET", "/admin/progress"): P.READ_PROGRESS,
    ("GET", "/admin/progress/learners"): P.READ_PROGRESS,
    ("GET", "/admin/progress/export.{kind}"): P.READ_PROGRESS,
    ("GET", "/admin/letters"): P.MANAGE_DELIVERY,
    ("POST", "/admin/letters/{letter}/retry"): P.MANAGE_DELIVERY,
    ("POST", "/admin/letters/{letter}/drop"): P.MANAGE_DELIVERY,
    ("GET", "/admin/audit"): P.READ_AUDIT,
    ("GET", "/admin/users"): P.MANAGE_USERS,
    ("POST", "/admin/users"): P.MANAGE_USERS,
    ("GET", "/admin/users/{user}"): P.MANAGE_USERS,
    ("POST", "/admin/users/{user}"): P.MANAGE_USERS,
    ("POST", "/admin/users/{user}/password"): P.MANAGE_USERS,
}
"""The permission each method and path needs; an address that is in neither table is refused to everybody."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. `commune` limits them to that commune's people and contacts; None is no limit."""

    id: int
    name: str
    full_name: str
    role: Role
    commune: str | None = None
    csrf: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether role and scope both allow it."""
        if self.commune is not None and permission not in COMMUNE_PERMISSIONS:
            return False
        return permission in ROLE_PERMISSIONS[self.role]

    def sees(self, commune: str | None) -> bool:
        """Whether that commune's people and contacts are in this person's scope."""
        return self.commune is None or self.commune == commune
