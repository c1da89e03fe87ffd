"""Would the ten best topics stand in a better order if they were looked at again? Each writer's questions, asked of the others'.

    python -m benchmarks.rerank [--late] [--grid] [--embedder onnx]

Every writer is left out in turn as in `benchmarks.tune`. A re-ranker is trained on the other writers' questions about one
half of the topics and judged on the left-out writer's about the other half, both ways round, and compared question by question
with the first ranking. `--late` adds late interaction of tokens, `--grid` chooses the weights in force anew. Neither the
evaluation sets nor the development queries take part. What was embedded is kept in `data/tune/rerank`.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.tune import Bench
from bot.runtime import corpus_of
from knowledge.snapshot import Content, load_content_from_files
from nlu.understanding import Reading, Understander
from retrieval import probe
from retrieval.changes import sign_test
from retrieval.embedders import open_embedder
from retrieval.embedding_cache import EmbeddingCache
from retrieval.lexical import LexicalIndex, folded_terms
from retrieval.lexical import fold as unaccented
from retrieval.passages import Coverage, Passage, PassageKind
from retrieval.ranking import WEIGHTS, Groups, TopicTable
from retrieval.rerank import MIX, Mix, Reranker

Floats = NDArray[np.float32]
Scorer = Callable[["Fold"], Floats]  # a score for each candidate, shape (questions, CANDIDATES)
Learner = Callable[[Sequence["Fold"], Sequence[NDArray[np.bool_]]], Scorer]  # from folds and which of their questions may be used

CANDIDATES = 10
KERNEL = 0.02  # width of the kernel of the votes, on the scale of cosines
PARTS = ("text", "best 3", "words", "probe")
BOTH = ("text", "best 3", "words", "known", "odds")
MEANS = ("best 1", "best 2", "best 5", "best 8")
VOTES = ("votes 10", "votes 20", "votes 50", "kernel", "kernel share")
KINDS = ("accented examples", "accented texts", "folded examples", "folded texts", "letters examples", "letters texts")
NAMES = ("title", "title and scope")
TYPED = ("typed best 3", "typed text", "typed probe")
LATE = ("late 1", "late 3")


@dataclass
class Fold:
    """The questions of one writer: for each the best topics of the first ranking, and features of them by name."""

    writer: str
    styles: NDArray[np.str_]
    truth: NDArray[np.intp]
    top: NDArray[np.intp]  # numbers of the candidates, best first
    lesson: NDArray[np.bool_]  # whether a candidate is one
    first: Floats  # scores of the first ranking
    features: dict[str, Floats]

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.top == self.truth[:, None])

    def matrix(self, names: Sequence[str]) -> Floats:
        """Shape (questions, candidates, names); what a topic lacks counts as the least of the question's candidates."""
        found = np.stack([self.features[name] for name in names], axis=-1)
        least = np.nanmin(np.where(np.isnan(found), np.inf, found), axis=1, keepdims=True)
        return np.asarray(np.where(np.isnan(found), np.where(np.isfinite(least), least, 0), found))


