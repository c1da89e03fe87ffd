"""Rasa's files are written from the one source, and are today's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.localities import localities
from nlu.examples import marked_phrases, phrases
from nlu.rasa import install
from nlu.rasa.generate import FOLDER, OWN_INTENTS, documents, write
from nlu.tables import table
from nlu.vocabulary import Intent


def test_the_files_in_the_project_are_what_the_source_gives_today() -> None:
    for name, text in documents(localities()).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: run `hocvuso rasa generate`"


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    assert len(write(localities(), tmp_path)) == 4
    assert write(localities(), tmp_path) == []


def test_rasa_learns_every_phrase_under_its_intent() -> None:
    blocks = yaml.safe_load((FOLDER / "data" / "nlu.yml").read_text(encoding="utf-8"))["nlu"]
    found = {(line[2:], block["intent"]) for block in blocks for line in block["examples"].splitlines()}
    assert found == set(marked_phrases())


def test_the_domain_knows_every_intent_but_those_told_by_rules() -> None:
    domain = yaml.safe_load((FOLDER / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["intents"]) == {intent.value for intent in Intent if intent not in OWN_INTENTS}


def test_held_out_sentences_are_in_no_training() -> None:
    rows = (Path(install.ROOT) / "nlu/evaluation/intents.tsv").read_text(encoding="utf-8").splitlines()
    held_out = [row.split("\t") for row in rows if not row.startswith("#")]
    trained = {text.lower() for text, _ in phrases()} | {str(text) for texts in table("commands.yml").values() for text in texts}
    assert {intent for intent, _ in held_out} == {intent.value for intent in Intent if intent not in OWN_INTENTS}
    assert [text for _, text in held_out if text.lower() in trained] == []


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for Python")
def test_a_python_3_10_is_found_where_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho '(3, 10)'\n")
    python.chmod(0o755)
    monkeypatch.setenv("HOCVUSO_RASA_PYTHON", str(python))
    assert install.find_python() == [str(python)]
    monkeypatch.setenv("HOCVUSO_RASA_PYTHON", sys.executable)
    assert install.find_python() is None


def test_without_a_python_3_10_it_is_said_how_to_get_one_in_both_languages(tmp_path: Path) -> None:
    environment = {**os.environ, "HOCVUSO_RASA_PYTHON": sys.executable, "HOCVUSO_DATA_DIR": str(tmp_path)}
    code = "import pathlib, sys; from nlu.rasa.install import ensure_environment as make; make(pathlib.Path(sys.argv[1]))"
    answer = subprocess.run([sys.executable, "-c", code, str(tmp_path / "venv")], capture_output=True, text=True, env=environment)
    assert answer.returncode != 0 and "HOCVUSO_RASA_PYTHON" in answer.stderr and "Cài Python 3.10" in answer.stderr


def test_the_token_is_random_kept_and_for_its_owner_only(tmp_path: Path) -> None:
    path = install.ensure_token(tmp_path / "data")
    token = path.read_text(encoding="utf-8")
    assert len(token) >= 32 and install.ensure_token(tmp_path / "data").read_text(encoding="utf-8") == token
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0
    assert token not in " ".join(install.serve_command(Path("python"), Path("m.tar.gz"), path, 5005))
