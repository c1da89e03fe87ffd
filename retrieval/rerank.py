"""The second look: the topics found first are put in order by two things that were learnt about topics as a whole.

Nearest neighbours and BM25 look at one passage at a time. What a question says may be spread over many of them, so two
tables ask all of a topic's passages at once: which share of the question's words the topic knows, and what a softmax
regression on the vectors says. Both are made from the passages of a build alone, without labelled questions.

The first ranking still says how well anything fits; only the order and the distances come from here, shrunk to the
distances of the first ranking, so that thresholds mean what they meant. `docs/retrieval.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical import folded_terms
from retrieval.passages import Coverage
from retrieval.probe import TopicProbe, topic_numbers
from retrieval.ranking import Ranked

Floats = NDArray[np.float32]

ROUNDS = 30  # of the softmax fit: later ones change no order worth mentioning
RIDGE = 0.01  # holds its weights down where the passages say little


@dataclass(frozen=True, slots=True)
class Mix:
    """What is added to a topic's cosine to make the order. `benchmarks/rerank.py` chose the weights and judges them."""

    lexical: float = 0.07
    known: float = 0.2  # what neighbouring topics know of a question differs by a third or so
    odds: float = 0.008  # logarithms of odds, which differ by several units
    spread: float = 2.2  # how much farther apart this puts the topics than the first ranking

    def of(self, dense: Floats, lexical: Floats, known: Floats, odds: Floats) -> Floats:
        return np.asarray(dense + self.lexical * lexical + self.known * known + self.odds * odds, dtype=np.float32)

    def scores(self, dense: Floats, lexical: Floats, known: Floats, odds: Floats, best: float) -> Floats:
        """The same on the scale of the first ranking, the highest being `best`."""
        mixed = self.of(dense, lexical, known, odds)
        return np.asarray(best + (mixed - mixed.max()) / self.spread, dtype=np.float32)


MIX = Mix()


@dataclass(frozen=True, slots=True)
class TopicWords:
    """Which topics know a folded word or pair of words. Rows of term i: `topics` and `gains` from `starts[i]` to `starts[i + 1]`.

    A gain is the weight of the term, the larger the fewer topics know it, times n / (n + 1) for n passages with it.
    """

    numbers: dict[str, int]
    weights: Floats
    starts: NDArray[np.int32]
    topics: NDArray[np.int16]
    gains: Floats
    count: int

    @classmethod
    def of(cls, texts: Sequence[str], numbers: Sequence[int], count: int) -> TopicWords:
        """From the texts of all passages and the number of each one's topic, below `count`."""
        passages: dict[str, dict[int, int]] = {}
        for text, number in zip(texts, numbers, strict=True):
            for term in dict.fromkeys(folded_terms(text)):
                found = passages.setdefault(term, {})
                found[number] = found.get(number, 0) + 1
        sizes = np.array([len(found) for found in passages.values()], dtype=np.int32)
        counts = np.array([n for found in passages.values() for n in found.values()], dtype=np.float32)
        topics = np.array([number for found in passages.values() for number in found], dtype=np.int16)
        weights = np.log1p(count / sizes).astype(np.float32)
        gains = np.repeat(weights, sizes) * counts / (counts + 1)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        return cls(_numbered(passages), weights, starts, topics, gains.astype(np.float32), count)

    def shares(self, typed: str) -> Floats:
        """The weighted share in [0, 1] of the question's words that each topic knows. Words that none knows are left out."""
        total, weight = np.zeros(self.count, dtype=np.float32), 0.0
        for term in dict.fromkeys(folded_terms(typed)):
            if (number := self.numbers.get(term)) is not None:
                rows = slice(self.starts[number], self.starts[number + 1])
                total[self.topics[rows]] += self.gains[rows]
                weight += float(self.weights[number])
        return total / np.float32(weight) if weight else total


