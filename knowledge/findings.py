"""What the content linter says, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.model import clean_text


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend. `code` is stable and short, `line` counts from 1."""

    file: str
    line: int
    severity: Severity
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity.value} [{self.code}] {self.message}"


class Report:
    """Collects findings about one file and finds the line of a text in it."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._lines = clean_text(path.read_text(encoding="utf-8")).split("\n")
        self.findings: list[Finding] = []

    def line_of(self, snippet: str, after: str = "") -> int:
        """The first line holding the start of that snippet, below the first line that starts with `after`."""
        start = next((i for i, line in enumerate(self._lines) if after and line.startswith(after)), 0)
        wanted = snippet.strip().split("\n")[0][:60]
        found = (i for i, line in enumerate(self._lines) if i >= start and wanted in line)
        return next(found, start) + 1

    def line_ending(self, ending: str) -> int:
        """The first line that ends so, else the first of the file."""
        return next((number for number, line in enumerate(self._lines, 1) if line.endswith(ending)), 1)

    def error(self, code: str, message: str, line: int = 1) -> None:
        """Something that must not reach citizens."""
        self.findings.append(Finding(self.name, line, Severity.ERROR, code, message))

    def warning(self, code: str, message: str, line: int = 1) -> None:
        """Something a person should look at."""
        self.findings.append(Finding(self.name, line, Severity.WARNING, code, message))
