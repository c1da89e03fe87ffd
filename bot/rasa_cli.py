"""`hocvuso rasa …`: the files Rasa is trained from, and how a text looks to the classifier in force."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from bot.localities import localities
from bot.rasa import RasaUnavailable, rasa_of
from bot.settings import Settings
from nlu.masking import mask
from nlu.rasa.generate import FOLDER, write

app = typer.Typer(help="Rasa beside the embedded classifier of intents (docs/rasa.md).", no_args_is_help=True)


@app.command()
def generate() -> None:
    """Write Rasa's config, domain and training data from the one source, nlu/data."""
    changed = write(localities())
    for name in changed:
        print(f"written: {FOLDER / name}")
    if not changed:
        print("nothing changed")


@app.command()
def parse(context: typer.Context, text: str) -> None:
    """Show what Rasa makes of a text (personal numbers are hidden before it is sent)."""
    settings = context.obj if isinstance(context.obj, Settings) else Settings()
    rasa = rasa_of(settings)
    try:
        print(json.dumps(asdict(rasa.classify(mask(text).text)), ensure_ascii=False, indent=1))
    except RasaUnavailable as problem:
        print(f"✖ Rasa at {settings.rasa_url}: {problem} (try: python run.py rasa)")
        raise typer.Exit(1) from None
    finally:
        rasa.close()
