"""`hocvuso content export --translate | import-translation | languages`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from knowledge.translation.build import KitError, build_kit
from knowledge.translation.coverage import LanguageCoverage, language_coverage
from knowledge.translation.exchange import Imported, Refused, import_kit, read_kit, write_kit
from knowledge.translation.units import Interface
from storage import Database

INTERFACE: Final = "hocvuso.interface"
"""The key in the command's context under which the composition root leaves a function giving the interface texts."""

Open = Callable[[typer.Context], Database]


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except KitError as error:
        typer.echo(f"Không làm được: {error}", err=True)
        raise typer.Exit(1) from error
    except Refused as error:
        typer.echo(f"Chưa nhập gì. {len(error.problems)} chỗ cần sửa:", err=True)
        for problem in error.problems:
            typer.echo(f"- {problem}", err=True)
        raise typer.Exit(1) from error


def _interface(context: typer.Context) -> Interface:
    given: Callable[[], Interface] = context.meta.get(INTERFACE, dict)
    return given()


def export_kit(context: typer.Context, database: Database, language: str, folder: Path, topics: str) -> None:
    """Write the kit of a language and say what is in it."""
    chosen = [topic.strip() for topic in topics.split(",") if topic.strip()]
    with _clear_errors(), database.reading() as session:
        kit = build_kit(session, language, _interface(context), chosen)
        paths = write_kit(kit, folder)
    filled = sum(bool(unit.target) for unit in kit.units)
    typer.echo(f"Tiếng {kit.name}: {len(kit.units)} dòng, {filled} dòng đã có bản nháp")
    for path in paths:
        typer.echo(str(path))


def add_commands(app: typer.Typer, opened: Open) -> None:
    """Give the group `content` the commands of this room; `opened` opens the database of a context."""

    @app.command("import-translation")
    def import_translation(
        context: typer.Context,
        file: Annotated[Path, typer.Argument(help="A kit that came back: .xlsx, .po, .xlf", exists=True, dir_okay=False)],
        translator: Annotated[str, typer.Option(help="Who translated, where the file does not say.")] = "",
    ) -> None:
        """Take over a translator's file as drafts; with any fault nothing is imported."""
        with _clear_errors(), opened(context).session() as session:
            _say(import_kit(session, read_kit(file), _interface(context), translator))

    @app.command()
    def languages(
        context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False
    ) -> None:
        """How far each language is: interface words, core lessons, recordings, glossary."""
        with opened(context).reading() as session:
            found = language_coverage(session, len(_interface(context)))
        if as_json:
            typer.echo(json.dumps([row.as_json() for row in found], ensure_ascii=False, indent=1))
        else:
            Console(width=max(110, Console().width)).print(coverage_table(found))


def _say(report: Imported) -> None:
    typer.echo(f"Đã nhập: {len(report.lessons)} bài (bản nháp), {report.words} từ ngữ, {report.remarks} ghi chú và bản ghi âm.")
    for name in report.lessons:
        typer.echo(f"bản nháp mới: {name}")
    for piece in report.unfinished:
        typer.echo(f"chưa nhập phần này vì còn thiếu: {piece}")


def coverage_table(found: list[LanguageCoverage]) -> Table:
    """The table of `content languages`."""
    headings = ("id", "language", "words draft", "words published", "core draft", "core published", "audio", "glossary", "trial")
    table = Table(*headings, title="Languages besides Vietnamese")
    for row in found:
        words = (f"{row.words_draft}/{row.words_total}", f"{row.words_published}/{row.words_total}")
        core = (f"{row.core_draft}/{row.core_total}", f"{row.core_published}/{row.core_total}")
        table.add_row(row.language, row.name, *words, *core, str(row.audio), str(row.glossary), "yes" if row.on_trial else "")
    return table
