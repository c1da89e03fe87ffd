"""Coverage: what there is for each topic of the plan, how old, and in which languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.coverage import Coverage, coverage_of
from knowledge.coverage_page import coverage_page
from knowledge.folder import read_folder
from knowledge.model import Level, Status, VariantKey
from tests.knowledge.samples import TOPIC, write_folder

TODAY = date(2026, 12, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path)


def found(folder: Path, today: date = TODAY) -> Coverage:
    return coverage_of(read_folder(folder), today)


def test_every_topic_of_the_plan_has_a_row_for_each_level(folder: Path) -> None:
    rows = [(row.topic, row.level, row.status) for row in found(folder).rows]
    assert rows == [
        ("otp", "standard", "published"),
        ("otp", "simple", "published"),
        ("khoa-the", "standard", "missing"),
        ("khoa-the", "simple", "missing"),
    ]


def test_age_counts_from_the_review_and_simple_inherits_it(folder: Path) -> None:
    standard, simple, *missing = found(folder).rows
    assert (standard.age, simple.age, standard.overdue) == (10, 10, False)
    assert all(row.age is None and not row.overdue for row in missing)


def test_a_text_is_overdue_from_the_day_after_its_review_date(folder: Path) -> None:
    assert not found(folder, date(2027, 5, 21)).rows[0].overdue
    late = found(folder, date(2027, 5, 22))
    assert late.rows[0].overdue and late.totals[0].overdue == 2


def test_questions_divide_by_writer_and_style_and_items_by_kind(folder: Path) -> None:
    row = found(folder).rows[0]
    assert row.questions == 25 and row.writers == {"ba-hoa": 8, "bien-tap": 9, "linh": 8}
    assert row.styles == dict.fromkeys(("colloquial", "dialect", "formal", "noisy", "unaccented"), 5)
    assert row.items == 5 and row.kinds["order"] == 1


def test_totals_count_each_topic_once(folder: Path) -> None:
    (total,) = found(folder).totals
    assert (total.planned, total.written, total.questions, total.items) == (2, {"standard": 1, "simple": 1}, 25, 5)
    assert str(total) == "vi: 1/2 standard, 1/2 simple, 25 questions, 5 items, 0 texts past their review"


def test_another_language_appears_when_it_has_files_with_the_levels_it_has(folder: Path) -> None:
    (folder / "tyz/topics").mkdir(parents=True)
    (folder / "tyz/topics/otp.md").write_text(TOPIC[: TOPIC.index("# simple")], encoding="utf-8")
    coverage = found(folder)
    assert [(r.level, r.status, r.questions) for r in coverage.rows if r.language == "tyz"] == [("standard", "draft", 0)]
    assert [str(total).split(",")[0] for total in coverage.totals] == ["vi: 1/2 standard", "tyz: 1/2 standard"]


def test_the_workflow_may_know_better_where_a_text_stands(folder: Path) -> None:
    statuses = {VariantKey(topic_id="otp", level=Level.SIMPLE): Status.OUTDATED}
    assert [row.status for row in coverage_of(read_folder(folder), TODAY, statuses).rows[:2]] == ["published", "outdated"]


def test_the_page_says_in_words_what_is_late_or_missing(folder: Path) -> None:
    page = coverage_page(found(folder, date(2027, 6, 1)))
    assert "quá hạn" in page and "chưa có" in page and "1/2 bản thường" in page
    assert page.count("<tr") == 5 and "<script" not in page
