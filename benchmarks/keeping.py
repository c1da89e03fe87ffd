"""Does a question go on about the topic at hand? Fits the weights of `bot/keeping.py` and judges them.

    python -m benchmarks.keeping [--fit]

The follow-ups of `knowledge/evaluation/understanding.jsonl` are asked after the question before them: the even lines are what
a fit sees, the odd ones judge it, and so do the follow-ups of `queries.jsonl`. To be run when the scores of the search change:
another embedder, another ranking.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.answering import Answerer
from bot.keeping import BIAS, WEIGHTS, evidence
from bot.runtime import open_runtime
from bot.settings import Settings
from retrieval.evaluate import share
from retrieval.retriever import Question

FOLDER = Path(__file__).parents[1] / "knowledge" / "evaluation"
STRENGTH = 1.0  # inverse regularisation
CHANGES = 3.0  # how much a change of subject weighs in the fit: there are few of them


@dataclass(frozen=True, slots=True)
class Case:
    """A question after another one: the evidence, whether the words alone say that it goes on, and whether it does."""

    text: str
    found: dict[str, float]
    leans: bool
    keeps: bool

    def kept(self, weights: dict[str, float], bias: float) -> bool:
        return self.leans or bias + sum(weights[name] * value for name, value in self.found.items()) > 0


def lines(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def case_of(answerer: Answerer, context: str, text: str, keeps: bool, topic_id: str | None = None) -> Case | None:
    """None where the question before finds no topic."""
    before = answerer.hear(context).decision
    topic_id = topic_id or (before.best.topic_id if before and before.best else None)
    if topic_id is None:
        return None
    understood = answerer.understander.understand(text)
    decision = answerer.retriever.search(Question(understood.restored, understood.normal))
    return Case(text, evidence(understood, decision, topic_id), understood.follow_up, keeps)


def fit(cases: Sequence[Case]) -> tuple[dict[str, float], float]:
    """Weights by name, and the bias; only cases that the words alone do not settle are learnt from."""
    from sklearn.linear_model import LogisticRegression

    open_cases = [case for case in cases if not case.leans]
    x = np.array([[case.found[name] for name in WEIGHTS] for case in open_cases])
    y = np.array([case.keeps for case in open_cases])
    model = LogisticRegression(C=STRENGTH, class_weight={True: 1.0, False: CHANGES}, max_iter=1000).fit(x, y)
    return dict(zip(WEIGHTS, model.coef_[0].round(2).tolist(), strict=True)), round(float(model.intercept_[0]), 2)


def report(name: str, cases: Sequence[Case], weights: dict[str, float], bias: float) -> None:
    for kind, some in (("keeps its topic", [c for c in cases if c.keeps]), ("changes it", [c for c in cases if not c.keeps])):
        if some:
            right = share([case.kept(weights, bias) == case.keeps for case in some])
            print(f"  {name:10} {kind:16} {right['share']:.3f} ({right['low']:.3f}-{right['high']:.3f})  n {len(some)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="fit new weights and judge them, too")
    arguments = parser.parse_args()
    answerer = open_runtime(Settings()).answerer
    own = [line for line in lines("understanding.jsonl") if line["part"] == "follow_up" and line.get("context")]
    cases = [case_of(answerer, str(x["context"]), str(x["text"]), x["expected"] == "keep", str(x["context_topic"])) for x in own]
    even, odd = ([case for case in cases[start::2] if case] for start in (0, 1))
    queries = [x for x in lines("queries.jsonl") if x.get("context")]
    asked = [case for x in queries if (case := case_of(answerer, str(x["context"]), str(x["text"]), True))]
    tried = {"in force": (WEIGHTS, BIAS), **({"fitted": fit(even)} if arguments.fit else {})}
    for title, (weights, bias) in tried.items():
        print(f"{title}: {json.dumps(weights)} bias {bias}")
        for name, some in (("even half", even), ("odd half", odd), ("queries", asked)):
            report(name, some, weights, bias)


if __name__ == "__main__":
    main()
