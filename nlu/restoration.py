"""Put the accents back: a small language model of syllables chooses among the readings of each bare syllable."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from nlu.characters import clean, unify
from nlu.syllables import fold, is_accented, is_plain_syllable, is_syllable
from nlu.tables import word_set

_PIECE = re.compile(r"[^\W_]+|[\W_]+")
_WORD = re.compile(r"[^\W\d_]+")

MAX_READINGS = 12
"""Readings kept for one bare syllable, most frequent first."""

BARE_SHARE = 0.2
"""At most this share of accented words: the writer typed no accents at all."""
_ACCENTED_SHARE = 0.7
"""From this share on, a word without accents is meant to have none (Vietnamese text has about one in five)."""
_MEANT_BARE = math.log(8.0)
"""In half-accented text, how much likelier a bare word is to be meant so."""
_CORPUS_WEIGHT = 0.4
"""Share of the domain corpus in single-syllable probabilities; the rest is general Vietnamese."""
_START = "<s>"
Key = TypeVar("Key")
_FLOOR = 1e-9


@dataclass(frozen=True, slots=True)
class Restored:
    """`text` with accents, and `confidence`: mean probability (0 to 1) of the chosen readings, 1.0 if nothing was changed."""

    text: str
    was_unaccented: bool
    confidence: float


@dataclass(slots=True)
class _Step:
    """The best way to reach one reading: score (log), reading before it, index of that reading's step."""

    score: float
    word: str
    previous: int
    before: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What a corpus teaches: probabilities of syllables, and how often which followed one or two others."""

    single: dict[str, float]
    pairs: Mapping[str, Mapping[str, int]]
    triples: Mapping[tuple[str, str], Mapping[str, int]]


def learn(corpus: Iterable[str]) -> Counts:
    """Count the syllables of accented sentences and mix them with general Vietnamese frequencies: the slow part."""
    single: Counter[str] = Counter()
    pairs: dict[str, Counter[str]] = defaultdict(Counter)
    triples: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for words in (words for sentence in corpus for words in _clauses(sentence)):
        before, previous = _START, _START
        for word in words:
            single[word] += 1
            pairs[previous][word] += 1
            triples[before, previous][word] += 1
            before, previous = previous, word
    return Counts(_blend(single, _general_frequencies()), pairs, triples)


class AccentModel:
    """Trigram model over syllables with Witten-Bell smoothing, down to general Vietnamese frequencies."""

    def __init__(self, corpus: Iterable[str] | Counts) -> None:
        """Learn from `corpus` (accented sentences) on top of general Vietnamese frequencies, or take what was learnt before."""
        counts = corpus if isinstance(corpus, Counts) else learn(corpus)
        self._single = counts.single
        self._pairs, self._pair_rest = _smoothed(counts.pairs)
        self._triples, self._triple_rest = _smoothed(counts.triples)
        self._readings = self._all_readings()

    def _all_readings(self) -> dict[str, tuple[str, ...]]:
        grouped: dict[str, list[str]] = defaultdict(list)
        for word in self._single:
            grouped[fold(word)].append(word)
        ranked = {bare: sorted(words, key=self._single.__getitem__, reverse=True) for bare, words in grouped.items()}
        return {bare: tuple(words[:MAX_READINGS]) for bare, words in ranked.items()}

    def knows(self, word: str) -> bool:
        """True if the lower-case `word`, as written or with accents added, is in the model."""
        return word in self._single or word in self._readings

    def restore(self, text: str, bare: bool | None = None) -> Restored:
        """Return lower-case `text` with accents put on bare syllables; foreign words, numbers and accented words stay.

        `bare` says whether the text was typed without accents, if the caller knows better (short forms already spelt out).
        """
        pieces = _PIECE.findall(text)
        share = accented_share(text)
        bare = share <= BARE_SHARE if bare is None else bare
        if (share >= _ACCENTED_SHARE and not bare) or not any(self._open(piece) for piece in pieces):
            return Restored(text, False, 1.0)
        chosen, confidence = self._choose(pieces, 0.0 if bare else _MEANT_BARE)
        return Restored("".join(chosen), bare, confidence)

    def _open(self, piece: str) -> bool:
        return piece.isascii() and piece.isalpha() and piece in self._readings and piece not in _foreign()

    def _choose(self, pieces: list[str], meant_bare: float) -> tuple[list[str], float]:
        """Decode clause by clause; returns the new pieces and the mean probability of the chosen readings."""
        chosen, probabilities = list(pieces), [1.0]
        slots: list[int] = []
        for at, piece in enumerate([*pieces, "."]):
            if piece[0].isalnum():
                slots.append(at)
            elif not piece.isspace() and slots:
                readings = [self._readings[pieces[i]] if self._open(pieces[i]) else (pieces[i],) for i in slots]
                words, margins = self._decode(readings, meant_bare)
                probabilities += margins
                for i, word in zip(slots, words, strict=True):
                    chosen[i] = word
                slots = []
        return chosen, sum(probabilities) / len(probabilities)

    def _decode(self, readings: list[tuple[str, ...]], meant_bare: float) -> tuple[list[str], list[float]]:
        """Viterbi over the readings; each keeps its best history, which also serves as the trigram context."""
        lattice = [[_Step(0.0, _START, -1, _START)]]
        for options in readings:
            lattice.append(self._extend(lattice[-1], options, meant_bare))
        at = max(range(len(lattice[-1])), key=lambda i: lattice[-1][i].score)
        words, margins = [], []
        for column in reversed(lattice[1:]):
            words.append(column[at].word)
            margins.append(_share_of_best(column, at))
            at = column[at].previous
        return words[::-1], margins[::-1]

    def _extend(self, column: list[_Step], options: tuple[str, ...], meant_bare: float) -> list[_Step]:
        steps = []
        contexts = [self._context(step) for step in column]
        for word in options:
            single = self._single.get(word, _FLOOR)
            best, best_at = -math.inf, 0
            for at, (score, triple, triple_rest, pair, pair_rest) in enumerate(contexts):
                seen = pair.get(word, 0.0) + pair_rest * single
                total = score + math.log(triple.get(word, 0.0) + triple_rest * seen)
                if total > best:
                    best, best_at = total, at
            bonus = meant_bare if meant_bare and len(options) > 1 and word.isascii() else 0.0
            steps.append(_Step(best + bonus, word, best_at, column[best_at].word))
        return steps

    def _context(self, step: _Step) -> tuple[float, dict[str, float], float, dict[str, float], float]:
        key = (step.before, step.word)
        empty: dict[str, float] = {}
        return (
            step.score,
            self._triples.get(key, empty),
            self._triple_rest.get(key, 1.0),
            self._pairs.get(step.word, empty),
            self._pair_rest.get(step.word, 1.0),
        )


def accented_share(text: str) -> float:
    """Share (0 to 1) of the Vietnamese-looking words of lower-case `text` that carry an accent; 1.0 if there is none to judge."""
    words = [word for word in _WORD.findall(text) if word not in _foreign()]
    accented = sum(1 for word in words if is_accented(word))
    judged = accented + sum(1 for word in words if is_plain_syllable(word))
    return accented / judged if judged else 1.0


def _share_of_best(column: list[_Step], at: int) -> float:
    top = column[at].score
    return 1.0 / max(sum(math.exp(min(step.score - top, 50.0)) for step in column), 1e-9)


def _foreign() -> frozenset[str]:
    return word_set("foreign.txt")


def _clauses(sentence: str) -> list[list[str]]:
    return [_WORD.findall(clause) for clause in re.split(r"[.,;:!?()\"\n]", unify(clean(sentence)))]


def _general_frequencies() -> dict[str, float]:
    from wordfreq import get_frequency_dict  # heavy: loads its tables

    table = get_frequency_dict("vi", wordlist="best")
    return {word: share for raw, share in table.items() if is_syllable(word := unify(raw))}


def _blend(counts: Counter[str], general: dict[str, float]) -> dict[str, float]:
    """Mix corpus counts of Vietnamese syllables with general frequencies into one probability table."""
    usable = {word: count for word, count in counts.items() if is_syllable(word)}
    total = sum(usable.values())
    weight = _CORPUS_WEIGHT if total else 0.0
    blended = {word: (1 - weight) * share for word, share in general.items()}
    for word, count in usable.items():
        blended[word] = blended.get(word, 0.0) + weight * count / total
    return blended


def _smoothed(counts: Mapping[Key, Mapping[str, int]]) -> tuple[dict[Key, dict[str, float]], dict[Key, float]]:
    """Witten-Bell: probability of each seen follower, and the share left to the shorter context."""
    shares: dict[Key, dict[str, float]] = {}
    rest: dict[Key, float] = {}
    for key, followers in counts.items():
        whole = sum(followers.values()) + len(followers)
        shares[key] = {word: count / whole for word, count in followers.items()}
        rest[key] = len(followers) / whole
    return shares, rest