class Asking:
    """Everything a fold is made of; readings differ from fold to fold because the accent model is learnt anew."""

    def __init__(self, bench: Bench, content: Content, cache: Path, late: bool) -> None:
        self.bench, self.content = bench, content
        self.readings = {writer: self._read(writer) for writer in bench.writers}
        examples = [found for by_number in self.readings.values() for found in by_number.values()]
        self.texts = sorted({text for reading in examples for text in (reading.restored, reading.normal)})
        made = [Passage(0, "", PassageKind.EXAMPLE, Coverage.COVERED, text) for text in self.texts]
        self.vectors = dict(zip(self.texts, EmbeddingCache(cache, bench.embedder).vectors(made), strict=True))
        self.tokens = Tokens(Path(cache.parent.parent)) if late else None

    def _kept(self, writer: str) -> list[int]:
        return [n for n, passage in enumerate(self.bench.passages) if self.bench.writer_of(passage) != writer]

    def _read(self, writer: str) -> dict[int, Reading]:
        """All example questions as a bot reads them that never saw this writer's."""
        passages = self.bench.passages
        understander = Understander(corpus_of(tuple(passages[n] for n in self._kept(writer))))
        return {n: understander.read(p.text) for n, p in enumerate(passages) if p.kind is PassageKind.EXAMPLE}

    def fold(self, writer: str) -> Fold:
        passages, rows, readings = self.bench.passages, self._kept(writer), self.readings[writer]
        asked = [n for n, p in enumerate(passages) if p.coverage is Coverage.COVERED and self.bench.writer_of(p) == writer]
        texts = [readings[n].restored if n in readings else passages[n].text for n in rows]
        vectors = np.stack([self.vectors[readings[n].restored] if n in readings else self.bench.vectors[n] for n in rows])
        kept, questions = [passages[n] for n in rows], [readings[n] for n in asked]
        table = TopicTable(kept)
        number = {topic: i for i, topic in enumerate(table.topics)}
        found = _Features(self, table, kept, texts, vectors, questions)
        styles = np.array([self.bench.examples[passages[n].topic_id, passages[n].text].style or "" for n in asked])
        return found.fold(writer, styles, np.array([number[passages[n].topic_id] for n in asked]))


