"""The second look at the topics found first: words a topic knows, a softmax regression, and the order they make."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval.embedders.hashing import HashEmbedder
from retrieval.index import IndexStore
from retrieval.passages import Coverage
from retrieval.probe import topic_numbers
from retrieval.ranking import Ranked
from retrieval.rerank import MIX, Reranker, TopicWords, fit_softmax
from retrieval.retriever import Question, Retriever
from tests.retrieval.samples import passages

TEXTS = ("quét mã trả tiền", "quét mã báo lỗi", "mã otp là gì", "giữ mã otp")
TOPICS = ("qr", "qr", "otp", "otp")


def words() -> TopicWords:
    return TopicWords.of(TEXTS, [0, 0, 1, 1], 2)


def cloud(seed: int = 3, dimension: int = 16) -> tuple[NDArray[np.float32], list[str]]:
    """Unit vectors around one centre a topic, with a large common part as real embeddings have; topics of unlike size."""
    random = np.random.default_rng(seed)
    common, names = random.normal(0, 3, dimension), ["a"] * 40 + ["b"] * 8 + ["c"] * 8
    centres = {name: random.normal(0, 1, dimension) for name in "abc"}
    made = np.array([common + centres[name] + random.normal(0, 0.4, dimension) for name in names])
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32), names


def reranker() -> Reranker:
    vectors = np.eye(4, 6, dtype=np.float32)
    return Reranker.of(TEXTS, TOPICS, vectors)


def found(topic_id: str, score: float, coverage: Coverage = Coverage.COVERED) -> Ranked:
    return Ranked(topic_id, coverage, score, score, score, 0.0)


def test_a_topic_that_knows_more_of_the_question_has_the_larger_share() -> None:
    shares = words().shares("quet ma o cho")
    assert shares[0] > shares[1] > 0  # "ma" is known to both, "quet" and the pair to one


def test_a_word_that_more_passages_of_the_topic_use_counts_for_more() -> None:
    made = TopicWords.of(("a x", "a", "b y", "b y"), [0, 0, 1, 1], 2)
    assert made.shares("x")[0] == pytest.approx(1 / 2) and made.shares("y")[1] == pytest.approx(2 / 3)


def test_a_word_twice_in_one_passage_counts_once() -> None:
    assert np.array_equal(TopicWords.of(("a b a",), [0], 1).shares("a"), TopicWords.of(("a b",), [0], 1).shares("a"))


def test_words_that_no_topic_knows_take_nothing_away() -> None:
    assert np.array_equal(words().shares("otp"), words().shares("otp zzz"))


@given(st.text())
def test_shares_stay_between_zero_and_one(text: str) -> None:
    shares = words().shares(text)
    assert shares.shape == (2,) and shares.min() >= 0 and shares.max() <= 1


def test_the_softmax_names_the_topic_of_vectors_it_has_not_seen() -> None:
    vectors, names = cloud()
    probe = fit_softmax(vectors[::2], topic_numbers(names[::2]), 3)
    told = vectors[1::2] @ probe.weights + probe.bias
    assert (told.argmax(axis=1) == topic_numbers(names)[1::2]).all()


def test_the_softmax_lies_where_its_slope_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.rerank.ROUNDS", 2000)
    vectors, names = cloud()
    number = topic_numbers(names)
    probe = fit_softmax(vectors, number, 3)
    odds = vectors @ probe.weights + probe.bias
    share = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    wrong = share - (number[:, None] == np.arange(3))
    assert np.abs((vectors - vectors.mean(axis=0)).T @ wrong + 0.01 * probe.weights).max() < 1e-3
    assert np.abs(wrong.sum(axis=0)).max() < 1e-3


def test_without_passages_there_is_nothing_to_tell_apart(tmp_path: Path) -> None:
    empty = Reranker.of((), (), np.zeros((0, 8), dtype=np.float32))
    empty.write(tmp_path / "rerank.npz")
    for made in (empty, Reranker.read(tmp_path / "rerank.npz")):
        assert made.topics == {} and made.words.shares("otp").shape == (0,)
        assert made.rerank((), made.words.shares("otp"), np.ones(8, dtype=np.float32)) == ()


def test_it_survives_the_disk(tmp_path: Path) -> None:
    made = reranker()
    made.write(tmp_path / "rerank.npz")
    read = Reranker.read(tmp_path / "rerank.npz")
    assert read.topics == made.topics and read.words.numbers == made.words.numbers
    assert np.array_equal(read.words.shares("quet ma"), made.words.shares("quet ma"))
    vector = np.ones(6, dtype=np.float32)
    assert np.array_equal(read.probe.values(vector), made.probe.values(vector))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rerank.npz").write_bytes(b"not a table")
    with pytest.raises((OSError, ValueError, KeyError)):
        Reranker.read(tmp_path / "rerank.npz")


def test_words_known_to_the_second_lesson_put_it_first_and_the_level_stays() -> None:
    ranked = [found("qr", 0.9), found("otp", 0.899)]
    made = reranker()
    seen = made.rerank(ranked, made.words.shares("giu ma otp"), np.zeros(6, dtype=np.float32))
    assert [topic.topic_id for topic in seen] == ["otp", "qr"]
    assert seen[0].score == pytest.approx(0.9) and seen[0].known > seen[1].known
    assert (seen[0].text, seen[0].example) == (0.899, 0.899)


def test_distances_shrink_to_those_of_the_first_ranking() -> None:
    ranked = [found("qr", 0.9), found("otp", 0.8)]
    made = reranker()
    nothing = np.zeros(2, dtype=np.float32)
    vector = np.zeros(6, dtype=np.float32)
    seen = made.rerank(ranked, nothing, vector)
    odds = seen[0].odds - seen[1].odds
    assert seen[0].score - seen[1].score == pytest.approx((0.1 + MIX.odds * odds) / MIX.spread, abs=1e-6)


def test_what_has_no_lesson_keeps_its_score() -> None:
    made = Reranker.of((*TEXTS, "giá vàng"), (*TOPICS, "gia-vang"), np.eye(5, 6, dtype=np.float32))
    ranked = [found("gia-vang", 0.95, Coverage.OUTSIDE), found("qr", 0.9), found("otp", 0.89)]
    seen = made.rerank(ranked, made.words.shares("giu ma otp"), np.zeros(6, dtype=np.float32))
    assert [topic.topic_id for topic in seen] == ["gia-vang", "otp", "qr"]
    assert seen[0] == ranked[0] and seen[1].score == pytest.approx(0.9)


def test_without_lessons_nothing_changes() -> None:
    ranked = (found("gia-vang", 0.95, Coverage.OUTSIDE),)
    assert reranker().rerank(ranked, np.zeros(2, dtype=np.float32), np.zeros(6, dtype=np.float32)) == ranked


def test_a_build_reranks_what_it_finds(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    index = store.load(store.build(passages(), 1, HashEmbedder()).build)
    assert tuple(index.reranker.topics) == index.table.topics
    first = Retriever(store, HashEmbedder()).rank(Question("mã otp là gì", "ma otp la gi"))[0]
    assert first.topic_id == "otp" and first.known > 0.5
