"""`hocvuso content …` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from knowledge.cli import app
from knowledge.model import Body, VariantKey
from knowledge.snapshot import load_content, load_content_from_files
from knowledge.store import save_draft
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


def test_check_names_the_highest_overlap_with_the_evaluation(folder: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "q7", "text": "lỡ nói ra cho họ biết rồi"}\n', encoding="utf-8")
    output = run.invoke(app, ["check", str(folder), "--evaluation", str(queries)]).output
    assert "highest overlap with the evaluation: 0." in output
    assert "vi/otp: 'lo noi cho ho biet roi' with query q7" in output


def test_coverage_shows_topics_with_and_without_text(folder: Path) -> None:
    output = run.invoke(app, ["coverage", str(folder)]).output
    lines = [line for line in output.splitlines() if " otp " in line]
    assert len(lines) == 2 and all(" 25 " in line and " 5 " in line for line in lines)
    assert sum("missing" in line for line in output.splitlines() if " khoa-the " in line) == 2
    assert "vi: 1/2 standard, 1/2 simple, 25 questions, 5 items" in output


def test_coverage_as_json_and_as_a_page(folder: Path, tmp_path: Path) -> None:
    found = json.loads(run.invoke(app, ["coverage", str(folder), "--json"]).output)
    assert found["rows"][0]["kinds"] == {"multiple": 1, "order": 1, "real_or_fake": 1, "single": 1, "true_false": 1}
    page = tmp_path / "coverage.html"
    assert run.invoke(app, ["coverage", str(folder), "--html", str(page)]).exit_code == 0
    assert "1/2 bản thường" in page.read_text(encoding="utf-8")


def test_coverage_can_take_the_status_from_the_database(folder: Path, database_url: str) -> None:
    run.invoke(app, ["load", str(folder)])
    database = open_database(database_url)
    with database.session() as session:
        save_draft(session, VariantKey(topic_id="otp"), Body(title="Nháp"), "lan")
    database.close()
    found = json.loads(run.invoke(app, ["coverage", str(folder), "--json", "--stored"]).output)
    assert [row["status"] for row in found["rows"]] == ["draft", "published", "missing", "missing"]


def test_coverage_names_what_cannot_be_read(folder: Path) -> None:
    edit(folder, "vi/topics/otp.md", "area: an-toan", "aera: an-toan")
    result = run.invoke(app, ["coverage", str(folder)])
    assert result.exit_code == 1 and "otp.md:3: unknown field 'aera'" in result.output
