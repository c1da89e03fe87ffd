"""Records are shown in their own words, in order, and never as more than they are."""

from __future__ import annotations

from knowledge.procedures import render
from tests.procedures.samples import HEAD, TIME_HEAD, book, procedure


def test_the_glued_table_of_documents_becomes_a_list_with_headings() -> None:
    assert render.papers(procedure()) == (
        "- Tờ khai theo mẫu (1 bản chính)",
        "- Ảnh chân dung (0 bản chính,2 bản sao)",
        "Khi nhận thay:",
        "- Giấy ủy quyền (1 bản chính)",
    )


def test_a_count_in_the_middle_of_a_sentence_is_no_end_of_a_row() -> None:
    text = f"--{HEAD}Nộp (1 bản chính) và 2 bản sao hộ chiếu1 bản chính"
    assert render.papers(procedure(documents=text)) == ("- Nộp (1 bản chính) và 2 bản sao hộ chiếu (1 bản chính)",)


def test_time_and_fee_are_parted_by_way_and_kept_as_recorded() -> None:
    online, direct = render.ways(procedure())
    assert online == render.Way(("Trực tuyến",), "3 Ngày làm việc", "Miễn phí", "(Phí 20.000 đồng)")
    assert direct == render.Way(("Trực tiếp",), "5 Ngày", "", "")


def test_ways_that_say_the_same_stand_together() -> None:
    (same,) = render.ways(procedure(time_fee=f"{TIME_HEAD}Trực tuyến1Miễn phíTrực tiếp1Miễn phí"))
    assert same == render.Way(("Trực tuyến", "Trực tiếp"), "1", "Miễn phí", "")


def test_a_text_that_cannot_be_parted_is_given_whole() -> None:
    odd = procedure(time_fee=f"{TIME_HEAD}Tự động, không mất gì.")
    assert render.ways(odd) == ()
    assert render.time_fee(odd) == "Tự động, không mất gì."


def test_steps_that_the_crawl_cut_in_two_are_put_together() -> None:
    cut = procedure(steps="Lập hồ sơ theo mục 2 (", documents=") rồi nộp.")
    assert render.steps(cut) == "Lập hồ sơ theo mục 2 (Thành phần hồ sơ) rồi nộp."
    assert render.papers(cut) == ()


def test_the_menu_of_the_portal_is_no_part_of_a_text() -> None:
    assert render.plain("Nộp ở xã.Từ khóaKhông có thông tinMô tảChọn cơ quan") == "Nộp ở xã."


def test_our_own_marks_in_a_record_have_no_effect() -> None:
    assert "**" not in render.plain("**đậm** và thường")


def test_a_record_that_still_speaks_of_districts_is_marked() -> None:
    assert procedure(steps="Nộp ở UBND cấp huyện.").mentions_district
    assert not procedure().mentions_district


def test_records_of_one_procedure_stand_together_with_the_commune_first() -> None:
    assert [p.code for p in book().siblings("9.000003")] == ["9.000004", "9.000003"]
    assert book().get("9.000003").name == "Cấp lại thẻ thả diều"  # type: ignore[union-attr]


def test_a_topic_lists_only_procedures_that_were_imported() -> None:
    assert [p.code for p in book().of_topic("can-cuoc")] == ["9.000001", "9.000003"]
    assert book().of_topic("otp") == ()
