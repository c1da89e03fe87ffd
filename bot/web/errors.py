"""Errors as a person can read them: one JSON shape, a stable code, a clear sentence in Vietnamese."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that gets no answer.

    Args:
        status: HTTP status, 4xx or 5xx.
        code: stable ASCII name for programs.
        message: Vietnamese sentence for people.
        retry_after: whole seconds until trying again makes sense.
    """

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


BUSY = "Máy chủ đang bận. Xin thử lại sau ít giây."
BROKEN = "Xin lỗi, máy chủ đang gặp trục trặc. Xin thử lại sau ít phút."
_HTTP = {404: ("not_found", "Không có trang này."), 405: ("method_not_allowed", "Cách gọi này không được hỗ trợ.")}


def error_response(error: Refused) -> Response:
    """``{"error": {"code", "message"}}`` with the status, and Retry-After where known."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    return JSONResponse({"error": {"code": error.code, "message": error.message}}, error.status, headers)


def install_errors(app: FastAPI) -> None:
    """Give every error of the app that shape."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(Exception, _broken)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return error_response(error)


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, message = _HTTP.get(error.status_code, ("http_error", str(error.detail)))
    response = error_response(Refused(error.status_code, code, message))
    response.headers.update(error.headers or {})
    return response


async def _database(request: Request, error: Exception) -> Response:
    log.error("database not available at %s: %s", request.url.path, type(error).__name__)
    return error_response(Refused(503, "busy", BUSY, retry_after=2))


async def _broken(request: Request, error: Exception) -> Response:
    log.error("unexpected error at %s", request.url.path, exc_info=error)
    return error_response(Refused(500, "internal", BROKEN))
