"""Languages in the console: drafts shown on trial only by a publisher's switch, words published only as they were read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from admin.tables import AuditRow
from knowledge.model import Aspect, Body, Level, Section, Step, Topic, VariantKey
from knowledge.store import save_draft, save_topic
from knowledge.tables import TranslationRow
from tests.admin.conftest import Console

PAGE = "/admin/languages/khm"
LESSON = VariantKey(topic_id="vneid-cai-dat", language="khm", level=Level.SIMPLE)


def draft_word(console: Console, name: str = "label.back", text: str = "ថយ") -> None:
    """A translator gave a word."""
    with console.database.session() as session:
        session.merge(TranslationRow(language="khm", unit=f"ui:{name}", text=text, basis="từ bộ dịch", translator="Na"))


def audit_line(console: Console) -> tuple[str, str, str, str]:
    with console.database.reading() as session:
        line = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert line
        return line.actor, line.action, line.before, line.after


class TestTheSwitch:
    def test_drafts_are_hidden_until_it_is_on_and_again_when_it_is_off(self, console: Console) -> None:
        draft_word(console)
        assert console.content().trials == {}
        version = console.content().version
        assert console.browser("publisher").post(f"{PAGE}/trial", {"on": "1"}).status_code == 303
        assert console.content().languages == ("khm",) and console.content().version > version
        assert audit_line(console) == ("publisher", "language.trial", "tắt", "bật")
        console.browser("publisher").post(f"{PAGE}/trial", {"on": "0"})
        assert console.content().languages == ()

    def test_warnings_stay_out_however_they_came_in(self, console: Console) -> None:
        for name in ("danger.menu", "label.danger", "notice", "label.back"):
            draft_word(console, name, "ពាក្យ")
        console.browser("admin").post(f"{PAGE}/trial", {"on": "1"})
        trial = console.content().trial("khm")
        assert trial and set(trial.words) == {"label.back"}

    def test_lessons_lose_their_warnings_and_those_of_the_area_of_warnings_are_left_out(self, console: Console) -> None:
        parts = [Section(aspect=Aspect(name), text="ពាក្យ") for name in ("summary", "safety")]
        danger = Section(aspect=Aspect.EMERGENCY, steps=(Step(text="ហៅ 113"),))
        with console.database.session() as session:
            for topic, area in (("vneid-cai-dat", "dinh-danh"), ("otp", "an-toan")):
                save_topic(session, Topic(id=topic, area=area))
                session.flush()
                body = Body(title="A", short_title="A", sections=(danger, *parts), **dates())
                save_draft(session, LESSON.model_copy(update={"topic_id": topic}), body, "Na")
        console.browser("admin").post(f"{PAGE}/trial", {"on": "1"})
        trial = console.content().trial("khm")
        assert trial and {topic: view.aspects for topic, view in trial.views.items()} == {"vneid-cai-dat": (Aspect.SUMMARY,)}

    def test_the_page_says_what_it_does_and_only_publishers_get_the_button(self, console: Console) -> None:
        assert "Bật hiển thị thử" in console.browser("publisher").get(PAGE).text
        page = console.browser("editor").get(PAGE).text
        assert "đang tắt" in page and "<button" not in page.split("<h2")[1]

    def test_an_unknown_language_is_refused(self, console: Console) -> None:
        assert console.browser("admin").get("/admin/languages/xx").status_code == 404
        assert console.browser("admin").post("/admin/languages/vi/trial", {"on": "1"}).status_code == 404


class TestWords:
    def test_published_as_read_under_the_reviewers_name(self, console: Console) -> None:
        draft_word(console)
        answer = console.browser("publisher").post(f"{PAGE}/words", {"reviewer": "Sư Thạch", "word": "label.back=ថយ"})
        assert "words_published" in answer.headers["location"]
        assert console.content().words == {"khm": {"label.back": "ថយ"}}
        assert "Sư Thạch" in audit_line(console)[3]
        assert "Đang hiển thị" in console.browser("viewer").get(PAGE).text

    def test_a_word_that_changed_meanwhile_stays_a_draft(self, console: Console) -> None:
        draft_word(console, text="ថយក្រោយ")
        answer = console.browser("publisher").post(f"{PAGE}/words", {"reviewer": "Sư Thạch", "word": "label.back=ថយ"})
        assert "words_stale" in answer.headers["location"] and console.content().words == {}

    def test_the_reviewer_must_be_named(self, console: Console) -> None:
        draft_word(console)
        assert console.browser("publisher").post(f"{PAGE}/words", {"word": "label.back=ថយ"}).status_code == 422

    def test_the_list_shows_every_language_with_its_figures(self, console: Console) -> None:
        draft_word(console)
        page = console.browser("viewer").get("/admin/languages").text
        assert "Khmer" in page and "Từ ngữ: 1 nháp" in page and "Ẩn theo cài đặt của tỉnh" in page


def dates() -> dict[str, object]:
    """What a translation inherits from Vietnamese, for a topic that has none here."""
    return {"reviewed_on": date(2026, 11, 1), "review_by": date(2027, 5, 1)}
