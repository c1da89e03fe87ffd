"""What a reader sees: figures that hide themselves, forms of address, and an honest line about trust."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.files import parse_topic
from knowledge.model import Aspect, Confidence, Level, Section, Status, Step, VariantKey, View
from knowledge.published import Published, build_views
from knowledge.render import Address, resolve, resolve_section, source_line, status_line
from tests.knowledge.samples import TOPIC

TODAY = date(2026, 12, 1)
BAC = Address(you="bác", me="cháu")


@pytest.fixture
def view() -> View:
    return views()[VariantKey(topic_id="otp")]


def views(text: str = TOPIC) -> dict[VariantKey, View]:
    file = parse_topic(text)
    bodies = ((level, file.body(level)) for level in Level)
    return build_views(Published(key=VariantKey(topic_id="otp", level=x), body=body) for x, body in bodies if body)


def fee(view: View, today: date) -> str:
    section = view.section(Aspect.FEE)
    assert section
    return resolve_section(section, view, today).text


def test_a_figure_shows_up_to_its_last_day_and_then_says_where_to_look(view: View) -> None:
    assert fee(view, date(2027, 5, 30)) == "Phí là 10.000 đồng (đúng đến hết 30/06/2027, sau đó nên hỏi lại) mỗi tháng."
    assert fee(view, date(2027, 4, 30)) == "Phí là 10.000 đồng mỗi tháng."
    assert fee(view, date(2027, 7, 1)) == "Phí là mức ghi trong ứng dụng mỗi tháng."


@pytest.mark.parametrize(
    ("today", "noted"),
    [(date(2027, 4, 30), False), (date(2027, 5, 1), True), (date(2027, 6, 30), True), (date(2027, 7, 1), False)],
)
def test_a_figure_in_its_last_sixty_days_is_noted(view: View, today: date, noted: bool) -> None:
    assert ("đúng đến hết 30/06/2027" in fee(view, today)) is noted


@pytest.mark.parametrize("said", ["đến hết 30/06/2027", "đến hết 30/6/2027"])
def test_a_date_that_the_section_says_itself_is_not_said_again(view: View, said: str) -> None:
    section = Section(aspect=Aspect.STEPS, text=f"Mức giảm áp dụng {said}.", steps=(Step(text="Nộp {figure:phi}."),))
    assert resolve_section(section, view, date(2027, 6, 1)).steps[0].text == "Nộp 10.000 đồng."


def test_a_date_of_running_out_is_noted_once_in_a_section(view: View) -> None:
    section = Section(aspect=Aspect.STEPS, text="Phí {figure:phi}.", steps=(Step(text="Nộp {figure:phi}."),))
    shown = resolve_section(section, view, date(2027, 6, 1))
    assert "đúng đến hết" in shown.text and shown.steps[0].text == "Nộp 10.000 đồng."


def test_a_text_without_a_place_gets_no_notes(view: View) -> None:
    """What is indexed must not change with the day."""
    assert resolve("Nộp {figure:phi}.", view.figures, date(2027, 6, 30)) == "Nộp 10.000 đồng."


def test_an_undefined_figure_never_shows_its_braces() -> None:
    assert resolve("Phí: {figure:x}.", (), TODAY) == "Phí: mức hiện hành."


def test_the_reader_is_addressed_as_they_wish() -> None:
    assert resolve("{You} chờ nhé, {me} xem cho {you}. {Me} xong rồi.", (), TODAY, BAC) == (
        "Bác chờ nhé, cháu xem cho bác. Cháu xong rồi."
    )


def test_other_braces_stay(view: View) -> None:
    assert resolve("{x} {}", view.figures, TODAY) == "{x} {}"


def test_unconfirmed_text_says_so(view: View) -> None:
    assert status_line(view, TODAY) == "Nội dung soạn từ nguồn công khai, chưa có cán bộ xác nhận."


def test_confirmed_text_names_who_and_when(view: View) -> None:
    confirmed = view.model_copy(update={"confirmed_by": "Nguyễn Thị Lan", "confirmed_on": date(2026, 11, 30)})
    assert status_line(confirmed, TODAY) == "Đã được Nguyễn Thị Lan xác nhận ngày 30/11/2026."


def test_text_past_its_review_date_or_overtaken_may_have_changed(view: View) -> None:
    assert "có thể đã thay đổi" not in status_line(view, view.review_by)
    assert "có thể đã thay đổi" in status_line(view, date(2027, 5, 22))
    assert "có thể đã thay đổi" in status_line(view.model_copy(update={"status": Status.OUTDATED}), TODAY)


def test_the_source_line_names_publisher_and_dates(view: View) -> None:
    assert source_line(view) == "Nguồn: Báo Thử (28/11/2024) · Rà soát: 21/11/2026"


def test_of_a_page_without_a_date_the_line_says_when_it_was_read(view: View) -> None:
    undated = view.sources[0].model_copy(update={"undated": True, "date": date(2026, 11, 21)})
    line = source_line(view.model_copy(update={"sources": (undated,)}))
    assert line == "Nguồn: Báo Thử (đọc ngày 21/11/2026) · Rà soát: 21/11/2026"


def test_a_page_date_says_more_than_a_later_reading_day_of_the_same_publisher(view: View) -> None:
    read = view.sources[0].model_copy(update={"undated": True, "date": date(2026, 11, 21)})
    for sources in ((*view.sources, read), (read, *view.sources)):
        assert "Báo Thử (28/11/2024) ·" in source_line(view.model_copy(update={"sources": sources}))


def test_many_sources_are_shortened_and_one_publisher_is_named_once(view: View) -> None:
    source = view.sources[0]
    many = [source.model_copy(update={"publisher": name}) for name in ("A", "B", "B", "C", "D", "E")]
    newer = source.model_copy(update={"publisher": "A", "date": date(2025, 1, 2)})
    line = source_line(view.model_copy(update={"sources": (*many, newer)}))
    assert line == "Nguồn: A (02/01/2025); B (28/11/2024) và 3 nguồn khác · Rà soát: 21/11/2026"


def test_the_most_certain_sources_are_named_first_and_a_note_is_for_the_editors_only(view: View) -> None:
    named = {"Báo lá cải": Confidence.LOW, "Một tờ báo": Confidence.MEDIUM, "Cổng": Confidence.HIGH}
    source = view.sources[0].model_copy(update={"note": "chưa chắc"})
    sources = tuple(source.model_copy(update={"publisher": name, "confidence": c}) for name, c in named.items())
    line = source_line(view.model_copy(update={"sources": sources}))
    assert line == "Nguồn: Cổng (28/11/2024); Một tờ báo (28/11/2024) và 1 nguồn khác · Rà soát: 21/11/2026"


class TestInheritance:
    def test_simple_inherits_fields_and_missing_sections_from_standard(self) -> None:
        found = views()
        standard, simple = found[VariantKey(topic_id="otp")], found[VariantKey(topic_id="otp", level=Level.SIMPLE)]
        assert (simple.title, simple.examples, simple.figures) == (standard.title, standard.examples, standard.figures)
        assert simple.section(Aspect.FEE) == standard.section(Aspect.FEE)
        assert simple.section(Aspect.STEPS) != standard.section(Aspect.STEPS)

    def test_simple_may_have_fields_of_its_own(self) -> None:
        own = TOPIC.replace("---\n# standard", 'simple:\n  short_title: "Mã bí mật"\n---\n# standard')
        assert views(own)[VariantKey(topic_id="otp", level=Level.SIMPLE)].short_title == "Mã bí mật"

    def test_another_language_takes_title_and_sources_but_no_sections_from_vietnamese(self) -> None:
        file = parse_topic(TOPIC)
        assert file.standard and file.simple
        tay = VariantKey(topic_id="otp", language="tyz")
        found = build_views([Published(key=VariantKey(topic_id="otp"), body=file.standard), Published(key=tay, body=file.simple)])
        assert found[tay].title == "Mã OTP và cách giữ an toàn"
        assert found[tay].section(Aspect.FEE) is None

    def test_a_text_without_anything_to_inherit_is_not_shown(self) -> None:
        file = parse_topic(TOPIC)
        assert file.simple
        assert build_views([Published(key=VariantKey(topic_id="otp", level=Level.SIMPLE), body=file.simple)]) == {}
