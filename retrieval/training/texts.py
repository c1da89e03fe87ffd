"""What the model learns from: texts with their topics, drawn in batches of neighbouring topics (pure numpy)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUESTIONS_A_TOPIC = 3  # in one batch
PASSAGE_SHARE = 0.3  # of the partners are texts of the lesson; the others are questions of other people


@dataclass(frozen=True, slots=True)
class TrainingText:
    """A question (or a text of the lesson) of a topic. `group` is shared by copies of one question and by one writer's."""

    text: str
    topic: str
    is_question: bool = True
    group: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Row numbers of a question and of a text that should lie near it, with the number of their topic."""

    question: int
    partner: int
    topic: int


class Batches:
    """Batches of pairs whose topics are neighbours: what is easily confused is learnt to be told apart.

    A text of the same topic is never a negative: the loss masks it by the topic numbers of the pairs.
    """

    def __init__(self, texts: Sequence[TrainingText], vectors: NDArray[np.float32], size: int, seed: int) -> None:
        """`vectors`: the texts embedded by the model as it is now, to find neighbours; shape (texts, dimension)."""
        self._texts, self._size, self._random = texts, size, np.random.default_rng(seed)
        names = sorted({text.topic for text in texts})
        self._number = {name: n for n, name in enumerate(names)}
        rows = [[n for n, text in enumerate(texts) if text.topic == name] for name in names]
        self._questions = [[n for n in topic if texts[n].is_question] for topic in rows]
        self._passages = [[n for n in topic if not texts[n].is_question] for topic in rows]
        centres = np.stack([vectors[topic].mean(axis=0) for topic in rows])
        centres -= centres.mean(axis=0)
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        self._near = np.argsort(-(centres @ centres.T), axis=1)

    def __len__(self) -> int:
        """Batches in one epoch: about as many pairs as there are questions."""
        return max(1, sum(map(len, self._questions)) // self._size)

    def epoch(self) -> Iterator[list[Pair]]:
        for _ in range(len(self)):
            yield self.draw()

    def draw(self) -> list[Pair]:
        """Questions of one topic and of its nearest ones, a few each; half of the topics are drawn at random."""
        topics = max(2, self._size // QUESTIONS_A_TOPIC)
        weights = np.array([len(questions) for questions in self._questions], dtype=float)
        first = int(self._random.choice(len(weights), p=weights / weights.sum()))
        near = self._near[first][: topics // 2].tolist()
        others = self._random.permutation(len(weights)).tolist()
        chosen = list(dict.fromkeys([first, *near, *others]))
        pairs: list[Pair] = []
        for topic in chosen:
            pairs += self._pairs(topic, min(QUESTIONS_A_TOPIC, self._size - len(pairs)))
            if len(pairs) >= self._size:
                break
        return pairs

    def _pairs(self, topic: int, count: int) -> list[Pair]:
        questions = self._questions[topic]
        drawn = self._random.permutation(len(questions))[:count]
        found = ((questions[n], self._partner(topic, questions[n])) for n in drawn)
        return [Pair(question, partner, topic) for question, partner in found if partner is not None]

    def _partner(self, topic: int, question: int) -> int | None:
        """Somebody else's question of the topic or, at times and where there is none, a text of its lesson."""
        group, passages = self._texts[question].group, self._passages[topic]
        strangers = [n for n in self._questions[topic] if self._texts[n].group != group]
        pool = passages if passages and (not strangers or self._random.random() < PASSAGE_SHARE) else strangers
        return int(self._random.choice(pool)) if pool else None
