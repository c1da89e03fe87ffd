"""`hocvuso eval`: figures as a table, as JSON, and as a page for the people who write the lessons."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.runtime import Report as Progress
from bot.runtime import Runtime
from retrieval.report import Report, report_of
from retrieval.runs import RunStore, run_of, runs_folder

out = Console()
err = Console(stderr=True)


def add_eval(
    app: typer.Typer, runtime: Callable[[], AbstractContextManager[Runtime]], bar: Callable[[], AbstractContextManager[Progress]]
) -> None:
    """Give the app the command; `runtime` opens the bot, `bar` shows progress."""

    @app.command("eval")
    def evaluate(
        files: list[Path],
        as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
        only_covered: Annotated[
            bool, typer.Option("--only-covered", help="Leave out queries none of whose topics has content.")
        ] = False,
        html: Annotated[Path | None, typer.Option("--html", help="Also write a report for curators to this file.")] = None,
    ) -> None:
        """Measure the answer path on labelled questions."""
        if html and not html.absolute().parent.is_dir():  # said before the minutes of measuring
            raise typer.BadParameter(f"there is no folder {html.parent}", param_hint="--html")
        with runtime() as opened, bar() as progress:
            measured = [_measure(opened, file, only_covered, progress) for file in files]
        if html:
            html.write_text(_page(opened, [report for _, report in measured]), encoding="utf-8", newline="\n")
            err.print(f"Report for curators: {html}", highlight=False, markup=False)
        _show(dict(zip(map(str, files), (figures for figures, _ in measured), strict=True)), as_json)


def _measure(opened: Runtime, file: Path, only_covered: bool, progress: Progress) -> tuple[dict[str, Any], Report]:
    """The figures of one file and the report for curators; the run is kept, to be compared with the next."""
    from bot.quality import calibrated_on, evaluation_report, known_topics, put_queries

    judged = put_queries(opened.answerer, file, lambda done, total: progress(file.name, done / total))
    figures = evaluation_report(opened.answerer, file, judged, only_covered)
    topics = known_topics(opened.answerer, opened.live())
    run = run_of(judged, figures["made_with"], topics, datetime.now(UTC), calibrated_on(opened.answerer))
    store = RunStore(runs_folder(opened.settings.data_dir))
    report = report_of(run, store.before(run))
    store.save(run)
    return figures, report


def _page(opened: Runtime, reports: list[Report]) -> str:
    from admin.evaluation_page import evaluation_page

    return evaluation_page(reports, opened.settings.public_url)


def _show(figures: dict[str, dict[str, Any]], as_json: bool) -> None:
    from bot.reporting import evaluation_table

    if as_json:
        print(json.dumps(next(iter(figures.values())) if len(figures) == 1 else figures, ensure_ascii=False, indent=1))
        return
    for name, found in figures.items():
        evaluation_table(out, name, found)
