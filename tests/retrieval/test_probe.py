"""The linear probe: what tells topics apart, from the vectors of a build alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedders.hashing import HashEmbedder
from retrieval.index import IndexStore
from retrieval.passages import Coverage, PassageKind
from retrieval.probe import TopicProbe, fit
from retrieval.ranking import WEIGHTS, TopicTable
from tests.retrieval.samples import passage, passages

TOPICS = ["a"] * 40 + ["b"] * 4 + ["c"] * 4


def cloud(seed: int = 3, dimension: int = 16) -> NDArray[np.float32]:
    """Unit vectors around one centre a topic, with a large common part as real embeddings have."""
    random = np.random.default_rng(seed)
    centres = {topic: random.normal(0, 1, dimension) for topic in "abc"}
    rows = np.array([centres[topic] + random.normal(0, 0.4, dimension) + 4 for topic in TOPICS])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_each_passage_looks_most_like_its_own_topic_however_few_it_has() -> None:
    vectors = cloud()
    probe = fit(vectors, TOPICS)
    best = [["a", "b", "c"][int(probe.values(vector).argmax())] for vector in vectors]
    assert best == TOPICS


def test_it_solves_the_weighted_ridge_equations() -> None:
    """Checked against the definition: the gradient of the weighted squared error with its penalty is zero."""
    x = cloud().astype(np.float64)
    probe = fit(cloud(), TOPICS)
    number = np.array(["abc".index(topic) for topic in TOPICS])
    share = np.array([len(TOPICS) / 3 / TOPICS.count(topic) for topic in TOPICS])
    targets = np.where(number[:, None] == np.arange(3), 1.0, -1.0)
    errors = (x @ probe.weights + probe.bias - targets) * share[:, None]
    assert np.abs(errors.sum(axis=0)).max() < 1e-3
    assert np.abs(x.T @ errors + probe.weights).max() < 1e-3


def test_the_same_vectors_give_the_same_probe_which_survives_the_disk(tmp_path: Path) -> None:
    first, second = fit(cloud(), TOPICS), fit(cloud(), TOPICS)
    first.write(tmp_path / "probe.npz")
    read = TopicProbe.read(tmp_path / "probe.npz")
    for probe in (second, read):
        assert np.array_equal(probe.weights, first.weights) and np.array_equal(probe.bias, first.bias)


def test_without_passages_there_is_nothing_to_tell_apart() -> None:
    assert fit(np.zeros((0, 8), dtype=np.float32), []).values(np.ones(8, dtype=np.float32)).shape == (0,)


def test_the_probe_decides_between_topics_that_lie_equally_near() -> None:
    rows = [passage(name, PassageKind.EXAMPLE, Coverage.COVERED, name) for name in ("a", "b")]
    zeros = np.zeros(2, dtype=np.float32)
    ranked = TopicTable(rows).rank(zeros + 0.9, zeros, probe=np.array([-0.5, 0.5], dtype=np.float32))
    assert ranked[0].topic_id == "b" and ranked[0].probe == 0.5
    assert ranked[0].score - ranked[1].score == pytest.approx(WEIGHTS.probe, abs=1e-6)


def test_a_build_holds_a_probe_in_the_order_of_its_topics(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    index = store.load(store.build(passages(), 1, HashEmbedder()).build)
    vector = HashEmbedder().queries(["mã otp là gì"])[0]
    assert index.table.topics[int(index.probe.values(vector).argmax())] == "otp"
