"""Does the guess of danger hold with people it has never read? Each writer's messages are judged by what the others taught.

    python -m benchmarks.danger [--data-dir FOLDER] [--words]
    python -m benchmarks.danger --fit

For every `nlu/data/danger*.tsv` but the editors' both guesses are taught by the other files. Printed, by threshold: the share of
dangers caught, and of worries and calm messages taken for a danger. Two kinds of writers are told apart: those who wrote dangers
and what resembles them (`danger_<name>`), and those who wrote everyday questions, on fraud and anything else (`danger_q_<name>`,
`danger_outside`). `--words` leaves out the guess from the meaning, as the bot does with another embedding model than its own.

`--fit` makes the guess from the meaning that comes with the project (`nlu/data/danger_meaning.npz`), to be run when a table
changed.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from nlu.classifier import Classifier, shares
from nlu.danger import (
    MEANING,
    RECIPE,
    SURE_ENOUGH,
    SURE_WITH_RULE,
    WORRIED,
    examples_by_writer,
    is_danger,
    pooled,
    risk_of,
    source,
)
from nlu.meaning import Meaning, shipped
from nlu.tables import tables
from nlu.urgency import spot
from retrieval.embedders import open_embedder
from retrieval.embedders.base import Embedder
from retrieval.evaluate import share

Floats = NDArray[np.float32]
STRENGTH = 0.02
"""Inverse regularisation of the guess from the meaning; .005 and .08 are no better."""

EDITORS = "danger.tsv"
EVERYDAY = ("danger_q_", "danger_outside")
THRESHOLDS = ((0.4, 0.3), (SURE_ENOUGH, SURE_WITH_RULE), (0.65, 0.55), (0.75, 0.65))  # alone, and where a pattern agrees


@dataclass(frozen=True, slots=True)
class Judged:
    """A message, seen by a model that never saw its writer: its true label, the risk, the worry, whether a pattern agrees."""

    writer: str
    label: str
    risk: float
    worry: float
    agrees: bool

    def flagged(self, alone: float, agreed: float) -> bool:
        return self.risk >= alone or (self.risk >= agreed and self.agrees)

    @property
    def warned(self) -> bool:
        """Taken for a danger, or shown the way to the emergency steps."""
        return self.flagged(SURE_ENOUGH, SURE_WITH_RULE) or self.risk + self.worry >= WORRIED


class Bench:
    """All messages with the embeddings of the default model; `meant` says whether the guess from the meaning has a say."""

    def __init__(self, data_dir: Path, meant: bool) -> None:
        self.writers = examples_by_writer()
        self.embedder = open_embedder("onnx", data_dir) if meant else None
        self._places = {text: at for at, text in enumerate(dict.fromkeys(text for text, _ in self._pairs()))}
        self._vectors = embedded(self.embedder, list(self._places)) if self.embedder else None

    def _pairs(self, without: str | None = None) -> list[tuple[str, str]]:
        return [pair for name, pairs in self.writers.items() if name != without for pair in pairs]

    def meaning(self, without: str | None = None) -> Meaning:
        """The guess from the meaning, taught by all writers but one."""
        assert self._vectors is not None and self.embedder is not None
        pairs = self._pairs(without)
        vectors = self._vectors[[self._places[text] for text, _ in pairs]]
        return Meaning.fit(vectors, [label for _, label in pairs], STRENGTH, self.embedder.model_id, source())

    def judge(self, writer: str) -> list[Judged]:
        """That writer's messages, by guesses that all others taught."""
        words = Classifier.train(self._pairs(writer), RECIPE)
        meaning = self.meaning(writer) if self.embedder else None

        def told(text: str) -> dict[str, float]:
            scores = words.scores(text)
            if meaning and self._vectors is not None:
                scores = pooled(scores, meaning.scores(self._vectors[self._places[text]]))
            return shares(words.labels, scores)

        found = ((label, text, told(text)) for text, label in self.writers[writer])
        return [Judged(writer, label, risk_of(p), p["worry"], spot(text) is not None) for label, text, p in found]


def embedded(embedder: Embedder, texts: list[str]) -> Floats:
    """One by one, as the bot does it: shape (texts, dimension)."""
    with ThreadPoolExecutor(2) as pool:
        return np.concatenate(list(track(pool.map(lambda text: embedder.queries([text]), texts), "Embedding", len(texts))))


def figure(values: list[bool]) -> str:
    told = share(values)
    return f"{told['share']:.3f} ({told['low']:.3f}-{told['high']:.3f}, n {len(values)})"


def by_label(judged: list[Judged]) -> dict[str, list[Judged]]:
    return {
        "dangers": [one for one in judged if is_danger(one.label)],
        "worries": [one for one in judged if one.label == "worry"],
        "calm": [one for one in judged if one.label == "none"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--words", action="store_true", help="without the guess from the meaning")
    parser.add_argument("--fit", action="store_true", help="make the guess that comes with the project, and stop")
    chosen = parser.parse_args()
    bench = Bench(chosen.data_dir, meant=not chosen.words)
    if chosen.fit:
        bench.meaning().write(shipped(MEANING))
        print(f"written: {shipped(MEANING)}")
        return
    judged = [one for writer in track(tables("danger"), "Writers") if writer != EDITORS for one in bench.judge(writer)]
    everyday = [one for one in judged if one.writer.startswith(EVERYDAY)]
    for name, some in {
        "writers of dangers": [one for one in judged if one not in everyday],
        "everyday questions": everyday,
    }.items():
        print(f"\n{name}")
        for alone, agreed in THRESHOLDS:
            told = {label: figure([m.flagged(alone, agreed) for m in messages]) for label, messages in by_label(some).items()}
            print(f"  {alone:.2f}/{agreed:.2f}  " + "   ".join(f"{label} {text}" for label, text in told.items()))
        warned = {label: figure([m.warned for m in messages]) for label, messages in by_label(some).items()}
        print("  warned or more   " + "   ".join(f"{label} {text}" for label, text in warned.items()))
    print("\nby writer, thresholds in force")
    for writer in dict.fromkeys(one.writer for one in judged):
        mine = by_label([one for one in judged if one.writer == writer])
        told = {
            label: figure([m.flagged(SURE_ENOUGH, SURE_WITH_RULE) for m in messages])
            for label, messages in mine.items()
            if messages
        }
        print(f"  {writer:24} " + "   ".join(f"{label} {text}" for label, text in told.items()))


if __name__ == "__main__":
    main()
