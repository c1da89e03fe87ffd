"""The training phrases in `nlu/data/nlu.yml`, in the format Rasa reads."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


@cache
def phrases() -> tuple[tuple[str, str], ...]:
    """Return (phrase, intent) pairs; questions carry their aspect: "question/fee"."""
    document = yaml.safe_load((files("nlu") / "data" / "nlu.yml").read_text(encoding="utf-8"))
    return tuple(
        (line.lstrip("- ").strip(), block["intent"]) for block in document["nlu"] for line in block["examples"].splitlines()
    )
