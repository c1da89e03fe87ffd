"""What `hocvuso eval` and `calibrate` compute."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.calibrate import CalibrationError, Example, calibrate
from retrieval.decide import FEATURES
from retrieval.decision import Kind
from retrieval.evaluate import Judged, Outcome, share, summarise
from retrieval.queries import BadQueryFile, Query, read_queries


def judged(style: str, topics: tuple[str, ...], found: tuple[str, ...], kind: Kind = Kind.ANSWER, **more: object) -> Judged:
    outcome = {name: more.pop(name) for name in ("urgent_found", "aspect_found") if name in more}
    query = Query(id="q", text="t", style=style, topics=topics, **more)  # type: ignore[arg-type]
    return Judged(query, Outcome(kind, found, 0.5, bool(outcome.get("urgent_found")), outcome.get("aspect_found")), 5.0)  # type: ignore[arg-type]


def test_hits_count_whatever_the_decision_and_asking_back_is_not_answering() -> None:
    report = summarise(
        [
            judged("formal", ("a",), ("a", "b")),
            judged("formal", ("a",), ("b", "a"), Kind.ASK_BACK),
            judged("formal", ("a",), ("b", "c"), Kind.ANSWER),
            judged("formal", ("a",), ("a",), Kind.DONT_KNOW),
        ]
    )["by_style"]["formal"]
    assert (report["hit1"], report["hit3"], report["answered"], report["wrong_answer"]) == (0.5, 0.75, 0.5, 0.25)
    assert report["mrr"] == pytest.approx((1 + 0.5 + 0 + 1) / 4)
    assert report["hit1_count"] == 2 and report["hit1_ci95"][0] < 0.5 < report["hit1_ci95"][1]


def test_out_of_domain_urgency_and_follow_ups_are_reported_apart() -> None:
    report = summarise(
        [
            judged("ood", (), ("a",), Kind.ANSWER, near=True),
            judged("ood", (), (), Kind.DONT_KNOW),
            judged("urgent", ("a",), ("a",), urgent=True, urgent_found=True),
            judged("followup", ("a",), ("a",), context="x", aspect="fee", aspect_found="fee"),
        ]
    )
    assert report["ood"]["false_answer"] == 0.5 and report["ood"]["near_false_answer"] == 1.0
    assert report["urgent"]["caught"] == 1.0 and report["urgent"]["false_alarm"] == 0.0
    assert report["followup"]["hit1"] == 1.0 and report["followup"]["aspect"] == 1.0
    assert report["latency_ms"] == {"p50": 5.0, "p95": 5.0} and len(report["items"]) == 4


def test_topics_without_content_are_left_out_and_counted() -> None:
    cases = [judged("formal", ("a",), ("a",)), judged("formal", ("z",), ("a",), Kind.ANSWER)]
    report = summarise(cases, frozenset({"a"}))
    assert report["overall"]["n"] == 1 and report["uncovered"] == {
        "n": 1,
        "false_answer": 1.0,
        "false_answer_count": 1,
        "false_answer_ci95": [pytest.approx(0.2065, abs=1e-3), 1.0],
    }


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_an_interval_always_holds_its_share(flags: list[bool]) -> None:
    found = share(flags)
    assert 0 <= found["low"] <= found["share"] + 1e-4 and found["share"] - 1e-4 <= found["high"] <= 1


def test_a_share_of_nothing_is_not_zero() -> None:
    assert share([])["share"] is None


def test_a_bad_query_file_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"id":"1","text":"a","style":"formal"}\n{"id":"2"}\n', encoding="utf-8")
    with pytest.raises(BadQueryFile, match=r"q\.jsonl:2"):
        read_queries(file)
    with pytest.raises(BadQueryFile):
        read_queries(tmp_path / "missing.jsonl")


def test_extra_fields_and_empty_lines_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text("\n" + json.dumps({"id": "1", "text": "a", "style": "x", "author": "me"}) + "\n\n", encoding="utf-8")
    assert read_queries(file) == [Query(id="1", text="a", style="x")]


def examples(count: int, seed: int = 3) -> list[Example]:
    """Right answers score high, questions outside low, with overlap."""
    random = np.random.default_rng(seed)
    found = []
    for n in range(count):
        group = ("covered", "covered", "uncovered", "outside")[n % 4]
        base = {"covered": 0.9, "uncovered": 0.84, "outside": 0.80}[group]
        values = {name: float(random.normal(0, 1)) for name in FEATURES} | {"score": float(random.normal(base, 0.02))}
        found.append(Example(values, group == "covered" and values["score"] > 0.87, group))
    return found


def test_calibration_keeps_its_promises_on_held_out_folds() -> None:
    made = calibrate(examples(600), "m", "b", "q")
    report = made.report
    assert report["false_answer_outside"] <= 0.04 and report["false_answer_uncovered"] <= 0.12
    assert report["answered"] > 0.5 and made.ask_at <= made.answer_at
    assert (made.model_id, made.index_build, made.queries) == ("m", "b", "q")


def test_calibration_needs_both_kinds_of_examples() -> None:
    right = [Example(dict.fromkeys(FEATURES, 1.0), True, "covered")] * 50
    with pytest.raises(CalibrationError, match="0 wrong"):
        calibrate(right, "m", "b", "q")


def test_confidence_rises_with_the_score() -> None:
    made = calibrate(examples(600), "m", "b", "q")
    low, high = (made.confidence(dict.fromkeys(FEATURES, 0.0) | {"score": s}) for s in (0.8, 0.95))
    assert low < 0.2 and high > 0.8