class _Features:
    """Features of one fold's questions."""

    def __init__(
        self,
        asking: Asking,
        table: TopicTable,
        passages: Sequence[Passage],
        texts: Sequence[str],
        vectors: Floats,
        questions: Sequence[Reading],
    ) -> None:
        self.asking, self.table, self.texts, self.questions = asking, table, texts, questions
        self.topic_ids = [p.topic_id for p in passages]
        self.number = probe.topic_numbers(self.topic_ids)
        self.example = np.array([p.kind is PassageKind.EXAMPLE for p in passages])
        self.groups = {kind: Groups(self._members(kind)) for kind in (True, False)}
        self.vectors = vectors
        self.restored = np.stack([asking.vectors[q.restored] for q in questions])
        self.typed = np.stack([asking.vectors[q.normal] for q in questions])

    def _members(self, examples: bool) -> list[list[int]]:
        here = self.example == examples
        return [np.flatnonzero(here & (self.number == topic)).tolist() for topic in range(len(self.table.topics))]

    def fold(self, writer: str, styles: NDArray[np.str_], truth: NDArray[np.intp]) -> Fold:
        dense, told = self.restored @ self.vectors.T, probe.fit(self.vectors, self.topic_ids)
        lexical = LexicalIndex.of(self.texts)
        mixed = np.stack([self.table.words(lexical.scores(q.restored, q.normal)) for q in self.questions])
        parts = self.table.parts_of_many(dense, mixed, self.restored @ told.weights + told.bias, WEIGHTS.best_examples)
        first = WEIGHTS.combine(parts)
        found = dict(zip(PARTS, parts, strict=True))
        found |= {f"best {k}": self.best(dense, True, k) for k in (1, 2, 5, 8)}
        found |= self._votes(dense) | self._kinds(lexical) | self._names() | self._reranker()
        typed = self.typed @ self.vectors.T
        found |= {"typed best 3": self.best(typed, True, 3), "typed text": self.best(typed, False, 1)}
        found |= {"typed probe": self.typed @ told.weights + told.bias}
        sizes = np.bincount(self.number[self.example], minlength=len(self.table.topics))
        found["prior"] = np.tile(np.log1p(sizes).astype(np.float32), (len(truth), 1))
        top = np.argsort(-first, axis=1, kind="stable")[:, :CANDIDATES]
        features = {name: np.take_along_axis(values, top, 1).astype(np.float32) for name, values in found.items()}
        if self.asking.tokens:
            features |= self._late(dense, top, self.asking.tokens)
        lesson = np.array([coverage is Coverage.COVERED for coverage in self.table.coverage])[top]
        return Fold(writer, styles, truth, top, lesson, np.take_along_axis(first, top, 1), features)

    def best(self, scores: Floats, examples: bool, count: int) -> Floats:
        """Mean of each topic's best passages of a kind, shape (questions, topics)."""
        return np.stack([self.groups[examples].best_mean(row, count) for row in scores])

    def _votes(self, dense: Floats) -> dict[str, Floats]:
        """How many of the nearest examples are each topic's, and the same with nearer ones counting more."""
        own = self.number[self.example]
        order = np.argsort(-dense[:, self.example], axis=1)[:, :200]
        near, topics = np.take_along_axis(dense[:, self.example], order, 1), len(self.table.topics)

        def sums(weights: Floats) -> Floats:
            rows = (np.bincount(own[o], w, topics) for o, w in zip(order[:, : weights.shape[1]], weights, strict=True))
            return np.stack(list(rows)).astype(np.float32)

        kernel = sums(np.exp((near - near[:, :1]) / KERNEL))
        found = {f"votes {count}": sums(np.ones_like(near[:, :count])) for count in (10, 20, 50)}
        return found | {"kernel": KERNEL * np.log(kernel + 1e-6), "kernel share": kernel / kernel.sum(axis=1, keepdims=True)}

    def _kinds(self, lexical: LexicalIndex) -> dict[str, Floats]:
        """Words with accents, folded words and pairs, and runs of letters: of examples and of texts apart."""
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2, preprocessor=unaccented)
        index = letters.fit_transform(self.texts)
        fields = {
            "accented": np.stack([lexical.scores(q.restored, "") for q in self.questions]),
            "folded": np.stack([lexical.scores("", q.normal) for q in self.questions]),
            "letters": (letters.transform([q.normal for q in self.questions]) @ index.T).toarray().astype(np.float32),
        }
        return {
            f"{name} {kind}": self.best(scores, kind == "examples", count)
            for name, scores in fields.items()
            for kind, count in (("examples", 3), ("texts", 1))
        }

    def _names(self) -> dict[str, Floats]:
        """Overlap with what the topic is called, rare words counting more."""
        rare = TfidfVectorizer(analyzer=folded_terms, sublinear_tf=True).fit(self.texts)
        asked, catalogue = rare.transform([q.normal for q in self.questions]), self.asking.content.catalogue
        named = [catalogue.get(topic) for topic in self.table.topics]
        titles = rare.transform([entry.title if entry else "" for entry in named])
        scopes = rare.transform([f"{entry.title} {entry.scope}" if entry else "" for entry in named])
        return {"title": (asked @ titles.T).toarray(), "title and scope": (asked @ scopes.T).toarray()}

    def _reranker(self) -> dict[str, Floats]:
        made = Reranker.of(self.texts, self.topic_ids, self.vectors)
        known = np.stack([made.words.shares(q.normal) for q in self.questions])
        return {"known": known, "odds": self.restored @ made.probe.weights + made.probe.bias}

    def _late(self, dense: Floats, top: NDArray[np.intp], tokens: Tokens) -> dict[str, Floats]:
        """Mean over the question's tokens of the nearest token of an example: of the 3 nearest examples of each candidate."""
        found = np.full((2, *top.shape), np.nan, dtype=np.float32)
        members = self._members(True)
        for i, question in enumerate(self.questions):
            asked = tokens.of(question.restored)
            for j, topic in enumerate(top[i]):
                near = sorted(members[topic], key=lambda n: -float(dense[i, n]))[:3]
                if near and len(asked):
                    likeness = sorted((float((asked @ tokens.of(self.texts[n]).T).max(1).mean()) for n in near), reverse=True)
                    found[:, i, j] = likeness[0], np.mean(likeness)
        return dict(zip(LATE, found, strict=True))


