"""The linter: silent on good content, and each mistake found where it is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from knowledge import check_text as rules
from knowledge.check import check_content
from knowledge.findings import Finding, Severity
from tests.knowledge.samples import EXAMPLES, TOPIC, edit, write_folder

OTP, QUIZ, COURSE = "vi/topics/otp.md", "vi/quiz/otp.yaml", "vi/courses/an-toan.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path)


def test_good_content_has_no_findings(folder: Path) -> None:
    assert check_content(folder) == []


MISTAKES = [
    # file, what is written, what is written instead, code, line (None: see the message only)
    (OTP, "area: an-toan", "area: thanh-toan", "area", 3),
    (OTP, "topic: otp", "topic: otp-2", "unknown-topic", 2),
    (OTP, "topic: otp", "topic: khoa-the", "file-name", 2),
    (OTP, "[an-toan.ma-otp]", "[an-toan.khac]", "unknown-skill", 6),
    (OTP, "related: [khoa-the]", "related: [khong-co]", "dead-reference", 8),
    (OTP, ", trouble]", "]", "missing-aspect", 9),
    (OTP, "trouble]", "trouble, fee]", "contradiction", 9),
    (OTP, "trouble]", "trouble, steps]", "contradiction", 9),
    (OTP, "review_by: 2027-05-21", "review_by: 2026-05-21", "dates", 11),
    (OTP, "date: 2024-11-28", "date: 2026-11-28", "dates", 13),
    (OTP, "  date: 2024-11-28\n", "", "format", 13),
    (OTP, "  valid_until: 2027-06-30\n", "", "format", 19),
    (OTP, "source: s1", "source: s9", "dead-reference", 19),
    (OTP, "{figure:phi}", "{figure:khac}", "dead-reference", 60),
    (OTP, "{figure:phi}", "mười nghìn", "unused-figure", 19),
    (OTP, "{figure:phi}", "{phi}", "placeholder", 60),
    (OTP, "mỗi tháng", "mỗi tháng, thêm 2.000 đồng", "plain-number", 60),
    (OTP, "vneid.gov.vn", "https://vneid-gov.vn/x", "link", 49),
    (OTP, "vneid.gov.vn", "vneid-gov.top", "link", 49),
    (OTP, "Đọc tin nhắn.", "Đọc `tin nhắn`.", "markup", 54),
    (OTP, "Đọc tin nhắn.", "Đọc **tin nhắn.", "markup", 54),
    (OTP, "media/otp-1.png", "media/otp-2.png", "dead-reference", 57),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. " + "đọc kỹ " * 11 + ".", "long-sentence", 68),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. Tìm mã QR.", "abbreviation", 68),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. Đọc passcode.", "rare-word", 68),
    (OTP, "\n## steps\n1. Đọc kỹ tin nhắn.\n2. Tự tay nhập mã.\n", "", "missing-aspect", 62),
    (OTP, '- "câu hỏi thử số 0 về mã xác nhận"\n', "", "few-examples", 24),
    (OTP, "câu hỏi thử số 1 về", "Câu hỏi thử số 2 về", "repeated-example", 27),
    (OTP, "## fee\n", "## fee\n\n", "not-canonical", 1),
    (QUIZ, "correct: true", "correct: false", "format", None),
    (QUIZ, "id: dung", "id: a", "format", None),
    (QUIZ, "id: otp-2", "id: khoa-the-2", "format", None),
    (QUIZ, 'text: "Đọc mã"', 'text: "' + "Đọc mã " * 9 + '"', "format", 8),
    (QUIZ, "skill: an-toan.ma-otp", "skill: khac", "unknown-skill", 3),
    (QUIZ, "Đọc mã là mất tiền.", "Xem http://la.vn", "link", 3),
    (QUIZ, "topic: otp\n", "topic: otp2\n", "format", None),
    (COURSE, "otp-3]", "otp-9]", "dead-reference", 7),
    (COURSE, "topics: [otp]", "topics: [khong-co]", "dead-reference", 7),
    (COURSE, "id: an-toan", "id: khac", "file-name", 1),
    (COURSE, "Mã OTP như chìa khóa.", "Xem http://la.vn", "link", 13),
    ("catalogue.yaml", "{id: otp, area: an-toan", "{id: otp, area: khac", "unknown-area", 4),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "line"), MISTAKES, ids=lambda v: str(v)[:24])
def test_each_mistake_is_found_where_it_is(folder: Path, file: str, old: str, new: str, code: str, line: int | None) -> None:
    edit(folder, file, old, new)
    found = [f for f in check_content(folder) if f.code == code and f.file == file]
    assert found, check_content(folder)
    assert line is None or line in {f.line for f in found}


def test_an_expired_figure_is_a_warning_from_the_day_after(folder: Path) -> None:
    assert check_content(folder, today=date(2027, 6, 30)) == []
    assert [f.code for f in check_content(folder, today=date(2027, 7, 1))] == ["expired-figure"]


def test_an_example_of_another_topic_is_found_without_its_accents(folder: Path) -> None:
    other = TOPIC.replace("topic: otp", "topic: khoa-the").replace("related: [khoa-the]", "related: [otp]")
    mine = "".join(f'- "thẻ của tôi bị mất lần {n}"\n' for n in range(14)) + '- "cau hoi thu so 3 ve ma xac nhan"\n'
    (folder / "vi/topics/khoa-the.md").write_text(other.replace(EXAMPLES, mine), encoding="utf-8")
    assert [(f.code, f.file) for f in check_content(folder)] == [("repeated-example", OTP)]


@pytest.mark.parametrize(
    "query", ["Câu hỏi thử số 3, về mã xác nhận?", "cau hoi thu so 3 ve ma xac nhan", "câu hỏi thử số 3 về mã xác nhậnn"]
)
def test_an_example_that_nearly_repeats_an_evaluation_query_is_an_error(folder: Path, query: str) -> None:
    path = folder / "queries.jsonl"
    path.write_text(json.dumps({"id": "q7", "text": query}) + "\n", encoding="utf-8")
    found = [f for f in check_content(folder, [path]) if f.line == 28]
    assert [(f.code, f.severity) for f in found] == [("evaluation-leak", Severity.ERROR)]
    assert "q7" in found[0].message


def test_an_evaluation_query_about_the_same_thing_in_other_words_is_fine(folder: Path) -> None:
    path = folder / "queries.jsonl"
    path.write_text(json.dumps({"id": "q7", "text": "ai đó xin mã xác nhận thì có nên đưa không"}), encoding="utf-8")
    assert check_content(folder, [path]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gọi 113 hoặc 156.", []),
        ("Người từ đủ 14 tuổi, bấm 3 lần số 1.", [("3 lần", False)]),
        ("Nộp 10 triệu đồng, giảm 50%.", [("10 triệu đồng", True), ("50%", True)]),
        ("Trong 7 ngày làm việc", [("7 ngày làm việc", True)]),
        ("Từ 3 đến 5 ngày", [("3 đến 5 ngày", False)]),
        ("Kẻ gian nói: “chuyển ngay 10 triệu đồng”.", []),
        ("Phí 0 đồng, trực 24 giờ, {figure:phi}.", []),
        ("Phí 20.000đ", [("20.000đ", True)]),
        ("VNeID mức 2, Android 8", []),
    ],
)
def test_numbers_that_change_with_time(text: str, found: list[tuple[str, bool]]) -> None:
    assert list(rules.changing_numbers(text)) == found


@pytest.mark.parametrize(
    ("host", "good"),
    [("vneid.gov.vn", True), ("gov.vn", True), ("vneid-gov.vn", False), ("gov.vn.top", False), ("xgov.vn", False)],
)
def test_the_allow_list_cannot_be_imitated(host: str, good: bool) -> None:
    assert rules.allowed(host, ["*.gov.vn"]) is good


def test_sentences_of_lists_and_quotes() -> None:
    text = "**Mở ứng dụng.** Bấm nút: Đồng ý\n- Xong rồi! Đi tiếp…"
    assert rules.sentences(text) == ["Mở ứng dụng.", "Bấm nút", "Đồng ý", "Xong rồi!", "Đi tiếp…"]


def test_findings_read_like_a_compiler() -> None:
    finding = Finding("vi/topics/otp.md", 3, Severity.ERROR, "area", "wrong")
    assert str(finding) == "vi/topics/otp.md:3: error [area] wrong"