def fit_softmax(vectors: Floats, number: NDArray[np.intp], count: int) -> TopicProbe:
    """Softmax regression of the topic's `number` (below `count`) on `vectors`, shape (passages, dimension).

    Newton's method with the bound of Böhning (1992) in place of the second derivative, and Nesterov's momentum: each round is
    two products of matrices, no step size has to be found, and the same vectors always give the same weights.
    """
    if not len(number):
        return TopicProbe(np.zeros((vectors.shape[1], count), dtype=np.float32), np.zeros(count, dtype=np.float32))
    mean = vectors.mean(axis=0)
    x = np.hstack([vectors - mean, np.ones((len(vectors), 1), dtype=np.float32)]).astype(np.float32)
    ridge = np.append(np.full(vectors.shape[1], RIDGE), 1e-6).astype(np.float32)[:, None]  # the constant is free
    step = np.linalg.inv((x.T @ x).astype(np.float64) / 2 + np.diag(ridge[:, 0])).astype(np.float32)
    weights = before = np.zeros((x.shape[1], count), dtype=np.float32)
    everyone = np.arange(len(x))
    for done in range(ROUNDS):
        ahead = weights + (weights - before) * np.float32(done / (done + 3))
        wrong = x @ ahead
        wrong -= wrong.max(axis=1, keepdims=True)
        np.exp(wrong, out=wrong)
        wrong /= wrong.sum(axis=1, keepdims=True)
        wrong[everyone, number] -= 1
        before, weights = weights, ahead - step @ (x.T @ wrong + ridge * ahead)
    return TopicProbe(weights[:-1], weights[-1] - mean @ weights[:-1])


@dataclass(frozen=True, slots=True)
class Reranker:
    """What was learnt about the topics of a build; `topics` numbers them."""

    topics: dict[str, int]
    words: TopicWords
    probe: TopicProbe

    @classmethod
    def of(cls, texts: Sequence[str], topic_ids: Sequence[str], vectors: Floats) -> Reranker:
        """From all passages of a build, in one order."""
        topics, number = _numbered(dict.fromkeys(topic_ids)), topic_numbers(topic_ids)
        return cls(topics, TopicWords.of(texts, number.tolist(), len(topics)), fit_softmax(vectors, number, len(topics)))

    def write(self, path: Path) -> None:
        words, probe = self.words, self.probe
        with path.open("wb") as file:
            np.savez(
                file,
                topic_ids=_packed(self.topics),
                terms=_packed(words.numbers),
                weights=words.weights,
                starts=words.starts,
                topics=words.topics,
                gains=words.gains,
                probe=probe.weights,
                bias=probe.bias,
            )

    @classmethod
    def read(cls, path: Path) -> Reranker:
        """What `write` kept. Raises OSError, ValueError or KeyError for another file."""
        with np.load(path, allow_pickle=False) as kept:
            topics, terms = _numbered(_unpacked(kept["topic_ids"])), _numbered(_unpacked(kept["terms"]))
            words = TopicWords(terms, kept["weights"], kept["starts"], kept["topics"], kept["gains"], len(topics))
            return cls(topics, words, TopicProbe(kept["probe"], kept["bias"]))

    def rerank(self, ranked: Sequence[Ranked], shares: Floats, vector: Floats) -> tuple[Ranked, ...]:
        """The lessons in their order, with new scores below the best one's of before; all other topics keep their score.

        `shares` as `words` gives them, `vector` of shape (dimension,).
        """
        lessons = [topic for topic in ranked if topic.coverage is Coverage.COVERED]
        if not lessons:
            return tuple(ranked)
        rows = [self.topics[topic.topic_id] for topic in lessons]
        known, odds = shares[rows], self.probe.values(vector)[rows]
        dense, lexical = np.array([(topic.dense, topic.lexical) for topic in lessons], dtype=np.float32).T
        scores = MIX.scores(dense, lexical, known, odds, lessons[0].score)
        seen = [
            replace(topic, score=float(score), known=float(share), odds=float(told))
            for topic, score, share, told in zip(lessons, scores, known, odds, strict=True)
        ]
        others = [topic for topic in ranked if topic.coverage is not Coverage.COVERED]
        return tuple(sorted(seen + others, key=lambda topic: -topic.score))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _packed(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Texts without line breaks as bytes: far smaller than an array of strings of one width."""
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _unpacked(data: NDArray[np.uint8]) -> list[str]:
    return data.tobytes().decode().split("\n") if len(data) else []
