"""Whom a person can turn to in their commune: what "Gặp người hỗ trợ" shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Helper:
    """A member of the community digital team."""

    name: str
    village: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """The contacts of one commune. Empty strings are unknown and are said to be unknown."""

    commune: str
    one_stop_address: str = ""
    one_stop_hours: str = ""
    one_stop_phone: str = ""
    police_phone: str = ""
    helpers: tuple[Helper, ...] = ()
