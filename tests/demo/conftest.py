"""A bot over a fresh database of each kind: shipped content, a real index with the `hash` embedder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo.command import parts_of
from bot.demo.fill import Filled, Parts, fill
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from tests.conftest import KINDS

LOOKED_AT = 12  # learners of the commune that tests look at


def settings_of(folder: Path, url: str = "") -> Settings:
    return Settings(_env_file=None, data_dir=folder, embedder="hash", database_url=url)  # type: ignore[call-arg]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with index and thresholds, to copy from."""
    folder = tmp_path_factory.mktemp("prepared")
    open_runtime(settings_of(folder)).database.close()
    return folder


def _open(prepared: Path, folder: Path, url: str) -> Runtime:
    for part in ("index", "models"):
        shutil.copytree(prepared / part, folder / part)
    return open_runtime(settings_of(folder, url))


@pytest.fixture
def bot(database_url: str, prepared: Path, tmp_path: Path) -> Iterator[Runtime]:
    opened = _open(prepared, tmp_path / "data", database_url)
    yield opened
    opened.database.close()


@pytest.fixture
def parts(bot: Runtime) -> Parts:
    return parts_of(bot)


@pytest.fixture(scope="session", params=KINDS)
def commune(
    request: pytest.FixtureRequest, prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Runtime, Filled]]:
    """A filled commune of each kind, for tests that only look."""
    folder = tmp_path_factory.mktemp("commune")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'test.db'}"
        if request.param == "postgres":
            url = stack.enter_context(request.getfixturevalue("postgres_server").database_url())
        opened = _open(prepared, folder / "data", url)
        stack.callback(opened.database.close)
        made = fill(parts_of(opened), datetime.now(UTC), lambda _what, _share: None, people=LOOKED_AT, seed=3)
        assert made is not None
        yield opened, made
