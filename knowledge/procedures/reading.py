"""A file of procedure records, one JSON object a line: every good record, and every bad line by number."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.procedures.model import Procedure

MAX_LINE = 4_000_000  # bytes; a longer line is no record of one procedure
_CRAWL = re.compile(r"\b(0[1-9]|1[0-2])/(20\d\d)\b")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was kept out, counted from 1, and why."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    procedures: tuple[Procedure, ...]
    bad: tuple[BadLine, ...]


class _Line(BaseModel):
    """The fields of the file; further ones are passed over."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    title: str
    ministry: str
    field: str
    level: str
    audience: str = Field(default="", alias="for")
    decision: str = ""
    steps: str
    how_time_fee: str = ""
    documents: str = ""
    conditions: str = ""
    result: str = ""
    source: str
    via: str

    def procedure(self) -> Procedure:
        crawled = _CRAWL.search(self.via)
        if crawled is None:
            raise ValueError("via: no month and year of the record (MM/YYYY)")
        same = {name: getattr(self, name) for name in Procedure.model_fields if name in _Line.model_fields}
        named = {"code": self.id, "time_fee": self.how_time_fee, "link": self.source}
        return Procedure.model_validate({**same, **named, "recorded": f"{crawled[2]}-{crawled[1]}"})


def read_records(path: Path, progress: Callable[[int, int], None] | None = None) -> Reading:
    """Check all lines of a file. `progress` is told (done, total) lines. Raises OSError when it cannot be read."""
    lines = path.read_bytes().split(b"\n")
    found: dict[str, Procedure] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                procedure = _read(line)
                if procedure.code in found:
                    raise ValueError(f"id: {procedure.code} stands in the file twice")
                found[procedure.code] = procedure
            except ValueError as error:
                bad.append(BadLine(number, _reason(error)))
        if progress:
            progress(number, len(lines))
    return Reading(tuple(found.values()), tuple(bad))


def _read(line: bytes) -> Procedure:
    if len(line) > MAX_LINE:
        raise ValueError(f"longer than {MAX_LINE} bytes")
    return _Line.model_validate(json.loads(line.decode("utf-8-sig"))).procedure()


def _reason(error: ValueError) -> str:
    """One line for a person: the first wrong field and what is wrong with it."""
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON ({error.msg} at character {error.pos + 1})"
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{where or 'record'}: {first['msg']}"
    return str(error)
