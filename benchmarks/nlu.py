"""Accuracy, speed and memory of the intent classifiers on sentences they were not trained on.

    python -m benchmarks.nlu [--rasa] [--json]

`--rasa` starts a real Rasa beside the embedded classifier (installed and trained first where it is not). Each is asked
`nlu/evaluation/intents.tsv` twice: the bare classifier, and the understanding as the bot runs it, where rules come first.
Out of scope is every sentence labelled `question`: it must stay one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.localities import localities
from bot.rasa import RasaClassifier, RasaUnavailable
from nlu.embedded import EmbeddedClassifier
from nlu.guess import IntentClassifier
from nlu.rasa import install
from nlu.tables import lines
from nlu.understanding import Understander

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "nlu" / "evaluation" / "intents.tsv"
REPEATS = 5
OUT = "question"
MB = 2**20


def sentences() -> list[tuple[str, str]]:
    """The held-out (intent, text) pairs."""
    rows = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [(row.split("\t")[0], row.split("\t")[1]) for row in rows if row and not row.startswith("#")]


def judged(guess: Callable[[str], str]) -> dict[str, Any]:
    """Shares of right guesses, and what each wrong one was taken for."""
    pairs = [(intent, text, guess(text)) for intent, text in sentences()]
    inside = [right == found for right, _, found in pairs if right != OUT]
    outside = [found == OUT for right, _, found in pairs if right == OUT]
    missed = Counter(right for right, _, found in pairs if right != found)
    total = Counter(right for right, _, _ in pairs)
    return {
        "in_scope": f"{sum(inside)}/{len(inside)}",
        "out_of_scope_rejected": f"{sum(outside)}/{len(outside)}",
        "per_intent": {intent: f"{count - missed[intent]}/{count}" for intent, count in total.items()},
        "wrong": [f"{text} [{right}] -> {found}" for right, text, found in pairs if right != found],
    }


def measured(classifier: IntentClassifier) -> dict[str, Any]:
    """Accuracy alone and behind the rules, and milliseconds a sentence."""
    understander = Understander(lines("everyday.txt"), classifier=classifier)
    times = [_milliseconds(classifier, text) for _ in range(REPEATS) for _, text in sentences()]
    # The bot sends what it has made readable, so the bare classifier gets that too.
    return {
        "alone": judged(lambda text: classifier.classify(understander.read(text).restored).intent.value),
        "with_rules": judged(lambda text: understander.understand(text).intent.value),
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[18], 2),
    }


def _milliseconds(classifier: IntentClassifier, text: str) -> float:
    begun = time.perf_counter()
    classifier.classify(text)
    return (time.perf_counter() - begun) * 1000


def resident_mb(pid: int | str = "self") -> float | None:
    """Memory of a process in MB; None where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / MB, 1)


def embedded() -> dict[str, Any]:
    """In this process; the memory is what the trained classifier adds to an empty Python with NumPy."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", _TRAIN, folder], check=True, cwd=ROOT)  # what training loads is not counted
        before = resident_mb()
        classifier = EmbeddedClassifier(Path(folder), localities())
        classifier.classify("xin chào")
        after = resident_mb()
        found = measured(classifier)
    added = round(after - before, 1) if before and after else None
    return {**found, "added_mb": added}


_TRAIN = "import pathlib, sys; from nlu.embedded import EmbeddedClassifier; EmbeddedClassifier(pathlib.Path(sys.argv[1]))"


def rasa() -> dict[str, Any]:
    """A real server, asked over HTTP; the memory is its whole process."""
    with rasa_server() as (client, process, started):
        found = measured(client)
        return {**found, "process_mb": resident_mb(process.pid), "start_s": round(started, 1)}


@contextmanager
def rasa_server(port: int = 5055) -> Iterator[tuple[RasaClassifier, subprocess.Popen[bytes], float]]:
    """Start Rasa with the model of today's sources; gives a client, the process, and the seconds until it answered."""
    python = install.ensure_environment()
    model = install.ensure_model(python, ROOT / "data")
    with tempfile.TemporaryDirectory() as folder:
        token, begun = install.ensure_token(Path(folder)), time.monotonic()
        command = install.serve_command(python, model, token, port)
        with (Path(folder) / "server.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=install.environment(), stdout=log, stderr=log)
        client = RasaClassifier(f"http://127.0.0.1:{port}", token.read_text(encoding="utf-8"), 30, localities())
        try:
            _wait(client, process, Path(folder) / "server.log")
            yield client, process, time.monotonic() - begun
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(client: RasaClassifier, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        try:
            client.status()
            return
        except RasaUnavailable:
            time.sleep(0.2)
    raise SystemExit("Rasa did not start:\n" + log.read_text(encoding="utf-8", errors="replace")[-2000:])


def show(name: str, found: dict[str, Any]) -> None:
    """One classifier's figures for people."""
    memory = found.get("added_mb") or found.get("process_mb")
    print(f"\n{name}: p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms, {memory} MB")
    for way in ("alone", "with_rules"):
        result = found[way]
        print(f"  {way:11} in scope {result['in_scope']}, out of scope rejected {result['out_of_scope_rejected']}")
        print("    " + ", ".join(f"{intent} {share}" for intent, share in result["per_intent"].items()))
        for line in result["wrong"]:
            print(f"      {line}")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rasa", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = {"embedded": embedded(), **({"rasa": rasa()} if chosen.rasa else {})}
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for name, result in found.items():
        show(name, result)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
