"""Calls of the Zalo Bot Platform, with its errors as ours."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from bot.channels.zalo_http import BUSY_SECONDS, TIMEOUT, Answer, hide_tokens_in_logs, post
from bot.delivery import Rejected, Retry, SendError, Unreachable

log = logging.getLogger(__name__)

TOKEN_SECONDS = 300.0  # how often to try again with a token that was refused
TOKEN_REFUSED = "Zalo Bot: the token was refused: copy it again from Zalo Bot Manager to HOCVUSO_ZALO_BOT_TOKEN and restart"  # noqa: S105
IDLE = 408  # nothing came within a long poll


class ApiError(Exception):
    """The platform said no. `code` is its error code, or the HTTP status where it gives none."""

    def __init__(self, method: str, code: int) -> None:
        super().__init__(f"Zalo Bot error {code} at {method}")
        self.code = code


class ZaloBotApi:
    """The methods of one bot.

    The token is part of every URL: URLs appear in no error, and httpx' log is filtered.
    """

    def __init__(self, http: httpx.AsyncClient, api_url: str, token: SecretStr) -> None:
        hide_tokens_in_logs()
        self._http, self._api_url, self._token = http, api_url.rstrip("/"), token
        self.problem: str | None = None

    async def call(self, method: str, body: Mapping[str, Any] | None = None, timeout: httpx.Timeout = TIMEOUT) -> Any:
        """The ``result`` of a method (None where it has none). Raises ApiError, or Retry for what passes by itself."""
        url = f"{self._api_url}/bot{self._token.get_secret_value()}/{method}"
        answer = await post(self._http, url, json=body or {}, timeout=timeout)
        if answer.status < 400 and answer.body.get("ok") is True:
            self.problem = None
            return answer.body.get("result")
        raise self._error(method, answer)

    def _error(self, method: str, answer: Answer) -> ApiError:
        code = answer.number("error_code")
        error = ApiError(method, answer.status if code is None else code)
        if error.code == 401:
            if self.problem is None:
                log.error("%s", TOKEN_REFUSED)
            self.problem = TOKEN_REFUSED
        return error

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def send_error(error: ApiError) -> SendError:
    """What a refusal means for a reply."""
    message = str(error)
    match error.code:
        case 400:
            return Rejected(message)
        case 403:
            return Unreachable(message)
        case 401:
            return Retry(message, after=TOKEN_SECONDS)
        case 429:
            return Retry(message, after=BUSY_SECONDS)
        case _:  # a 404 may be a mistyped token as well as a person who left: a few tries, then a dead letter
            return Retry(message)
