"""What one more example question would change: the answer to that very question, and those to the evaluation set.

The set is put through the bot's own answer path twice: over the index in force, and over a throw-away build with the
example added. Nothing is written to the index in force. Embeddings of the set's questions are kept on disk per model,
so that only the first time is slow.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering import Answerer, ask_query, outcome_of
from bot.quality import OWN_QUERIES
from nlu.understanding import Understander
from retrieval.decide import Calibration
from retrieval.decision import Kind
from retrieval.embedders import Embedder
from retrieval.embedders.base import Progress
from retrieval.embedding_cache import EmbeddingCache
from retrieval.evaluate import Outcome
from retrieval.index import IndexStore, IndexUnusable, LoadedIndex
from retrieval.passages import Coverage, Passage, PassageKind, passage_id
from retrieval.queries import Query, read_queries
from retrieval.retriever import Retriever

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Change:
    """A question of the set that would be answered differently. `verdict` is better, worse or other."""

    text: str
    expected: tuple[str, ...]
    before: Outcome
    after: Outcome
    verdict: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """How the question itself is answered now and would be then, and what else would change, worst first."""

    before: Outcome
    after: Outcome
    changes: list[Change]


class _Remembering:
    """An embedder that has the vectors of known questions and texts at hand; others it leaves to the real one."""

    def __init__(self, embedder: Embedder, questions: Mapping[str, Floats], texts: Mapping[str, Floats]) -> None:
        self._embedder, self._questions, self._texts = embedder, questions, texts
        self.model_id, self.dimension = embedder.model_id, embedder.dimension

    def queries(self, texts: Sequence[str]) -> Floats:
        return self._look_up(texts, self._questions, self._embedder.queries)

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        return self._look_up(texts, self._texts, self._embedder.passages)

    def _look_up(self, texts: Sequence[str], known: Mapping[str, Floats], embed: Callable[[Sequence[str]], Floats]) -> Floats:
        missing = [text for text in texts if text not in known]
        added = dict(zip(missing, embed(missing), strict=True)) if missing else {}
        return np.stack([known[text] if text in known else added[text] for text in texts])


@dataclass(frozen=True)
class _Before:
    """The set over the index in force, and what made it."""

    index: LoadedIndex
    calibration: Calibration
    understander: Understander
    embedder: _Remembering
    outcomes: list[Outcome]

    def holds(self, index: LoadedIndex, understander: Understander) -> bool:
        """Whether index, thresholds and accent model are still the ones asked."""
        return self.index is index and self.understander is understander


class WhatIf:
    """Callable with (topic id, example). Safe for threads; one comparison at a time."""

    def __init__(self, answerer: Callable[[], Answerer], embedder: Embedder, data_dir: Path, file: Path = OWN_QUERIES) -> None:
        self._answerer, self._embedder = answerer, embedder
        self.queries = read_queries(file)
        self._cache = EmbeddingCache(data_dir / "what-if", embedder)
        self._lock = threading.Lock()
        self._before: _Before | None = None

    def __call__(self, topic_id: str, example: str) -> Forecast:
        """Raises IndexUnusable without an index or thresholds."""
        before, now = self.warm_up(), self._answerer()
        with tempfile.TemporaryDirectory() as folder:
            store = IndexStore(Path(folder))
            added = _example(topic_id, before.understander.read(example).restored)
            meta = store.build([*before.index.passages, added], 0, before.embedder)
            store.save_calibration(meta.build, before.calibration)
            retriever = Retriever(store, before.embedder)
            after = self._ask_all(retriever, before.understander)
            then = outcome_of(Answerer(before.understander, retriever, now.procedures).hear(example))
        return Forecast(outcome_of(now.hear(example)), then, compare(self.queries, before.outcomes, after))

    def warm_up(self) -> _Before:
        """Ask the set over the index in force, unless that is known: the first time takes as long as an evaluation."""
        with self._lock:
            answerer = self._answerer()
            index = answerer.retriever.index
            if self._before is None or not self._before.holds(index, answerer.understander):
                self._before = self._ask_before(answerer, index)
            return self._before

    def _ask_before(self, answerer: Answerer, index: LoadedIndex) -> _Before:
        if index.calibration is None:
            raise IndexUnusable("The index has no thresholds yet. Run: hocvuso calibrate")
        understander = answerer.understander  # remembers what it understood itself
        embedder = _Remembering(self._embedder, self._question_vectors(understander, index), _vectors(index, PassageKind.TEXT))
        with tempfile.TemporaryDirectory() as folder:
            store = IndexStore(Path(folder))
            meta = store.build(index.passages, 0, embedder)
            store.save_calibration(meta.build, index.calibration)
            outcomes = self._ask_all(Retriever(store, embedder), understander)
        return _Before(index, index.calibration, understander, embedder, outcomes)

    def _question_vectors(self, understander: Understander, index: LoadedIndex) -> Mapping[str, Floats]:
        asked = (text for query in self.queries for text in (query.text, query.context) if text)
        texts = sorted({understander.understand(text).restored for text in asked})
        rows = self._cache.vectors([question_passage(text) for text in texts])
        return {**_vectors(index, PassageKind.EXAMPLE), **dict(zip(texts, rows, strict=True))}

    def _ask_all(self, retriever: Retriever, understander: Understander) -> list[Outcome]:
        answerer = Answerer(understander, retriever)
        return [ask_query(answerer, query) for query in self.queries]


def _vectors(index: LoadedIndex, kind: PassageKind) -> Mapping[str, Floats]:
    """The vectors in the index by text, so that a build over the same texts embeds nothing."""
    chosen = [passage for passage in index.passages if passage.kind is kind]
    if not chosen:
        return {}
    rows = index.vectors.reconstruct(np.array([passage.id for passage in chosen], dtype=np.int64))
    return dict(zip((passage.text for passage in chosen), rows, strict=True))


def _example(topic_id: str, text: str) -> Passage:
    return Passage(passage_id(topic_id, PassageKind.EXAMPLE, text), topic_id, PassageKind.EXAMPLE, Coverage.COVERED, text)


def question_passage(text: str) -> Passage:
    """A question as the embedding cache keys it."""
    return _example("", text)


def compare(queries: Sequence[Query], before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Change]:
    """The questions whose decision or first topic differs, worse ones first."""
    changes = [
        Change(query.text, query.topics, old, new, verdict(query, old, new))
        for query, old, new in zip(queries, before, after, strict=True)
        if _shown(old) != _shown(new)
    ]
    return sorted(changes, key=lambda change: ("worse", "other", "better").index(change.verdict))


def _shown(outcome: Outcome) -> tuple[Kind, tuple[str, ...]]:
    return outcome.decision, outcome.topics[:1] if outcome.decision is not Kind.DONT_KNOW else ()


def verdict(query: Query, before: Outcome, after: Outcome) -> str:
    """Whether the person who asked would be better off: "better", "worse" or "other"."""
    gain = _worth(query, after) - _worth(query, before)
    return "better" if gain > 0 else "worse" if gain < 0 else "other"


def _worth(query: Query, outcome: Outcome) -> int:
    """3 the right answer (or rightly none), 2 asked back with the right topic, 1 an honest "don't know", 0 a wrong answer."""
    right = bool(set(outcome.topics[:1]) & set(query.topics))
    if outcome.decision is Kind.ANSWER:
        return 3 if right else 0
    if not query.topics:
        return 2 if outcome.decision is Kind.ASK_BACK else 3
    asked_right = outcome.decision is Kind.ASK_BACK and bool(set(outcome.topics[:3]) & set(query.topics))
    return 2 if asked_right else 1