class Tokens:
    """Vectors of the tokens of a text, from the default model with its last layer as a second output."""

    def __init__(self, data_dir: Path, name: str = "multilingual-e5-small") -> None:
        import onnx
        import onnxruntime
        from tokenizers import Tokenizer

        folder = data_dir / "models" / name
        graph = onnx.load(str(folder / "model.onnx"), load_external_data=False)
        self.output = next(node for node in graph.graph.node if node.op_type == "ReduceMean").input[0]
        graph.graph.output.append(onnx.helper.make_tensor_value_info(self.output, onnx.TensorProto.FLOAT, None))
        with tempfile.TemporaryDirectory() as place:
            shutil.copy(folder / "tensors.bin", place)
            (Path(place) / "model.onnx").write_bytes(graph.SerializeToString())
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            self.session = onnxruntime.InferenceSession(str(Path(place) / "model.onnx"), options)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.known: dict[str, NDArray[np.float16]] = {}
        self.mean: Floats | None = None

    def of(self, text: str) -> Floats:
        """Shape (tokens, dimension), length 1, without what all tokens have in common; prefix and ends left out."""
        if text not in self.known:
            ids = np.array([self.tokenizer.encode(f"query: {text}").ids[:512]], dtype=np.int64)
            made = self.session.run([self.output], {"ids": ids})[0][0][3:-1]
            self.mean = made.mean(axis=0) if self.mean is None else self.mean
            centred = made - self.mean
            self.known[text] = (centred / np.linalg.norm(centred, axis=1, keepdims=True)).astype(np.float16)
        return self.known[text].astype(np.float32)


