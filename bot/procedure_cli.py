"""`hocvuso procedures import | status | search`."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.runtime import Report, Runtime
from knowledge.cli import database_url
from knowledge.procedures.reading import Reading, read_records
from knowledge.procedures.store import Imported, save_procedures, stock
from storage import Database, open_database, upgrade

OpenRuntime = Callable[[], AbstractContextManager[Runtime]]
ProgressBar = Callable[[], AbstractContextManager[Report]]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
MOST_NAMED = 50  # bad lines printed one by one
out = Console()


def procedures_app(open_runtime: OpenRuntime, progress_bar: ProgressBar) -> typer.Typer:
    """The commands, with the composition root's way of opening a runtime and of showing progress."""
    app = typer.Typer(help="Official procedures of the national portal, a second source beside the topics.", no_args_is_help=True)

    @app.command("import")
    def import_file(
        context: typer.Context,
        file: Annotated[Path, typer.Argument(help="One JSON record a line.", exists=True, dir_okay=False)],
        replace: Annotated[bool, typer.Option("--replace", help="Remove procedures that are not in the file.")] = False,
    ) -> None:
        """Check a file of records and take the good ones over; bad lines are named and kept out (then exit code 1)."""
        with progress_bar() as report:
            reading = read_records(file, lambda done, total: report("checking records", done / total))
        _name_bad(reading)
        if not reading.procedures:
            typer.echo("no good record: nothing was changed", err=True)
            raise typer.Exit(1)
        if replace and reading.bad:
            typer.echo("with bad lines nothing is removed: mend them, then use --replace again", err=True)
        done = _save(_open(context), reading, progress_bar, remove_missing=replace and not reading.bad)
        _say(done, len(reading.bad))
        with open_runtime() as opened:  # builds the index of names and its thresholds where they do not fit any more
            _report_index(opened)
        raise typer.Exit(1 if reading.bad else 0)

    @app.command()
    def status(context: typer.Context, as_json: Json = False) -> None:
        """How many procedures there are, and of when."""
        with _open(context).reading() as session:
            found = asdict(stock(session))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        for name, value in found.items():
            out.print(f"{name:18} {', '.join(value) or '–' if isinstance(value, tuple) else value}", highlight=False)

    @app.command()
    def search(question: str, limit: Annotated[int, typer.Option(min=1, max=50)] = 10) -> None:
        """The procedures nearest to a question, with their scores: for curators, whatever the topics say."""
        from bot.procedure_quality import rank

        with open_runtime() as opened:
            live = opened.live.procedures
            if live.search is None:
                typer.echo("no procedures yet: hocvuso procedures import FILE", err=True)
                raise typer.Exit(1)
            table = Table("code", "procedure", "level", "score", "covered", title=question)
            for found in rank(opened.answerer, live.search, question)[:limit]:
                procedure = live.book.by_code[found.code]
                table.add_row(found.code, procedure.name, procedure.level, f"{found.score:.3f}", f"{found.covered:.2f}")
        out.print(table)

    return app


def _open(context: typer.Context) -> Database:
    database = open_database(database_url(context))
    upgrade(database)
    return database


def _name_bad(reading: Reading) -> None:
    for bad in reading.bad[:MOST_NAMED]:
        typer.echo(f"kept out, {bad}", err=True)
    if len(reading.bad) > MOST_NAMED:
        typer.echo(f"… and {len(reading.bad) - MOST_NAMED} more bad lines", err=True)


def _save(database: Database, reading: Reading, progress_bar: ProgressBar, *, remove_missing: bool) -> Imported:
    with progress_bar() as report, database.session() as session:
        return save_procedures(
            session,
            reading.procedures,
            remove_missing=remove_missing,
            progress=lambda done, total: report("saving procedures", done / total),
        )


def _say(done: Imported, bad: int) -> None:
    changed = f"{done.created} created, {done.updated} updated, {done.removed} removed, {done.unchanged} unchanged"
    typer.echo(f"{done.created + done.updated + done.removed} changed ({changed}); {bad} bad lines kept out")
    if done.missing:
        typer.echo(f"{done.missing} procedures are not in this file and stay (--replace removes them)")


def _report_index(opened: Runtime) -> None:
    search = opened.live.procedures.search
    if search is not None:
        meta, thresholds = search.index.meta, search.thresholds
        shown = f"shown from {thresholds.show_at:.2f} on" if thresholds else "not shown yet: hocvuso calibrate"
        typer.echo(f"searchable: {len(search.codes)} procedures under {meta.count} names, {shown}")
