"""The whole answer path (web request to reply) against the time of the query embedding alone, in one run.

    python benchmarks/answer_path.py [--questions 200]

Starts the real server on a free port with a data folder of its own (the prepared model is reused from
`data/` when there), then measures each question twice, one right after the other on the same busy machine: the
embedding alone in this process, and the request to the server. Every question is new to the server, so
nothing comes from a cache. Menu and button turns are measured the same way. The target is a ratio
of medians of at most 1.8 and menu turns below 15 ms.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from nlu.understanding import Understander
from retrieval.embedders import open_embedder
from retrieval.embedders.prepare import prepare

ROOT = Path(__file__).parents[1]
QUERIES = ROOT / "knowledge" / "evaluation" / "queries.jsonl"
TARGET_RATIO, TARGET_MENU_MS = 1.8, 15.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(data_dir: Path) -> Iterator[tuple[str, int]]:
    """A running server of its own: base address and process id."""
    port = free_port()
    environment = {**os.environ, "HOCVUSO_DATA_DIR": str(data_dir), "HOCVUSO_PORT": str(port), "HOCVUSO_DATABASE_URL": ""}
    command = [sys.executable, "-m", "bot.cli", "serve"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_ready(base, process)
        yield base, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise SystemExit(f"the server stopped with code {process.returncode}")
        try:
            if httpx.get(f"{base}/readyz", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.25)
    raise SystemExit("the server did not become ready")


def milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def questions(count: int) -> list[str]:
    lines = [json.loads(line) for line in QUERIES.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [line["text"] for line in lines if line["style"] not in {"ood", "urgent", "followup"}][:count]


def line(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    return (
        f"{name:34} p50 {statistics.median(ordered):7.2f} ms   p95 {ordered[int(len(ordered) * 0.95)]:7.2f} ms   n {len(ordered)}"
    )


def rss_mb(pid: int) -> float | None:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    found = next(part for part in status.read_text().splitlines() if part.startswith("VmRSS"))
    return int(found.split()[1]) / 1024


def measure(base: str, asked: list[str], data_dir: Path) -> dict[str, list[float]]:
    """Times in ms: `embedding`, `answer`, `menu`; a session is used for five questions, as people do."""
    embedder, understander = open_embedder("onnx", data_dir), Understander(asked)
    found: dict[str, list[float]] = {"embedding": [], "answer": [], "menu": []}
    connection = http.client.HTTPConnection(base.removeprefix("http://"))
    post(connection, {"session": "warm", "text": "xin chào"})
    for number, text in enumerate(asked):
        session = f"bench{number // 5}"
        restored = understander.understand(text).restored
        found["embedding"].append(milliseconds(lambda restored=restored: embedder.queries([restored])))
        found["answer"].append(milliseconds(lambda s=session, t=text: post(connection, {"session": s, "text": t})))
        found["menu"].append(milliseconds(lambda s=session: post(connection, {"session": s, "payload": "v1:home"})))
    return {name: times[5:] for name, times in found.items()}


def post(connection: http.client.HTTPConnection, body: dict[str, str]) -> bytes:
    """One chat turn over a kept connection (the plainest client there is: its own time counts too)."""
    connection.request("POST", "/api/chat", json.dumps(body).encode(), {"Content-Type": "application/json"})
    reply = connection.getresponse()
    text = reply.read()
    if reply.status != 200:
        raise SystemExit(f"HTTP {reply.status}: {text[:200]!r}")
    return text


def verdict(name: str, value: float, target: float, unit: str) -> str:
    return f"{name:34} {value:.2f}{unit} (target: at most {target:g}{unit}) {'ok' if value <= target else 'MISSED'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        if (ROOT / "data" / "models").exists():
            shutil.copytree(ROOT / "data" / "models", data_dir / "models")
        prepare(data_dir)
        with server(data_dir) as (base, pid):
            found = measure(base, questions(arguments.questions), data_dir)
            memory = rss_mb(pid)
    for name, times in found.items():
        print(line(name, times))
    ratio = statistics.median(found["answer"]) / statistics.median(found["embedding"])
    print(verdict("answer path / embedding (medians)", ratio, TARGET_RATIO, ""))
    print(verdict("menu turn, median", statistics.median(found["menu"]), TARGET_MENU_MS, " ms"))
    if memory is not None:
        print(f"resident memory of the server       {memory:.0f} MB")


if __name__ == "__main__":
    main()
