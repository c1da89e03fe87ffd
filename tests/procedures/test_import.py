"""Records come in whole and checked: the good ones in one transaction, the bad ones named by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from knowledge.procedures.reading import read_records
from knowledge.procedures.store import all_procedures, fingerprint, save_procedures, stock
from knowledge.store import content_version
from storage import Database
from tests.procedures.samples import LINES, line, write

RECORDS = Path(__file__).parents[3] / "shared" / "data" / "procedures" / "dvcqg_citizen.jsonl"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "records.jsonl", *LINES)


def test_good_lines_become_procedures(file: Path) -> None:
    reading = read_records(file)
    assert not reading.bad
    assert [p.code for p in reading.procedures] == [x["id"] for x in LINES]
    assert reading.procedures[0].recorded == "2026-07"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{half", "not JSON"),
        ({**line(), "id": "12"}, "code"),
        ({**line(), "title": ""}, "title"),
        ({**line(), "source": "https://dichvucong.gov.vn.example.com/x"}, "link"),
        ({**line(), "via": "unknown"}, "via: no month"),
        ({**line(), "steps": None}, "steps"),
        ({k: v for k, v in line().items() if k != "field"}, "field"),
        (["a", "list"], "record"),
        (line("9.000002"), "stands in the file twice"),
    ],
)
def test_a_bad_line_is_named_with_its_number_and_kept_out(tmp_path: Path, bad: object, reason: str) -> None:
    reading = read_records(write(tmp_path / "r.jsonl", LINES[1], "", bad, LINES[2]))
    assert [p.code for p in reading.procedures] == ["9.000002", "9.000003"]
    assert [found.number for found in reading.bad] == [3]
    assert reason in reading.bad[0].reason


def test_text_that_is_not_utf8_is_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(b"\xff\xfe\n" + json.dumps(line()).encode())
    assert [str(bad) for bad in read_records(path).bad] == ["line 1: not UTF-8 text"]


def test_the_same_file_again_changes_nothing(database: Database, file: Path) -> None:
    procedures = read_records(file).procedures
    with database.session() as session:
        first = save_procedures(session, procedures)
        version, before = content_version(session), fingerprint(session)
    with database.session() as session:
        again = save_procedures(session, procedures)
        assert (content_version(session), fingerprint(session)) == (version, before)
    assert (first.created, first.updated) == (len(LINES), 0)
    assert (again.created, again.updated, again.unchanged) == (0, 0, len(LINES))


def test_what_was_saved_comes_back_as_it_was(database: Database, file: Path) -> None:
    procedures = read_records(file).procedures
    with database.session() as session:
        save_procedures(session, procedures)
    with database.reading() as session:
        assert all_procedures(session) == tuple(sorted(procedures, key=lambda p: p.code))
        assert (stock(session).count, stock(session).mention_districts, stock(session).recorded) == (6, 1, ("2026-07",))


def test_a_changed_record_is_updated_and_a_missing_one_stays_unless_told(database: Database, tmp_path: Path) -> None:
    changed = read_records(write(tmp_path / "r.jsonl", line(title="Khai báo nuôi voi"))).procedures
    with database.session() as session:
        save_procedures(session, read_records(write(tmp_path / "all.jsonl", *LINES)).procedures)
        done = save_procedures(session, changed)
        assert (done.updated, done.missing, stock(session).count) == (1, 5, 6)
        done = save_procedures(session, changed, remove_missing=True)
        assert (done.removed, stock(session).count) == (5, 1)


def test_an_import_that_fails_half_way_leaves_nothing_behind(database: Database, file: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), database.session() as session:
        save_procedures(session, read_records(file).procedures, progress=stop)
    with database.reading() as session:
        assert stock(session).count == 0


def test_a_file_without_one_good_record_changes_nothing_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCVUSO_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["procedures", "import", str(write(tmp_path / "r.jsonl", "{", "[]"))])
    assert result.exit_code == 1
    assert "kept out, line 1" in result.output and "kept out, line 2" in result.output and "nothing was changed" in result.output
    assert not (tmp_path / "hocvuso.db").exists()


@pytest.mark.skipif(not RECORDS.exists(), reason=f"the records of the national portal are not at {RECORDS}")
def test_all_records_of_the_portal_come_in_and_again_without_change(database: Database) -> None:
    reading = read_records(RECORDS)
    assert (len(reading.procedures), reading.bad) == (698, ())
    with database.session() as session:
        assert save_procedures(session, reading.procedures).created == 698
        assert save_procedures(session, reading.procedures).unchanged == 698
