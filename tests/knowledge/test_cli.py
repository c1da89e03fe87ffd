"""`hocvuso content …` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from knowledge.cli import app
from knowledge.snapshot import load_content, load_content_from_files
from storage import open_database
from tests.knowledge.samples import EXAMPLES, TOPIC, edit, write_folder

run = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOCVUSO_DATABASE_URL", database_url)
    return write_folder(tmp_path / "content")


def test_load_then_export_gives_the_same_files(folder: Path, database_url: str, tmp_path: Path) -> None:
    loaded = run.invoke(app, ["load", str(folder)])
    assert loaded.exit_code == 0, loaded.output
    assert "10 created" in loaded.output
    exported = run.invoke(app, ["export", str(tmp_path / "out")])
    assert exported.exit_code == 0, exported.output
    assert (tmp_path / "out/vi/topics/otp.md").read_text(encoding="utf-8") == TOPIC
    assert (tmp_path / "out/vi/examples/otp.tsv").read_text(encoding="utf-8") == EXAMPLES
    database = open_database(database_url)
    with database.reading() as session:
        assert load_content(session) == load_content_from_files(folder)
    database.close()


def test_check_ends_with_one_only_when_there_are_errors(folder: Path) -> None:
    good = run.invoke(app, ["check", str(folder)])
    assert (good.exit_code, good.output) == (0, "0 errors, 0 warnings\n")
    edit(folder, "vi/topics/otp.md", "Đọc kỹ tin nhắn.", "Đọc khẽ khàng, rốn rén.")
    assert run.invoke(app, ["check", str(folder)]).exit_code == 0
    assert run.invoke(app, ["check", str(folder), "--strict"]).exit_code == 1
    edit(folder, "vi/topics/otp.md", "related: [khoa-the]", "related: [khong-co]")
    bad = run.invoke(app, ["check", str(folder)])
    assert bad.exit_code == 1
    assert "vi/topics/otp.md:8: error [dead-reference]" in bad.output


def test_load_names_broken_files_and_ends_with_one(folder: Path) -> None:
    edit(folder, "vi/topics/otp.md", "area: an-toan", "aera: an-toan")
    result = run.invoke(app, ["load", str(folder)])
    assert result.exit_code == 1
    assert "otp.md:3: unknown field 'aera'" in result.output


def test_format_makes_files_canonical_without_changing_what_they_say(folder: Path) -> None:
    before = load_content_from_files(folder)
    edit(folder, "vi/topics/otp.md", 'title: "Mã OTP và cách giữ an toàn"', "title: Mã OTP và cách giữ an toàn")
    assert "1 files rewritten" in run.invoke(app, ["format", str(folder)]).output
    assert (folder / "vi/topics/otp.md").read_text(encoding="utf-8") == TOPIC
    assert load_content_from_files(folder) == before


def test_coverage_counts_topics_with_and_without_content(folder: Path) -> None:
    output = run.invoke(app, ["coverage", str(folder)]).output
    assert "1 of 2 topics have content" in output
    row = next(line for line in output.splitlines() if " otp " in line)
    assert row.count("✓") == 2
    assert " 25 " in row and " 5 " in row
