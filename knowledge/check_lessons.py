"""Linter rules for quiz files and courses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge import check_text as rules
from knowledge.check_common import MESSAGE_START, Known, check_lesson_text, check_text
from knowledge.courses import Course, Lesson
from knowledge.findings import Report
from knowledge.quiz import QuizFile, QuizItem

FEWEST_ITEMS = 5
FEWEST_CARDS, MOST_CARDS = 3, 6
LONGEST_CARD = 60  # syllables
_VERDICT = re.compile(
    r"(?:(?:câu này )?(?:chưa |không |rất )?đúng(?: rồi| vậy| thế| đó)?|chính xác|chuẩn|sai(?: rồi)?|tuyệt(?: vời)?"
    r"|(?:giỏi|hay|tốt|tinh mắt|tỉnh táo) (?:lắm|quá)|rất (?:giỏi|hay|tốt|tỉnh táo))(?: ạ)?\s*[.,!:]",
    re.IGNORECASE,
)
"""A feedback that begins by saying whether the answer was right."""


def check_quiz(quiz: QuizFile, stem: str, known: Known, report: Report) -> None:
    """The items of one topic; `stem` is the file's name without its ending."""
    if quiz.topic != stem or quiz.topic not in known.areas:
        report.error("unknown-topic", f"quiz topic {quiz.topic} must be a known topic and the file's name")
    if len(quiz.items) < FEWEST_ITEMS:
        report.error("few-items", f"{len(quiz.items)} items, at least {FEWEST_ITEMS} are needed")
    if unchecked := [item.id for item in quiz.items if item.checked is None]:
        report.warning("unchecked", f"nobody has noted a second pass over {', '.join(unchecked)}")
    for item in quiz.items:
        known.items[item.id] = item.skill
        _item(item, known, report)


def _item(item: QuizItem, known: Known, report: Report) -> None:
    line = report.line_of(f"- id: {item.id}")
    if item.skill not in known.skills:
        report.error("unknown-skill", f"skill {item.skill} does not exist", line)
    for name in ("difficulty", "simple"):
        if getattr(item, name) is None:
            report.error("missing-field", f"{item.id} has no {name}", line)
    for sentence in rules.sentences(item.simple or ""):
        if (length := rules.syllables(sentence)) > rules.LONGEST_SENTENCE:
            report.warning("long-sentence", f"{length} syllables in the simple stem of {item.id}", line)
    for text in (item.stem, item.simple or "", *(o.text for o in item.options), *(o.feedback for o in item.options)):
        check_text(text, known, report, line)
    for option in item.options:
        if found := _VERDICT.match(option.feedback):
            _own_verdict(item, option.id, found[0], report)


def _own_verdict(item: QuizItem, option_id: str, words: str, report: Report) -> None:
    """The bot says right or wrong itself, and shows a right option's reason after a wrong answer, too."""
    message = f"the feedback to {option_id} of {item.id} opens with {words!r}: give the reason, the bot says whether it was right"
    report.error("verdict-feedback", message, report.line_of(f"- id: {item.id}"))


def check_course(course: Course, stem: str, known: Known, report: Report) -> None:
    """A course; `stem` is the file's name without its ending. Quiz files have to be checked first."""
    if course.id != stem:
        report.error("file-name", f"course {course.id} must be in {course.id}.yaml")
    for lesson in course.lessons:
        _references(lesson, known, report)
        _size(lesson, report)
        for text in _texts(lesson):
            check_lesson_text(text, known, report, report.line_of(text))


def _references(lesson: Lesson, known: Known, report: Report) -> None:
    line = report.line_of(f"id: {lesson.id}")
    for item in lesson.items:
        if item not in known.items:
            report.error("dead-reference", f"lesson {lesson.id} names an unknown quiz item {item}", line)
    for topic in lesson.topics:
        if topic not in known.areas:
            report.error("dead-reference", f"lesson {lesson.id} names an unknown topic {topic}", line)


def _size(lesson: Lesson, report: Report) -> None:
    line = report.line_of(f"id: {lesson.id}")
    if not FEWEST_CARDS <= len(lesson.cards) <= MOST_CARDS:
        report.error("cards", f"lesson {lesson.id} has {len(lesson.cards)} cards, not {FEWEST_CARDS} to {MOST_CARDS}", line)
    if lesson.practice is None:
        report.error("no-practice", f"lesson {lesson.id} has nothing to practise", line)
    elif lesson.practice.simple is None:
        report.error("missing-field", f"the practice task of lesson {lesson.id} has no simple", line)
    for number, card in enumerate(lesson.cards, 1):
        if card.simple is None:
            report.error("missing-field", f"card {number} of lesson {lesson.id} has no simple", report.line_of(card.text))
        for text in filter(None, (card.text, card.simple)):
            if (length := rules.syllables(text)) > LONGEST_CARD:
                message = f"a card of {length} syllables, at most {LONGEST_CARD}: {text[:MESSAGE_START]!r}"
                report.error("long-card", message, report.line_of(text))


def _texts(lesson: Lesson) -> Iterator[str]:
    for card in lesson.cards:
        yield from filter(None, (card.text, card.simple))
    if practice := lesson.practice:
        yield from filter(None, (practice.text, practice.simple, practice.check))
