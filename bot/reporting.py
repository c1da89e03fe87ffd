"""Evaluation figures as a table with a traffic light, readable by people who did not write the software."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

GOOD, FAIR = 0.85, 0.7


def _light(share: float | None) -> str:
    if share is None:
        return "–"
    colour = "green" if share >= GOOD else "yellow" if share >= FAIR else "red"
    return f"[{colour}]{'●' if share >= GOOD else '◐' if share >= FAIR else '○'} {share:.2f}[/]"


def _row(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    low, high = found["hit1_ci95"]
    interval = f"{low:.2f}–{high:.2f}" if low is not None else "–"
    plain = (f"{found[key]:.2f}" if found[key] is not None else "–" for key in ("hit3", "mrr", "answered", "wrong_answer"))
    return (name, str(found["n"]), _light(found["hit1"]), interval, *plain)


def evaluation_table(console: Console, file: str, report: dict[str, Any]) -> None:
    """Print one report."""
    table = Table(title=f"{file} · index {report['made_with']['index_build']} · {report['made_with']['model']}")
    for column in ("style", "n", "hit@1", "95 %", "hit@3", "MRR", "answered", "wrong"):
        table.add_column(column, justify="left" if column == "style" else "right")
    for style, found in report["by_style"].items():
        table.add_row(*_row(style, found))
    table.add_section()
    table.add_row(*_row("overall", report["overall"]))
    console.print(table)
    for name in ("ood", "uncovered", "procedure", "urgent", "followup", "latency_ms"):
        if name in report:
            console.print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in report[name].items()), highlight=False)
    _topics(console, report["items"])


def _topics(console: Console, items: list[dict[str, Any]]) -> None:
    """A light for each topic: how many of its questions it won."""
    found: dict[str, list[bool]] = {}
    for item in items:
        for topic in item["expected"][:1]:
            found.setdefault(topic, []).append(bool(set(item["topics"][:1]) & set(item["expected"])))
    table = Table(title="by topic (first expected)")
    for column in ("topic", "n", "hit@1"):
        table.add_column(column)
    for topic, hits in sorted(found.items(), key=lambda pair: sum(pair[1]) / len(pair[1])):
        table.add_row(topic, str(len(hits)), _light(sum(hits) / len(hits)))
    console.print(table)
