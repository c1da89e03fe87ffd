"""Choose how topics are ranked, on the content's own example questions: each writer's are asked of the others'.

    python -m benchmarks.tune [--embedder onnx] [--curve] [--typed-index]

For every writer (a persona who saw titles and scopes only) the index is built without that writer's questions,
the accent model too, and the questions are asked: a measure of how the bot does with people it has never read. Weights
are chosen on one half of the topics and reported on the other (both ways round), so that the figure printed is not that of the
choice. The development queries kept outside the repository take no part. Embeddings are cached in `data/`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.runtime import corpus_of
from knowledge.folder import CONTENT_DIR
from knowledge.model import Example, Level
from knowledge.snapshot import Content, load_content_from_files
from knowledge.unknowns import load_unknowns
from nlu.understanding import Understander
from retrieval import probe
from retrieval.embedders import Embedder, open_embedder
from retrieval.embedding_cache import EmbeddingCache
from retrieval.lexical import LexicalIndex
from retrieval.passages import Coverage, Passage, PassageKind, passages_of
from retrieval.ranking import Parts, TopicTable, Weights

Floats = NDArray[np.float32]
EDITORS = "bien-tap"  # wrote with the texts before them: always indexed, never asked


@dataclass(frozen=True)
class Asked:
    """One fold: the parts of every topic's score for every question of one writer, shape (questions, topics) each."""

    writer: str
    styles: NDArray[np.str_]
    truth: NDArray[np.intp]  # number of the right topic
    parts: dict[int, Parts]  # by number of best examples

    def ranks(self, weights: Weights) -> NDArray[np.intp]:
        """Rank of the right topic, from 1."""
        return ranks_of(weights.combine(self.parts[weights.best_examples]), self.truth)


def ranks_of(scores: Floats, truth: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rank of the right topic, from 1, for scores of shape (questions, topics); ties count against it."""
    mine = scores[np.arange(len(truth)), truth][:, None]
    return np.asarray((scores >= mine).sum(axis=1))


class Bench:
    """All passages with their vectors, and who wrote which example."""

    def __init__(self, content: Content, embedder: Embedder, cache: Path, restored_index: bool = True) -> None:
        self.passages = passages_of(content, load_unknowns(CONTENT_DIR), date.today())
        self.examples = {
            (key.topic_id, example.text): example
            for key, view in content.views.items()
            if key.level is Level.STANDARD
            for example in view.examples
        }
        self.embedder, self.restored_index = embedder, restored_index
        self.cache = EmbeddingCache(cache, embedder)
        self.vectors = self.cache.vectors(self.passages)

    def writer_of(self, passage: Passage) -> str | None:
        found: Example | None = self.examples.get((passage.topic_id, passage.text))
        return found.writer if found and passage.kind is PassageKind.EXAMPLE else None

    @property
    def writers(self) -> list[str]:
        found = {self.writer_of(passage) for passage in self.passages}
        return sorted(writer for writer in found if writer and writer != EDITORS)

    def ask(self, writer: str, best: Sequence[int], indexed: Sequence[str] | None = None) -> Asked:
        """Ask that writer's questions of an index without them (`indexed`: of those other writers' only)."""
        kept = {None, EDITORS, *(indexed if indexed is not None else self.writers)} - {writer}
        rows = [n for n, passage in enumerate(self.passages) if self.writer_of(passage) in kept]
        passages = [self.passages[n] for n in rows]
        understander = Understander(corpus_of(tuple(passages)))
        asked = [p for p in self.passages if p.coverage is Coverage.COVERED and self.writer_of(p) == writer]
        readings = [understander.read(passage.text) for passage in asked]
        queries = self.embed([reading.restored for reading in readings])
        vectors = self.embed_index(passages, rows, understander)
        texts = [understander.read(p.text).restored if self.restored_index else p.text for p in passages]
        table, lexical, told = TopicTable(passages), LexicalIndex.of(texts), probe.fit(vectors, [p.topic_id for p in passages])
        words = np.stack([table.words(lexical.scores(r.restored, r.normal)) for r in readings])
        dense, probed = queries @ vectors.T, queries @ told.weights + told.bias
        number = {topic: n for n, topic in enumerate(table.topics)}
        parts = {k: table.parts_of_many(dense, words, probed, k) for k in best}
        styles = np.array([self.examples[p.topic_id, p.text].style or "" for p in asked])
        return Asked(writer, styles, np.array([number[p.topic_id] for p in asked]), parts)

    def baselines(self, writer: str) -> dict[str, NDArray[np.intp]]:
        """Ranks by the lessons' texts alone, for questions as typed: BM25 over accented words, and the embedder."""
        passages = [p for p in self.passages if p.kind is PassageKind.TEXT]
        rows = [n for n, p in enumerate(self.passages) if p.kind is PassageKind.TEXT]
        asked = [p for p in self.passages if p.coverage is Coverage.COVERED and self.writer_of(p) == writer]
        table, lexical = TopicTable(passages), LexicalIndex.of([p.text for p in passages])
        number = {topic: n for n, topic in enumerate(table.topics)}
        truth = np.array([number[p.topic_id] for p in asked])
        words = np.stack([table.words(lexical.scores(p.text, "")) for p in asked])
        dense = self.embed([p.text for p in asked]) @ self.vectors[rows].T
        texts = table.parts_of_many(dense, words, np.zeros_like(words), 1).texts
        return {"BM25 over the lessons": ranks_of(words, truth), "e5 as it comes, over the lessons": ranks_of(texts, truth)}

    def embed(self, texts: Sequence[str]) -> Floats:
        made = [Passage(0, "", PassageKind.EXAMPLE, Coverage.COVERED, text) for text in texts]
        return EmbeddingCache(self.cache.folder / "queries", self.embedder).vectors(made)

    def embed_index(self, passages: Sequence[Passage], rows: Sequence[int], understander: Understander) -> Floats:
        vectors = self.vectors[rows]
        if self.restored_index:
            examples = [n for n, passage in enumerate(passages) if passage.kind is PassageKind.EXAMPLE]
            vectors[examples] = self.embed([understander.read(passages[n].text).restored for n in examples])
        return vectors


