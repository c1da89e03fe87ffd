"""The second guess of danger, from what a message means: when it has a say, and when it has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu import meaning
from nlu.danger import MEANING, Danger, DangerGuesser, pooled, source
from nlu.meaning import Meaning
from nlu.understanding import Understander, Urgency

SHIPPED = meaning.read(meaning.shipped(MEANING))
CALM, NOW = "cho hỏi cách chỉnh cỡ chữ", "công an đang gọi bắt tôi chuyển tiền ngay bây giờ"


def saying(label: str, by: str = "model-a") -> Meaning:
    """A meaning that is sure of one label, whatever is asked."""
    weights = np.zeros((4, len(SHIPPED.labels)), dtype=np.float32)
    bias = np.array([40.0 if name == label else 0.0 for name in SHIPPED.labels], dtype=np.float32)
    return Meaning(by, "", SHIPPED.labels, weights, bias)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


VECTOR = np.ones(4, dtype=np.float32)


def test_what_comes_with_the_project_was_taught_what_stands_in_the_tables() -> None:
    assert SHIPPED.source == source(), "tables changed: run python -m benchmarks.danger --fit"


def test_it_may_find_a_danger_the_words_do_not_show_and_calm_one_they_seem_to(models: Path) -> None:
    frightened, calm = DangerGuesser(models, saying("despair")), DangerGuesser(models, saying("none"))
    assert frightened.guess(CALM, VECTOR, "model-a") == Danger(Urgency.despair)
    assert calm.guess(NOW, VECTOR, "model-a") == Danger()


def test_it_has_no_say_without_a_vector_or_with_another_model(models: Path) -> None:
    guesser = DangerGuesser(models, saying("none"))
    assert guesser.guess(NOW).urgency is guesser.guess(NOW, VECTOR, "model-b").urgency is Urgency.being_scammed


def test_a_kind_it_does_not_know_silences_it(models: Path) -> None:
    short = Meaning("model-a", "", SHIPPED.labels[1:], np.zeros((4, 9), dtype=np.float32), np.full(9, 40, dtype=np.float32))
    assert DangerGuesser(models, short).guess(NOW, VECTOR, "model-a").urgency is Urgency.being_scammed


def test_the_pool_lies_between_both_guesses() -> None:
    words, meant = np.array([2.0, -1.0], dtype=np.float32), np.array([-2.0, 1.0], dtype=np.float32)
    mixed = pooled(words, meant)
    assert ((np.minimum(words, meant) <= mixed) & (mixed <= np.maximum(words, meant))).all()


def test_it_is_kept_and_read_back_whole(tmp_path: Path) -> None:
    SHIPPED.write(tmp_path / "again.npz")
    read = meaning.read(tmp_path / "again.npz")
    assert (read.model_id, read.source, read.labels) == (SHIPPED.model_id, SHIPPED.source, SHIPPED.labels)
    assert np.array_equal(read.weights, SHIPPED.weights) and np.array_equal(read.bias, SHIPPED.bias)


def test_it_is_fitted_to_the_vectors_it_is_given() -> None:
    vectors = np.eye(3, dtype=np.float32).repeat(5, axis=0) + np.float32(0.01)
    labels = [label for label in ("calm", "now", "worry") for _ in range(5)]
    made = Meaning.fit(vectors, labels, 1.0, "m", "s")
    assert [made.labels[int(made.scores(vector).argmax())] for vector in vectors] == labels


def test_reconsidering_changes_the_danger_and_nothing_else(understander: Understander) -> None:
    before = understander.understand(CALM)
    after = understander.reconsider(before, np.zeros(384, dtype=np.float32), "another-model")
    assert after is before
