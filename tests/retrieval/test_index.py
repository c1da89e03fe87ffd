"""Index builds: the database is the truth, a build is made beside the old one, checked, and swapped in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval import index
from retrieval.embedders.hashing import HashEmbedder
from retrieval.index import IndexStore, IndexUnusable, passages_checksum
from retrieval.retriever import Question, Retriever
from retrieval.vectors import VectorIndex, Vectors
from tests.retrieval.samples import calibration, passages


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path)


class Counting:
    """Counts the texts that really had to be embedded."""

    def __init__(self) -> None:
        self._inner = HashEmbedder()
        self.model_id, self.dimension, self.embedded = self._inner.model_id, self._inner.dimension, 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return self._inner.queries(texts)

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        self.embedded += len(texts)
        return self._inner.passages(texts, progress)


def test_a_build_is_current_whole_and_searchable(store: IndexStore) -> None:
    meta = store.build(passages(), 3, HashEmbedder())
    assert store.current() == meta.build and store.is_whole(meta.build)
    assert (meta.count, meta.content_version, meta.content_checksum) == (len(passages()), 3, passages_checksum(passages()))
    ranked = Retriever(store, HashEmbedder()).rank(Question("mã otp là gì", "ma otp la gi"))
    assert ranked[0].topic_id == "otp"


def test_without_a_build_the_remedy_is_named(store: IndexStore) -> None:
    with pytest.raises(IndexUnusable, match="hocvuso index build"):
        Retriever(store, HashEmbedder()).search(Question("a", "a"))


def test_an_index_of_another_model_is_refused(store: IndexStore) -> None:
    class Other(HashEmbedder):
        model_id = "other"

    store.build(passages(), 1, HashEmbedder())
    with pytest.raises(IndexUnusable, match="not other"):
        Retriever(store, Other()).rank(Question("otp", "otp"))


def test_without_thresholds_it_refuses_to_decide(store: IndexStore) -> None:
    store.build(passages(), 1, HashEmbedder())
    with pytest.raises(IndexUnusable, match="hocvuso calibrate"):
        Retriever(store, HashEmbedder()).search(Question("otp", "otp"))


@pytest.mark.parametrize("name", ["vectors.faiss", "probe.npz", "rerank.npz", "passages.json"])
def test_a_changed_file_is_noticed(store: IndexStore, name: str) -> None:
    build = store.build(passages(), 1, HashEmbedder()).build
    path = store.folder / build / name
    path.write_bytes(path.read_bytes()[:-3])
    assert not store.is_whole(build)
    with pytest.raises(IndexUnusable, match="changed on disk"):
        store.load(build)


def test_a_build_of_an_older_format_is_made_again(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    build = store.build(passages(), 1, HashEmbedder()).build
    monkeypatch.setattr(index, "FORMAT", index.FORMAT + 1)
    assert not store.is_whole(build)


def test_a_publish_embeds_only_what_changed(store: IndexStore) -> None:
    embedder = Counting()
    store.build(passages()[:-1], 1, embedder)
    first = embedder.embedded
    store.build(passages(), 2, embedder)
    assert (first, embedder.embedded - first) == (len(passages()) - 1, 1)


def test_a_running_retriever_picks_up_the_new_build_and_thresholds(store: IndexStore) -> None:
    store.build(passages()[:3], 1, HashEmbedder())
    retriever = Retriever(store, HashEmbedder())
    assert {r.topic_id for r in retriever.rank(Question("căn cước", "can cuoc"))} == {"otp"}
    build = store.build(passages(), 2, HashEmbedder()).build
    assert retriever.rank(Question("mất căn cước làm lại ở đâu", "mat can cuoc"))[0].topic_id == "can-cuoc"
    store.save_calibration(build, calibration(HashEmbedder().model_id))
    assert retriever.search(Question("mất căn cước làm lại ở đâu", "mat can cuoc")).index_build == build


def test_thresholds_are_carried_to_the_next_build_of_the_same_model_only(store: IndexStore) -> None:
    first = store.build(passages(), 1, HashEmbedder()).build
    store.save_calibration(first, calibration(HashEmbedder().model_id))
    second = store.build(passages()[:-1], 2, HashEmbedder()).build
    assert store.calibration(second) is not None
    store.save_calibration(second, calibration("another model"))
    third = store.build(passages(), 3, HashEmbedder()).build
    assert store.calibration(third) is None


def test_thresholds_made_from_other_features_are_not_used(store: IndexStore) -> None:
    build = store.build(passages(), 1, HashEmbedder()).build
    old = calibration()
    store.save_calibration(build, old.model_copy(update={"weights": old.weights[:-1]}))
    assert store.calibration(build) is None


def test_old_builds_are_cleared_away(store: IndexStore) -> None:
    builds = [store.build(passages(), n, HashEmbedder()).build for n in range(5)]
    left = {path.name for path in store.folder.iterdir() if path.is_dir()}
    assert left == set(builds[-3:])


def test_an_empty_index_says_it_does_not_know(store: IndexStore) -> None:
    build = store.build((), 0, HashEmbedder()).build
    store.save_calibration(build, calibration(HashEmbedder().model_id))
    assert Retriever(store, HashEmbedder()).search(Question("gì đó", "gi do")).kind == "dont_know"


def test_removing_a_vector_never_shifts_the_others() -> None:
    index = VectorIndex.empty(4)
    index.add(np.array([10, 20, 30]), np.eye(4, dtype=np.float32)[:3])
    assert index.remove(np.array([20, 99])) == 1
    scores, ids = index.search(np.eye(4, dtype=np.float32)[2:3], 5)
    assert ids[0, 0] == 30 and scores[0, 0] == pytest.approx(1)
    with pytest.raises(ValueError, match="already"):
        index.add(np.array([30]), np.eye(4, dtype=np.float32)[:1])


def test_example_questions_are_indexed_as_they_are_read(store: IndexStore) -> None:
    store.build(passages(), 1, HashEmbedder(), read=str.upper)
    found = store.load(store.current() or "").passages
    assert {p.text == p.text.upper() for p in found if p.kind == "example"} == {True}
    assert {p.id for p in found} == {p.id for p in passages()}  # what was written names them still


def test_readings_are_kept_until_all_is_read_afresh(store: IndexStore) -> None:
    read: list[str] = []

    def reading(text: str) -> str:
        read.append(text)
        return text.upper()

    examples = sum(p.kind == "example" for p in passages())
    store.build(passages(), 1, HashEmbedder(), read=reading)
    store.build(passages(), 2, HashEmbedder(), read=reading)
    assert len(read) == examples
    store.build(passages(), 3, HashEmbedder(), read=reading, afresh=True)
    assert len(read) == 2 * examples


def test_a_repeated_question_is_embedded_once_until_the_content_changes(store: IndexStore) -> None:
    build = store.build(passages(), 1, HashEmbedder()).build
    store.save_calibration(build, calibration(build))
    embedder = Counting()
    retriever = Retriever(store, embedder)
    first, again = (retriever.search(Question("mã otp là gì", "ma otp la gi")) for _ in range(2))
    assert first == again and embedder.embedded == 1
    build = store.build(passages()[:-1], 2, HashEmbedder()).build
    store.save_calibration(build, calibration(build))
    assert retriever.search(Question("mã otp là gì", "ma otp la gi")).index_build == build
    assert embedder.embedded == 2
