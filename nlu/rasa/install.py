"""`python run.py rasa`: find a Python 3.10, make Rasa's own environment, train where the source changed, serve on loopback.

Plain Python without packages, as `run.py` calls it before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
VENV = ROOT / ".venv-rasa"
PACKAGES = ("rasa==3.6.21",)
CONSTRAINTS = FOLDER / "constraints.txt"
DEFAULT_PORT = 5005
WANTED = (3, 10)
FREE_MB = 5000
"""What pip needs for the download and the 2.7 GB it becomes."""

HOW_TO_GET_ONE = """\
No Python 3.10 was found, and Rasa runs on no newer one. The bot itself does not need it: HOCVUSO_NLU=embedded (the default).
  Debian, Ubuntu   pyenv install 3.10    (github.com/pyenv/pyenv), or: apt install python3.10 python3.10-venv
  Windows          winget install Python.Python.3.10
  macOS            brew install python@3.10
  anywhere else    set HOCVUSO_RASA_PYTHON to the path of a Python 3.10
Không tìm thấy Python 3.10, mà Rasa không chạy được trên bản mới hơn. Bot vẫn chạy bình thường không cần Rasa.
Cài Python 3.10 theo một cách ở trên, rồi chạy lại lệnh này."""


class CannotInstall(RuntimeError):
    """Something a person has to mend; its text says what."""


def candidates() -> Iterator[list[str]]:
    """Commands that may start a Python 3.10, the likeliest first."""
    if chosen := os.environ.get("HOCVUSO_RASA_PYTHON"):
        yield [chosen]
        return
    yield ["python3.10"]
    if os.name == "nt":
        yield ["py", "-3.10"]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for folder in sorted((pyenv / "versions").glob("3.10.*"), reverse=True):
        yield [str(folder / "bin" / "python")]
    for folder in (Path("/opt/homebrew/bin"), Path("/usr/local/bin"), Path("/usr/bin")):
        yield [str(folder / "python3.10")]


def find_python() -> list[str] | None:
    """The first candidate that really is a Python 3.10 with venv; None without any."""
    return next((command for command in candidates() if _is_wanted(command)), None)


def _is_wanted(command: list[str]) -> bool:
    asked = [*command, "-c", "import sys, venv, ensurepip; print(sys.version_info[:2])"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == str(WANTED)


def python_of(venv: Path) -> Path:
    """The interpreter of an environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ensure_environment(venv: Path = VENV) -> Path:
    """Rasa's environment, made when missing or outdated (about 3 minutes, 2.7 GB). Returns its Python.

    Raises:
        CannotInstall: without a Python 3.10, disk or network.
    """
    mark, wanted = venv / "hocvuso.stamp", _environment_stamp()
    if python_of(venv).exists() and mark.exists() and mark.read_text() == wanted:
        return python_of(venv)
    found = find_python()
    if found is None:
        raise CannotInstall(HOW_TO_GET_ONE)
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < FREE_MB:
        raise CannotInstall(f"Rasa needs {FREE_MB} MB of free disk, {free} MB are left.")
    print(f"» Setting up {venv.name} for Rasa (once: about 3 minutes, 2.7 GB) …", flush=True)
    _install(found, venv)
    mark.write_text(wanted)
    return python_of(venv)


def _install(command: list[str], venv: Path) -> None:
    if subprocess.call([*command, "-m", "venv", "--clear", str(venv)]) != 0:
        raise CannotInstall("Could not create the virtual environment for Rasa (is the venv module installed?).")
    pip = [str(python_of(venv)), "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    for packages in (["--upgrade", "pip>=24"], [*PACKAGES, "--constraint", str(CONSTRAINTS)]):
        if subprocess.call([*pip, *packages]) != 0:
            raise CannotInstall("Installing Rasa failed (see above). Check the network and try again; nothing is half-kept.")


def _environment_stamp() -> str:
    return " ".join([*PACKAGES, _digest([CONSTRAINTS])])


def _digest(paths: list[Path]) -> str:
    text = b"".join(path.name.encode() + path.read_bytes() for path in paths)
    return hashlib.sha256(text).hexdigest()[:16]


def sources() -> list[Path]:
    """Every file the trained model depends on."""
    own = [FOLDER / "config.yml", FOLDER / "domain.yml", FOLDER / "component.py", *sorted((FOLDER / "data").glob("*.yml"))]
    return [*own, ROOT / "nlu" / "classifier.py", ROOT / "nlu" / "syllables.py"]


def ensure_model(python: Path, data_dir: Path) -> Path:
    """The model of today's sources, trained when there is none (about a minute); older ones are removed.

    Raises:
        CannotInstall: when training fails.
    """
    folder = data_dir / "models" / "rasa"
    model = folder / f"hocvuso-{_digest(sources())}.tar.gz"
    if model.exists():
        return model
    print("» Training Rasa (about a minute) …", flush=True)
    given = ["--config", "config.yml", "--domain", "domain.yml", "--nlu", "data"]
    made = ["--out", str(folder), "--fixed-model-name", model.name.removesuffix(".tar.gz")]
    if subprocess.call([str(python), "-m", "rasa", "train", "nlu", *given, *made], cwd=FOLDER, env=environment()) != 0:
        raise CannotInstall("Training Rasa failed (see above).")
    for old in folder.glob("hocvuso-*.tar.gz"):
        if old != model:
            old.unlink()
    return model


def ensure_token(data_dir: Path) -> Path:
    """The file with the server's token, readable by its owner only; made at random once."""
    path = data_dir / "rasa.token"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return path


def environment() -> dict[str, str]:
    """What Rasa's processes see: our component on the path, no telemetry, few threads, TensorFlow quiet."""
    own = {
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",  # its cache would not notice a change in nlu/classifier.py
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }
    return {**os.environ, **own}


def serve_command(python: Path, model: Path, token: Path, port: int) -> list[str]:
    """The command that serves `model` on loopback (to be run with `environment()`)."""
    return [str(python), "-m", "nlu.rasa.serve", str(model), str(token), str(port)]


def main(arguments: list[str]) -> int:
    """`[--train-only] [--port N] [--data-dir FOLDER]`; returns the exit code, 3 where there is no Python 3.10."""
    import argparse

    parser = argparse.ArgumentParser(prog="run.py rasa", description="Rasa beside the bot, on this computer only.")
    parser.add_argument("--train-only", action="store_true", help="install and train, do not serve")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("HOCVUSO_DATA_DIR") or ROOT / "data"))
    chosen = parser.parse_args(arguments)
    data_dir = chosen.data_dir.resolve()
    try:
        python = ensure_environment()
        model = ensure_model(python, data_dir)
    except CannotInstall as problem:
        print(f"✖ {problem}", file=sys.stderr, flush=True)
        return 3 if str(problem) == HOW_TO_GET_ONE else 1
    if chosen.train_only:
        print(f"» Rasa is ready: {model.name}", flush=True)
        return 0
    token = ensure_token(data_dir)
    print(f"» Rasa on http://127.0.0.1:{chosen.port}/ (Ctrl+C stops it). In .env: HOCVUSO_NLU=rasa", flush=True)
    return subprocess.call(serve_command(python, model, token, chosen.port), cwd=ROOT, env=environment())