def grid() -> Iterator[Weights]:
    """Every combination looked at."""
    for example, best, lexical, told in product((0.65, 0.8, 0.9), (3, 5, 8), (0.045, 0.07, 0.1, 0.15), (0.04, 0.08, 0.15, 0.3)):
        yield replace(Weights(), example=example, best_examples=best, lexical=lexical, probe=told)


def hit(folds: Sequence[Asked], weights: Weights, half: int | None = None, depth: int = 1) -> float:
    """Share of questions whose topic is among the first `depth`; `half` (0 or 1): of topics with an even or odd number only."""
    found = [fold.ranks(weights)[(fold.truth % 2 == half) if half is not None else slice(None)] <= depth for fold in folds]
    return float(np.concatenate(found).mean())


def chosen_by_halves(folds: Sequence[Asked]) -> tuple[float, list[Weights]]:
    """hit@1 of weights chosen on the other half of the topics, and the two choices."""
    choices = [max(grid(), key=lambda weights: hit(folds, weights, 1 - half)) for half in (0, 1)]
    sizes = [sum(int((fold.truth % 2 == half).sum()) for fold in folds) for half in (0, 1)]
    hits = [hit(folds, weights, half) for half, weights in enumerate(choices)]
    return float(np.average(hits, weights=sizes)), choices


def print_table(name: str, folds: Sequence[Asked], weights: Weights) -> None:
    print(f"\n{name}: {weights}")
    print(f"  all      hit@1 {hit(folds, weights):.4f}   hit@3 {hit(folds, weights, depth=3):.4f}")
    for fold in folds:
        print(f"  {fold.writer:12} {hit([fold], weights):.4f}   n {len(fold.truth)}")
    ranks, styles = np.concatenate([f.ranks(weights) for f in folds]), np.concatenate([f.styles for f in folds])
    for style in sorted(set(styles.tolist())):
        print(f"  {style:12} {(ranks[styles == style] == 1).mean():.4f}   n {(styles == style).sum()}")


def print_baselines(bench: Bench) -> None:
    print("\nbaselines (hit@1, hit@3)")
    found = [bench.baselines(writer) for writer in bench.writers]
    for name in found[0]:
        ranks = np.concatenate([one[name] for one in found])
        print(f"  {name:36} {(ranks == 1).mean():.4f}  {(ranks <= 3).mean():.4f}")


def ablations(folds: Sequence[Asked], weights: Weights) -> None:
    print("\nwithout each part (hit@1, hit@3)")
    for name, changed in {
        "all parts": weights,
        "no probe": replace(weights, probe=0.0),
        "no words (BM25)": replace(weights, lexical=0.0),
        "texts only (no example questions)": replace(weights, example=0.0, probe=0.0),
        "examples only (no texts)": replace(weights, example=1.0),
        "nearest example only": replace(weights, best_examples=1),
        "dense only": replace(weights, lexical=0.0, probe=0.0),
    }.items():
        print(f"  {name:36} {hit(folds, changed):.4f}  {hit(folds, changed, depth=3):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", default="onnx")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--curve", action="store_true", help="also with 0, 1, 2 … other writers indexed")
    parser.add_argument("--typed-index", action="store_true", help="index examples as typed, not as understood")
    parser.add_argument("--grid", action="store_true", help="look for better weights")
    arguments = parser.parse_args()
    embedder = open_embedder(arguments.embedder, arguments.data)
    bench = Bench(load_content_from_files(), embedder, arguments.data / "tune", not arguments.typed_index)
    best = sorted({1, Weights().best_examples, *(w.best_examples for w in grid())})
    folds = [bench.ask(writer, best) for writer in bench.writers]
    print_table("weights in force", folds, Weights())
    print_baselines(bench)
    ablations(folds, Weights())
    if arguments.grid:
        score, choices = chosen_by_halves(folds)
        print(f"\nchosen on the other half of the topics: hit@1 {score:.4f}")
        for weights in choices:
            print_table("a choice", folds, weights)
    if arguments.curve:
        print("\nlearning curve: other writers indexed (all held-out writers together)")
        for count in range(len(bench.writers)):
            some = [bench.ask(w, best, [o for o in bench.writers if o != w][:count]) for w in bench.writers]
            print(f"  {count}: hit@1 {hit(some, Weights()):.4f}  hit@3 {hit(some, Weights(), depth=3):.4f}")


if __name__ == "__main__":
    main()
