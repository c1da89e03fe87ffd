"""The key that stored tokens are encrypted with."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.secrets_store import KEY_FILE, passphrase
from bot.settings import Settings


def settings(folder: Path, key: str = "") -> Settings:
    return Settings(_env_file=None, data_dir=folder, secret_key=SecretStr(key))  # type: ignore[call-arg]


def test_a_key_file_is_made_once_whoever_comes_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: passphrase(settings(tmp_path / "data")), range(16)))
    assert len(keys) == 1 and len(keys.pop()) >= 40


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes; the folder's rights count there")
def test_only_its_owner_reads_the_key_file(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        passphrase(settings(tmp_path))
    finally:
        os.umask(previous)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_configured_key_needs_no_file(tmp_path: Path) -> None:
    assert passphrase(settings(tmp_path, "k" * 32)) == "k" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_short_key_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="32 characters") as error:
        settings(tmp_path, "too-short-to-be-a-key")
    assert "too-short" not in str(error.value)
