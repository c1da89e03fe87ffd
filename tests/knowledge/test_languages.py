"""The registry of languages and what the linter says about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.check import check_content
from knowledge.folder import CONTENT_DIR
from knowledge.languages import read_glossary, read_interface, registry
from knowledge.sources import ContentError
from learning.communes import provinces
from tests.knowledge.samples import write_folder

ENTRY = """\
core_topics: [otp]
languages:
- {id: khm, iso639_3: khm, name: "Khmer", own_name: "ខ្មែរ", script_note: "Chữ Khmer", provinces: ["Vĩnh Long"]}
"""
WORD = 'language: khm\nwords:\n- {name: label.back, text: "ថយ", basis: "writer\'s knowledge", status: draft}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_folder(tmp_path / "content")
    (made / "languages.yaml").write_text(ENTRY, encoding="utf-8")
    (made / "khm").mkdir()
    (made / "khm/interface.yaml").write_text(WORD, encoding="utf-8")
    return made


def findings(folder: Path) -> list[tuple[str, str]]:
    return [(finding.file, finding.code) for finding in check_content(folder)]


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


class TestWhatIsShipped:
    def test_the_languages_of_the_plans_are_all_there(self) -> None:
        names = " ".join(language.name for language in registry().languages)
        plans = ("Mường", "Thái Đen", "Thái Trắng", "Mông", "Dao", "Thổ", "Khơ Mú", "Tày", "Nùng")
        assert [name for name in (*plans, "Ê Đê", "Gia Rai", "M'nông", "Khmer", "Chăm", "Ba Na") if name not in names] == []

    def test_provinces_are_those_of_today(self) -> None:
        today = {province.name for province in provinces().values()}
        assert {p for language in registry().languages for p in language.provinces} <= today

    def test_mong_is_there_in_both_scripts_told_apart(self) -> None:
        scripts = {language.id: language for language in registry().languages if language.group == "mong"}
        assert set(scripts) == {"hmn-VN", "hmn-Latn-rpa"}
        assert "1961" in scripts["hmn-VN"].script_note and "RPA" in scripts["hmn-Latn-rpa"].name

    def test_every_term_and_word_says_what_it_rests_on_and_is_a_draft(self) -> None:
        for language in registry().languages:
            terms, words = read_glossary(language.id).terms, read_interface(language.id).words
            assert all(term.source and term.status == "draft" for term in terms)
            assert all(word.basis and word.status == "draft" for word in words)

    def test_the_least_that_was_promised(self) -> None:
        assert all(read_interface(x).words for x in ("khm", "tyz", "hmn-VN", "hmn-Latn-rpa", "rad"))
        assert len(list((CONTENT_DIR / "khm/topics").glob("*.md"))) == len(registry().core_topics)


class TestTheLinter:
    def test_a_good_folder_has_nothing_wrong(self, folder: Path) -> None:
        assert findings(folder) == []

    @pytest.mark.parametrize(
        ("name", "old", "new", "code"),
        [
            ("languages.yaml", "id: khm,", "id: kxm,", "language"),
            ("languages.yaml", 'own_name: "ខ្មែរ", ', "", "language"),
            ("languages.yaml", '["Vĩnh Long"]', '["Vĩnh Long", "Vĩnh Long"]', "language"),
            ("languages.yaml", "core_topics: [otp]", "core_topics: [otq]", "unknown-topic"),
            ("languages.yaml", 'script_note: "Chữ Khmer", ', "", "format"),
            ("khm/interface.yaml", "label.back", "label.danger", "warning-draft"),
            ("khm/interface.yaml", "language: khm", "language: vi", "language"),
            ("khm/interface.yaml", "status: draft", "status: published", "format"),
        ],
    )
    def test_a_mistake_is_named_in_its_file(self, folder: Path, name: str, old: str, new: str, code: str) -> None:
        change(folder, name, old, new)
        assert (name, code) in findings(folder)

    def test_a_folder_without_an_entry(self, folder: Path) -> None:
        (folder / "khm").rename(folder / "zzz")
        assert ("languages.yaml", "unknown-language") in findings(folder)

    def test_a_translation_of_nothing(self, folder: Path) -> None:
        (folder / "khm/topics").mkdir()
        head = "---\ntopic: khoa-the\narea: an-toan\nskills: []\naudience: []\nrelated: []\n---\n"
        text = f"{head}# simple\n\n## summary\nx\n\n## steps\n1. y\n"
        (folder / "khm/topics/khoa-the.md").write_text(text, encoding="utf-8")
        assert ("khm/topics/khoa-the.md", "no-original") in findings(folder)


def test_a_draft_in_the_wrong_folder_is_not_read(folder: Path) -> None:
    change(folder, "khm/interface.yaml", "language: khm", "language: tyz")
    with pytest.raises(ContentError, match="must be khm"):
        read_interface("khm", folder)
