"""The ids that buttons carry: ``v1:<flow>:<argument>…``, ASCII and at most 64 bytes.

An id says everything needed to show its screen, so that a button pressed weeks later, after any
number of restarts, still works against today's content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.messages import PAYLOAD_BYTES

VERSION = "v1"
_PART = re.compile(r"[A-Za-z0-9_.\-]+")


class PayloadError(ValueError):
    """A payload that cannot be packed, or that this version cannot read."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A parsed id: the flow that shows the screen and its arguments."""

    flow: str
    args: tuple[str, ...] = ()


@lru_cache(maxsize=4096)  # the same few buttons on every screen
def pack(flow: str, *args: str | int) -> str:
    """Write an id.

    Raises:
        PayloadError: a part is empty, holds anything but letters, digits, ``_ . -``, or the whole is over 64 bytes.
    """
    parts = [flow, *map(str, args)]
    if not all(_PART.fullmatch(part) for part in parts):
        raise PayloadError(f"not an ASCII id: {parts}")
    payload = ":".join([VERSION, *parts])
    if len(payload) > PAYLOAD_BYTES:
        raise PayloadError(f"{len(payload)} bytes, at most {PAYLOAD_BYTES}: {payload}")
    return payload


def parse(payload: str) -> Payload:
    """Read an id.

    Raises:
        PayloadError: another version, damaged or too long.
    """
    version, *parts = payload.split(":")
    if version != VERSION or not parts or len(payload) > PAYLOAD_BYTES:
        raise PayloadError(f"not a {VERSION} payload: {payload[:80]!r}")
    if not all(_PART.fullmatch(part) for part in parts):
        raise PayloadError(f"damaged payload: {payload!r}")
    return Payload(parts[0], tuple(parts[1:]))


def looks_like(text: str) -> bool:
    """Whether a typed text is an id: some channels (Zalo OA) send a pressed button back as text."""
    return text.startswith(f"{VERSION}:") and len(text) <= PAYLOAD_BYTES
