"""Lexical fields, fusion by topic, and the three-way decision."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.decide import FEATURES, decide, features_of
from retrieval.decision import Kind
from retrieval.lexical import LexicalIndex, fold, folded_terms
from retrieval.passages import Coverage, PassageKind
from retrieval.ranking import WEIGHTS, Groups, Ranked, TopicTable
from tests.retrieval.samples import calibration, passage, passages


def test_folding_removes_every_mark() -> None:
    assert fold("Đặt lại MẬT KHẨU ở đâu?") == "dat lai mat khau o dau?"
    assert folded_terms("Mã OTP") == ["ma", "otp", "ma_otp"]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_folded_field_finds_a_question_without_accents() -> None:
    texts = [p.text for p in passages()]
    scores = LexicalIndex.of(texts).scores("xxx", "mat can cuoc")
    assert texts[int(scores.argmax())] == "mất căn cước làm lại ở đâu"


@pytest.mark.parametrize(("restored", "typed"), [("", ""), ("🙂", "🙂"), ("không có từ nào", "zzz"), ("a" * 5000, "b" * 5000)])
def test_lexical_scores_stay_between_zero_and_one(restored: str, typed: str) -> None:
    scores = LexicalIndex.of([p.text for p in passages()]).scores(restored, typed)
    assert scores.shape == (len(passages()),) and scores.min() >= 0 and scores.max() <= 1


def test_topics_are_ranked_not_passages() -> None:
    """A good text makes up for an example question that is a little farther: the two are averaged."""
    rows = [
        passage("a", PassageKind.TEXT, Coverage.COVERED, "a1"),
        passage("a", PassageKind.EXAMPLE, Coverage.COVERED, "a2"),
        passage("b", PassageKind.TEXT, Coverage.COVERED, "b1"),
        passage("b", PassageKind.EXAMPLE, Coverage.COVERED, "b2"),
    ]
    dense = np.array([0.92, 0.90, 0.80, 0.91], dtype=np.float32)
    ranked = TopicTable(rows).rank(dense, np.zeros(2, dtype=np.float32))
    assert [topic.topic_id for topic in ranked] == ["a", "b"]
    assert ranked[0].score == pytest.approx(ranked[0].dense)


@given(st.lists(st.lists(st.floats(-1, 1, width=32), max_size=6), min_size=1, max_size=5), st.integers(1, 3))
def test_best_mean_is_the_mean_of_the_best(groups: list[list[float]], count: int) -> None:
    flat = [value for group in groups for value in group]
    numbers = iter(range(len(flat)))
    members = [[next(numbers) for _ in group] for group in groups]
    found = Groups(members).best_mean(np.array(flat, dtype=np.float32), count)
    for value, group in zip(found, groups, strict=True):
        best = sorted(group, reverse=True)[:count]
        assert np.isnan(value) if not best else value == pytest.approx(sum(best) / len(best), abs=1e-5)


def test_words_decide_between_topics_that_mean_alike() -> None:
    rows = [passage(name, PassageKind.EXAMPLE, Coverage.COVERED, name) for name in ("a", "b")]
    ranked = TopicTable(rows).rank(np.array([0.9, 0.9], dtype=np.float32), np.array([0, 1], dtype=np.float32))
    assert ranked[0].topic_id == "b"
    assert ranked[0].score - ranked[1].score == pytest.approx(WEIGHTS.lexical, abs=1e-6)


def ranked(topic_id: str, score: float, coverage: Coverage = Coverage.COVERED) -> Ranked:
    return Ranked(topic_id, coverage, score, score, score, 0.0)


def test_decision_answers_asks_back_or_says_it_does_not_know() -> None:
    kinds = [decide([ranked("a", s), ranked("b", s - 0.01)], 5, calibration(), "b").kind for s in (0.9, 0.45, 0.1)]
    assert kinds == [Kind.ANSWER, Kind.ASK_BACK, Kind.DONT_KNOW]


def test_a_decision_keeps_every_score_and_the_build() -> None:
    decision = decide([ranked("a", 0.9), ranked("b", 0.8)], 5, calibration(), "build-7")
    assert decision.index_build == "build-7" and set(decision.scores) == set(FEATURES)
    assert [(t.topic_id, t.score) for t in decision.topics] == [("a", 0.9), ("b", 0.8)]
    assert 0 < decision.confidence < 1


def test_a_topic_without_a_lesson_is_named_when_it_fits_best_and_we_do_not_know() -> None:
    found = [ranked("ho-chieu", 0.12, Coverage.UNCOVERED), ranked("can-cuoc", 0.1)]
    decision = decide(found, 4, calibration(), "b")
    assert decision.kind is Kind.DONT_KNOW
    assert [(t.topic_id, t.covered) for t in decision.topics] == [("ho-chieu", False), ("can-cuoc", True)]


def test_a_matter_outside_is_never_offered() -> None:
    decision = decide([ranked("gia-vang", 0.12, Coverage.OUTSIDE), ranked("otp", 0.1)], 4, calibration(), "b")
    assert [t.topic_id for t in decision.topics] == ["otp"]


def test_nothing_with_content_means_do_not_know() -> None:
    assert decide([ranked("gia-vang", 0.9, Coverage.OUTSIDE)], 4, calibration(), "b").kind is Kind.DONT_KNOW


def test_features_tell_how_far_something_we_do_not_teach_leads() -> None:
    found = features_of([ranked("x", 0.9, Coverage.OUTSIDE), ranked("a", 0.85), ranked("b", 0.84)], 6)
    assert found["other_lead"] == pytest.approx(0.05) and found["margin"] == pytest.approx(0.01)


def test_a_topic_without_a_lesson_that_clearly_leads_is_named_rather_than_asked_back() -> None:
    clear = [ranked("ho-chieu", 0.47, Coverage.UNCOVERED), ranked("can-cuoc", 0.45)]
    assert decide(clear, 4, calibration(), "b").topics[0].topic_id == "ho-chieu"
    narrow = [ranked("ho-chieu", 0.455, Coverage.UNCOVERED), ranked("can-cuoc", 0.45)]
    decision = decide(narrow, 4, calibration(), "b")
    assert decision.kind is Kind.ASK_BACK and decision.best and decision.best.topic_id == "can-cuoc"


def test_only_topics_near_the_best_match_are_worth_offering() -> None:
    decision = decide([ranked("a", 0.45), ranked("b", 0.44), ranked("c", 0.40)], 4, calibration(), "b")
    assert decision.near == ("a", "b")
    named = decide([ranked("ho-chieu", 0.14, Coverage.UNCOVERED), ranked("a", 0.13), ranked("b", 0.11)], 4, calibration(), "b")
    assert named.near == ("a",)


def test_nothing_is_near_a_matter_outside() -> None:
    decision = decide([ranked("gia-vang", 0.12, Coverage.OUTSIDE), ranked("otp", 0.119)], 4, calibration(), "b")
    assert decision.outside and decision.near == ()
