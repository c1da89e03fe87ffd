"""How well the whole answer path does on labelled questions: shares with counts and 95 % intervals."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.decision import Kind
from retrieval.queries import Query


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the answer path did with one query. `topics` as the person would see them ranked."""

    decision: Kind
    topics: tuple[str, ...]
    score: float
    urgent: bool
    aspect: str | None
    procedures: tuple[str, ...] = ()  # shown, best first
    ranked: tuple[str, ...] = ()  # procedures as ranked, whatever was shown; for queries that expect some
    behind: tuple[str, ...] = ()  # one press away from the topic that was answered


@dataclass(frozen=True, slots=True)
class Judged:
    query: Query
    outcome: Outcome
    milliseconds: float

    @property
    def answered(self) -> bool:
        return self.outcome.decision is Kind.ANSWER

    def hit(self, depth: int) -> bool:
        return bool(set(self.outcome.topics[:depth]) & set(self.query.topics))

    def found(self, codes: tuple[str, ...]) -> bool:
        """Whether one of these procedures is one that was asked for."""
        return bool(set(codes) & set(self.query.procedures))

    @property
    def reciprocal_rank(self) -> float:
        ranks = (rank for rank, topic in enumerate(self.outcome.topics, start=1) if topic in self.query.topics)
        return 1 / next(ranks, math.inf)


Share = dict[str, Any]


def share(flags: Iterable[bool]) -> Share:
    """`{"share", "count", "n", "low", "high"}` with the Wilson 95 % interval; share is None for nothing."""
    values = list(flags)
    n, count = len(values), sum(values)
    if not n:
        return {"share": None, "count": 0, "n": 0, "low": None, "high": None}
    z, p = 1.96, count / n
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)
    return {"share": round(p, 4), "count": count, "n": n, "low": round(max(low, 0), 4), "high": round(min(high, 1), 4)}


def _flat(name: str, value: Share) -> dict[str, Any]:
    """A share as a plain number under its name, with its count and interval beside it."""
    return {name: value["share"], f"{name}_count": value["count"], f"{name}_ci95": [value["low"], value["high"]]}