def _together(folds: Sequence[Fold], used: Sequence[NDArray[np.bool_]], names: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """Features and right candidates of the questions whose topic is among the candidates."""
    x = np.concatenate([fold.matrix(names)[rows] for fold, rows in zip(folds, used, strict=True)])
    right = np.concatenate([fold.right[rows] for fold, rows in zip(folds, used, strict=True)])
    among = right.any(axis=1)
    return x[among], right[among]


def listwise(names: Sequence[str], ridge: float = 10.0) -> Learner:
    """A weight a feature, so that the softmax of a question's candidates names the right one (Newton's method)."""

    def learn(folds: Sequence[Fold], used: Sequence[NDArray[np.bool_]]) -> Scorer:
        x, right = _together(folds, used, names)
        z = (x - x.mean(axis=1, keepdims=True)).astype(np.float64)
        scale = z.reshape(-1, len(names)).std(axis=0) + 1e-9
        z /= scale
        weights = np.zeros(len(names))
        for _ in range(12):
            share = np.exp(z @ weights - (z @ weights).max(axis=1, keepdims=True))
            share /= share.sum(axis=1, keepdims=True)
            mean = np.einsum("qc,qcf->qf", share, z)
            slope = np.einsum("qc,qcf->f", share - right, z) + ridge * weights
            bend = np.einsum("qcf,qc,qcg->fg", z, share, z, optimize=True) - mean.T @ mean + ridge * np.eye(len(names))
            weights = weights - np.linalg.solve(bend, slope)
        return lambda fold: np.asarray(fold.matrix(names) @ (weights / scale), dtype=np.float32)

    return learn


def pairwise(names: Sequence[str]) -> Learner:
    """Logistic regression of "the first of two candidates is the right one" on their differences."""

    def learn(folds: Sequence[Fold], used: Sequence[NDArray[np.bool_]]) -> Scorer:
        x, right = _together(folds, used, names)
        pairs = (x[right][:, None] - x)[~right]
        scale = pairs.std(axis=0) + 1e-9
        labels = np.repeat([1, 0], len(pairs))
        model = LogisticRegression(C=0.1, fit_intercept=False, max_iter=500)
        weights = model.fit(np.concatenate([pairs, -pairs]) / scale, labels).coef_[0] / scale
        return lambda fold: np.asarray(fold.matrix(names) @ weights, dtype=np.float32)

    return learn


def trees(names: Sequence[str]) -> Learner:
    """Gradient-boosted trees over the features, how far each lies below the question's best, and the place."""

    def rows(x: Floats) -> Floats:
        place = np.broadcast_to(np.arange(CANDIDATES, dtype=np.float32)[None, :, None], (*x.shape[:2], 1))
        return np.concatenate([x, x - x.max(axis=1, keepdims=True), place], axis=-1).reshape(-1, 2 * x.shape[2] + 1)

    def learn(folds: Sequence[Fold], used: Sequence[NDArray[np.bool_]]) -> Scorer:
        x, right = _together(folds, used, names)
        model = HistGradientBoostingClassifier(
            max_iter=120, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=5.0, random_state=1
        ).fit(rows(x), right.ravel())
        return lambda fold: np.asarray(model.predict_proba(rows(fold.matrix(names)))[:, 1].reshape(-1, CANDIDATES))

    return learn


def fixed(scorer: Scorer) -> Learner:
    return lambda folds, used: scorer


def mixed(mix: Mix) -> Scorer:
    """As the product does it: lessons are put in order, everything else keeps its score (`Reranker.rerank`)."""

    def score(fold: Fold) -> Floats:
        text, best, lexical, known, odds = (fold.features[name] for name in BOTH)
        made = mix.of((1 - WEIGHTS.example) * text + WEIGHTS.example * best, lexical, known, odds)
        top = np.where(fold.lesson, made, -np.inf).max(axis=1, keepdims=True)
        level = np.where(fold.lesson, fold.first, -np.inf).max(axis=1, keepdims=True)
        return np.where(fold.lesson, level + (made - top) / mix.spread, fold.first)

    return score


def grid() -> Iterator[Mix]:
    for lexical, known, odds in product((0.05, 0.07, 0.09), (0.1, 0.15, 0.2, 0.25, 0.3), (0.004, 0.006, 0.008, 0.01, 0.012)):
        yield replace(MIX, lexical=lexical, known=known, odds=odds)


def chosen() -> Learner:
    """The mix of the grid that does best on what may be used."""

    def learn(folds: Sequence[Fold], used: Sequence[NDArray[np.bool_]]) -> Scorer:
        def hits(mix: Mix) -> int:
            return sum(int(_hit(fold, mixed(mix)(fold), 1)[rows].sum()) for fold, rows in zip(folds, used, strict=True))

        best = max(grid(), key=hits)
        print(f"    chosen: lexical {best.lexical} known {best.known} odds {best.odds}")
        return mixed(best)

    return learn


def _hit(fold: Fold, scores: Floats, depth: int) -> NDArray[np.bool_]:
    order = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
    return np.asarray(np.take_along_axis(fold.right, order, 1).any(axis=1))


def judged(folds: Sequence[Fold], learner: Learner) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each question's topic is first, and among three: by what was learnt from other writers and the other topics."""
    found: list[list[NDArray[np.bool_]]] = [[], []]
    for fold in folds:
        others = [other for other in folds if other is not fold]
        hits = np.zeros((2, len(fold.truth)), dtype=bool)
        for half in (0, 1):
            scores = learner(others, [other.truth % 2 != half for other in others])(fold)
            here = fold.truth % 2 == half
            hits[0, here], hits[1, here] = _hit(fold, scores, 1)[here], _hit(fold, scores, 3)[here]
        for one, rows in zip(found, hits, strict=True):
            one.append(rows)
    return np.concatenate(found[0]), np.concatenate(found[1])


def line(name: str, folds: Sequence[Fold], learner: Learner, before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Print one row of the table; returns what was hit."""
    hit, three = judged(folds, learner)
    better, worse, n = int((hit & ~before).sum()), int((before & ~hit).sum()), len(hit)
    gain, spread = (better - worse) / n, 1.96 * np.sqrt(better + worse - (better - worse) ** 2 / n) / n
    interval = f"{100 * gain:+5.2f} ({100 * (gain - spread):+.2f} to {100 * (gain + spread):+.2f})"
    chance = f"+{better}/-{worse}, chance {sign_test(better, worse):.1e}"
    print(f"{name:58} {hit.mean():.4f}  {three.mean():.4f}  {interval}  {chance}", flush=True)
    return hit


def table(folds: Sequence[Fold], late: bool) -> None:
    before = np.concatenate([fold.right[:, 0] for fold in folds])
    print(
        f"\n{len(before)} questions; {np.concatenate([fold.right.any(axis=1) for fold in folds]).mean():.4f} among {CANDIDATES}"
    )
    print(f"{'':58} hit@1   hit@3   points (95 %)")
    tried = (*PARTS, *MEANS, *VOTES, *KINDS, *NAMES, *TYPED, "prior", *(LATE if late else ()))
    learners: dict[str, Learner] = {
        "first ranking": fixed(lambda fold: fold.first),
        "its four parts, listwise": listwise(PARTS),
        "its four parts, pairwise": pairwise(PARTS),
        "its four parts, trees": trees(PARTS),
        "kernel-weighted neighbours for the mean of 3": listwise(("text", "kernel", "kernel share", "words", "probe")),
        "parts + neighbours' votes": listwise((*PARTS, *VOTES)),
        "parts + means of 1, 2, 5, 8": listwise((*PARTS, *MEANS)),
        "parts + kinds of words, runs of letters": listwise((*PARTS, *KINDS)),
        "parts + title and scope": listwise((*PARTS, *NAMES)),
        "parts + the typed reading": listwise((*PARTS, *TYPED)),
        "parts + prior": listwise((*PARTS, "prior")),
        **({"parts + late interaction": listwise((*PARTS, *LATE))} if late else {}),
        "all of these, listwise": listwise(tried),
        "all of these, trees": trees(tried),
        "parts + known words": listwise((*PARTS, "known")),
        "softmax for the probe": listwise(("text", "best 3", "words", "odds")),
        "known words, softmax for the probe; listwise": listwise(BOTH),
        "known words, softmax for the probe; pairwise": pairwise(BOTH),
        "known words, softmax for the probe; trees": trees(BOTH),
        "all features, listwise": listwise((*tried, "known", "odds")),
        "all features, trees": trees((*tried, "known", "odds")),
    }
    for name, learner in learners.items():
        line(name, folds, learner, before)
    hit = line("weights in force (shipped)", folds, fixed(mixed(MIX)), before)
    styles = np.concatenate([fold.styles for fold in folds])
    for style in sorted(set(styles.tolist())):
        here = styles == style
        print(f"    {style:12} {before[here].mean():.4f} -> {hit[here].mean():.4f}   n {here.sum()}")
    for fold, start in zip(folds, np.cumsum([0, *(len(fold.truth) for fold in folds)]), strict=False):
        here = slice(start, start + len(fold.truth))
        print(f"    {fold.writer:12} {before[here].mean():.4f} -> {hit[here].mean():.4f}   n {len(fold.truth)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", default="onnx")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--late", action="store_true", help="also late interaction of tokens")
    parser.add_argument("--grid", action="store_true", help="choose the weights anew, on other writers and topics")
    arguments = parser.parse_args()
    embedder, content = open_embedder(arguments.embedder, arguments.data), load_content_from_files()
    bench = Bench(content, embedder, arguments.data / "tune")
    asking = Asking(bench, content, arguments.data / "tune" / "rerank", arguments.late)
    folds = []
    for writer in bench.writers:
        begun = time.monotonic()
        folds.append(asking.fold(writer))
        print(f"{writer}: {time.monotonic() - begun:.0f} s", flush=True)
    table(folds, arguments.late)
    if arguments.grid:
        before = np.concatenate([fold.right[:, 0] for fold in folds])
        line("weights chosen on other writers and topics", folds, chosen(), before)
        everything = [np.ones(len(fold.truth), dtype=bool) for fold in folds]
        chosen()(folds, everything)


if __name__ == "__main__":
    main()
