"""Keeps what the accent model learnt: counting thousands of sentences takes seconds, reading the counts does not."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from nlu.restoration import Counts, learn

_VERSION = 1  # another number: what older code kept is learnt anew
_KEPT = 3  # corpora: of the content in force, and of the ones before, while other processes still change over


def counts_of(texts: Sequence[str], taught: Callable[[Sequence[str]], Iterable[str]], folder: Path | None) -> Counts:
    """The counts of the sentences `taught(texts)`, read from `folder` where the same `texts` were counted before."""
    if folder is None:
        return learn(taught(texts))
    path = folder / f"accents-{_key(texts)}.json"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):  # a damaged file is only slow, never wrong
        return _read(path)
    counts = learn(taught(texts))
    with suppress(OSError):
        _write(path, counts)
    return counts


def _key(texts: Sequence[str]) -> str:
    digest = hashlib.sha256(f"{_VERSION}".encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:16]


def _read(path: Path) -> Counts:
    kept = json.loads(path.read_text(encoding="utf-8"))
    triples = {tuple(pair.split(" ")): followers for pair, followers in kept["triples"].items()}
    return Counts(kept["single"], kept["pairs"], triples)


def _write(path: Path, counts: Counts) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    triples = {" ".join(pair): followers for pair, followers in counts.triples.items()}
    kept = {"single": counts.single, "pairs": counts.pairs, "triples": triples}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path)
    older = sorted(path.parent.glob("accents-*.json"), key=lambda one: one.stat().st_mtime, reverse=True)[_KEPT:]
    for one in older:
        one.unlink(missing_ok=True)
