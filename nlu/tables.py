"""Read the small word tables that ship in `nlu/data`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


def content(name: str) -> bytes:
    """The bytes of `nlu/data/<name>`."""
    return (files("nlu") / "data" / name).read_bytes()


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of `nlu/data/<name>` without blank lines and `#` comments."""
    text = content(name).decode()
    stripped = (line.rstrip() for line in text.splitlines())
    return tuple(line for line in stripped if line and not line.startswith("#"))


@cache
def tables(stem: str) -> tuple[str, ...]:
    """Names of the tab-separated tables in `nlu/data` that begin with `stem`."""
    return tuple(
        sorted(
            found.name
            for found in (files("nlu") / "data").iterdir()
            if found.name.startswith(stem) and found.name.endswith(".tsv")
        )
    )


@cache
def word_set(name: str) -> frozenset[str]:
    """Return every space-separated word of `nlu/data/<name>`."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def table(name: str) -> dict[str, list[str]]:
    """Return the lists of the YAML file `nlu/data/<name>` by their key, in the order of the file."""
    loaded: dict[str, list[str]] = yaml.safe_load((files("nlu") / "data" / name).read_text(encoding="utf-8"))
    return loaded
