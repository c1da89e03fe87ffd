"""Two runs of the same questions compared, question by question. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from retrieval.runs import Asked, Run
from retrieval.verdicts import Verdict, verdict_of

RARE = 0.05  # below this chance alone would seldom make such a difference


@dataclass(frozen=True, slots=True)
class Change:
    """A question that fared better or worse than before."""

    before: Asked
    after: Asked
    was: Verdict
    now: Verdict


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since `before`. `same` counts the questions that fared alike; `chance` is the two-sided sign test."""

    before: Run
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    same: int
    chance: float
    right_before: int
    right_now: int
    new_lessons: tuple[str, ...]

    @property
    def beyond_chance(self) -> bool:
        return self.chance < RARE


def changes(run: Run, before: Run) -> Changes:
    """Compare a run with an earlier one. Raises ValueError when their questions differ."""
    if run.checksum != before.checksum:
        raise ValueError(f"runs of different questions: {before.queries} and {run.queries}")
    pairs = [
        Change(old, new, verdict_of(old, before.covered), verdict_of(new, run.covered))
        for old, new in zip(before.asked, run.asked, strict=True)
    ]
    better = tuple(pair for pair in pairs if pair.now.worth > pair.was.worth)
    worse = tuple(pair for pair in pairs if pair.now.worth < pair.was.worth)
    return Changes(
        before=before,
        better=better,
        worse=worse,
        same=len(pairs) - len(better) - len(worse),
        chance=sign_test(len(better), len(worse)),
        right_before=sum(pair.was is Verdict.RIGHT for pair in pairs),
        right_now=sum(pair.now is Verdict.RIGHT for pair in pairs),
        new_lessons=tuple(sorted(run.title(topic) for topic in run.covered - before.covered)),
    )


def sign_test(better: int, worse: int) -> float:
    """How likely chance alone makes a difference at least as large (two-sided, exact), 1.0 for no changes."""
    n, fewer = better + worse, min(better, worse)
    tail = sum(math.comb(n, k) for k in range(fewer + 1))
    return float(min(1.0, 2 * tail / (1 << n)))
