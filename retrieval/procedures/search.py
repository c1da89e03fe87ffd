"""Ranking procedures for one question: cosines of names and of everyday names, words, and a second look as at topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.procedures.book import EMPTY_BOOK, ProcedureBook
from knowledge.procedures.words import ProcedureWords
from retrieval.decision import Decision, Kind
from retrieval.index import LoadedIndex
from retrieval.lexical import words as words_of
from retrieval.passages import Passage, PassageKind
from retrieval.procedures.decide import RankedProcedure, Rival, Thresholds, Verdict, decide
from retrieval.rerank import MIX
from retrieval.retriever import Question

LEXICAL_WEIGHT = 0.1  # a title's own words tell procedures apart better than they do topics
BOTH = 0.5  # share of the mean of official and everyday name, the rest being the better of the two
CANDIDATES = 10
LOOKED_AT = 20  # families put in order anew by the second look
Floats = NDArray[np.float32]


class ProcedureSearch:
    """Searches one build. `thresholds` is None until they were calibrated for its model: then nothing is decided.

    Procedures are known by the code that stands for their family: the record nearest to the citizen.
    """

    def __init__(
        self,
        index: LoadedIndex,
        words: ProcedureWords,
        thresholds: Thresholds | None,
        book: ProcedureBook = EMPTY_BOOK,
    ) -> None:
        self.index, self.thresholds, self._book = index, thresholds, book
        self.codes = tuple(dict.fromkeys(passage.topic_id for passage in index.passages))
        places = {code: place for place, code in enumerate(self.codes)}
        self._owner = np.array([places[passage.topic_id] for passage in index.passages], dtype=np.intp)
        self._everyday = np.array([passage.kind is PassageKind.EXAMPLE for passage in index.passages], dtype=bool)
        self._vocabulary = Vocabulary(index.passages, words)

    def rank(self, question: Question, vector: Floats, limit: int = CANDIDATES) -> tuple[RankedProcedure, ...]:
        """The best families by the code shown for each. `vector` is the question's embedding, shape (1, dimension)."""
        if not self.codes:
            return ()
        scores, rows = self.index.vectors.best_rows(vector, len(self.index.passages))
        cosines = np.zeros(len(self.index.passages), dtype=np.float32)
        cosines[rows] = scores
        official, everyday = self._best(cosines, ~self._everyday), self._best(cosines, self._everyday)
        lexical = self._best(self.index.lexical.scores(question.restored, question.typed), slice(None))
        named = np.where(np.isnan(everyday), official, everyday)
        dense = np.asarray((1 - BOTH) * np.maximum(official, named) + BOTH * (official + named) / 2, dtype=np.float32)
        total = np.asarray(dense + LEXICAL_WEIGHT * lexical, dtype=np.float32)
        first = np.argsort(-total, kind="stable")[:LOOKED_AT]
        scores, known, odds = self._second_look(question, vector[0], first, dense, lexical, float(total[first[0]]))
        covered = np.array([self._vocabulary.covered(question.restored, self.codes[i]) for i in first])
        parts = np.stack([scores, official[first], named[first], lexical[first], covered, known, odds], axis=1)
        order = np.argsort(-scores, kind="stable")[:limit]
        return tuple(RankedProcedure(self.codes[first[at]], *map(float, parts[at])) for at in order)

    def _second_look(
        self, question: Question, vector: Floats, first: NDArray[np.intp], dense: Floats, lexical: Floats, best: float
    ) -> tuple[Floats, Floats, Floats]:
        """New scores of the `first` found, the highest being `best`, with what made them. The weights are those for topics."""
        reranker = self.index.reranker
        rows = [reranker.topics[self.codes[i]] for i in first]
        known, odds = reranker.words.shares(question.typed)[rows], reranker.probe.values(vector)[rows]
        return MIX.scores(dense[first], lexical[first], known, odds, best), known, odds

    def may_speak(self, question: Question, decision: Decision) -> bool:
        """Whether it is worth looking: no topic answers, one does that is in doubt, or the question is a procedure's name."""
        if self.thresholds is None:
            return False
        sure = decision.kind is Kind.ANSWER and decision.confidence >= self.thresholds.doubt_below
        return not sure or self._vocabulary.named(question.restored) is not None

    def look(self, question: Question, vector: Floats, decision: Decision) -> Verdict | None:
        """What to show beside or instead of what was decided about topics, None when nothing is convincing."""
        if self.thresholds is None:
            return None
        ranked, named = self.rank(question, vector), self._vocabulary.named(question.restored)
        asked_back = decision.kind is Kind.ASK_BACK
        if asked_back and ranked and ranked[0].code in self._own(decision.near):
            return None  # the lesson explains it
        return decide(ranked, self.thresholds, asked_back=asked_back, rival=self.rival(decision), named=named)

    def rival(self, decision: Decision) -> Rival | None:
        """The topic that answers, None where none does."""
        if decision.kind is not Kind.ANSWER or decision.best is None:
            return None
        return Rival(decision.best.score, self._own((decision.best.topic_id,)))

    def _own(self, topic_ids: Iterable[str]) -> frozenset[str]:
        """The procedures that the lessons of these topics explain."""
        own = (code for topic_id in topic_ids for code in self._book.topics.own.get(topic_id, ()))
        return frozenset(map(self.stands_for, own))

    def stands_for(self, code: str) -> str:
        """The code of the same procedure that is indexed and shown."""
        siblings = self._book.siblings(code)
        return siblings[0].code if siblings else code

    def behind(self, topic_id: str) -> tuple[str, ...]:
        """The procedures one press away from a topic."""
        return tuple(self.stands_for(procedure.code) for procedure in self._book.of_topic(topic_id))

    def _best(self, scores: Floats, rows: NDArray[np.bool_] | slice) -> Floats:
        """Each family's best score among those rows, NaN where it has none."""
        best = np.full(len(self.codes), np.nan, dtype=np.float32)
        np.fmax.at(best, self._owner[rows], scores[rows])
        return best


class Vocabulary:
    """How much of a question's words a procedure knows, rare words weighing more, and whose name a question is."""

    def __init__(self, passages: Sequence[Passage], words: ProcedureWords) -> None:
        self._filler = frozenset(words.filler.split())
        self._exact: dict[frozenset[str], str] = {}
        self._known: dict[str, set[str]] = {}
        for passage in passages:
            said = frozenset(words_of(passage.text)) - self._filler
            self._known.setdefault(passage.topic_id, set()).update(said)
            self._exact.setdefault(said, passage.topic_id)
        self._weights = _rarity(list(self._known.values()))
        self._rarest = max(self._weights.values(), default=1.0)

    def told(self, restored: str) -> frozenset[str]:
        """The words of a question that may say something about the matter."""
        return frozenset(words_of(restored)) - self._filler

    def named(self, restored: str) -> str | None:
        """The procedure one of whose names is all that the question says, however it says it."""
        told = self.told(restored)
        return self._exact.get(told) if len(told) > 2 else None

    def covered(self, restored: str, code: str) -> float:
        """The share of the question's words that the procedure knows."""
        told = self.told(restored)
        return self._weigh(told & self._known[code]) / max(self._weigh(told), 1e-6)

    def _weigh(self, words: frozenset[str] | set[str]) -> float:
        return sum(self._weights.get(word, self._rarest) for word in words)


def _rarity(groups: Sequence[set[str]]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for group in groups:
        for word in group:
            counts[word] = counts.get(word, 0) + 1
    return {word: float(np.log1p(len(groups) / count)) for word, count in counts.items()}
