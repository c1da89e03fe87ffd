"""Does a question go on about the topic at hand? Fits the weights of `bot/keeping.py` and judges them.

    python -m benchmarks.keeping [--fit]

The follow-ups of `knowledge/evaluation/` are asked after the question before them, the first questions of the examiners after
one about another topic, and so are brief ones: topics' titles and phrases of `nlu.yml`. A fit sees the even lines of
`understanding.jsonl` and of the brief ones, `queries.jsonl` and the second examiner's; the odd lines and the third examiner's
judge it. To be run when the scores of the search change: another embedder, another ranking.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering import Answerer
from bot.keeping import BIAS, WEIGHTS, evidence
from bot.runtime import open_runtime
from bot.settings import Settings
from nlu.examples import phrases
from retrieval.evaluate import share
from retrieval.retriever import Question

FOLDER = Path(__file__).parents[1] / "knowledge" / "evaluation"
Line = dict[str, Any]
APART = 37  # places between a first question and the one asked before it: another topic
HARD = 5.0  # how much a change of subject in few words weighs in the fit ("thế ly hôn thì sao"): there are 15 of them
BRIEF = 3.0  # how much a brief first question does ("vneid mức 2"): people type them far more often than they are in the sets
STRENGTH = 1.0  # inverse regularisation


@dataclass(frozen=True, slots=True)
class Case:
    """A question after another one: the evidence, whether the words alone say that it goes on, and whether it does."""

    text: str
    found: dict[str, float]
    leans: bool
    keeps: bool
    weight: float = 1.0

    def kept(self, weights: dict[str, float], bias: float) -> bool:
        return self.leans or bias + sum(weights[name] * value for name, value in self.found.items()) > 0


def lines(name: str) -> list[Line]:
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


def examined(answerer: Answerer, queries: Sequence[Line]) -> list[Case]:
    """The follow-ups of a set after their context, and each first question about a topic after one about another topic."""
    follow_ups = [case_of(answerer, str(x["context"]), str(x["text"]), keeps=True) for x in queries if x.get("context")]
    first = [x for x in queries if x["topics"] and not x.get("context") and not x.get("urgent")]
    pairs = zip(first, first[APART:] + first[:APART], strict=True)  # the topics come in an order: far apart is another matter
    changes = [case_of(answerer, str(before["text"]), str(x["text"]), keeps=False) for x, before in pairs if _differ(x, before)]
    return [case for case in (*follow_ups, *changes) if case]


def brief(answerer: Answerer, titles: dict[str, str]) -> list[Case]:
    """Topics by a title or a phrase of a few words, each typed while the talk was about another topic."""
    named = [(text, "") for text, label in phrases() if label in ("question/general", "question/summary")]
    topics = list(titles)
    found = []
    for place, (text, topic) in enumerate([*named, *((title, topic) for topic, title in titles.items())]):
        heard = answerer.hear(text)
        here = topics[APART * place % len(topics)]
        if heard.decision and heard.decision.best and heard.decision.best.topic_id != here != topic:
            evidence_of = evidence(heard.understanding, heard.decision, here)
            found.append(Case(text, evidence_of, heard.understanding.follow_up, keeps=False, weight=BRIEF))
    return found


def _differ(one: Line, other: Line) -> bool:
    return not set(map(str, one["topics"])) & set(map(str, other["topics"]))


def fit(cases: Sequence[Case]) -> tuple[dict[str, float], float]:
    """Weights by name, and the bias; only cases that the words alone do not settle are learnt from."""
    from sklearn.linear_model import LogisticRegression

    open_cases = [case for case in cases if not case.leans]
    x = np.array([[case.found[name] for name in WEIGHTS] for case in open_cases])
    y = np.array([case.keeps for case in open_cases])
    weights = np.array([case.weight for case in open_cases])
    weights[y] *= weights[~y].sum() / weights[y].sum()  # both kinds weigh the same
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(x, y, sample_weight=weights)
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
    runtime = open_runtime(Settings())
    answerer, catalogue = runtime.answerer, runtime.live.content.catalogue
    titled = brief(answerer, {topic_id: entry.title for topic_id, entry in catalogue.items()})
    own = [line for line in lines("understanding.jsonl") if line["part"] == "follow_up" and line.get("context")]
    cases = [case_of(answerer, str(x["context"]), str(x["text"]), x["expected"] == "keep", str(x["context_topic"])) for x in own]
    even, odd = ([replace(case, weight=1.0 if case.keeps else HARD) for case in cases[start::2] if case] for start in (0, 1))
    queries, second, third = (examined(answerer, lines(f"{name}.jsonl")) for name in ("queries", "examiner2", "examiner3"))
    tried = {"in force": (WEIGHTS, BIAS), **({"fitted": fit([*even, *queries, *second, *titled[::2]])} if arguments.fit else {})}
    for title, (weights, bias) in tried.items():
        print(f"{title}: {json.dumps(weights)} bias {bias}")
        seen = (("even half", even), ("queries", queries), ("examiner2", second))
        for name, some in (*seen, ("brief", titled[::2]), ("odd half", odd), ("odd brief", titled[1::2]), ("examiner3", third)):
            report(name, some, weights, bias)


if __name__ == "__main__":
    main()