def in_domain(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures of queries that have topics."""
    found: dict[str, Any] = {"n": len(judged)}
    found |= _flat("hit1", share(j.hit(1) for j in judged))
    found |= _flat("hit3", share(j.hit(3) for j in judged))
    found["mrr"] = round(sum(j.reciprocal_rank for j in judged) / len(judged), 4) if judged else None
    found |= _flat("answered", share(j.answered for j in judged))
    found |= _flat("wrong_answer", share(j.answered and not j.hit(1) for j in judged))
    found["procedure_shown"] = share(j.outcome.decision is Kind.PROCEDURE for j in judged)["share"]
    found |= _flat("asked_back", share(j.outcome.decision is Kind.ASK_BACK for j in judged))
    return found


def _false_answers(judged: Sequence[Judged], name: str = "false_answer") -> dict[str, Any]:
    return _flat(name, share(j.answered for j in judged))


def summarise(judged: Sequence[Judged], covered: frozenset[str] | None = None) -> dict[str, Any]:
    """The report of `hocvuso eval`. With `covered`, queries none of whose topics has content are counted apart."""
    outside = [j for j in judged if not j.query.topics and not j.query.procedures]
    inside = [j for j in judged if j.query.topics]
    apart = [j for j in inside if covered is not None and not set(j.query.topics) & covered]
    inside = [j for j in inside if j not in apart]
    near = [j for j in outside if j.query.near]
    styles = dict.fromkeys(j.query.style for j in inside)
    report: dict[str, Any] = {"overall": in_domain(inside)}
    report["by_style"] = {style: in_domain([j for j in inside if j.query.style == style]) for style in styles}
    report["ood"] = {
        "n": len(outside),
        **_false_answers(outside),
        "procedure_shown": share(j.outcome.decision is Kind.PROCEDURE for j in outside)["share"],
        "near_n": len(near),
        **_false_answers(near, "near_false_answer"),
    }
    if covered is not None:
        report["uncovered"] = {"n": len(apart), **_false_answers(apart)}
    if asked := [j for j in judged if j.query.procedures]:
        report["procedure"] = _procedures(asked)
    report["urgent"] = _urgency(judged)
    report["followup"] = _follow_ups(inside)
    times = sorted(j.milliseconds for j in judged)
    report["latency_ms"] = {"p50": _percentile(times, 0.5), "p95": _percentile(times, 0.95)}
    report["items"] = [_item(j) for j in judged]
    return report


def _procedures(asked: Sequence[Judged]) -> dict[str, Any]:
    """Queries about official procedures: ranked right whatever was decided, shown, and shown right."""
    found: dict[str, Any] = {"n": len(asked)}
    found |= _flat("hit1", share(j.found(j.outcome.ranked[:1]) for j in asked))
    found |= _flat("hit3", share(j.found(j.outcome.ranked[:3]) for j in asked))
    found |= _flat("shown", share(j.outcome.decision is Kind.PROCEDURE for j in asked))
    found |= _flat("shown_right", share(j.found(j.outcome.procedures) for j in asked))
    found |= _flat("shown_wrong", share(bool(j.outcome.procedures) and not j.found(j.outcome.procedures) for j in asked))
    found |= _flat("behind_topic", share(j.answered and j.found(j.outcome.behind) for j in asked))
    found |= _flat("answered", share(j.answered for j in asked))
    styles = dict.fromkeys(j.query.style for j in asked)
    found["by_style"] = {style: _procedure_style([j for j in asked if j.query.style == style]) for style in styles}
    return found


def _procedure_style(asked: Sequence[Judged]) -> dict[str, Any]:
    hits = {f"hit{depth}": share(j.found(j.outcome.ranked[:depth]) for j in asked)["share"] for depth in (1, 3)}
    return {"n": len(asked), **hits, "shown": share(j.outcome.decision is Kind.PROCEDURE for j in asked)["share"]}


def _urgency(judged: Sequence[Judged]) -> dict[str, Any]:
    urgent = [j for j in judged if j.query.urgent]
    calm = [j for j in judged if not j.query.urgent]
    caught = _flat("caught", share(j.outcome.urgent for j in urgent))
    return {"n": len(urgent), **caught, **_flat("false_alarm", share(j.outcome.urgent for j in calm))}


def _follow_ups(inside: Sequence[Judged]) -> dict[str, Any]:
    asked = [j for j in inside if j.query.context is not None]
    aspects = [j for j in asked if j.query.aspect]
    hits = _flat("hit1", share(j.hit(1) for j in asked))
    return {"n": len(asked), **hits, **_flat("aspect", share(j.outcome.aspect == j.query.aspect for j in aspects))}


def _item(j: Judged) -> dict[str, Any]:
    outcome = j.outcome
    return {
        "id": j.query.id,
        "decision": outcome.decision.value,
        "topics": list(outcome.topics[:5]),
        "score": round(outcome.score, 4),
        "urgent": outcome.urgent,
        "aspect": outcome.aspect,
        "expected": list(j.query.topics),
        **({"procedures": list(outcome.procedures)} if outcome.procedures or j.query.procedures else {}),
    }


def _percentile(values: Sequence[float], part: float) -> float | None:
    return round(values[min(int(len(values) * part), len(values) - 1)], 2) if values else None


def evaluate(
    queries: Sequence[Query], ask: Callable[[Query], Outcome], progress: Callable[[int, int], None] | None = None
) -> list[Judged]:
    """Put every query through the answer path, timed one by one."""
    judged = []
    for done, query in enumerate(queries, start=1):
        begun = time.perf_counter()
        outcome = ask(query)
        judged.append(Judged(query, outcome, (time.perf_counter() - begun) * 1000))
        if progress:
            progress(done, len(queries))
    return judged
