"""What operators look at: alive, ready, figures; and the headers every answer carries."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from bot.runtime import Runtime
from bot.web.app import WebParts, create_app
from bot.web.health import Readiness, readiness
from bot.web.metrics import Metrics
from bot.web.page import STATIC
from retrieval.index import IndexUnusable, LoadedIndex
from storage import Database, open_database
from tests.web.conftest import replace


def test_the_process_says_it_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_names_model_build_and_calibration(client: TestClient, runtime: Runtime) -> None:
    response = client.get("/readyz")
    found = response.json()
    assert response.status_code == 200
    assert (found["status"], found["reasons"]) == ("ready", [])
    assert found["index_build"] == runtime.store.current()
    assert found["model"] == runtime.embedder.model_id
    assert found["calibrated_on"]


def no_index() -> LoadedIndex:
    raise IndexUnusable("There is no index yet. Run: hocvuso index build")


def test_without_an_index_it_is_not_ready_and_says_what_to_do(runtime: Runtime) -> None:
    found = readiness(runtime.database, no_index)
    assert not found.ready
    assert "hocvuso index build" in found.reasons[0]


def test_without_thresholds_it_is_not_ready(runtime: Runtime) -> None:
    index = runtime.answerer.retriever.index
    found = readiness(runtime.database, lambda: replace(index, calibration=None))
    assert found.reasons == ("The index has no thresholds yet. Run: hocvuso calibrate",)
    assert found.details["index_build"] == index.meta.build


@pytest.fixture
def gone(tmp_path: Path) -> Database:
    """A database whose folder was taken away."""
    database = open_database(f"sqlite:///{tmp_path / 'deep' / 'x.db'}")
    (tmp_path / "deep").rmdir()
    return database


def test_without_its_database_it_is_not_ready(runtime: Runtime, gone: Database) -> None:
    assert "database" in readiness(gone, lambda: runtime.answerer.retriever.index).reasons[0]


def test_not_ready_is_a_503_with_reasons(parts: WebParts) -> None:
    with TestClient(create_app(replace(parts, health=lambda: Readiness(("no model",))))) as client:
        response = client.get("/readyz")
    assert (response.status_code, response.json()["reasons"]) == (503, ["no model"])


def test_figures_count_turns_decisions_and_the_outbox(parts: WebParts) -> None:
    with TestClient(create_app(parts)) as client:
        client.post("/api/chat", json={"text": "mã otp là gì"})
        client.post("/api/chat", json={"payload": "v1:home"})
        client.post("/api/chat", json={})
        text = client.get("/metrics").text
    assert 'hocvuso_turns_total{channel="web",kind="text"} 1.0' in text
    assert 'hocvuso_turns_total{channel="web",kind="button"} 1.0' in text
    assert 'hocvuso_turn_seconds_count{channel="web",kind="text"} 1.0' in text
    assert 'hocvuso_refused_total{code="text_or_payload"} 1.0' in text
    assert 'hocvuso_questions{channel="web",decision=' in text
    assert 'hocvuso_outbox{channel="web",status="sent"}' in text


def test_figures_of_a_database_that_is_away_are_left_out(gone: Database) -> None:
    figures = Metrics(gone)
    figures.turn("web", "text", 0.01)
    text = figures.render().decode()
    assert "hocvuso_outbox" not in text
    assert 'hocvuso_turns_total{channel="web",kind="text"} 1.0' in text


@pytest.mark.parametrize("path", ["/", "/docs", "/api/chat", "/static/app.js", "/healthz", "/nothing"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


def test_a_router_may_bring_a_policy_of_its_own(parts: WebParts) -> None:
    router = APIRouter()

    @router.get("/own")
    async def own() -> object:
        from starlette.responses import PlainTextResponse

        return PlainTextResponse("x", headers={"Content-Security-Policy": "default-src 'self'"})

    with TestClient(create_app(replace(parts, routers=(router,)))) as client:
        assert client.get("/own").headers["content-security-policy"] == "default-src 'self'"


def test_hooks_run_around_the_life_of_the_server(parts: WebParts) -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def worker() -> AsyncIterator[None]:
        seen.append("started")
        yield
        seen.append("stopped")

    with TestClient(create_app(replace(parts, hooks=(worker,)))):
        assert seen == ["started"]
    assert seen == ["started", "stopped"]


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.iterdir()))
def test_static_files_are_our_own_and_ask_nobody_else(client: TestClient, name: str) -> None:
    response = client.get(f"/static/{name}")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"
    named = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", response.text))
    assert named <= {"http://www.w3.org"}, "the name of SVG's own language, never fetched"


def test_pictures_of_the_content_are_served(parts: WebParts, tmp_path: Path) -> None:
    (tmp_path / "otp-1.png").write_bytes(b"png")
    with TestClient(create_app(replace(parts, media_dir=tmp_path))) as client:
        assert client.get("/media/otp-1.png").content == b"png"
        assert client.get("/media/../secret").status_code == 404
