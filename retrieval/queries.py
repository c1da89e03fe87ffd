"""Evaluation queries: one JSON object a line, the format of every query file the project reads."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class Query(BaseModel):
    """A labelled question. No topics: out of domain. `near`: sounds like ours. `context`: the question before."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    text: str
    style: str
    topics: tuple[str, ...] = ()
    context: str | None = None
    urgent: bool = False
    near: bool = False
    aspect: str | None = None
    procedures: tuple[str, ...] = ()  # codes of official procedures, any of which is right


class BadQueryFile(ValueError):
    """A query file cannot be read; the message names file and line."""


def read_queries(path: Path) -> list[Query]:
    """All queries of a file. Raises `BadQueryFile`."""
    queries: list[Query] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadQueryFile(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            queries.append(Query.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as error:
            raise BadQueryFile(f"{path}:{number}: {str(error).splitlines()[0]}") from error
    if not queries:
        raise BadQueryFile(f"{path}: no queries")
    return queries


def name_and_checksum(path: Path) -> str:
    return f"{path.name}#{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
