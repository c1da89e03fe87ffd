"""What people ask that no lesson answers yet: shipped as data, so that the bot can say so by name."""

from __future__ import annotations

from pathlib import Path

import yaml

from knowledge.model import Value
from knowledge.sources import LOADER


class UnknownTopic(Value):
    """A catalogue topic whose lesson is not written: questions people ask about it."""

    id: str
    examples: tuple[str, ...]


class OutsideMatter(Value):
    """A matter outside the movement (weather, gold price, recipes …)."""

    id: str
    title: str
    examples: tuple[str, ...]


class KnownUnknowns(Value):
    topics: tuple[UnknownTopic, ...] = ()
    outside: tuple[OutsideMatter, ...] = ()


def load_unknowns(content_dir: Path, language: str = "vi") -> KnownUnknowns:
    """Read `<content_dir>/<language>/unknowns.yaml`; a folder without the file has none."""
    path = content_dir / language / "unknowns.yaml"
    if not path.exists():
        return KnownUnknowns()
    return KnownUnknowns.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) or {})  # noqa: S506 – a safe loader
