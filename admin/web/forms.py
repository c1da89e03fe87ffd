"""What a browser sends: URL-encoded fields, read with limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qs

from fastapi import Request

MAX_BODY = 512 * 1024  # bytes: ten times the longest topic
MAX_FIELDS = 4000


class BadForm(ValueError):
    """A form that no page of ours sends; `status` is the HTTP answer."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Form:
    """Fields by name, each with all its values in the order of the page."""

    fields: Mapping[str, list[str]] = field(default_factory=dict)

    def one(self, name: str, default: str = "") -> str:
        """The first value of that name, trimmed."""
        return self.fields.get(name, [default])[0].strip()

    def all(self, name: str) -> list[str]:
        """Every value of that name, as sent."""
        return list(self.fields.get(name, ()))

    def ticked(self, name: str) -> bool:
        """Whether a checkbox of that name was on."""
        return name in self.fields

    def day(self, name: str) -> date | None:
        """A date field; None when empty. Raises ValueError for anything but yyyy-mm-dd."""
        return date.fromisoformat(self.one(name)) if self.one(name) else None


async def read_form(request: Request) -> Form:
    """The form of a request. Raises BadForm: 413 when too long, 415 for another encoding, 400 for too many fields."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise BadForm("Nội dung gửi lên dài quá.", 413)
    if body and kind != "application/x-www-form-urlencoded":
        raise BadForm("Cách gửi biểu mẫu này không được hỗ trợ.", 415)
    try:
        return Form(parse_qs(bytes(body).decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise BadForm("Biểu mẫu không đọc được.") from error


def day_of(text: str) -> date | None:
    """A day of an address; None when empty. Raises BadForm (422) for anything but yyyy-mm-dd."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadForm("Ngày không đúng.", 422) from error
