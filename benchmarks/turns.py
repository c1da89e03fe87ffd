"""What the parts of a turn cost, each alone: understanding, a menu turn of the engine, a short transaction, the probe.

    python benchmarks/turns.py

Prints medians over many runs on this machine; the whole path is measured by `answer_path.py`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from bot.engine import step
from bot.messages import Incoming
from bot.state import State
from bot.turn import World
from knowledge.snapshot import load_content_from_files
from knowledge.store import bump_version, content_version
from nlu.understanding import Understander
from retrieval.probe import TopicProbe
from storage import open_database, upgrade

RUNS = 200
BARE = "toi muon dang ky tai khoan dinh danh muc hai thi phai lam nhu the nao"
ACCENTED = "tôi muốn đăng ký tài khoản định danh mức hai thì phải làm như thế nào"


def median(name: str, work: Callable[[int], object]) -> None:
    times = []
    for number in range(RUNS):
        begun = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - begun) * 1000)
    print(f"{name:44} {statistics.median(times):7.3f} ms")


def main() -> None:
    content, now = load_content_from_files(), datetime.now(UTC)
    understander = Understander([example.text for view in content.views.values() for example in view.examples])
    median("understanding, 15 words without accents", lambda n: understander.understand(f"{BARE} {n}"))
    median("understanding, 15 words with accents", lambda n: understander.understand(f"{ACCENTED} {n}"))

    world, state = World(content, now, "benchmark0"), State(seen_notice=True)
    pressed = Incoming("bench", "p", "1", now, payload="v1:topic:can-cuoc")
    median("menu turn of the engine", lambda _: step(state, pressed, None, world))

    random = np.random.default_rng(1)
    probe = TopicProbe(random.normal(size=(384, 173)).astype(np.float32), np.zeros(173, dtype=np.float32))
    vector = random.normal(size=384).astype(np.float32)
    median("linear probe, 173 topics", lambda _: probe.values(vector))

    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db")
        upgrade(database)

        def write(_: int) -> None:
            with database.session() as session:
                bump_version(session)

        def read(_: int) -> None:
            with database.reading() as session:
                content_version(session)

        median("short writing transaction (SQLite)", write)
        median("short reading transaction (SQLite)", read)
        database.close()


if __name__ == "__main__":
    main()
