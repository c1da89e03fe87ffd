"""One bot over the shipped content for all channel tests, and the drivers' world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.runtime import Runtime, open_runtime
from bot.settings import Settings


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """The whole bot with the `hash` embedder; every test talks as somebody else."""
    settings = Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("channels"), embedder="hash")  # type: ignore[call-arg]
    opened = open_runtime(settings)
    yield opened
    opened.database.close()
