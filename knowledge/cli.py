"""`hocvuso content load | export | check | format | coverage`."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from knowledge.check import check_content
from knowledge.files import read_topic, save_topic
from knowledge.findings import Severity
from knowledge.folder import CONTENT_DIR
from knowledge.model import Level, VariantKey
from knowledge.snapshot import Content, load_content_from_files
from knowledge.sources import ContentError
from knowledge.transfer import export_topics, load_folder
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
def export(context: typer.Context, folder: Annotated[Path, typer.Argument(help="Where to write.")]) -> None:
    """Write the database's topics as content files."""
    with _open(context).reading() as session:
        paths = export_topics(session, folder)
    typer.echo(f"{len(paths)} files written to {folder}")


@app.command()
def check(
    folder: ContentFolder = CONTENT_DIR,
    evaluation: Annotated[list[Path] | None, typer.Option(help="Questions that examples must not repeat.", exists=True)] = None,
    strict: Annotated[bool, typer.Option(help="Warnings fail, too.")] = False,
) -> None:
    """Look for mistakes in content files; ends with 1 if there are errors."""
    findings = check_content(folder, evaluation or (), datetime.now().astimezone().date())
    for finding in findings:
        typer.echo(str(finding))
    counts = Counter(finding.severity for finding in findings)
    typer.echo(f"{counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings")
    if counts[Severity.ERROR] or (strict and findings):
        raise typer.Exit(1)


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
def coverage(folder: ContentFolder = CONTENT_DIR) -> None:
    """Which topics of the plan have a text, at which level, with how many examples and quiz items."""
    content = load_content_from_files(folder)
    table = Table("area", "topic", "standard", "simple", "examples", "items", title="Coverage of the catalogue")
    for area in content.areas:
        for entry in (e for e in content.catalogue.values() if e.area == area.id):
            table.add_row(area.id, entry.id, *_cells(content, entry.id))
    console = Console(width=max(100, Console().width))
    console.print(table)
    console.print(f"{len(content.topics)} of {len(content.catalogue)} topics have content")


def _cells(content: Content, topic_id: str) -> list[str]:
    marks = ["✓" if VariantKey(topic_id=topic_id, level=level) in content.views else "" for level in Level]
    view = content.view(topic_id)
    return [*marks, str(len(view.examples)) if view else "", str(len(content.quiz_for(topic_id)) or "")]
