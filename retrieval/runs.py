"""Runs of `hocvuso eval` kept on disk: all that is needed to explain one later and to compare it with the next."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from retrieval.decision import Kind
from retrieval.evaluate import Judged

KEPT: Final = 20  # runs of one question file; a run of 600 questions takes about 250 kB
FOUND: Final = 5  # topics kept of a ranking
_log = logging.getLogger(__name__)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Known(_Value):
    """A topic as it was known to the bot of a run. `examples`: its example questions in the index."""

    title: str
    covered: bool = False
    examples: int = 0


class Asked(_Value):
    """One question of a run: what was expected and what the bot did. `found`: topics, best first; `danger`: noticed."""

    id: str
    text: str
    style: str
    context: str | None = None
    urgent: bool = False
    near: bool = False
    topics: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    decision: Kind
    found: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    danger: bool = False


class Run(_Value):
    """Everything one run found. `made_at` is aware; `queries` is `name#checksum`, `calibrated_on` the same of the sets
    the thresholds were fitted to."""

    format: Literal[1] = 1
    made_at: datetime
    queries: str
    index_build: str
    content: str
    model: str
    calibrated_on: tuple[str, ...] = ()
    topics: Mapping[str, Known]
    asked: tuple[Asked, ...]

    @property
    def checksum(self) -> str:
        """Of the question file: only runs of the same questions may be compared."""
        return self.queries.rpartition("#")[2]

    @property
    def flattering(self) -> bool:
        """Whether the thresholds were fitted to these very questions, so that strangers' questions go worse."""
        return any(name.rpartition("#")[2] == self.checksum for name in self.calibrated_on)

    @property
    def covered(self) -> frozenset[str]:
        return frozenset(topic for topic, known in self.topics.items() if known.covered)

    def title(self, topic: str) -> str:
        """The topic's title, or its id when the run did not know it."""
        return self.topics[topic].title if topic in self.topics else topic


def asked_of(judged: Judged) -> Asked:
    """What is kept of one question."""
    query, outcome = judged.query, judged.outcome
    return Asked(
        **query.model_dump(exclude={"aspect"}),
        decision=outcome.decision,
        found=outcome.topics[:FOUND],
        shown=outcome.procedures,
        behind=outcome.behind,
        danger=outcome.urgent,
    )


def run_of(
    judged: Sequence[Judged],
    made_with: Mapping[str, Any],
    topics: Mapping[str, Known],
    made_at: datetime,
    calibrated_on: Sequence[str] = (),
) -> Run:
    """The run behind a report; `made_with` is that of `hocvuso eval --json`."""
    named = {name: made_with[name] for name in ("queries", "index_build", "content", "model")}
    asked = tuple(asked_of(one) for one in judged)
    return Run(made_at=made_at, topics=topics, asked=asked, calibrated_on=tuple(calibrated_on), **named)


def runs_folder(data_dir: Path) -> Path:
    """Where the runs are kept."""
    return data_dir / "evaluations"


class RunStore:
    """`<folder>/<checksum of the questions>/<time>.json`, the newest `KEPT` of each question file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, run: Run) -> Path:
        """Write a run and drop the oldest ones."""
        folder = self._folder / run.checksum
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{run.made_at.astimezone(UTC):%Y%m%dT%H%M%S%f}.json"
        beside = file.with_suffix(".part")
        beside.write_text(run.model_dump_json(indent=1), encoding="utf-8", newline="\n")
        beside.replace(file)  # a reader never sees half a run
        for old in sorted(folder.glob("*.json"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return file

    def before(self, run: Run) -> Run | None:
        """The run of the same questions that was made last before this one."""
        earlier = (other for other in self._newest_first(run.checksum) if other.made_at < run.made_at)
        return next(earlier, None)

    def latest(self) -> list[Run]:
        """The newest run of every question file, the newest first."""
        folders = [folder.name for folder in self._folder.glob("*") if folder.is_dir()]
        newest = (next(self._newest_first(name), None) for name in folders)
        return sorted((run for run in newest if run), key=lambda run: run.made_at, reverse=True)

    def newest(self, checksum: str) -> Run | None:
        """The newest run of the question file with that checksum, if there is one."""
        known = {folder.name for folder in self._folder.glob("*")}  # an address never becomes a path
        return next(self._newest_first(checksum), None) if checksum in known else None

    def _newest_first(self, checksum: str) -> Iterator[Run]:
        for file in sorted((self._folder / checksum).glob("*.json"), reverse=True):
            try:
                yield Run.model_validate_json(file.read_text(encoding="utf-8"))
            except (OSError, ValidationError) as error:  # a broken file loses one run, not the report
                _log.warning("evaluation run %s cannot be read: %s", file.name, str(error).splitlines()[0])
