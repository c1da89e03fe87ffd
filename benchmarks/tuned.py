"""Does a fine-tuned model find topics and understand writers it was not tuned for? Recipes judged over folds of both.

    python -m benchmarks.tuned [--recipe NAME …] [--keep 0.5 …] [--fold 0 …] [--bench FILE] [--details OUT.jsonl]

Run it in the environment of `run.py test-models`; with OMP_NUM_THREADS=1 where other programs are at work. In fold k the model is
tuned without every third topic and without one or two writers. Then those writers' questions are asked with everybody else's
indexed, all topics included, as `benchmarks/tune.py` does. hit@1 of the tuned and of the untouched model are compared question by
question, apart for topics trained on and never seen. Every question of the personas is judged once, and every topic is unseen in
one fold. Both models are asked in float32 and texts are cut at `PASSAGE_TOKENS`; the int8 model is 0.997 alike.

`--bench` names a JSON file with `passages` (id, title, text), `queries` and `queries_later` (style, q, rel): questions from
elsewhere about passages that are no part of the content. They are ranked by the vectors of the passages alone, read as the bot
would read them with these passages as its lessons.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.tune import Bench, ranks_of
from bot.runtime import corpus_of
from bot.training import Choice, training_texts
from knowledge.snapshot import load_content_from_files
from nlu.understanding import Understander
from retrieval import probe
from retrieval.changes import sign_test
from retrieval.embedders.exchange import export
from retrieval.embedders.hashing import HashEmbedder
from retrieval.evaluate import share
from retrieval.lexical import LexicalIndex
from retrieval.passages import Coverage, PassageKind
from retrieval.ranking import TopicTable, Weights
from retrieval.training.texts import TrainingText
from retrieval.training.tuner import Encoder, Recipe, average, fit, libraries

FOLDS = 3
BENCH = "robustness bench"
PASSAGE_TOKENS = 128  # of a text that is searched; longer ones are cut
Floats = NDArray[np.float32]
Embed = Callable[[Sequence[TrainingText]], Floats]  # the model as it is now

RECIPES = {
    "contrast": Recipe(epochs=0.33, batch=24),  # about a hundred steps: a fold takes some minutes
    "long": Recipe(),
}


def question(text: str) -> TrainingText:
    return TrainingText(text, "")


def passage(text: str) -> TrainingText:
    return TrainingText(text, "", is_question=False)


@dataclass(frozen=True)
class Prepared:
    """One writer's questions and an index without her: all that does not depend on the model."""

    writer: str
    topics: list[str]  # of each question
    styles: list[str]
    asked: list[TrainingText]
    indexed: list[TrainingText]
    owners: list[str]  # topic of each indexed text
    table: TopicTable
    words: Floats

    def ranks(self, embed: Embed, kinds: Sequence[Weights]) -> list[NDArray[np.intp]]:
        """Rank of the right topic for every question, from 1, by each of the weights."""
        queries, vectors = embed(self.asked), embed(self.indexed)
        told = probe.fit(vectors, self.owners)
        probed = queries @ told.weights + told.bias
        parts = self.table.parts_of_many(queries @ vectors.T, self.words, probed, Weights().best_examples)
        number = {topic: n for n, topic in enumerate(self.table.topics)}
        truth = np.array([number[topic] for topic in self.topics])
        return [ranks_of(weights.combine(parts), truth) for weights in kinds]


def prepare(bench: Bench, writer: str) -> Prepared:
    """As `Bench.ask`, up to the point where a model is needed."""
    passages = [p for p in bench.passages if bench.writer_of(p) != writer]
    understander = Understander(corpus_of(tuple(passages)))
    asked = [p for p in bench.passages if p.coverage is Coverage.COVERED and bench.writer_of(p) == writer]
    readings = [understander.read(p.text) for p in asked]
    read = [understander.read(p.text).restored for p in passages]
    table, lexical = TopicTable(passages), LexicalIndex.of(read)
    return Prepared(
        writer,
        [p.topic_id for p in asked],
        [bench.examples[p.topic_id, p.text].style or "" for p in asked],
        [question(reading.restored) for reading in readings],
        [question(r) if p.kind is PassageKind.EXAMPLE else passage(p.text) for p, r in zip(passages, read, strict=True)],
        [p.topic_id for p in passages],
        table,
        np.stack([table.words(lexical.scores(r.restored, r.normal)) for r in readings]),
    )


