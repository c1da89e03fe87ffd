"""A server process for `tests.delivery.world`: ``python -m tests.delivery.worker_process DATABASE_URL PLATFORM_URL``.

Prints the port it listens on. Webhook, workers and shell are the real ones; only the channel is the tests' own.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import uvicorn
from fastapi import FastAPI

from bot import delivery, workers
from storage import open_database
from tests.delivery.world import Channel, conversations_of, incoming, tag_replies

LEASE_SECONDS = 2.0  # real leases last 30 s: too long for tests that wait for them


def make_app(database_url: str, platform_url: str) -> FastAPI:
    database = open_database(database_url)
    running = workers.Workers(conversations_of(database), database, [Channel(platform_url)], poll_seconds=0.05)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with running.running():
            yield
        database.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/in")
    async def webhook(body: dict[str, str]) -> dict[str, bool]:
        return {"new": await asyncio.to_thread(running.receive, incoming(body["person"], body["message_id"]))}

    return app


def main() -> None:
    tag_replies()
    workers.SEND_SECONDS = LEASE_SECONDS * 0.7
    delivery.take = partial(delivery.take, lease=timedelta(seconds=LEASE_SECONDS))  # type: ignore[assignment]
    delivery.BACKOFF_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # type: ignore[assignment]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        server = uvicorn.Server(uvicorn.Config(make_app(*sys.argv[1:3]), log_level="error"))
        asyncio.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    main()
