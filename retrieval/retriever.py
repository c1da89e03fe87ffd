"""The whole of retrieval behind one call: a question in, a decision out."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from retrieval.decide import decide
from retrieval.decision import Decision, Kind
from retrieval.embedders.base import Embedder
from retrieval.index import IndexStore, IndexUnusable, LoadedIndex
from retrieval.ranking import Ranked

CANDIDATES = 12  # topics looked at by the decision
EMBEDDING_THREADS = max(2, os.cpu_count() or 2)
REMEMBERED = 1024  # questions of a build whose answers are kept: what many people ask in the same words is looked up once
NEAREST = 512  # passages whose cosine is looked at; a topic that has none among them is not in question


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood: `restored` with accents, `typed` normalised but as the person wrote it."""

    restored: str
    typed: str


@dataclass(frozen=True, slots=True)
class Started:
    """A search under way: `decide()` waits for it. `vector` is the embedding being made, None for an empty question.

    A repeated question gets the search that was made before.
    """

    question: Question
    vector: Future[NDArray[np.float32]] | None
    decide: Callable[[], Decision]


class Retriever:
    """Searches the build in force and picks up a newer one by itself (safe for threads)."""

    def __init__(self, store: IndexStore, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=EMBEDDING_THREADS, thread_name_prefix="embedding")
        self._loaded: LoadedIndex | None = None
        self._searches: Callable[[Question], Started] = lru_cache(0)(self._unprepared)
        self._stamp = -1

    @property
    def index(self) -> LoadedIndex:
        """The build in force. Raises `IndexUnusable` when there is none or it belongs to another model."""
        self.refresh()
        if self._loaded is None:
            raise IndexUnusable("There is no index yet. Run: hocvuso index build")
        return self._loaded

    def refresh(self) -> bool:
        """Load the current build if it changed; True when it did. A broken new build leaves the old one serving."""
        stamp = self._store.stamp()
        if stamp == self._stamp:
            return False
        with self._lock:
            if stamp == self._stamp:
                return False
            build = self._store.current()
            if build is None:
                return False
            loaded = self._store.load(build)
            if loaded.meta.model_id != self._embedder.model_id:
                raise IndexUnusable(
                    f"Index {build} was made with {loaded.meta.model_id}, not {self._embedder.model_id}. Run: hocvuso index build"
                )
            # New content, thresholds or model: a memory of its own, so that nothing old can be answered.
            self._searches = lru_cache(REMEMBERED)(partial(self._start, loaded))
            self._loaded, self._stamp = loaded, stamp
            return True

    def rank(self, question: Question, limit: int = CANDIDATES) -> tuple[Ranked, ...]:
        """Topics of all kinds, best first."""
        return self._begin(self.index, question, limit, self.embed(question))()

    def search(self, question: Question) -> Decision:
        """Rank and decide. Raises `IndexUnusable` when the build has no calibration."""
        return self.begin(question)()

    def begin(self, question: Question) -> Callable[[], Decision]:
        """Start a search and return at once; calling the result waits for it."""
        return self.start(question).decide

    def start(self, question: Question) -> Started:
        """Start a search and return at once. The embedding, which takes most of the time and none of the interpreter's,

        runs beside whatever the caller does meanwhile.
        """
        self.refresh()
        started = self._searches(question)
        if started.vector is not None and started.vector.done() and started.vector.exception():
            return self._start(self.index, question)  # a search that failed is not remembered for ever
        return started

    def _unprepared(self, question: Question) -> Started:
        return self._start(self.index, question)

    def _start(self, index: LoadedIndex, question: Question) -> Started:
        calibration = index.calibration
        if calibration is None:
            raise IndexUnusable("The index has no thresholds yet. Run: hocvuso calibrate")
        if not question.restored.strip():
            return Started(question, None, lambda: Decision(Kind.DONT_KNOW, index_build=index.meta.build))
        vector = self.embed(question)
        ranked = self._begin(index, question, CANDIDATES, vector)
        words = len(question.restored.split())
        return Started(question, vector, cache(lambda: decide(ranked(), words, calibration, index.meta.build)))

    def embed(self, question: Question) -> Future[NDArray[np.float32]]:
        """The question's embedding, shape (1, dimension), being made in a thread of its own."""
        return self._pool.submit(self._embedder.queries, [question.restored])

    def _begin(
        self, index: LoadedIndex, question: Question, limit: int, vector: Future[NDArray[np.float32]]
    ) -> Callable[[], tuple[Ranked, ...]]:
        if not index.passages:
            return tuple
        words = index.table.words(index.lexical.scores(question.restored, question.typed))
        shares = index.reranker.words.shares(question.typed)

        def finish() -> tuple[Ranked, ...]:
            query = vector.result()
            scores, rows = index.vectors.best_rows(query, NEAREST)
            dense = np.full(len(index.passages), scores[-1], dtype=np.float32)  # the rest lie at or below the last found
            dense[rows] = scores
            first = index.table.rank(dense, words, limit, index.probe.values(query[0]))
            return index.reranker.rerank(first, shares, query[0])

        return finish
