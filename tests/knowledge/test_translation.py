"""The translator's kit: out as a file, back as drafts, and nothing that would mislead gets through."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from bot.texts import interface_texts
from knowledge.folder import CONTENT_DIR
from knowledge.model import Aspect, Level, VariantKey
from knowledge.snapshot import load_content
from knowledge.store import history, publish, save_draft, variant_state
from knowledge.tables import RevisionRow, TranslationRow
from knowledge.transfer import load_folder
from knowledge.translation.build import KitError, build_kit
from knowledge.translation.checks import check_row, faults
from knowledge.translation.coverage import language_coverage
from knowledge.translation.exchange import WRITERS, Refused, import_kit, read_kit, write_kit
from knowledge.translation.units import InterfaceText, Kit, Returned, Row, Unit
from knowledge.translation.xlsx import COLUMNS, SHEETS, TRANSLATOR
from knowledge.trials import set_trial
from storage import Database, open_database, upgrade
from tests.knowledge.samples import edit, write_folder

INTERFACE = {"label.back": InterfaceText("◀ Quay lại", limit=25), "home.menu": InterfaceText("{You} gõ câu hỏi…", "Gõ câu hỏi:")}
KHMER = VariantKey(topic_id="otp", language="khm", level=Level.SIMPLE)
SUMMARY, STEP = "topic:otp/simple/summary", "topic:otp/simple/steps/{}"
DONE = {SUMMARY: "OTP ប្រើបានតែម្តង។", STEP.format(1): "អានសារ។", STEP.format(2): "វាយលេខកូដ។", "ui:label.back": "◀ ថយ"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "content")


@pytest.fixture
def loaded(database: Database, folder: Path) -> Database:
    with database.session() as session:
        load_folder(session, folder)
    return database


def kit_of(database: Database) -> Kit:
    with database.reading() as session:
        return build_kit(session, "khm", INTERFACE)


def returned(kit: Kit, targets: dict[str, str], **remarks: str) -> Returned:
    rows = tuple(
        Row(id=unit.id, target=targets.get(unit.id, unit.target), hash=unit.hash, **(remarks if unit.id in targets else {}))
        for unit in kit.units
    )
    return Returned(language=kit.language, translator="Sơn Thị Na", rows=rows)


def take(database: Database, file: Returned) -> object:
    with database.session() as session:
        return import_kit(session, file, INTERFACE)


def written(database: Database) -> tuple[int, int]:
    """Revisions and translations there are."""
    with database.reading() as session:
        return len(session.scalars(select(RevisionRow.id)).all()), len(session.scalars(select(TranslationRow.unit)).all())


class TestWhatGoesOut:
    def test_lessons_come_piece_by_piece_with_the_fuller_wording_beside(self, loaded: Database) -> None:
        units = {unit.id: unit for unit in kit_of(loaded).units}
        assert units[SUMMARY].source == "OTP là mã dùng một lần. Không đọc mã cho ai."
        assert units[SUMMARY].standard.startswith("OTP là mã dùng một lần. {You} không đọc")
        assert units[STEP.format(2)].source == "Tự tay nhập mã."
        assert units["topic:otp/simple/short_title"].limit == 25

    def test_warnings_are_marked_for_the_translator(self, loaded: Database) -> None:
        units = {unit.id: unit for unit in kit_of(loaded).units}
        assert "CẢNH BÁO AN TOÀN" in units["topic:otp/simple/emergency/1"].context
        assert "CẢNH BÁO AN TOÀN" not in units["ui:label.back"].context

    def test_terms_come_with_their_evidence(self, loaded: Database) -> None:
        term = next(unit for unit in kit_of(loaded).units if unit.id == "term:ngân hàng")
        assert (term.target, "nguồn" in term.context) == ("ធនាគារ", True)

    def test_an_unknown_language_or_topic_is_named(self, loaded: Database) -> None:
        with loaded.reading() as session:
            with pytest.raises(KitError, match="không có ngôn ngữ “xx”"):
                build_kit(session, "xx", INTERFACE)
            with pytest.raises(KitError, match="chưa có bài tiếng Việt: khoa-the"):
                build_kit(session, "khm", INTERFACE, ["khoa-the"])


TEXTS = st.text(max_size=200) | st.sampled_from(
    ["=1+1", "+84", "-x", "@a", "_x000D_", '"', "\\n", "a\nb", "#~ x", "]]>", "&amp;", "'", "0012"]
)
UNITS = st.builds(
    lambda n, source, target, note: Unit(
        id=f"ui:x{n}", source=f"s{source}", target=target, note=note, context=source, standard=note
    ),
    *(st.integers(0, 10**6), TEXTS, TEXTS, TEXTS),
)


@pytest.mark.parametrize("suffix", WRITERS)
@given(units=st.lists(UNITS, max_size=4, unique_by=lambda unit: unit.id))
def test_every_format_gives_back_what_was_written(suffix: str, units: list[Unit]) -> None:
    kit = Kit(language="khm", name="Khmer", units=tuple(units))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, f"kit{suffix}")
        WRITERS[suffix](kit, path)
        back = read_kit(path)
    assert back.language == "khm"
    assert back.rows == tuple(Row(id=u.id, target=u.target, audio=u.audio, note=u.note, hash=u.hash) for u in units)


class TestFilesOnDisk:
    def test_a_workbook_filled_in_by_hand_becomes_a_draft(self, loaded: Database, tmp_path: Path) -> None:
        path = next(p for p in write_kit(kit_of(loaded), tmp_path / "kit") if p.suffix == ".xlsx")
        fill_in(path, {**DONE, "ui:home.menu": "=សំណួរ"})
        report = take(loaded, read_kit(path))
        assert vars(report) == {
            "language": "khm", "lessons": ["otp/khm/simple"], "words": 2, "remarks": 0, "unfinished": []
        }  # fmt: skip
        with loaded.reading() as session:
            state = variant_state(session, KHMER)
            assert state and state.draft and state.published is None
            assert [s.text for s in state.body.sections[-1].steps] == ["អានសារ។", "វាយលេខកូដ។"]
            assert [(e.actor, e.note) for e in history(session, KHMER)] == [("Thạch Sa Rây", "từ bộ dịch")]

    @pytest.mark.parametrize("suffix", WRITERS)
    def test_a_kit_that_comes_back_untouched_changes_nothing(self, loaded: Database, tmp_path: Path, suffix: str) -> None:
        take(loaded, returned(kit_of(loaded), DONE, audio="otp.mp3", note="nghe thử"))
        before = written(loaded)
        path = next(p for p in write_kit(kit_of(loaded), tmp_path / "kit") if p.suffix == suffix)
        with loaded.session() as session:
            report = import_kit(session, read_kit(path), INTERFACE, "Người khác")
        assert (report.lessons, report.words, report.remarks, written(loaded)) == ([], 0, 0, before)

    @pytest.mark.parametrize("name", ["x.xlsx", "x.po", "x.xlf", "x.txt"])
    def test_a_file_of_another_kind_is_refused_kindly(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(b"\x89PNG nonsense \xff")
        with pytest.raises(KitError, match=r"không phải|chỉ nhận"):
            read_kit(tmp_path / name)

    def test_a_document_type_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.xlf").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', encoding="utf-8")
        with pytest.raises(KitError, match="DOCTYPE"):
            read_kit(tmp_path / "x.xlf")


def fill_in(path: Path, targets: dict[str, str]) -> None:
    """As a translator would: name on the first sheet, texts in the column of translations."""
    book, column = load_workbook(path), list(COLUMNS).index("target") + 1
    for row in book["Hướng dẫn"].iter_rows():
        if row[0].value == TRANSLATOR:
            row[1].value = "Thạch Sa Rây"
    for title in SHEETS.values():
        for cells in book[title].iter_rows(min_row=2):
            if cells[0].value in targets:
                cell = book[title].cell(cells[0].row, column)
                cell.value, cell.data_type = targets[cells[0].value], "s"
    book.save(path)


class TestComingBack:
    def test_nothing_reaches_citizens(self, loaded: Database) -> None:
        take(loaded, returned(kit_of(loaded), DONE))
        with loaded.reading() as session:
            content = load_content(session)
        assert content.languages == () and not content.words and not content.trials

    def test_on_trial_words_and_harmless_lessons_are_shown(self, loaded: Database) -> None:
        take(loaded, returned(kit_of(loaded), DONE))
        with loaded.session() as session:
            set_trial(session, "khm", True, "lan")
        with loaded.reading() as session:
            trial = load_content(session).trial("khm")
        assert trial and trial.words["label.back"] == "◀ ថយ"
        assert trial.views == {}  # the only lesson of the sample is in the area of warnings

    def test_a_section_with_a_hole_waits_and_is_named(self, loaded: Database) -> None:
        report = take(loaded, returned(kit_of(loaded), {SUMMARY: "OTP។", STEP.format(1): "អានសារ។"}))
        assert vars(report)["unfinished"] == ["otp/steps/2"]
        with loaded.reading() as session:
            state = variant_state(session, KHMER)
        assert state and [s.aspect for s in state.body.sections] == [Aspect.SUMMARY]

    def test_recordings_and_notes_stand_without_text(self, loaded: Database) -> None:
        take(loaded, returned(kit_of(loaded), {STEP.format(1): ""}, audio="otp-1.mp3", note="giọng Trà Vinh"))
        unit = next(unit for unit in kit_of(loaded).units if unit.id == STEP.format(1))
        assert (unit.target, unit.audio, unit.note) == ("", "otp-1.mp3", "giọng Trà Vinh")
        with loaded.reading() as session:
            assert next(c for c in language_coverage(session, 2) if c.language == "khm").audio == 1

    def test_the_translator_must_be_named(self, loaded: Database) -> None:
        file = returned(kit_of(loaded), DONE).model_copy(update={"translator": ""})
        with pytest.raises(KitError, match="tên người dịch"):
            take(loaded, file)

    def test_a_new_draft_stands_on_the_published_text(self, loaded: Database) -> None:
        take(loaded, returned(kit_of(loaded), DONE))
        with loaded.session() as session:
            publish(session, KHMER, "Sư Thạch")
        report = take(loaded, returned(kit_of(loaded), {SUMMARY: "OTP ថ្មី។"}))
        assert vars(report)["lessons"] == ["otp/khm/simple"]
        with loaded.reading() as session:
            state = variant_state(session, KHMER)
        assert state and state.published and state.draft and len(state.body.sections) == 2

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda rows: (*rows, Row(id="topic:otp/simple/steps/9", target="x")), "không có trong nội dung hiện nay"),
            (lambda rows: (*rows, Row(id="ui:nothing", target="x")), "không có trong nội dung hiện nay"),
            (lambda rows: (*rows, rows[0]), "có ở 2 dòng"),
            (lambda rows: (rows[0].model_copy(update={"hash": "0" * 12}), *rows[1:]), "đã đổi sau khi xuất tệp"),
            (lambda rows: (rows[0].model_copy(update={"audio": "../../etc/passwd"}), *rows[1:]), "tên tệp âm thanh"),
        ],
    )
    def test_one_bad_row_and_nothing_is_imported(
        self, loaded: Database, spoil: Callable[[tuple[Row, ...]], tuple[Row, ...]], said: str
    ) -> None:
        before, file = written(loaded), returned(kit_of(loaded), DONE)
        with pytest.raises(Refused, match=said):
            take(loaded, file.model_copy(update={"rows": spoil(file.rows)}))
        assert written(loaded) == before

    def test_a_source_that_changed_since_the_export_is_named(self, loaded: Database, folder: Path) -> None:
        kit = kit_of(loaded)
        edit(folder, "vi/topics/otp.md", "1. Đọc kỹ tin nhắn.", "1. Đọc thật kỹ tin nhắn.")
        with loaded.session() as session:
            load_folder(session, folder)
        with pytest.raises(Refused) as refused:
            take(loaded, returned(kit, DONE))
        assert [problem.unit for problem in refused.value.problems] == [STEP.format(1)]


class TestChecks:
    @pytest.mark.parametrize(
        ("source", "target", "said"),
        [
            ("Phí là {figure:phi}.", "ថ្លៃ ១០០០០", "phải giữ nguyên {figure:phi}"),
            ("Chào", "សួស្តី {title}", "thừa {title}"),
            ("Chào", "សួស្តី {", "dấu { hoặc } lẻ"),
            ("Gọi 113 ngay.", "ហៅ 114", "thiếu số “113”"),
            ("Gọi 113 ngay.", "ហៅ 113 ឬ 0912345678", "thừa số “0912345678”"),
            ("Gọi 113 ngay.", "ហៅ ១១៣", "113 phải viết bằng chữ số 0–9"),
            ("Có 12 số.", "មាន 21", "thiếu số “12”"),
            ("Vào dichvucong.gov.vn.", "ចូល dichvucong.gov.com", "thiếu địa chỉ “dichvucong.gov.vn”"),
            ("Chào", "សូមមើល https://x.com/a", "thừa địa chỉ"),
            ("**Chào**", "**សួស្តី", "dấu ** phải đi theo cặp"),
        ],
    )
    def test_what_was_lost_or_added_is_said(self, source: str, target: str, said: str) -> None:
        assert said in "; ".join(faults(Unit(id="ui:x", source=source), target))

    @pytest.mark.parametrize(
        ("source", "target"),
        [
            ("Chào {you}!", "សួស្តី!"),
            ("Có 12 số, từ 8 đến 20.", "មាន ១២ ពី ៨ ដល់ ២០"),
            ("Vào vneid.gov.vn.", "ចូល vneid.gov.vn។"),
            ("Trả {figure:phi} và {figure:phi}", "{figure:phi} {figure:phi}"),
            ("Gọi 113", ""),
        ],
    )
    def test_what_holds_passes(self, source: str, target: str) -> None:
        assert list(faults(Unit(id="ui:x", source=source), target)) == []

    def test_a_label_that_does_not_fit_on_a_button(self) -> None:
        assert list(faults(Unit(id="ui:x", source="Tiếp", limit=25), "a" * 26)) == ["dài 26 ký tự, nhiều nhất 25"]

    @given(st.text(max_size=80))
    def test_every_text_is_a_faithful_translation_of_itself_or_has_a_fault_of_form(self, text: str) -> None:
        unit = Unit(id="ui:x", source=text)
        said = list(faults(unit, unit.source))
        assert all("{ hoặc }" in s or "**" in s or "113" in s or "bàn phím" in s for s in said)

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_no_text_breaks_the_checks(self, source: str, target: str) -> None:
        list(check_row(Row(id="ui:x", target=target), Unit(id="ui:x", source=source)))


@pytest.fixture(scope="module")
def kits(tmp_path_factory: pytest.TempPathFactory) -> list[Kit]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('shipped') / 'x.db'}")
    upgrade(database)
    with database.session() as session:
        load_folder(session, CONTENT_DIR)
        content = load_content(session)
        assert content.languages == () and {key.language for key in content.views} == {"vi"} and not content.words
        made = [build_kit(session, row.language, interface_texts()) for row in language_coverage(session, 1)]
    database.close()
    return made


class TestWhatIsShipped:
    def test_drafts_keep_placeholders_numbers_and_addresses(self, kits: list[Kit]) -> None:
        drafts = [unit for kit in kits for unit in kit.units if unit.target and not unit.id.startswith("term:")]
        assert len(drafts) > 100
        assert {unit.id: list(faults(unit, unit.target)) for unit in drafts if list(faults(unit, unit.target))} == {}

    def test_khmer_has_every_core_lesson_that_vietnamese_has_whole(self, kits: list[Kit]) -> None:
        khmer = next(kit for kit in kits if kit.language == "khm")
        core = [
            u for u in khmer.units if u.topic and any(part in u.id for part in ("/title", "/summary", "/steps", "short_title"))
        ]
        assert [unit.id for unit in core if not unit.target] == []


def test_a_person_s_word_is_not_replaced_by_a_newer_release(loaded: Database, folder: Path) -> None:
    take(loaded, returned(kit_of(loaded), DONE))
    (folder / "khm").mkdir()
    (folder / "languages.yaml").write_text((CONTENT_DIR / "languages.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    draft = '- {{name: {}, text: "máy", basis: "x", status: draft}}'.format
    words = "\n".join(["language: khm", "words:", draft("label.back"), draft("home.menu"), ""])
    (folder / "khm/interface.yaml").write_text(words, encoding="utf-8")
    with loaded.session() as session:
        load_folder(session, folder)
        rows = {row.unit: (row.text, row.status) for row in session.scalars(select(TranslationRow))}
    assert rows == {"ui:label.back": ("◀ ថយ", "draft"), "ui:home.menu": ("máy", "draft")}


def test_a_lesson_saved_in_the_console_is_what_the_next_kit_holds(loaded: Database) -> None:
    take(loaded, returned(kit_of(loaded), DONE))
    with loaded.session() as session:
        state = variant_state(session, KHMER)
        assert state
        save_draft(session, KHMER, state.body.model_copy(update={"title": "OTP ថ្មី"}), "Lan")
    assert next(unit for unit in kit_of(loaded).units if unit.id == "topic:otp/simple/title").target == "OTP ថ្មី"
