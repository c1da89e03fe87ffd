"""One real Rasa server for the whole session, on a free port of this computer, with the model of today's sources."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.localities import localities
from bot.rasa import RasaClassifier, RasaUnavailable
from nlu.rasa import install

START_SECONDS = 240
ANSWER_SECONDS = 30  # the machine that runs the tests may be busy; the bot's own time-out is shorter


@dataclass(frozen=True)
class Server:
    """A running Rasa, the process and what it printed."""

    url: str
    token: str
    process: subprocess.Popen[bytes]
    log: Path

    def classifier(self, token: str | None = None) -> RasaClassifier:
        return RasaClassifier(self.url, self.token if token is None else token, ANSWER_SECONDS, localities())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, ready to answer."""
    if os.environ.get("HOCVUSO_REQUIRE_RASA") != "1":
        pytest.skip("asks a real Rasa: python run.py test-rasa")
    folder = tmp_path_factory.mktemp("rasa")
    python = install.ensure_environment()
    model = install.ensure_model(python, install.ROOT / "data")
    token, port, log = install.ensure_token(folder), free_port(), folder / "server.log"
    token.write_text("-" + token.read_text(encoding="utf-8"), encoding="utf-8")  # one in 64 begins so by itself
    command = install.serve_command(python, model, token, port)
    with log.open("wb") as written:
        process = subprocess.Popen(command, cwd=install.ROOT, env=install.environment(), stdout=written, stderr=written)
    running = Server(f"http://127.0.0.1:{port}", token.read_text(encoding="utf-8"), process, log)
    try:
        _wait(running)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(server: Server) -> None:
    client, until = server.classifier(), time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        try:
            client.status()
            return
        except RasaUnavailable:
            time.sleep(0.5)
    raise RuntimeError("Rasa did not start:\n" + server.log.read_text(encoding="utf-8")[-2000:])
