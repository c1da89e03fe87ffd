"""Index builds on disk: made beside the old one, checked, and swapped in by one atomic rename.

`<data>/index/<build>/` holds `vectors.faiss`, `probe.npz`, `rerank.npz`, `lexical/`, `passages.json`, `meta.json` and, once
made, `calibration.json`; `<data>/index/current` names the build in force. The database is the truth: a build records the
checksum of the content it was made from, and a different content asks for a new build.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from retrieval import probe
from retrieval.decide import FEATURES, Calibration
from retrieval.embedders.base import Embedder
from retrieval.embedding_cache import EmbeddingCache
from retrieval.lexical import LexicalIndex
from retrieval.passages import Coverage, Passage, PassageKind
from retrieval.ranking import TopicTable
from retrieval.rerank import Reranker
from retrieval.vectors import VectorIndex

Progress = Callable[[int, int], None]  # (done, total) texts embedded
KEEP_BUILDS = 3
FORMAT = 4  # to be raised when a build holds something new: older ones are then made again
LEXICAL = "lexical"  # a folder of the build
# What the checksum of a build covers, with the folder of the words.
FILES = ("vectors.faiss", "probe.npz", "rerank.npz", "passages.json")


class IndexUnusable(Exception):
    """The index cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Meta:
    build: str
    model_id: str
    content_checksum: str
    content_version: int
    count: int
    files_checksum: str
    built_at: str
    seconds: float


@dataclass(frozen=True, slots=True)
class LoadedIndex:
    """A build in memory. Row i of the table, the lexical index and `passages` is the same passage."""

    meta: Meta
    passages: tuple[Passage, ...]
    vectors: VectorIndex
    lexical: LexicalIndex
    table: TopicTable
    probe: probe.TopicProbe
    reranker: Reranker
    calibration: Calibration | None


def passages_checksum(passages: Sequence[Passage]) -> str:
    """Names what an index is made from: every passage with its topic and coverage."""
    digest = hashlib.sha256()
    for passage in passages:
        digest.update(f"{passage.id}\0{passage.coverage.value}\n".encode())
    return digest.hexdigest()[:16]


