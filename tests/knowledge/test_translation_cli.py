"""`hocvuso content export --translate`, `import-translation` and `languages` as a person types them, bot's words included."""

from __future__ import annotations

import json
from pathlib import Path

import polib
import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from knowledge.model import Level, VariantKey
from knowledge.store import variant_state
from storage import open_database
from tests.knowledge.samples import write_folder

KHMER = VariantKey(topic_id="otp", language="khm", level=Level.SIMPLE)
DONE = {"topic:otp/simple/summary": "OTP។", "ui:label.back": "◀ ថយ"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCVUSO_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    assert content("load", str(write_folder(tmp_path / "content"))).exit_code == 0


def content(*words: str) -> Result:
    return CliRunner().invoke(app, ["content", *words])


def translate(path: Path, targets: dict[str, str]) -> None:
    file = polib.pofile(str(path))
    for entry in file:
        entry.msgstr = targets.get(entry.msgctxt, entry.msgstr)
    file.save()


def test_out_translated_and_back(database_url: str) -> None:
    exported = content("export", "--translate", "khm", "--out", "kit")
    assert exported.exit_code == 0, exported.output
    assert {path.suffix for path in Path("kit").iterdir()} == {".xlsx", ".po", ".xlf"}
    translate(Path("kit/hocvuso-khm.po"), DONE)
    taken = content("import-translation", "kit/hocvuso-khm.po", "--translator", "Na")
    assert taken.exit_code == 0, taken.output
    assert "1 bài (bản nháp), 1 từ ngữ" in taken.output and "otp/khm/simple" in taken.output
    database = open_database(database_url)
    with database.reading() as session:
        state = variant_state(session, KHMER)
    database.close()
    assert state and state.draft and state.draft.author == "Na"


def test_a_fault_is_said_by_row_and_nothing_is_taken(database_url: str) -> None:
    content("export", "kit", "--translate", "khm")
    translate(Path("kit/hocvuso-khm.po"), {**DONE, "ui:label.home": "🏠 {gone}"})
    refused = content("import-translation", "kit/hocvuso-khm.po", "--translator", "Na")
    assert refused.exit_code == 1
    assert "Chưa nhập gì. 1 chỗ cần sửa" in refused.output and "ui:label.home: thừa {gone}" in refused.output
    database = open_database(database_url)
    with database.reading() as session:
        assert variant_state(session, KHMER) is None
    database.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "--translate", "xx", "--out", "kit"), "không có ngôn ngữ “xx”"),
        (("export", "--translate", "khm", "--out", "kit", "--topics", "otp,chua-co"), "chưa có bài tiếng Việt: chua-co"),
        (("import-translation", "content/catalogue.yaml"), "chỉ nhận tệp .xlsx"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words: tuple[str, ...], said: str) -> None:
    result = content(*words)
    assert result.exit_code == 1 and said in result.output and "Traceback" not in result.output


def test_the_table_of_languages() -> None:
    rows = {row["language"]: row for row in json.loads(content("languages", "--json").stdout)}
    assert rows["khm"]["core_total"] == 12 and rows["khm"]["words_total"] > 300
    assert rows["tou"]["glossary"] == 0 and len(rows["tou"]["missing_core"]) == 12
    assert "Khmer" in content("languages").output
