"""Cards: the published text of a topic in large print, honest about its source, the same for the same day."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from knowledge.cards import card_of, render
from knowledge.cards.content import Card
from knowledge.cards.layout import HEIGHT, MARGIN, WIDTH, Area, Code, Page, Text, laid_out
from knowledge.cards.shelf import Shelf
from knowledge.cards.words import lines_of, one_line
from knowledge.folder import CONTENT_DIR
from knowledge.fonts import face
from knowledge.model import Aspect, Figure, Level, Section, View
from knowledge.snapshot import Content, load_content_from_files

MEDIA = CONTENT_DIR / "vi"
TODAY = date(2026, 11, 22)
BASE = "https://bot.example.gov.vn"


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content_from_files(CONTENT_DIR)


@pytest.fixture
def otp(content: Content) -> View:
    view = content.view("otp", level=Level.SIMPLE)
    assert view
    return view


def carded(view: View, today: date = TODAY, base_url: str = BASE) -> Card:
    return card_of(view, today, base_url, MEDIA)


def words(page: Page) -> str:
    return " ".join(shape.words for shape in page.shapes if isinstance(shape, Text))


def with_section(view: View, section: Section, **fields: object) -> View:
    others = tuple(s for s in view.sections if s.aspect is not section.aspect)
    return view.model_copy(update={"sections": (section, *others), **fields})


# --- what a card says


def test_what_to_do_now_comes_before_the_steps_in_red_and_with_the_numbers_to_call(otp: View) -> None:
    card = carded(otp)
    assert [(part.heading, part.urgent) for part in card.parts] == [("LÀM NGAY", True), ("CÁC BƯỚC", False)]
    assert all(number in card.hotlines for number in ("113", "115", "111"))


def test_a_topic_without_danger_has_neither(content: Content) -> None:
    view = content.view("vneid-cai-dat", level=Level.SIMPLE)
    assert view
    card = carded(view)
    assert [part.urgent for part in card.parts] == [False] and card.hotlines == ""


def test_source_review_date_and_who_stands_behind_it_are_said(otp: View) -> None:
    card = carded(otp)
    assert card.source.startswith("Nguồn: ") and "Rà soát: " in card.source
    assert "chưa có cán bộ xác nhận" in card.status
    assert "có thể đã thay đổi" in carded(otp, otp.review_by + timedelta(days=1)).status


def test_figures_hide_themselves_after_their_date(otp: View) -> None:
    figure = Figure(id="f", value="5 triệu đồng", valid_until=date(2027, 6, 30), fallback="mức hiện hành", source="s1")
    view = with_section(otp, Section(aspect=Aspect.SUMMARY, text="Mức là {figure:f}."), figures=(figure,))
    assert carded(view).summary == ("Mức là 5 triệu đồng.",)
    assert carded(view, date(2027, 7, 1)).summary == ("Mức là mức hiện hành.",)


def test_one_warning_the_first_of_the_safety_section(otp: View) -> None:
    section = Section(aspect=Aspect.SAFETY, text="Mở đầu.\n\n- Không đọc mã. Không gửi mã. Câu ba.\n- Điều hai.")
    assert carded(with_section(otp, section)).warning == "Không đọc mã. Không gửi mã."


def test_a_picture_shown_once_is_not_shown_again_and_a_missing_or_foreign_file_never(otp: View, tmp_path: Path) -> None:
    files = [step.picture for part in carded(otp).parts for step in part.steps if step.picture]
    assert len(files) == len(set(files)) >= 3
    assert not any(step.picture for part in card_of(otp, TODAY, BASE, tmp_path).parts for step in part.steps)


def test_the_code_leads_to_the_topic_and_is_left_out_where_no_address_is_known(otp: View) -> None:
    assert carded(otp, base_url=f"{BASE}/").url == f"{BASE}/?t=otp"
    shapes = laid_out(carded(otp, base_url=""), paged=False)[0].shapes
    assert not any(isinstance(shape, Code) for shape in shapes)


# --- how it is laid out


@pytest.mark.parametrize("level", list(Level))
def test_every_shipped_topic_fits_its_pages_with_nothing_over_the_edge(content: Content, level: Level) -> None:
    for topic_id in content.topics:
        view = content.view(topic_id, level=level)
        assert view
        for shape in (shape for page in laid_out(carded(view), paged=True) for shape in page.shapes):
            if isinstance(shape, Text):
                right, low = shape.x + one_line(shape.words, shape.size, shape.bold), shape.y
                assert shape.x >= MARGIN - 1 and right <= WIDTH - 10 and low <= HEIGHT - 10, topic_id
            else:
                box = shape.box
                assert box.x >= 0 and box.x + box.w <= WIDTH and box.y + box.h <= HEIGHT, topic_id


def test_every_character_of_the_shipped_texts_can_be_printed(content: Content) -> None:
    texts = "".join(view.model_dump_json() for view in content.views.values())
    missing = {character for character in texts if not face(False).has(character)}
    assert not {character for character in missing if character.isalpha()}


def test_print_is_large(otp: View) -> None:
    pages = laid_out(carded(otp), paged=True)
    steps = [shape for page in pages for shape in page.shapes if isinstance(shape, Text) and "mã nào nữa" in shape.words]
    assert steps and all(shape.size >= 14.5 for shape in steps)


def test_a_heading_is_never_the_last_thing_on_a_page(content: Content) -> None:
    for topic_id in content.topics:
        view = content.view(topic_id)
        assert view
        for page in laid_out(carded(view), paged=True):
            shapes = [shape for shape in page.shapes if not (isinstance(shape, Text) and "trang " in shape.words)]
            assert not (isinstance(shapes[-1], Area) and shapes[-1].box.h < 3), topic_id


def test_one_long_sheet_holds_what_the_pages_hold(otp: View) -> None:
    card = carded(otp)
    [sheet], pages = laid_out(card, paged=False), laid_out(card, paged=True)
    printed = " ".join(map(words, pages))
    for number in range(1, len(pages) + 1):
        printed = printed.replace(f"{card.title} · trang {number}/{len(pages)}", "")
    assert sorted("".join(words(sheet).split())) == sorted("".join(printed.split()))


def test_bold_words_and_their_full_stop_stay_together_and_spaces_stay_apart() -> None:
    lines = lines_of("Gọi **ngân hàng**. Rồi **báo** công an.", 10, 1000)
    runs = [(run.words, run.bold) for run in lines[0].runs]
    assert runs == [("Gọi", False), ("ngân hàng", True), (". Rồi", False), ("báo", True), ("công an.", False)]
    gap = lines[0].runs[1].x - one_line("Gọi", 10)
    assert gap == pytest.approx(one_line(" ", 10))
    assert lines[0].runs[2].x == pytest.approx(lines[0].runs[1].x + one_line("ngân hàng", 10, True))


# --- the files


def test_a_picture_for_phones_a_document_for_printers_a_drawing_for_editors(otp: View) -> None:
    png, pdf, svg = (render(otp, kind, TODAY, BASE, MEDIA) for kind in ("png", "pdf", "svg"))
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG" and image.width == 1080 and len(png) < 400_000
    assert pdf.startswith(b"%PDF-") and b"/Lang (vi-VN)" in pdf and len(pdf) < 400_000
    assert svg.startswith(b"<svg ") and otp.title in svg.decode()


def test_the_same_text_on_the_same_day_is_the_same_file(otp: View) -> None:
    for kind in ("pdf", "svg"):
        assert render(otp, kind, TODAY, BASE, MEDIA) == render(otp, kind, TODAY, BASE, MEDIA)


def test_an_unknown_kind_is_refused(otp: View) -> None:
    with pytest.raises(ValueError, match="gif"):
        render(otp, "gif", TODAY, BASE, MEDIA)


def test_a_shelf_draws_once_a_day_and_has_no_card_without_a_text(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[date] = []
    monkeypatch.setattr("knowledge.cards.shelf.render", lambda view, kind, today, *rest: drawn.append(today) or b"%PDF")
    shelf = Shelf(lambda: content, MEDIA)
    for day in (TODAY, TODAY, TODAY + timedelta(days=1)):
        assert shelf.card("otp", Level.SIMPLE, "pdf", BASE, day) == b"%PDF"
    assert drawn == [TODAY, TODAY + timedelta(days=1)]
    assert shelf.card("khong-co", Level.SIMPLE, "pdf", BASE, TODAY) is None
