"""What each stage of understanding and retrieval costs beside the embedding, in one run and one process.

    python -m benchmarks.stages [--questions 300]

Reads, restores, embeds, looks up and decides each question of the project's own evaluation sets once, stage by stage. The target:
all that is not embedding takes at most half of the embedding's time. A repeated question is timed as well: it comes from memory.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from knowledge.folder import CONTENT_DIR
from retrieval.decide import decide
from retrieval.retriever import CANDIDATES, NEAREST, Question

TARGET = 0.5
EMBEDDING = "embedding"
T = TypeVar("T")


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)

    def __call__(self, stage: str, work: Callable[[], T]) -> T:
        begun = time.perf_counter()
        found = work()
        self.times[stage].append((time.perf_counter() - begun) * 1000)
        return found


def questions(count: int) -> list[str]:
    """New questions of two authors, in turn."""
    files = [CONTENT_DIR.parent / "evaluation" / name for name in ("queries.jsonl", "examiner.jsonl")]
    texts = [[json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line] for file in files]
    return [text for pair in zip(*texts, strict=False) for text in pair][:count]


def ask(runtime: Runtime, text: str, watch: Stopwatch) -> None:
    """One question, stage by stage, as `Retriever` and `Answerer` put them together."""
    understander, retriever = runtime.answerer.understander, runtime.answerer.retriever
    index = retriever.index
    reading = watch("read: normalise, restore accents, mask", lambda: understander.read(text))
    if not reading.restored.strip() or index.calibration is None:
        return
    calibration = index.calibration
    vector = watch(EMBEDDING, lambda: runtime.embedder.queries([reading.restored]))
    watch("judge: intent, aspect, urgency", lambda: understander.judge(reading))
    words = watch("words: BM25, two fields", lambda: index.table.words(index.lexical.scores(reading.restored, reading.normal)))
    shares = watch("words the topics know", lambda: index.reranker.words.shares(reading.normal))
    scores, rows = watch("vectors: FAISS", lambda: index.vectors.best_rows(vector, NEAREST))

    def rank() -> None:
        dense = np.full(len(index.passages), scores[-1], dtype=np.float32)
        dense[rows] = scores
        first = index.table.rank(dense, words, CANDIDATES, index.probe.values(vector[0]))
        ranked = index.reranker.rerank(first, shares, vector[0])
        decide(ranked, len(reading.restored.split()), calibration, index.meta.build)

    watch("rank and decide", rank)
    question = Question(reading.restored, reading.normal)
    retriever.search(question)
    watch("a repeated question, all of it", lambda: retriever.search(question))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=300)
    runtime, watch = open_runtime(Settings()), Stopwatch()
    asked = questions(parser.parse_args().questions)
    for text in asked[:10]:
        ask(runtime, text, Stopwatch())  # warm
    for text in asked[10:]:
        ask(runtime, text, watch)
    medians = {stage: statistics.median(times) for stage, times in watch.times.items()}
    for stage, median in medians.items():
        print(f"{stage:42} p50 {median:7.3f} ms   p95 {np.quantile(watch.times[stage], 0.95):7.3f} ms")
    beside = sum(median for stage, median in medians.items() if stage not in (EMBEDDING, "a repeated question, all of it"))
    share = beside / medians[EMBEDDING]
    print(f"{len(runtime.answerer.retriever.index.passages)} passages; all but the embedding / embedding: {share:.2f} ", end="")
    print(f"(target: at most {TARGET}) {'ok' if share <= TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
