"""The linter: silent on good content, and each mistake found where it is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from knowledge import check_text as rules
from knowledge.check import check_content
from knowledge.check_examples import Queries, Query, highest_overlap
from knowledge.findings import Finding, Severity
from knowledge.model import Example
from tests.knowledge.samples import EXAMPLES, TOPIC, edit, write_folder

OTP, TSV, QUIZ, COURSE = "vi/topics/otp.md", "vi/examples/otp.tsv", "vi/quiz/otp.yaml", "vi/courses/an-toan.yaml"


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
    (OTP, "  valid_until: 2027-06-30\n", "", "format", 20),
    (OTP, "source: s1", "source: s9", "dead-reference", 20),
    (OTP, "{figure:phi}", "{figure:khac}", "dead-reference", 45),
    (OTP, "{figure:phi}", "mười nghìn", "unused-figure", 20),
    (OTP, "{figure:phi}", "{phi}", "placeholder", 45),
    (OTP, "mỗi tháng", "mỗi tháng, thêm 2.000 đồng", "plain-number", 45),
    (OTP, "vneid.gov.vn", "https://vneid-gov.vn/x", "link", 34),
    (OTP, "vneid.gov.vn", "vneid-gov.top", "link", 34),
    (OTP, "Đọc tin nhắn.", "Đọc `tin nhắn`.", "markup", 39),
    (OTP, "Đọc tin nhắn.", "Đọc **tin nhắn.", "markup", 39),
    (OTP, "mỗi tháng", "mỗi tháng, nộp như trên", "stand-alone", 45),
    (OTP, "mỗi tháng", "mỗi tháng, nộp ở bước 2", "stand-alone", 45),
    (OTP, "Đọc tin nhắn.", "Gọi số in ở mặt sau thẻ.", "card-number", 39),
    (COURSE, "Tìm tin có mã.", "Chép số sau thẻ vào sổ.", "card-number", None),
    (OTP, "media/thu-otp.png", "media/otp-2.png", "dead-reference", 42),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. " + "đọc kỹ " * 11 + ".", "long-sentence", 53),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. Tìm mã NFC.", "abbreviation", 53),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. Đọc passcode.", "rare-word", 53),
    (OTP, "\n## steps\n1. Đọc kỹ tin nhắn.\n2. Tự tay nhập mã.\n", "", "missing-aspect", 47),
    (OTP, "review_by: 2027-05-21", "review_by: 2027-05-25", "review-late", 11),
    (OTP, "  confidence: high\n", "", "missing-confidence", 13),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. Bấm vào link đó.", "abbreviation", 53),
    (OTP, "1. Đọc kỹ tin nhắn.", "1. " + "Đọc kỹ tin nhắn vừa đến. " * 17, "long-step", 53),
    (TSV, "formal\tbien-tap\tMã OTP dùng để làm gì?\n", "", "few-examples", 1),
    (TSV, "mã chi mà gửi", "Hông thấy mã nè\ndialect\tlan\tmã chi mà gửi", "repeated-example", 26),
    (TSV, "dialect\tlinh", "local\tlinh", "format", 22),
    (TSV, "style\twriter", "kiểu\twriter", "format", 1),
    (TSV, "formal\tbien-tap\tMã", "formal\tbien-tap\t Mã", "not-canonical", 1),
    (OTP, "## fee\n", "## fee\n\n", "not-canonical", 1),
    (QUIZ, "correct: true", "correct: false", "format", None),
    (QUIZ, "id: dung", "id: a", "format", None),
    (QUIZ, "id: otp-2", "id: khoa-the-2", "format", None),
    (QUIZ, 'text: "Đọc mã"', 'text: "' + "Đọc mã " * 9 + '"', "format", 11),
    (QUIZ, "skill: an-toan.ma-otp", "skill: khac", "unknown-skill", 3),
    (QUIZ, "Đọc mã là mất tiền.", "Xem http://la.vn", "link", 3),
    (QUIZ, 'correct: true, feedback: "Để khóa', 'correct: false, feedback: "Để khóa', "format", None),
    (QUIZ, "  difficulty: easy\n", "", "missing-field", 3),
    (QUIZ, '  simple: "Có người gọi xin mã. Làm gì?"\n', "", "missing-field", 3),
    (QUIZ, '  checked: {by: "Lan", on: 2026-11-20}\n', "", "unchecked", 1),
    (QUIZ, "Giữ mã thế nào?", "Xem http://la.vn", "link", 45),
    (QUIZ, "Đọc mã là mất tiền.", "Chưa đúng. Đọc mã là mất tiền.", "verdict-feedback", 3),
    (QUIZ, "Đọc mã là mất tiền.", "Giỏi lắm, phải giữ mã.", "verdict-feedback", 3),
    (QUIZ, "topic: otp\n", "topic: otp2\n", "format", None),
    (COURSE, "otp-3]", "otp-9]", "dead-reference", 7),
    (COURSE, "topics: [otp]", "topics: [khong-co]", "dead-reference", 7),
    (COURSE, "id: an-toan", "id: khac", "file-name", 1),
    (COURSE, "Mã OTP như chìa khóa.", "Xem http://la.vn", "link", 13),
    (COURSE, ', simple: "Mã như chìa khóa."', "", "missing-field", 13),
    (COURSE, "Mã như chìa khóa.", "Mã như chìa khóa. " * 16, "long-card", 13),
    (COURSE, '  - {text: "Lỡ đọc thì gọi ngân hàng.", simple: "Gọi ngân hàng."}\n', "", "cards", 7),
    (COURSE, ' simple: "Tìm tin có mã.",', "", "missing-field", 7),
    ("skills.yaml", "groups: [an-toan]", "groups: [khac]", "framework", 2),
    ("skills.yaml", "groups: [an-toan]", "groups: []", "framework", 2),
    ("skills.yaml", '["4.2"]', '["1.1"]', "framework", 2),
    ("skills.yaml", '["4.2"]', '["4.2", "9.9"]', "framework", 2),
    ("skills.yaml", "domain: an-toan", "domain: khac", "framework", 2),
    ("frameworks.yaml", 'id: "4.2"', 'id: "4.1"', "format", None),
    ("frameworks.yaml", "default: 0.7", "default: 7", "format", 24),
    (OTP, "skills: [an-toan.ma-otp]", "skills: []", "no-skill", 6),
    ("catalogue.yaml", "{id: otp, area: an-toan", "{id: otp, area: khac", "unknown-area", 4),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "line"), MISTAKES, ids=lambda v: str(v)[:24])
def test_each_mistake_is_found_where_it_is(folder: Path, file: str, old: str, new: str, code: str, line: int | None) -> None:
    edit(folder, file, old, new)
    found = [f for f in check_content(folder) if f.code == code and f.file == file]
    assert found, check_content(folder)
    assert line is None or line in {f.line for f in found}


def test_a_source_with_the_day_of_the_review_is_a_warning_unless_it_is_undated(folder: Path) -> None:
    edit(folder, OTP, "date: 2024-11-28", "date: 2026-11-21")
    assert [(f.code, f.severity, f.line) for f in check_content(folder)] == [("reading-day", Severity.WARNING, 13)]
    edit(folder, OTP, "date: 2026-11-21", "date: 2026-11-21\n  undated: true")
    assert check_content(folder) == []


def test_an_expired_figure_is_a_warning_from_the_day_after(folder: Path) -> None:
    assert check_content(folder, today=date(2027, 6, 30)) == []
    assert [f.code for f in check_content(folder, today=date(2027, 7, 1))] == ["expired-figure"]


def test_sentences_that_average_over_eighteen_syllables_are_too_long_even_if_none_is(folder: Path) -> None:
    text = (folder / OTP).read_text(encoding="utf-8")
    long = " ".join(["đọc mã"] * 10) + "."
    simple = f"# simple\n\n## summary\n{long}\n\n## steps\n1. {long}\n"
    (folder / OTP).write_text(text[: text.index("# simple")] + simple, encoding="utf-8")
    assert [(f.code, f.line) for f in check_content(folder)] == [("long-sentence", 47)]


def test_two_writers_or_four_styles_are_too_few(folder: Path) -> None:
    path = folder / TSV
    path.write_text(EXAMPLES.replace("\tlinh\t", "\tba-hoa\t").replace("dialect\t", "colloquial\t"), encoding="utf-8")
    found = check_content(folder)
    assert [(f.code, f.severity) for f in found] == [("few-styles", Severity.ERROR), ("few-writers", Severity.ERROR)]
    assert "dialect" in found[0].message and "2 writers" in found[1].message


def test_a_topic_without_quiz_or_examples_is_told_so(folder: Path) -> None:
    (folder / QUIZ).unlink()
    (folder / TSV).unlink()
    found = [(f.code, f.file) for f in check_content(folder) if f.file == OTP]
    assert ("few-items", OTP) in found and ("few-examples", OTP) in found


def test_examples_without_a_topic_are_strays(folder: Path) -> None:
    (folder / "vi/examples/khac.tsv").write_text(EXAMPLES, encoding="utf-8")
    assert [(f.code, f.file) for f in check_content(folder)] == [("stray-examples", "vi/examples/khac.tsv")]


def test_a_topic_without_figures_may_wait_a_year_for_its_review(folder: Path) -> None:
    text = TOPIC.replace("{figure:phi}", "mức ghi trong ứng dụng").replace("2027-05-21", "2027-11-22")
    start, end = text.index("figures:"), text.index("---\n# standard")
    (folder / OTP).write_text(text[:start] + text[end:], encoding="utf-8")
    assert check_content(folder) == []
    edit(folder, OTP, "2027-11-22", "2027-11-23")
    assert [f.code for f in check_content(folder)] == ["review-late"]


def test_a_translation_may_leave_out_what_it_inherits(folder: Path) -> None:
    """One level, no sources, figures, examples, quiz; a Vietnamese figure may be used."""
    body = "# standard\n\n## summary\nMã {figure:phi}.\n\n## steps\n1. Tắt máy.\n\n## fee\nPhí {figure:phi}.\n"
    text = f'---\ntopic: otp\narea: an-toan\ntitle: "OTP"\nshort_title: "OTP"\nskills: []\naudience: []\nrelated: []\n---\n{body}'
    (folder / "tyz/topics").mkdir(parents=True)
    (folder / "tyz/topics/otp.md").write_text(text, encoding="utf-8")
    assert check_content(folder) == []


def test_an_example_of_another_topic_is_found_without_its_accents(folder: Path) -> None:
    other = TOPIC.replace("topic: otp", "topic: khoa-the").replace("related: [khoa-the]", "related: [otp]")
    (folder / "vi/topics/khoa-the.md").write_text(other, encoding="utf-8")
    header, *lines = EXAMPLES.splitlines()
    mine = [f"{line} khi mất thẻ" for line in lines[:-1]] + ["unaccented\tlinh\tma co hieu luc trong bao lau"]
    (folder / "vi/examples/khoa-the.tsv").write_text("\n".join([header, *mine]) + "\n", encoding="utf-8")
    (folder / "vi/quiz/khoa-the.yaml").write_text((folder / QUIZ).read_text(encoding="utf-8").replace("otp", "khoa-the"), "utf-8")
    found = [f for f in check_content(folder) if f.code == "repeated-example"]
    assert [(f.file, f.line) for f in found] == [(TSV, 5)] and "khoa-the" in found[0].message


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("họ bảo đọc dãy số vừa nhắn tới", True),
        ("Ho bao doc day so vua nhan toi?", True),
        ("họ bảo đọc dãy số vừa nhắn tớii", True),
        ("họ bảo đọc luôn dãy số vừa nhắn tới", True),
        ("họ bảo đọc dãy số", False),
        ("ai đó xin mã xác nhận thì có nên đưa không", False),
    ],
)
def test_an_example_that_nearly_repeats_an_evaluation_query_is_an_error(folder: Path, query: str, near: bool) -> None:
    path = folder / "queries.jsonl"
    path.write_text(json.dumps({"id": "q7", "text": query}) + "\n", encoding="utf-8")
    found = check_content(folder, [path])
    assert [(f.code, f.severity, f.line) for f in found] == ([("evaluation-leak", Severity.ERROR, 8)] if near else [])
    assert all("q7" in f.message for f in found)


def test_so_is_a_question_of_what_no_lesson_answers(folder: Path) -> None:
    outside = {
        "outside": [{"id": "mua", "title": "Thời tiết", "examples": ["Mai có mưa ở xã mình không?", "troi hom nay the nao"]}]
    }
    (folder / "vi" / "unknowns.yaml").write_text(yaml.safe_dump(outside, allow_unicode=True), encoding="utf-8")
    path = folder / "queries.jsonl"
    path.write_text(json.dumps({"id": "q7", "text": "mai co mua o xa minh khong"}) + "\n", encoding="utf-8")
    assert [(f.file, f.code) for f in check_content(folder, [path])] == [("vi/unknowns.yaml", "evaluation-leak")]


def test_a_question_that_is_part_of_a_longer_one_nearly_repeats_it() -> None:
    queries = Queries([Query("q1", "xem số dư tài khoản trên điện thoại")])
    longer = queries.nearest("Xem số dư tài khoản trên điện thoại thì bấm vào mục nào trong ứng dụng hả cháu?")
    assert longer and longer.too_close and longer.share < 0.7
    short = Queries([Query("q1", "quên mật khẩu")]).nearest("cháu ơi quên mật khẩu thì làm thế nào")
    assert short and not short.too_close, "short keywords stand in many questions"


def test_the_highest_overlap_names_topic_and_query() -> None:
    queries = Queries([Query("q1", "khóa thẻ ở đâu"), Query("q2", "mã otp là gì")])
    found = highest_overlap({"otp": [Example(text="mã otp là chi"), Example(text="xyz")]}, queries)
    assert found and (found[0].query, found[1], found[2]) == ("q2", "otp", "mã otp là chi")
    assert highest_overlap({"otp": [Example(text="xyz")]}, queries) is None


def test_a_text_shares_all_with_itself_and_nothing_with_a_stranger() -> None:
    queries = Queries([Query("q1", "Mã OTP là gì?")])
    same = queries.nearest("ma otp la gi")
    assert same and same.share == 1.0
    assert queries.nearest("zzz") is None and Queries([]).nearest("mã") is None


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
    ("text", "words"),
    [
        ("Đúng tuổi như trên, có đơn.", "như trên"),
        ("Nộp như trên hoặc ra quầy.", "như trên"),
        ("Điền họ tên như trên thẻ căn cước.", None),
        ("Gõ vào ô ở trên cùng, xem tên ghi bên dưới.", None),
        ("Làm lại như bước 4.", "bước 4"),
        ("Bật xác minh 2 bước.", None),
    ],
)
def test_a_section_is_read_without_the_others(text: str, words: str | None) -> None:
    assert rules.points_elsewhere(text, beside_steps=False) == words
    assert rules.points_elsewhere("Xong thì làm bước 2.", beside_steps=True) is None


@pytest.mark.parametrize(
    "text", ["Gọi số in sau thẻ.", "Số ở mặt sau thẻ", "số tổng đài in ở mặt sau thẻ", "số ngân hàng in sau thẻ"]
)
def test_the_number_on_the_card_is_never_named_without_saying_which(text: str) -> None:
    assert rules.unclear_number(text)
    assert not rules.unclear_number("Gọi số điện thoại tổng đài in sau thẻ, giữ kín 3 số bí mật sau thẻ.")


@pytest.mark.parametrize(
    ("host", "good"),
    [("vneid.gov.vn", True), ("gov.vn", True), ("vneid-gov.vn", False), ("gov.vn.top", False), ("xgov.vn", False)],
)
def test_the_allow_list_cannot_be_imitated(host: str, good: bool) -> None:
    assert rules.allowed(host, ["*.gov.vn"]) is good


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bấm vào link trong email.", ["link"]),
        ("Bấm “Share” rồi mở vneid.gov.vn, nghiêng máy, khuya, quét, ngoằn ngoèo, thuở, giữ gìn.", []),
        ("Mở UBND bằng file pdf", ["UBND", "file", "pdf"]),
        ("Passcode là dãy số mở giấy tờ. Gõ passcode.", []),
        ("Gửi email tức thư điện tử. Mở email.", []),
        ("Dùng wifi, zalo, mã QR, thẻ ATM, app VNeID.", []),
    ],
)
def test_foreign_words_and_abbreviations_have_to_be_explained(text: str, words: list[str]) -> None:
    assert sorted(rules.unexplained([text])) == sorted(words)


def test_sentences_of_lists_and_quotes() -> None:
    text = "**Mở ứng dụng.** Bấm nút: Đồng ý\n- Xong rồi! Đi tiếp…"
    assert rules.sentences(text) == ["Mở ứng dụng.", "Bấm nút", "Đồng ý", "Xong rồi!", "Đi tiếp…"]


def test_findings_read_like_a_compiler() -> None:
    finding = Finding("vi/topics/otp.md", 3, Severity.ERROR, "area", "wrong")
    assert str(finding) == "vi/topics/otp.md:3: error [area] wrong"
