"""The `hocvuso` command: the other composition root beside `bot/app.py`."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from admin.cli import app as admin_app
from bot.eval_cli import add_eval
from bot.procedure_cli import procedures_app
from bot.rasa_cli import app as rasa_app
from bot.runtime import Report, Runtime, is_prepared, open_runtime
from bot.settings import Settings
from bot.texts import interface_texts
from bot.training_cli import add_training
from knowledge.cli import app as content_app
from knowledge.sources import ContentError
from knowledge.translation.cli import INTERFACE
from retrieval.embedders import EmbedderError
from retrieval.index import IndexUnusable
from retrieval.model_cli import app as model_app
from retrieval.queries import BadQueryFile

app = typer.Typer(
    name="hocvuso",
    help="Trợ lý học tập Bình dân học vụ số – the virtual learning assistant.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
index_app = typer.Typer(help="Build the search index or say how it stands.", no_args_is_help=True)
app.add_typer(index_app, name="index")
app.add_typer(model_app, name="model")
app.add_typer(content_app, name="content")
app.add_typer(admin_app, name="admin")
app.add_typer(rasa_app, name="rasa")
out = Console()
err = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def settings() -> Settings:
    """Settings of the environment; a wrong one is named without a traceback."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "HOCVUSO_" + "_".join(str(part) for part in problem["loc"]).upper()
            err.print(f"[red]✖[/red] {name}: {problem['msg']}")
        raise typer.Exit(2) from error


@app.callback()
def share_settings(context: typer.Context) -> None:
    """The rooms' own commands (`content …`) find the settings, `.env` included, in the context."""
    context.obj = settings()
    context.meta[INTERFACE] = interface_texts  # translators get the bot's words, too


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A bar on the terminal's error stream for each stage of long work."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=not err.is_terminal) as progress:
        tasks: dict[str, object] = {}

        def report(what: str, share: float) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=1.0)
            progress.update(tasks[what], completed=share)  # type: ignore[arg-type]

        yield report


@contextmanager
def clear_errors() -> Iterator[None]:
    """Faults a person can mend become one line and exit code 1."""
    try:
        yield
    except (EmbedderError, IndexUnusable, BadQueryFile, ContentError, ValueError, RuntimeError) as error:
        err.print(f"[red]✖[/red] {error}", highlight=False, markup=True)
        raise typer.Exit(1) from error


@contextmanager
def runtime(*, calibrated: bool = True) -> Iterator[Runtime]:
    with clear_errors():
        with progress_bar() as report:
            opened = open_runtime(settings(), report, calibrated=calibrated)
        try:
            yield opened
        finally:
            opened.database.close()


@contextmanager
def clear_progress() -> Iterator[Report]:
    with clear_errors(), progress_bar() as report:
        yield report