@dataclass(frozen=True)
class Robustness:
    """Questions from elsewhere about passages of their own."""

    styles: list[str]
    asked: list[TrainingText]
    passages: list[TrainingText]
    right: list[set[int]]

    @classmethod
    def read(cls, path: Path) -> Robustness:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        texts = [f"{one['title']}. {one['text']}" for one in record["passages"]]
        number = {one["id"]: n for n, one in enumerate(record["passages"])}
        queries = [*record["queries"], *record.get("queries_later", ())]
        reader = Understander(texts)
        return cls(
            [one["style"] for one in queries],
            [question(reader.read(one["q"]).restored) for one in queries],
            [passage(text) for text in texts],
            [{number[name] for name in one["rel"]} for one in queries],
        )

    def hits(self, embed: Embed) -> list[bool]:
        best = (embed(self.asked) @ embed(self.passages).T).argmax(axis=1)
        return [int(one) in right for one, right in zip(best, self.right, strict=True)]


@dataclass(frozen=True)
class Judged:
    """One question, asked of the untouched and of a tuned model."""

    model: str
    fold: int
    part: str
    about: str  # its topic, or its number in the bench: what belongs together when chance is reckoned
    style: str
    before: bool
    after: bool


class Models:
    """The default model with its frozen half computed once a text, tuned again and again."""

    def __init__(self, layers: int) -> None:
        self.torch, transformer = libraries()
        with tempfile.TemporaryDirectory() as folder:
            export(Path(folder) / "source")
            model = transformer(str(Path(folder) / "source"), device="cpu", local_files_only=True)
        self.encoder = Encoder(self.torch, model, layers)
        self._default = self._weights()
        self._known: dict[TrainingText, Floats] = {}  # by the weights in force

    def _weights(self) -> dict[str, Any]:
        return {name: value.detach().clone() for name, value in self.encoder.bert.state_dict().items()}

    def embed(self, texts: Sequence[TrainingText]) -> Floats:
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self.encoder.remember(new, lambda _: None, PASSAGE_TOKENS)
            self._known.update(zip(new, self.encoder.vectors(), strict=True))
        return np.stack([self._known[text] for text in texts])

    def reset(self) -> None:
        self._load(self._default)

    def _load(self, weights: dict[str, Any]) -> None:
        self.encoder.bert.load_state_dict(weights)
        self._known.clear()

    def tuned(self, texts: Sequence[TrainingText], recipe: Recipe, keeps: Sequence[float]) -> Iterator[float]:
        """Train from the default once, then take on the average of old and new weights for each share of `keeps` in turn."""
        self.reset()
        self.torch.manual_seed(recipe.seed)
        self.encoder.remember(texts, lambda _: None)
        losses = fit(self.torch, self.encoder, texts, recipe, lambda _what, _share: None)
        trained = self._weights()
        print(f"    {len(losses)} steps, loss {np.mean(losses[:10]):.4f} -> {np.mean(losses[-10:]):.4f}", flush=True)
        for keep in keeps:
            self._load(average(self.torch, self._default, trained, keep))
            yield keep
        self.reset()


def interval(judged: Sequence[Judged], draws: int = 2000) -> tuple[float, float]:
    """95 % interval of the difference in hit@1: bootstrap over topics, whose questions fare alike."""
    gains: dict[str, list[int]] = {}
    for one in judged:
        gains.setdefault(one.about, []).append(int(one.after) - int(one.before))
    sums, sizes = np.array([sum(g) for g in gains.values()]), np.array([len(g) for g in gains.values()])
    drawn = np.random.default_rng(1).integers(len(sums), size=(draws, len(sums)))
    low, high = np.percentile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), (2.5, 97.5))
    return float(low), float(high)


def changed(judged: Sequence[Judged]) -> tuple[int, int]:
    """How many questions fared better and worse; one of the bench is asked in every fold and counts once, by its balance."""
    balance: dict[object, int] = {}
    for number, one in enumerate(judged):
        question = one.about if one.part == BENCH else number
        balance[question] = balance.get(question, 0) + int(one.after) - int(one.before)
    return sum(gain > 0 for gain in balance.values()), sum(gain < 0 for gain in balance.values())


