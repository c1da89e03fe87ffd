"""A whole visit as a transcript: menu → course → lesson → quiz → progress. HOCVUSO_REFRESH=1 writes it anew."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

import bot.conversations
from storage import Database
from tests.bot.learners_talking import Phone, conversations_of
from tests.learning.samples import ITEMS

GOLDEN = Path(__file__).parent / "learning_visit.txt"
VISIT = [
    *("chào", "học và kiểm tra", "1", "Bà Tám", "1", "2", "nông dân", "hac thanh", "1"),
    *("an toàn", "1", "tiếp", "tiếp", "Đã làm được", "1"),
]


def line_by_line(phone: Phone, typed: str) -> str:
    """What was typed and everything shown, as a person without buttons would read it."""
    phone.type(typed)
    shown = [f"> {typed}"]
    for reply in phone.replies:
        shown += [reply.text, *(f"  {n}. {b.label}" for n, b in enumerate(reply.buttons, reply.first))]
    return "\n".join([*shown, "  " + " | ".join(b.label for b in phone.nav), ""])


def number_of(phone: Phone, words: str) -> str:
    return str(next(n for n, label in enumerate(phone.labels, 1) if words in label))


def right_choices(phone: Phone) -> list[str]:
    """What to type at the question on the screen."""
    item = next(i for i in ITEMS.values() if i.stem in phone.text)
    wanted = [o.text for o in item.options if o.correct]
    return [number_of(phone, text) for text in wanted]


def visit(phone: Phone) -> str:
    transcript = [line_by_line(phone, typed) for typed in VISIT]
    while "Kết quả" not in phone.text:
        for typed in right_choices(phone):
            transcript.append(line_by_line(phone, typed))
        if any("Xong" in label for label in phone.labels):
            transcript.append(line_by_line(phone, "xong"))
        transcript.append(line_by_line(phone, "tiếp"))
    return "\n".join([*transcript, line_by_line(phone, "tiến độ")])


def test_a_visit_reads_as_it_was_approved(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = count(1)
    monkeypatch.setattr(bot.conversations, "new_turn_id", lambda: f"turn{next(turns):04}")
    transcript = visit(Phone(conversations_of(database)))
    if os.environ.get("HOCVUSO_REFRESH"):
        GOLDEN.write_text(transcript, encoding="utf-8")
    assert transcript == GOLDEN.read_text(encoding="utf-8")