app.add_typer(procedures_app(runtime, progress_bar), name="procedures")
add_eval(app, runtime, progress_bar)
add_training(model_app, lambda: settings().data_dir, clear_progress)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the web chat, the console, the webhooks and the polling channels."""
    from bot.app import run_server

    chosen = settings()
    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    if not is_prepared(chosen):  # in a process of its own, whose memory the server does not inherit
        child = subprocess.call([sys.executable, "-m", "bot.cli", "index", "build"])
        if child != 0:
            raise typer.Exit(child)
    with clear_errors(), progress_bar() as report:
        opened = open_runtime(chosen.model_copy(update=changes), report)
    run_server(opened, announce=lambda text: err.print(text, highlight=False))


@app.command()
def chat(record: Annotated[Path | None, typer.Option(help="Write a transcript that a test can replay.")] = None) -> None:
    """Talk with the bot in this terminal."""
    from bot.channels.console import run_chat

    with runtime() as opened:
        run_chat(opened.conversations, record)


@app.command()
def ask(question: str, as_json: Json = False) -> None:
    """Ask one question and print the answer."""
    from bot.ask import answer_once
    from bot.channels.console import styled
    from bot.messages import Outgoing

    with runtime() as opened:
        found = answer_once(opened, question)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for message in found["messages"]:
        out.print(styled(Outgoing(message["text"])))
        for number, button in enumerate(message["buttons"], start=1):
            out.print(f"  {number}. {button['label']}", markup=False, highlight=False)
        out.print()


@app.command()
def calibrate(
    file: Annotated[Path | None, typer.Argument(help="Query file; by default the project's own.")] = None, as_json: Json = False
) -> None:
    """Fit the thresholds to the model and the index in force."""
    from bot.procedure_quality import calibrate_procedures
    from bot.quality import OWN_QUERIES, calibrate_index

    with runtime(calibrated=False) as opened, progress_bar() as report:
        made = calibrate_index(opened.answerer, opened.store, file or OWN_QUERIES, lambda d, t: report("calibrating", d / t))
        calibrate_procedures(opened.answerer, opened.live.procedures, lambda d, t: report("procedures", d / t))
    if as_json:
        print(made.model_dump_json(indent=1))
        return
    out.print(f"answer at ≥ {made.answer_at:.3f}, ask back at ≥ {made.ask_at:.3f} (held-out folds of {made.queries}):")
    for name, value in made.report.items():
        out.print(f"  {name:24} {value:.3f}")


@app.command("demo-data")
def demo_data(
    remove: Annotated[bool, typer.Option("--remove", help="Remove the demo data and nothing else.")] = False,
    people: Annotated[int, typer.Option(min=1, max=2000, help="How many learners.")] = 60,
    seed: Annotated[int, typer.Option(help="Another number makes other people.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Fill even beside real learners.")] = False,
) -> None:
    """Fill a believable commune to look around in, or remove it again."""
    from bot.demo import command
    from bot.demo.fill import fill

    if remove:
        with clear_errors():
            out.print(command.removed_text(command.remove_from(settings())), markup=False, highlight=False)
        return
    with runtime() as opened, progress_bar() as report:
        parts = command.parts_of(opened)
        made = fill(parts, datetime.now(UTC), report, people=people, seed=seed, force=force)
        text = command.filled_text(made, opened.settings)
    out.print(text, markup=False, highlight=False, soft_wrap=True)


@index_app.command("build")
def index_build(force: Annotated[bool, typer.Option(help="Build even when nothing changed.")] = False) -> None:
    """Embed what changed, check the new build and put it in force."""
    with runtime() as opened:
        if force:
            with progress_bar() as report:
                opened.live.rebuild(report)
        meta = opened.answerer.retriever.index.meta
        out.print(f"index {meta.build}: {meta.count} texts, {meta.model_id}, built {meta.built_at} in {meta.seconds:.1f} s")


@index_app.command("status")
def index_status(as_json: Json = False) -> None:
    """Say which build is in force and whether it fits the content and the model. Changes nothing."""
    from bot.status import index_report

    with clear_errors():
        found = index_report(settings())
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for name, value in found.items():
            out.print(f"{name:18} {value}", highlight=False)
    raise typer.Exit(0 if found["usable"] else 1)


@app.command()
def doctor() -> None:
    """Check this installation and say in one line each what is well and what to do."""
    from bot.status import examine

    ok = True
    for check in examine(settings(), datetime.now(UTC)):
        ok &= check.ok
        out.print(
            f"[{'green' if check.ok else 'red'}]{'✔' if check.ok else '✖'}[/] {check.name}: {check.detail}", highlight=False
        )
    raise typer.Exit(0 if ok else 1)


def main() -> None:
    """Entry point of the `hocvuso` command."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("httpx", "httpcore", "telegram.ext", "apscheduler", "bm25s", "alembic", "fontTools", "fpdf"):
        logging.getLogger(noisy).setLevel(logging.WARNING)  # httpx writes addresses, and a bot's token stands in the address
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Windows consoles
    app()


if __name__ == "__main__":
    main()
