"""Quiz items, a course and a content to learn from, built by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from knowledge.courses import Card, Course, Lesson, Practice
from knowledge.model import Skill
from knowledge.quiz import Kind, Option, QuizItem
from knowledge.snapshot import Content
from learning.criterion import Criterion
from learning.events import AttemptStarted, Purpose
from learning.quiz import Attempt, Quiz, start
from learning.record import Record, fold
from tests.bot.talking import CONTENT

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
RULE = Criterion()


def option(option_id: str, text: str, correct: bool = False) -> Option:
    return Option(id=option_id, text=text, correct=correct, feedback=f"Vì sao: {text}.")


def single(item_id: str, skill: str = "an-toan.ma-otp") -> QuizItem:
    options = (option("a", "Đọc mã"), option("b", "Tắt máy", True), option("c", "Gọi lại"))
    return QuizItem(id=item_id, kind=Kind.SINGLE, skill=skill, stem=f"Ai gọi xin mã ({item_id})?", options=options)


def multiple(item_id: str, skill: str = "an-toan.ma-otp") -> QuizItem:
    options = (option("a", "Khóa thẻ", True), option("b", "Chuyển thêm tiền"), option("c", "Báo công an", True))
    return QuizItem(id=item_id, kind=Kind.MULTIPLE, skill=skill, stem=f"Nên làm những gì ({item_id})?", options=options)


def true_false(item_id: str, skill: str = "dinh-danh.tai-khoan") -> QuizItem:
    options = (option("dung", "Đúng", True), option("sai", "Sai"))
    return QuizItem(id=item_id, kind=Kind.TRUE_FALSE, skill=skill, stem=f"VNeID là của Bộ Công an ({item_id}).", options=options)


def real_or_fake(item_id: str, skill: str = "an-toan.duong-link") -> QuizItem:
    options = (option("that", "Thật"), option("gia", "Giả", True))
    stem = f"Tin này thật hay giả ({item_id})?"
    return QuizItem(id=item_id, kind=Kind.REAL_OR_FAKE, skill=skill, scenario="Bấm vào đây nhận quà.", stem=stem, options=options)


def order(item_id: str, skill: str = "an-toan.xu-ly-su-co") -> QuizItem:
    options = (option("a", "Tắt máy", True), option("b", "Gọi ngân hàng", True), option("c", "Báo công an", True))
    stem = f"Lỡ đọc mã, làm theo thứ tự nào ({item_id})?"
    return QuizItem(id=item_id, kind=Kind.ORDER, skill=skill, stem=stem, simple=f"Làm gì trước ({item_id})?", options=options)


ITEMS = {
    item.id: item for item in (single("otp-1"), multiple("otp-2"), true_false("otp-3"), real_or_fake("otp-4"), single("otp-5"))
}
FIRST = Lesson(
    id="giu-ma",
    title="Bài 1. Giữ kín mã OTP",
    short_title="Giữ mã OTP",
    minutes=5,
    topics=("otp",),
    cards=(Card(text="Mã như chìa khóa, {you} nhé."), Card(text="Không đọc cho ai.")),
    practice=Practice(text="Tìm một tin nhắn có mã.", check="Thấy dòng dặn."),
    items=("otp-1", "otp-2", "otp-3", "otp-4"),
)
SECOND = Lesson(
    id="link-la",
    title="Bài 2. Đường dẫn lạ",
    short_title="Đường dẫn lạ",
    minutes=4,
    cards=(Card(text="Đừng bấm."),),
    items=("otp-5",),
)
COURSE = Course(id="an-toan", title="An toàn", short_title="An toàn", summary="Giữ tiền cho {you}.", lessons=(FIRST, SECOND))
SKILLS = {
    s: Skill(id=s, title=t, domain="an-toan")
    for s, t in (
        ("an-toan.ma-otp", "Giữ mã OTP"),
        ("dinh-danh.tai-khoan", "Giữ tài khoản VNeID"),
        ("an-toan.duong-link", "Nhận ra đường dẫn giả"),
    )
}


def learning_content() -> Content:
    """The small world of the conversation tests with a course of two lessons and five items."""
    return replace(CONTENT, quiz={"vi": ITEMS}, courses={"vi": {COURSE.id: COURSE}}, skills=SKILLS)


def started(seed: str = "s", items: tuple[str, ...] = FIRST.items) -> AttemptStarted:
    return start("att1", Quiz(Purpose.LESSON, items, COURSE.id, FIRST.id), seed, RULE, NOW)


def attempt(seed: str = "s", items: tuple[str, ...] = FIRST.items) -> Attempt:
    found = fold([started(seed, items)], Record()).attempt("att1")
    assert found
    return found
