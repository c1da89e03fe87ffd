"""Imported procedures with the index made from them; follows the database as `LiveContent` does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock
from pydantic import ValidationError

from knowledge.procedures.book import EMPTY_BOOK, ProcedureBook
from knowledge.procedures.store import all_procedures, fingerprint
from knowledge.procedures.words import load_topic_procedures, load_words
from retrieval.embedders import Embedder
from retrieval.index import IndexStore, IndexUnusable, passages_checksum
from retrieval.procedures.decide import FEATURES, Thresholds
from retrieval.procedures.passages import passages_of
from retrieval.procedures.search import ProcedureSearch
from storage import Database

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


class LiveProcedures:
    """The book of procedures and its search, `None` while nothing is imported. Read by many threads, renewed by one."""

    def __init__(self, database: Database, embedder: Embedder, data_dir: Path) -> None:
        self._database, self._embedder = database, embedder
        self.store = IndexStore(data_dir / "procedures")
        self._thresholds = data_dir / "procedures" / "thresholds.json"
        self._words, self._topics = load_words(), load_topic_procedures()
        self._seen: tuple[str, int, int] = ("", 0, 0)
        self.book: ProcedureBook = EMPTY_BOOK
        self.search: ProcedureSearch | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """What the accent model may learn from: names in official and everyday words."""
        return tuple(passage.text for passage in self.search.index.passages) if self.search else ()

    def lock(self) -> FileLock:
        """Held while an index is built or calibrated; processes on this folder wait for each other."""
        self.store.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.store.folder / "build.lock", is_singleton=True)

    def moved(self) -> bool:
        """Whether another process built or calibrated since the last look: two looks at the clock of a file."""
        return (self.store.stamp(), self._stamp()) != self._seen[1:]

    def renew(self, progress: Progress | None = None) -> bool:
        """Read what changed and build the index where it does not fit; True when anything changed."""
        with self._database.reading() as session:
            seen = (fingerprint(session), self.store.stamp(), self._stamp())
            if seen == self._seen:
                return False
            book = self.book if seen[0] == self._seen[0] else ProcedureBook.of(all_procedures(session), self._topics)
        self.book, self.search = book, self._searching(book, progress)
        self._seen = (seen[0], self.store.stamp(), self._stamp())
        return True

    def _searching(self, book: ProcedureBook, progress: Progress | None) -> ProcedureSearch | None:
        if not book:
            return None
        passages = passages_of(book, self._words)
        wanted = (self._embedder.model_id, passages_checksum(passages))
        with self.lock():
            build = self.store.current()
            if build is None or not self.store.is_whole(build) or self._made_from(build) != wanted:
                build = self.store.build(passages, 0, self._embedder, progress).build
            return ProcedureSearch(self.store.load(build), self._words, self.thresholds(), book)

    def _made_from(self, build: str) -> tuple[str, str] | None:
        try:
            meta = self.store.meta(build)
        except IndexUnusable:
            return None
        return meta.model_id, meta.content_checksum

    def thresholds(self) -> Thresholds | None:
        """The thresholds of this embedding model; None without any, or of an older version's features."""
        try:
            found = Thresholds.model_validate_json(self._thresholds.read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None
        fits = found.model_id == self._embedder.model_id and len(found.weights) == len(FEATURES)
        return found if fits else None

    def save_thresholds(self, thresholds: Thresholds) -> None:
        """Put thresholds in force: here at once, in other processes within their next look."""
        temporary = self._thresholds.with_suffix(".tmp")
        temporary.write_text(thresholds.model_dump_json(indent=1), encoding="utf-8")
        temporary.replace(self._thresholds)
        self.renew()

    def _stamp(self) -> int:
        try:
            return self._thresholds.stat().st_mtime_ns
        except FileNotFoundError:
            return 0
