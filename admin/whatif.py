"""What the evaluation set would answer differently with one more example question.

The set is asked twice of an index in memory: as it is, and with the example added. Nothing is written to the
index in force. Embeddings of the set's questions are kept on disk per model, so that only the first time is slow.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering import ASKS, Answerer, keep_topic, outcome_of
from bot.quality import OWN_QUERIES
from bot.turn import Heard
from nlu.understanding import Understander, Understanding
from retrieval.decide import Calibration, decide
from retrieval.decision import Decision, Kind
from retrieval.embedders import Embedder
from retrieval.embedding_cache import EmbeddingCache
from retrieval.evaluate import Outcome
from retrieval.index import IndexUnusable, LoadedIndex
from retrieval.lexical import LexicalIndex
from retrieval.passages import Coverage, Passage, PassageKind, passage_id
from retrieval.queries import Query, read_queries
from retrieval.ranking import TopicTable
from retrieval.retriever import CANDIDATES, NEAREST

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
class _Asked:
    query: Query
    understanding: Understanding
    context: Understanding | None


@dataclass(frozen=True)
class World:
    """An index in memory. Row i of `vectors`, shape (passages, dimension), belongs to passage i."""

    vectors: Floats
    lexical: LexicalIndex
    table: TopicTable
    calibration: Calibration

    def decide(self, understanding: Understanding, vector: Floats) -> Decision:
        """What the retriever would decide on that index."""
        dense = self.vectors @ vector
        if len(dense) > NEAREST:  # as the retriever sees it: the rest count as no nearer than the last it looks at
            dense = np.maximum(dense, np.partition(dense, -NEAREST)[-NEAREST])
        lexical = self.lexical.scores(understanding.restored, understanding.normal)
        ranked = self.table.rank(dense, lexical, CANDIDATES)
        return decide(ranked, len(understanding.restored.split()), self.calibration, "what-if")


class WhatIf:
    """Callable with (topic id, example): the changes, worst first. Safe for threads; one comparison at a time."""

    def __init__(self, answerer: Callable[[], Answerer], embedder: Embedder, data_dir: Path, file: Path = OWN_QUERIES) -> None:
        self._answerer, self._embedder, self._file = answerer, embedder, file
        self._cache = EmbeddingCache(data_dir / "what-if", embedder)
        self._lock = threading.Lock()
        self._asked: tuple[Understander | None, list[_Asked], dict[str, Floats]] = (None, [], {})
        self._before: tuple[tuple[str, int], list[Outcome]] = (("", 0), [])

    def __call__(self, topic_id: str, example: str) -> list[Change]:
        """Raises IndexUnusable without an index or thresholds."""
        with self._lock:
            index, calibration = self._in_force()
            asked, vectors = self._understood(self._answerer().understander)
            before = self._outcomes_before(index, calibration, asked, vectors)
            world = _with_example(index, calibration, topic_id, example, self._embedder.queries([example])[0])
            after = [_outcome(world, one, vectors) for one in asked]
            return compare([one.query for one in asked], before, after)

    def warm_up(self) -> None:
        """Do ahead what every comparison needs: the first time takes as long as asking the whole set."""
        with self._lock:
            index, calibration = self._in_force()
            self._outcomes_before(index, calibration, *self._understood(self._answerer().understander))

    def _in_force(self) -> tuple[LoadedIndex, Calibration]:
        index = self._answerer().retriever.index
        if index.calibration is None:
            raise IndexUnusable("The index has no thresholds yet. Run: hocvuso calibrate")
        return index, index.calibration

    def _understood(self, understander: Understander) -> tuple[list[_Asked], dict[str, Floats]]:
        if self._asked[0] is not understander:
            asked = [_ask(understander, query) for query in read_queries(self._file)]
            texts = sorted({u.restored for one in asked for u in (one.understanding, one.context) if u})
            rows = self._cache.vectors([question_passage(text) for text in texts])
            self._asked = (understander, asked, dict(zip(texts, rows, strict=True)))
        return self._asked[1], self._asked[2]

    def _outcomes_before(
        self, index: LoadedIndex, calibration: Calibration, asked: Sequence[_Asked], vectors: dict[str, Floats]
    ) -> list[Outcome]:
        made_with = (f"{index.meta.build} {calibration.made_on}", id(asked))
        if self._before[0] != made_with:
            world = World(_vectors_of(index), index.lexical, index.table, calibration)
            self._before = (made_with, [_outcome(world, one, vectors) for one in asked])
        return self._before[1]


def _ask(understander: Understander, query: Query) -> _Asked:
    context = understander.understand(query.context) if query.context else None
    return _Asked(query, understander.understand(query.text), context)


def question_passage(text: str) -> Passage:
    """A question as the embedding cache keys it."""
    return Passage(passage_id("", PassageKind.EXAMPLE, text), "", PassageKind.EXAMPLE, Coverage.COVERED, text)


def _vectors_of(index: LoadedIndex) -> Floats:
    return index.vectors.reconstruct(np.array([p.id for p in index.passages], dtype=np.int64))


def _with_example(index: LoadedIndex, calibration: Calibration, topic_id: str, example: str, vector: Floats) -> World:
    new = Passage(passage_id(topic_id, PassageKind.EXAMPLE, example), topic_id, PassageKind.EXAMPLE, Coverage.COVERED, example)
    passages = [*index.passages, new]
    texts = LexicalIndex([p.text for p in passages])
    return World(np.vstack([_vectors_of(index), vector]), texts, TopicTable(passages), calibration)


def _outcome(world: World, asked: _Asked, vectors: dict[str, Floats]) -> Outcome:
    """As `bot.answering.ask_query` does it, with the vectors at hand."""
    before = _decision(world, asked.context, vectors) if asked.context else None
    topic_id = before.best.topic_id if before and before.best else None
    decision = _decision(world, asked.understanding, vectors)
    kept = keep_topic(asked.understanding, decision, topic_id) if decision else None
    return outcome_of(Heard(asked.understanding, kept))


def _decision(world: World, understanding: Understanding, vectors: dict[str, Floats]) -> Decision | None:
    if understanding.intent not in ASKS and understanding.urgency is None:
        return None
    if not understanding.restored.strip():
        return Decision(Kind.DONT_KNOW)
    return world.decide(understanding, vectors[understanding.restored])


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
