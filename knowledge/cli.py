"""`hocvuso content load | export | check | format | pictures | card | coverage`."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from knowledge.cards import KINDS, render
from knowledge.check import check_content
from knowledge.check_examples import Queries, highest_overlap, read_queries
from knowledge.coverage import Coverage, coverage_of
from knowledge.coverage_page import coverage_page
from knowledge.examples import all_examples
from knowledge.files import read_topic, save_topic
from knowledge.findings import Severity
from knowledge.folder import CONTENT_DIR, read_folder
from knowledge.model import Level, Status, VariantKey
from knowledge.pictures.build import build, media_dir
from knowledge.snapshot import Content, load_content, load_content_from_files
from knowledge.sources import ContentError
from knowledge.store import variant_keys, variant_state
from knowledge.transfer import export_topics, load_folder
from knowledge.translation.cli import add_commands, export_kit
from storage import Database, open_database, upgrade

app = typer.Typer(no_args_is_help=True, help="Texts, quiz items and courses: load, export, check.")

ContentFolder = Annotated[Path, typer.Argument(help="A content folder.", exists=True, file_okay=False)]


def database_url(context: typer.Context) -> str:
    """The URL of the composition root's settings (`context.obj.database`), else the environment's or the data folder's."""
    given: str | None = getattr(context.obj, "database", None)
    folder = os.environ.get("HOCVUSO_DATA_DIR", "data")
    return given or os.environ.get("HOCVUSO_DATABASE_URL") or f"sqlite:///{folder}/hocvuso.db"


def _open(context: typer.Context) -> Database:
    database = open_database(database_url(context))
    upgrade(database)
    return database


@app.command()
def load(context: typer.Context, folder: ContentFolder = CONTENT_DIR) -> None:
    """Load content files into the database; texts that people have edited or confirmed stay."""
    try:
        with _open(context).session() as session:
            report = load_folder(session, folder)
    except ContentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    counts = {name: len(getattr(report, name)) for name in ("created", "updated", "kept", "removed")}
    typer.echo(", ".join(f"{number} {name}" for name, number in counts.items()))
    for name in report.kept:
        typer.echo(f"kept as edited here: {name}")


@app.command()
def export(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(help="Where to write.")] = None,
    out: Annotated[Path | None, typer.Option(help="The same as the argument.")] = None,
    translate: Annotated[str, typer.Option(help="Write a translator's kit for that language instead.")] = "",
    topics: Annotated[str, typer.Option(help="Lessons of the kit, divided by commas; by default the core ones.")] = "",
) -> None:
    """Write the database's topics as content files, or a translator's kit (XLSX, PO, XLIFF)."""
    target = folder or out
    if target is None:
        raise typer.BadParameter("say where to write: a folder, or --out")
    if translate:
        export_kit(context, _open(context), translate, target, topics)
        return
    with _open(context).reading() as session:
        paths = export_topics(session, target)
    typer.echo(f"{len(paths)} files written to {target}")


@app.command()
def check(
    folder: ContentFolder = CONTENT_DIR,
    evaluation: Annotated[list[Path] | None, typer.Option(help="Questions that examples must not repeat.", exists=True)] = None,
    strict: Annotated[bool, typer.Option(help="Warnings fail, too.")] = False,
) -> None:
    """Look for mistakes in content files; ends with 1 if there are errors."""
    findings = check_content(folder, evaluation or (), _today())
    for finding in findings:
        typer.echo(str(finding))
    if evaluation:
        typer.echo(_closest(folder, evaluation))
    counts = Counter(finding.severity for finding in findings)
    typer.echo(f"{counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings")
    if counts[Severity.ERROR] or (strict and findings):
        raise typer.Exit(1)