def line(name: str, judged: Sequence[Judged]) -> str:
    """Both models' share, the difference with its interval, how many questions fared better and worse, and the sign test."""
    before, after = share(one.before for one in judged), share(one.after for one in judged)
    better, worse = changed(judged)
    low, high = interval(judged)
    return (
        f"  {name:34} n {len(judged):5}  {before['share']:.4f} -> {after['share']:.4f}  {after['share'] - before['share']:+.4f}"
        f" [{low:+.4f}, {high:+.4f}]  better {better}, worse {worse}, chance {sign_test(better, worse):.3f}"
    )


def report(judged: Sequence[Judged]) -> None:
    for model in dict.fromkeys(one.model for one in judged):
        mine = [one for one in judged if one.model == model]
        print(f"\n{model}")
        for part in dict.fromkeys(one.part for one in mine):
            some = [one for one in mine if one.part == part]
            print(line(part, some))
            if part in ("never seen", BENCH):
                for style in sorted({one.style for one in some}):
                    print(line(f"  {style}", [one for one in some if one.style == style]))
        print(flush=True)


DENSE = replace(Weights(), lexical=0.0, probe=0.0)


class Fold:
    """What is left out in fold `number`, and how the untouched model does there."""

    def __init__(self, number: int, bench: Bench, robustness: Robustness | None, models: Models) -> None:
        topics = sorted({p.topic_id for p in bench.passages if p.coverage is Coverage.COVERED})
        self.number, self.unseen = number, frozenset(topics[number::FOLDS])
        self.writers = frozenset(bench.writers[number::FOLDS])
        self._asked, self._robustness = [prepare(bench, writer) for writer in sorted(self.writers)], robustness
        models.reset()
        self._before = self._flags(models.embed)
        print(f"fold {number} prepared", time.strftime("%X"), flush=True)

    def _flags(self, embed: Embed) -> list[tuple[str, str, str, bool]]:
        """Part, topic, style and success of every question."""
        found = []
        for asked in self._asked:
            for name, ranks in zip(("", ", dense alone"), asked.ranks(embed, (Weights(), DENSE)), strict=True):
                for topic, style, rank in zip(asked.topics, asked.styles, ranks, strict=True):
                    part = ("never seen" if topic in self.unseen else "trained on") + name
                    found.append((part, topic, style, bool(rank == 1)))
        if self._robustness:
            flags = self._robustness.hits(embed)
            named = zip(self._robustness.styles, flags, strict=True)
            found += [(BENCH, str(n), style, hit) for n, (style, hit) in enumerate(named)]
        return found

    def judge(self, model: str, embed: Embed) -> list[Judged]:
        after = self._flags(embed)
        return [
            Judged(model, self.number, part, about, style, before, now)
            for (part, about, style, before), (*_, now) in zip(self._before, after, strict=True)
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", action="append", choices=list(RECIPES), help="contrast by default")
    parser.add_argument("--keep", action="append", type=float, help="share of the new weights in the average; several are judged")
    parser.add_argument("--fold", action="append", type=int, choices=range(FOLDS), help="by default all")
    parser.add_argument("--bench", type=Path)
    parser.add_argument("--details", type=Path, help="write one JSON line a question")
    arguments = parser.parse_args()
    begun = time.monotonic()
    robustness = None
    if arguments.bench and arguments.bench.is_file():
        robustness = Robustness.read(arguments.bench)
    else:
        print("robustness bench: not there, skipped")
    content = load_content_from_files()
    with tempfile.TemporaryDirectory() as folder:  # its vectors are not used, only who wrote what
        bench = Bench(content, HashEmbedder(), Path(folder))
    models, judged = Models(Recipe().layers), list[Judged]()
    for number in arguments.fold or range(FOLDS):
        fold = Fold(number, bench, robustness, models)
        texts = training_texts(content, Choice(fold.writers, fold.unseen))
        print(f"fold {number}: {sorted(fold.writers)}, {len(fold.unseen)} topics left out, {len(texts)} texts", flush=True)
        for name in arguments.recipe or ["contrast"]:
            for keep in models.tuned(texts, RECIPES[name], arguments.keep or [RECIPES[name].keep]):
                judged += fold.judge(f"{name}, keep {keep}", models.embed)
            print(f"  {name}: {time.monotonic() - begun:.0f} s", flush=True)
            if arguments.details:
                rows = "".join(json.dumps(vars(one), ensure_ascii=False) + "\n" for one in judged)
                arguments.details.write_text(rows, encoding="utf-8")
    report(judged)


if __name__ == "__main__":
    main()