class IndexStore:
    """The folder of builds."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "index"

    def current(self) -> str | None:
        """The build in force, or None."""
        try:
            return (self.folder / "current").read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def meta(self, build: str) -> Meta:
        try:
            return Meta(**json.loads((self.folder / build / "meta.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexUnusable(f"Index build {build} is damaged or missing ({error}). Run: hocvuso index build") from error

    def build(
        self,
        passages: Sequence[Passage],
        version: int,
        embedder: Embedder,
        progress: Progress | None = None,
        read: Callable[[str], str] | None = None,
        *,
        afresh: bool = False,
    ) -> Meta:
        """Embed what is new, write a build beside the current one, check it and make it current. Returns its meta data.

        read: turns an example question, as typed, into the form a citizen's question is searched by, so that like meets like.
        afresh: read all of them again; otherwise the readings of the current build are kept.
        """
        begun, checksum = time.monotonic(), passages_checksum(passages)
        passages = _as_read(passages, read, {} if afresh else self._readings()) if read else passages
        vectors = EmbeddingCache(self.folder, embedder).vectors(passages, progress)
        index = VectorIndex.empty(embedder.dimension)
        if passages:
            index.add(np.array([p.id for p in passages], dtype=np.int64), vectors)
        build = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
        partial = self.folder / f"{build}.partial"
        partial.mkdir(parents=True)
        index.write(partial / "vectors.faiss")
        texts, topic_ids = [p.text for p in passages], [p.topic_id for p in passages]
        probe.fit(vectors, topic_ids).write(partial / "probe.npz")
        Reranker.of(texts, topic_ids, vectors).write(partial / "rerank.npz")
        LexicalIndex.of(texts).write(partial / LEXICAL)
        rows = [[p.id, p.topic_id, p.kind.value, p.coverage.value, p.text] for p in passages]
        (partial / "passages.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        seconds = round(time.monotonic() - begun, 3)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        meta = Meta(build, embedder.model_id, checksum, version, len(passages), _files_checksum(partial), now, seconds)
        (partial / "meta.json").write_text(json.dumps(asdict(meta), indent=1), encoding="utf-8")
        self._carry_calibration(partial, embedder.model_id)
        partial.rename(self.folder / build)
        self.load(build)  # a build that cannot be read back never becomes current
        self._point_to(build)
        self._forget_old(build)
        return meta

    def load(self, build: str) -> LoadedIndex:
        """Read and check a build. Raises `IndexUnusable` when a file is missing, changed or of the wrong count."""
        meta = self.meta(build)
        folder = self.folder / build
        try:
            if _files_checksum(folder) != meta.files_checksum:
                raise IndexUnusable(f"Index build {build} was changed on disk. Run: hocvuso index build")
            rows = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
            vectors = VectorIndex.read(folder / "vectors.faiss")
            told = probe.TopicProbe.read(folder / "probe.npz")
            reranker = Reranker.read(folder / "rerank.npz")
            lexical = LexicalIndex.read(folder / LEXICAL, meta.count)
        except OSError as error:
            raise IndexUnusable(f"Index build {build} cannot be read ({error}). Run: hocvuso index build") from error
        passages = tuple(Passage(i, topic, PassageKind(kind), Coverage(cover), text) for i, topic, kind, cover, text in rows)
        if not len(vectors) == len(passages) == meta.count:
            counts = f"{len(vectors)} vectors for {len(passages)} passages"
            raise IndexUnusable(f"Index build {build} holds {counts}. Run: hocvuso index build")
        if vectors.ids().tolist() != [p.id for p in passages]:
            raise IndexUnusable(f"Index build {build} lists its vectors in another order. Run: hocvuso index build")
        return LoadedIndex(meta, passages, vectors, lexical, TopicTable(passages), told, reranker, self.calibration(build))

    def is_whole(self, build: str) -> bool:
        """Whether the build's files are all there and unchanged."""
        try:
            return _files_checksum(self.folder / build) == self.meta(build).files_checksum
        except (OSError, IndexUnusable):
            return False

    def calibration(self, build: str) -> Calibration | None:
        """The thresholds of that build; None without any, or when an older version made them from other features."""
        path = self.folder / build / "calibration.json"
        if not path.exists():
            return None
        found = Calibration.model_validate_json(path.read_text(encoding="utf-8"))
        return found if len(found.weights) == len(FEATURES) else None

    def save_calibration(self, build: str, calibration: Calibration) -> None:
        path = self.folder / build / "calibration.json"
        temporary = path.with_suffix(".tmp")
        temporary.write_text(calibration.model_dump_json(indent=1), encoding="utf-8")
        temporary.replace(path)
        self._point_to(build)  # a new time stamp of `current` tells running processes to look again

    def _readings(self) -> dict[int, str]:
        """How the example questions of the current build were read, by passage id."""
        try:
            rows = json.loads((self.folder / (self.current() or "") / "passages.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {row[0]: row[4] for row in rows if row[2] == PassageKind.EXAMPLE}

    def _carry_calibration(self, partial: Path, model_id: str) -> None:
        """Thresholds stay until `calibrate` runs, but never cross to another model."""
        old = self.current()
        found = self.calibration(old) if old else None
        if found and found.model_id == model_id:
            (partial / "calibration.json").write_text(found.model_dump_json(indent=1), encoding="utf-8")

    def _point_to(self, build: str) -> None:
        temporary = self.folder / f"current.{os.getpid()}.tmp"
        temporary.write_text(build, encoding="utf-8")
        temporary.replace(self.folder / "current")

    def _forget_old(self, keep: str) -> None:
        builds = sorted(p.name for p in self.folder.iterdir() if (p / "meta.json").exists() and p.suffix != ".partial")
        for name in builds[:-KEEP_BUILDS]:
            if name != keep:
                shutil.rmtree(self.folder / name, ignore_errors=True)

    def stamp(self) -> int:
        """Changes whenever another build or calibration comes into force (nanoseconds); 0 without one."""
        try:
            return (self.folder / "current").stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def _as_read(passages: Sequence[Passage], read: Callable[[str], str], known: Mapping[int, str]) -> list[Passage]:
    """Example questions as understood; of those of a topic that read alike the first one stays."""
    found: dict[tuple[str, PassageKind, str], Passage] = {}
    for passage in passages:
        if passage.kind is PassageKind.EXAMPLE:
            passage = replace(passage, text=known.get(passage.id) or read(passage.text) or passage.text)
        found.setdefault((passage.topic_id, passage.kind, passage.text), passage)
    return list(found.values())


def _files_checksum(folder: Path) -> str:
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for path in (*(folder / name for name in FILES), *sorted((folder / LEXICAL).rglob("*.*"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