def _closest(folder: Path, evaluation: list[Path]) -> str:
    """The example that comes closest to an evaluation question, however far that is."""
    found = highest_overlap(all_examples(folder), Queries(read_queries(evaluation)))
    if found is None:
        return "no example shares anything with the evaluation"
    overlap, topic, text = found
    return f"highest overlap with the evaluation: {overlap.share:.2f}, {topic}: {text!r} with query {overlap.query}"


@app.command("format")
def format_files(folder: ContentFolder = CONTENT_DIR) -> None:
    """Rewrite topic and examples files in canonical form, without changing what they say."""
    changed = 0
    for path in sorted(folder.glob("*/topics/*.md")):
        try:
            changed += len(save_topic(read_topic(path, path.parent.parent.name), path.parent.parent))
        except ContentError as error:
            typer.echo(str(error), err=True)
    typer.echo(f"{changed} files rewritten")


@app.command()
def pictures(
    folder: Annotated[Path | None, typer.Option(help="Where the PNG files go; by default the content's media.")] = None,
    svg: Annotated[Path | None, typer.Option(help="A folder for the drawings as SVG.")] = None,
) -> None:
    """Draw the step pictures whose scenes changed."""
    try:
        written = build(folder or media_dir(), svg=svg)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{len(written)} pictures drawn: {', '.join(written) or 'all were up to date'}")


@app.command()
def card(
    context: typer.Context,
    topic: str,
    level: Annotated[Level, typer.Option(help="Reading level.")] = Level.SIMPLE,
    out: Annotated[Path | None, typer.Option(help="A .png, .pdf or .svg file; by default TOPIC.png here.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Address of the bot for the QR code; empty: no code.")] = None,
) -> None:
    """Make the large-print card of a topic, from the published text."""
    file = out or Path(f"{topic}.png")
    view, kind = _published(context).view(topic, level=level), file.suffix.removeprefix(".").lower()
    if view is None or kind not in KINDS:
        typer.echo(f"no published text: {topic}" if view is None else f"a card is one of {', '.join(KINDS)}", err=True)
        raise typer.Exit(1)
    address = getattr(context.obj, "public_url", "") if base_url is None else base_url
    file.write_bytes(render(view, kind, _today(), address, media_dir().parent))
    typer.echo(f"{file} ({view.title}, {view.key.level.value})")


def _published(context: typer.Context) -> Content:
    """What the database has published; before the first start, the shipped files."""
    with _open(context).reading() as session:
        content = load_content(session)
    return content if content.views else load_content_from_files(CONTENT_DIR)


@app.command()
def coverage(
    context: typer.Context,
    folder: ContentFolder = CONTENT_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Rows and totals as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file instead.")] = None,
    stored: Annotated[bool, typer.Option(help="The workflow's status from the database, not as loading would set it.")] = False,
) -> None:
    """Which topics have a text, by language and level, how old, with how many questions and quiz items."""
    try:
        found = coverage_of(read_folder(folder), _today(), _statuses(context) if stored else None)
    except ContentError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        return typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    if html:
        html.write_text(coverage_page(found), encoding="utf-8", newline="\n")
    else:
        _print_table(found)
    for total in found.totals:
        typer.echo(str(total))


def _today() -> date:
    return datetime.now().astimezone().date()


def _statuses(context: typer.Context) -> Mapping[VariantKey, Status]:
    with _open(context).reading() as session:
        states = (variant_state(session, key) for key in variant_keys(session))
        return {state.key: state.status for state in states if state}


def _print_table(found: Coverage) -> None:
    table = Table(*("area", "topic", "text", "status", "age", "questions", "items"), title="Coverage of the catalogue")
    for row in found.rows:
        age = "" if row.age is None else f"{row.age} {'!' if row.overdue else ''}"
        text = f"{row.language} {row.level}"
        table.add_row(row.area, row.topic, text, row.status, age.strip(), _counted(row.questions), _counted(row.items))
    console = Console(width=max(100, Console().width))
    console.print(table)


def _counted(number: int) -> str:
    return str(number) if number else ""


add_commands(app, _open)
