"""Does the guess of danger hold with people it has never read? Each writer's messages are judged by what the others taught.

    python -m benchmarks.danger

For every `nlu/data/danger*.tsv` a model is trained on the other files. Printed: the share of dangers caught and of calm messages
taken for danger, by threshold. The writers' calm messages were made to resemble danger: ordinary questions are easier.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nlu.danger import Model, phrases_by_writer
from nlu.urgency import spot
from retrieval.evaluate import share

CALM = "none"
THRESHOLDS = ((0.4, 0.3), (0.5, 0.4), (0.6, 0.45), (0.65, 0.5), (0.7, 0.55), (0.8, 0.65))  # alone, and where a pattern agrees


def judged(writer: str) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Of that writer's messages: the risk seen without her, whether a pattern agrees, and whether there is danger."""
    others = [pair for name, pairs in phrases_by_writer().items() if name != writer for pair in pairs]
    model, mine = Model.train(others), phrases_by_writer()[writer]
    risks = np.array([1 - model.probabilities(text)[CALM] for text, _ in mine])
    return risks, np.array([spot(text) is not None for text, _ in mine]), np.array([label != CALM for _, label in mine])


def main() -> None:
    writers = [name for name in phrases_by_writer() if name != "danger.tsv"]
    found = [judged(writer) for writer in writers]
    risks, agrees, danger = (np.concatenate(parts) for parts in zip(*found, strict=True))
    print(f"{len(writers)} writers, {int(danger.sum())} dangers, {int((~danger).sum())} calm messages")
    for alone, agreed in THRESHOLDS:
        flagged = (risks >= alone) | ((risks >= agreed) & agrees)
        caught, false = share(flagged[danger].tolist()), share(flagged[~danger].tolist())
        print(
            f"  {alone:.2f} / {agreed:.2f}   caught {caught['share']:.3f} ({caught['low']:.3f}-{caught['high']:.3f})   "
            f"false alarms {false['share']:.3f} ({false['low']:.3f}-{false['high']:.3f})"
        )
    for writer, (risk, agree, is_danger) in zip(writers, found, strict=True):
        flagged = (risk >= 0.5) | ((risk >= 0.4) & agree)
        print(
            f"  {writer:20} at 0.50 / 0.40: caught {flagged[is_danger].mean():.3f}, false alarms {flagged[~is_danger].mean():.3f}"
        )


if __name__ == "__main__":
    main()
