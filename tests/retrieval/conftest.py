"""Fixtures of the retrieval room: the prepared model, built at most once."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.embedders.prepare import prepare

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def prepared_data_dir() -> Path:
    """A data folder with the default model: the checkout's own `data`, where `make run` puts it too."""
    data_dir = ROOT / "data"
    prepare(data_dir)
    return data_dir
