"""From a folder to citizens, and every step of the review on the way: the same on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge import store
from knowledge.model import Aspect, Body, Level, Section, Status, Step, VariantKey
from knowledge.snapshot import content_version, load_content, load_content_from_files
from knowledge.sources import ContentError
from knowledge.tables import RevisionRow
from knowledge.transfer import export_topics, load_folder
from storage import Database, open_database
from tests.knowledge.samples import COURSE, TOPIC, edit, write_folder

STANDARD = VariantKey(topic_id="otp")
SIMPLE = VariantKey(topic_id="otp", level=Level.SIMPLE)
TODAY = date(2026, 12, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "content")


@pytest.fixture
def loaded(database: Database, folder: Path) -> Database:
    with database.session() as session:
        load_folder(session, folder)
    return database


def changed(body: Body, summary: str = "Văn bản mới.") -> Body:
    sections = (Section(aspect=Aspect.SUMMARY, text=summary), *(s for s in body.sections if s.aspect is not Aspect.SUMMARY))
    return body.model_copy(update={"sections": sections})


def save(database: Database, key: VariantKey = STANDARD, *, substantive: bool = False, summary: str = "Văn bản mới.") -> None:
    with database.session() as session:
        store.save_draft(session, key, changed(_state(session, key).body, summary), "lan", substantive=substantive)


def save_and_publish(database: Database, key: VariantKey = STANDARD, *, substantive: bool = False) -> None:
    save(database, key, substantive=substantive)
    with database.session() as session:
        store.publish(session, key, "minh")


def _state(session: store.Session, key: VariantKey = STANDARD) -> store.VariantState:
    state = store.variant_state(session, key)
    assert state
    return state


def state(database: Database, key: VariantKey = STANDARD) -> store.VariantState:
    with database.reading() as session:
        return _state(session, key)


def summary(database: Database, level: Level = Level.STANDARD) -> str:
    with database.reading() as session:
        view = load_content(session).view("otp", level=level)
    assert view
    section = view.section(Aspect.SUMMARY)
    return section.text if section else ""


class TestLoading:
    def test_a_loaded_folder_is_the_content_of_its_files(self, loaded: Database, folder: Path) -> None:
        with loaded.reading() as session:
            content = load_content(session)
        from_files = load_content_from_files(folder)
        assert content == from_files
        assert content.topics == from_files.topics
        assert content.course("an-toan") == from_files.course("an-toan")
        assert [i.id for i in content.quiz_for("otp")] == [f"otp-{n}" for n in range(1, 6)]
        assert (content.version > 0, from_files.version) == (True, 0)

    def test_shipped_content_loads_and_exports_byte_for_byte(self, database: Database, tmp_path: Path) -> None:
        from knowledge.folder import CONTENT_DIR

        with database.session() as session:
            load_folder(session)
        with database.reading() as session:
            assert load_content(session) == load_content_from_files()
            written = export_topics(session, tmp_path)
        shipped = {p.relative_to(CONTENT_DIR): p for p in CONTENT_DIR.glob("*/*/*") if p.suffix in {".md", ".tsv"}}
        assert sorted(p.relative_to(tmp_path) for p in written) == sorted(shipped)
        assert all(p.read_bytes() == shipped[p.relative_to(tmp_path)].read_bytes() for p in written)

    def test_loading_again_does_nothing(self, loaded: Database, folder: Path) -> None:
        with loaded.session() as session:
            before = content_version(session)
            report = load_folder(session, folder)
            assert (report.created, report.updated, content_version(session)) == ([], [], before)

    def test_a_newer_file_replaces_only_the_text_it_changes(self, loaded: Database, folder: Path) -> None:
        edit(folder, "vi/topics/otp.md", "1. Đọc kỹ tin nhắn.", "1. Đọc thật kỹ tin nhắn.")
        with loaded.session() as session:
            report = load_folder(session, folder)
        assert report.updated == ["otp/vi/simple"]
        assert state(loaded, SIMPLE).latest_number == 2
        assert state(loaded).latest_number == 1

    def test_a_newer_file_leaves_what_people_have_edited(self, loaded: Database, folder: Path) -> None:
        save_and_publish(loaded)
        edit(folder, "vi/topics/otp.md", "OTP là mã dùng một lần. {You}", "Bản của phần mềm. {You}")
        with loaded.session() as session:
            assert load_folder(session, folder).kept == ["otp/vi/standard"]
        assert summary(loaded) == "Văn bản mới."

    def test_a_newer_file_leaves_what_a_person_has_confirmed(self, loaded: Database, folder: Path) -> None:
        with loaded.session() as session:
            store.confirm(session, STANDARD, "Nguyễn Thị Lan", TODAY)
        edit(folder, "vi/topics/otp.md", "OTP là mã dùng một lần. {You}", "Bản của phần mềm. {You}")
        with loaded.session() as session:
            load_folder(session, folder)
        assert summary(loaded).startswith("OTP là mã")
        assert state(loaded).confirmed_by == "Nguyễn Thị Lan"

    def test_a_removed_quiz_item_and_a_changed_course_follow_the_files(self, loaded: Database, folder: Path) -> None:
        (folder / "vi/quiz/otp.yaml").unlink()
        edit(folder, "vi/courses/an-toan.yaml", "items: [otp-1, otp-2, otp-3]", "items: []")
        with loaded.session() as session:
            before = content_version(session)
            report = load_folder(session, folder)
            assert content_version(session) > before
        assert sorted(report.removed) == [f"quiz/vi/otp-{n}" for n in range(1, 6)]
        with loaded.reading() as session:
            assert load_content(session) == load_content_from_files(folder)

    def test_a_broken_file_stops_everything_before_anything_is_written(self, database: Database, folder: Path) -> None:
        edit(folder, "vi/topics/otp.md", "area: an-toan", "aera: an-toan")
        edit(folder, "vi/courses/an-toan.yaml", "minutes: 5", "minutes: nhanh")
        with pytest.raises(ContentError) as caught, database.session() as session:
            load_folder(session, folder)
        assert len(caught.value.problems) == 2
        with database.reading() as session:
            assert store.variant_keys(session) == []

    def test_another_language_is_a_draft_that_citizens_do_not_see(self, database: Database, folder: Path) -> None:
        other = TOPIC.replace("OTP là mã dùng một lần.", "Tày: OTP.")
        for name, text in (("tyz/topics/otp.md", other), ("tyz/courses/an-toan.yaml", COURSE)):
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text(text, encoding="utf-8")
        with database.session() as session:
            load_folder(session, folder)
            content = load_content(session)
        assert content == load_content_from_files(folder)
        view = content.view("otp", "tyz")
        assert view is not None and view.key.language == "vi"
        assert state(database, VariantKey(topic_id="otp", language="tyz")).status is Status.DRAFT


class TestReview:
    def test_a_draft_is_hidden_until_it_is_published(self, loaded: Database) -> None:
        save(loaded)
        assert summary(loaded).startswith("OTP là mã")
        assert state(loaded).status is Status.DRAFT
        with loaded.session() as session:
            store.submit(session, STANDARD, "lan", "nhờ xem giúp")
        assert state(loaded).status is Status.IN_REVIEW
        with loaded.session() as session:
            store.publish(session, STANDARD, "minh")
        assert summary(loaded) == "Văn bản mới."
        assert (state(loaded).status, state(loaded).draft) == (Status.PUBLISHED, None)

    def test_publishing_raises_the_version_that_others_poll_and_saving_does_not(self, loaded: Database) -> None:
        def version() -> int:
            with loaded.reading() as session:
                return content_version(session)

        before = version()
        save(loaded)
        assert version() == before
        with loaded.session() as session:
            store.publish(session, STANDARD, "minh")
        assert version() == before + 1

    def test_a_reviewer_sends_a_draft_back_with_a_reason(self, loaded: Database) -> None:
        save(loaded)
        with loaded.session() as session:
            store.submit(session, STANDARD, "lan")
            store.return_to_editor(session, STANDARD, "minh", "thiếu nguồn")
        assert state(loaded).status is Status.DRAFT
        with loaded.reading() as session:
            assert store.history(session, STANDARD)[0].note == "thiếu nguồn"

    def test_a_discarded_draft_leaves_the_published_text_and_the_record(self, loaded: Database) -> None:
        save(loaded)
        with loaded.session() as session:
            store.discard_draft(session, STANDARD, "lan")
        assert (state(loaded).status, state(loaded).draft, state(loaded).latest_number) == (Status.PUBLISHED, None, 2)

    def test_after_discarding_the_only_edit_the_text_follows_the_files_again(self, loaded: Database, folder: Path) -> None:
        save(loaded)
        with loaded.session() as session:
            store.discard_draft(session, STANDARD, "lan")
        edit(folder, "vi/topics/otp.md", "OTP là mã dùng một lần. {You}", "Bản của phần mềm. {You}")
        with loaded.session() as session:
            load_folder(session, folder)
        assert summary(loaded).startswith("Bản của phần mềm.")

    def test_another_process_sees_a_publish_at_its_next_poll(self, loaded: Database, database_url: str) -> None:
        other = open_database(database_url)
        with other.reading() as session:
            before = content_version(session)
        save_and_publish(loaded)
        with other.reading() as session:
            assert content_version(session) == before + 1
        assert summary(other) == "Văn bản mới."
        other.close()

    def test_who_did_what_when_is_kept_newest_first(self, loaded: Database) -> None:
        save_and_publish(loaded)
        with loaded.reading() as session:
            steps = [(h.action, h.actor, h.revision.number) for h in store.history(session, STANDARD)]
        assert steps == [("published", "minh", 2), ("saved", "lan", 2), ("published", "hocvuso", 1)]

    def test_rolling_back_publishes_the_old_text_as_a_new_revision(self, loaded: Database) -> None:
        save_and_publish(loaded)
        with loaded.session() as session:
            again = store.rollback(session, STANDARD, 1, "minh")
        assert again.number == 3
        assert summary(loaded).startswith("OTP là mã")

    def test_rolling_back_keeps_a_draft_in_work(self, loaded: Database) -> None:
        save_and_publish(loaded)
        save(loaded, summary="Đang viết.")
        with loaded.session() as session:
            store.rollback(session, STANDARD, 1, "minh")
        draft = state(loaded).draft
        assert draft is not None and draft.number == 3
        assert state(loaded).status is Status.DRAFT

    def test_two_editors_do_not_overwrite_each_other(self, loaded: Database) -> None:
        base = state(loaded)
        save(loaded)
        with pytest.raises(store.Conflict), loaded.session() as session:
            store.save_draft(session, STANDARD, base.body, "hoa", base=base.latest_number)

    def test_a_revision_never_changes(self, loaded: Database) -> None:
        with pytest.raises(TypeError, match="never changed"), loaded.session() as session:
            session.scalars(select(RevisionRow)).first().note = "khác"  # type: ignore[union-attr]
        with pytest.raises(TypeError, match="never changed"), loaded.session() as session:
            session.delete(session.scalars(select(RevisionRow)).first())

    @pytest.mark.parametrize("step", [store.submit, store.publish, store.discard_draft])
    def test_steps_that_need_a_draft_say_so(self, loaded: Database, step: object) -> None:
        with pytest.raises(store.WorkflowError, match="no draft"), loaded.session() as session:
            step(session, STANDARD, "minh")  # type: ignore[operator]

    def test_a_text_without_steps_or_sources_cannot_go_live(self, loaded: Database) -> None:
        with loaded.session() as session:
            store.save_draft(session, STANDARD, Body(title="Mã"), "lan")
            with pytest.raises(store.WorkflowError, match=r"without short_title, sources, .* summary, steps"):
                store.publish(session, STANDARD, "minh")

    def test_an_unknown_topic_or_revision_is_named(self, loaded: Database) -> None:
        with loaded.session() as session:
            with pytest.raises(store.WorkflowError, match="no topic nowhere"):
                store.save_draft(session, VariantKey(topic_id="nowhere"), Body(), "lan")
            with pytest.raises(store.WorkflowError, match="no revision 9"):
                store.rollback(session, STANDARD, 9, "minh")


class TestTrust:
    def test_shipped_text_is_unconfirmed_until_a_named_person_vouches_for_it(self, loaded: Database) -> None:
        assert state(loaded).confirmed_by is None
        with loaded.session() as session:
            store.confirm(session, STANDARD, "Nguyễn Thị Lan", TODAY)
            view = load_content(session).view("otp")
        assert view is not None
        assert (view.confirmed_by, view.confirmed_on) == ("Nguyễn Thị Lan", TODAY)

    def test_a_typo_keeps_the_confirmation_and_a_change_of_substance_ends_it(self, loaded: Database) -> None:
        with loaded.session() as session:
            store.confirm(session, STANDARD, "Nguyễn Thị Lan", TODAY)
        save_and_publish(loaded)
        assert state(loaded).confirmed_by == "Nguyễn Thị Lan"
        save_and_publish(loaded, substantive=True)
        assert state(loaded).confirmed_by is None

    def test_a_publisher_can_confirm_in_the_same_step(self, loaded: Database) -> None:
        save(loaded, substantive=True)
        with loaded.session() as session:
            store.publish(session, STANDARD, "Lê Văn Minh", confirm_on=TODAY)
        assert (state(loaded).confirmed_by, state(loaded).confirmed_on) == ("Lê Văn Minh", TODAY)

    def test_only_a_change_of_substance_makes_the_other_variants_outdated(self, loaded: Database) -> None:
        save_and_publish(loaded)
        assert state(loaded, SIMPLE).status is Status.PUBLISHED
        save_and_publish(loaded, substantive=True)
        assert state(loaded, SIMPLE).status is Status.OUTDATED
        with loaded.reading() as session:
            view = load_content(session).view("otp", level=Level.SIMPLE)
        assert view is not None and view.status is Status.OUTDATED

    def test_catching_up_does_not_make_the_first_one_outdated_in_turn(self, loaded: Database) -> None:
        save_and_publish(loaded, substantive=True)
        save_and_publish(loaded, SIMPLE, substantive=True)
        assert [state(loaded, key).status for key in (STANDARD, SIMPLE)] == [Status.PUBLISHED] * 2

    def test_an_outdated_text_that_still_holds_is_marked_so(self, loaded: Database) -> None:
        save_and_publish(loaded, substantive=True)
        with loaded.session() as session:
            store.mark_current(session, SIMPLE, "minh")
        assert state(loaded, SIMPLE).status is Status.PUBLISHED

    def test_a_draft_cannot_be_confirmed(self, database: Database, loaded: Database) -> None:
        key = VariantKey(topic_id="otp", language="tyz")
        with loaded.session() as session:
            store.save_draft(session, key, Body(sections=(Section(aspect=Aspect.STEPS, steps=(Step(text="x"),)),)), "lan")
            with pytest.raises(store.WorkflowError, match="not published"):
                store.confirm(session, key, "Lan", TODAY)
