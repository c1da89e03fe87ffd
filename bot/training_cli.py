"""`hocvuso model train`: a better embedding model from the content's and a province's own questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.training import Choice, train
from knowledge.snapshot import load_content_from_files

Report = Callable[[str, float], None]


def add_training(app: typer.Typer, data_dir: Callable[[], Path], bar: Callable[[], AbstractContextManager[Report]]) -> None:
    """Add the command to `hocvuso model`; it needs the extra `models` and asks no network."""

    @app.command("train")
    def command(
        name: Annotated[str, typer.Option(help="Name of the new model.")] = "tuned",
        questions: Annotated[
            Path | None, typer.Option(exists=True, help="Own labelled questions (JSON lines with text and topics), as for eval.")
        ] = None,
        epochs: Annotated[float, typer.Option(min=0.01, help="Times every question is looked at.")] = 1.0,
        without_writer: Annotated[list[str] | None, typer.Option(help="Leave a writer out, to judge the model by.")] = None,
        without_topic: Annotated[list[str] | None, typer.Option(help="Leave a topic out, to judge the model by.")] = None,
    ) -> None:
        """Fine-tune the default model on example questions and their noisy copies; about half an hour on two cores.

        Then compare with `python -m benchmarks.tune --embedder onnx:NAME` before setting HOCVUSO_EMBEDDER=onnx:NAME.
        """
        choice = Choice(frozenset(without_writer or ()), frozenset(without_topic or ()), questions)
        with bar() as report:
            made = train(load_content_from_files(), choice, data_dir(), name, report, epochs=epochs)
        typer.echo(json.dumps(made))
        typer.echo(f"onnx:{name}")
