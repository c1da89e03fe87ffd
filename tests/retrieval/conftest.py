"""Fixtures of the retrieval room: the prepared model, built at most once."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from types import ModuleType

import pytest

from retrieval.embedders.prepare import prepare

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def prepared_data_dir() -> Path:
    """A data folder with the default model: the checkout's own `data`, where `make run` puts it too."""
    data_dir = ROOT / "data"
    prepare(data_dir)
    return data_dir


@pytest.fixture(scope="session")
def sentence_transformers() -> ModuleType:
    """The library; without it the test is skipped, or fails where `run.py test-models` promises it."""
    try:
        return importlib.import_module("sentence_transformers")
    except ImportError:
        if os.environ.get("HOCVUSO_REQUIRE_MODELS") == "1":
            raise
        pytest.skip("sentence-transformers is an extra: run `python run.py test-models`")
