"""Does the guess of danger hold with people it has never read? Each writer's messages are judged by what the others taught.

    python -m benchmarks.danger

For every `nlu/data/danger*.tsv` but the editors' a model is trained on the other files. Printed, by threshold: the share of
dangers caught, and of worries and calm messages taken for a danger. Two kinds of writers are told apart: those who wrote dangers
and what resembles them (`danger_<name>`), and those who wrote everyday questions, on fraud and anything else (`danger_q_<name>`,
`danger_outside`).
"""

from __future__ import annotations

from dataclasses import dataclass

from nlu.danger import SURE_ENOUGH, SURE_WITH_RULE, WORRIED, Model, is_danger, phrases_by_writer, risk_of
from nlu.urgency import spot
from retrieval.evaluate import share

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


def judge(writer: str) -> list[Judged]:
    """That writer's messages, by a model of all others."""
    writers = phrases_by_writer()
    model = Model.train([pair for name, pairs in writers.items() if name != writer for pair in pairs])
    found = ((label, text, model.probabilities(text)) for text, label in writers[writer])
    return [Judged(writer, label, risk_of(p), p["worry"], spot(text) is not None) for label, text, p in found]


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
    judged = [one for writer in phrases_by_writer() if writer != EDITORS for one in judge(writer)]
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
