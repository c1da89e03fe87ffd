"""What a chat request may be, checked once, with a sentence in Vietnamese for what it may not."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.web.errors import Refused

MAX_BODY = 64 * 1024  # bytes: thirty times a long message; beyond it somebody is not chatting
SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class ChatRequest(BaseModel):
    """One thing a person did: exactly one of `text` (typed) and `payload` (button pressed)."""

    model_config = ConfigDict(strict=True, extra="ignore")

    session: str | None = Field(default=None, description="From the previous reply; missing or empty: a new one is made.")
    text: str | None = Field(
        default=None, description="What was typed. Over 2,000 characters the end is not read, and the reply says so."
    )
    payload: str | None = Field(default=None, description="The `payload` of a button.")
    message_id: Annotated[str | None, Field(pattern=r"^[!-~]{1,128}$")] = Field(
        default=None, description="The sender's own id: a repeat gets the first reply again and changes nothing."
    )


_NOT_JSON = "Nội dung gửi lên không đúng dạng JSON."
_MESSAGES = {
    "session": "Mã phiên không hợp lệ. Xin tải lại trang.",
    "text": "“text” phải là một đoạn chữ.",
    "payload": "“payload” phải là mã của một nút bấm.",
    "message_id": "“message_id” phải có 1–128 ký tự ASCII, không có dấu cách.",
}


async def read_body(request: Request) -> bytes:
    """The body. Raises Refused (413) as soon as it is too long, without reading on."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, "too_large", "Tin nhắn dài quá. Xin gửi ngắn hơn, chừng vài câu thôi.")
    return bytes(body)


def parse_chat(body: bytes) -> ChatRequest:
    """Raises Refused: 400 for what is no JSON object, 422 for one with wrong fields."""
    try:
        chat = ChatRequest.model_validate_json(body)
    except ValidationError as error:
        raise _refused(error.errors(include_url=False, include_context=False, include_input=False)[0]) from None
    if (chat.text is None) == (chat.payload is None):
        raise Refused(422, "text_or_payload", "Cần đúng một trong hai: “text” (chữ đã gõ) hoặc “payload” (nút đã bấm).")
    if chat.session:
        check_session(chat.session)
    return chat


def check_session(session: str) -> str:
    """The session id itself. Raises Refused (422) for anything but 1–64 ASCII letters, digits, ``_`` and ``-``."""
    if not SESSION.fullmatch(session):
        raise Refused(422, "bad_session", _MESSAGES["session"])
    return session


def _refused(problem: Any) -> Refused:
    field = str(problem["loc"][0]) if problem["loc"] else ""
    if field in _MESSAGES:
        return Refused(422, f"bad_{field}", _MESSAGES[field])
    return Refused(400, "bad_json", _NOT_JSON)
