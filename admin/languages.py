"""Languages besides Vietnamese in the console: who may see drafts, and publishing interface words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import audit
from admin.permissions import Actor
from bot.texts import interface_texts
from knowledge.tables import TranslationRow
from knowledge.trials import WORD, is_warning, publish_words, set_trial, trial_languages


@dataclass(frozen=True)
class WordInWork:
    """An interface word of a language, with the Vietnamese text it stands for."""

    name: str
    vietnamese: str
    text: str
    basis: str
    translator: str
    published: bool
    warning: bool


def words_in_work(session: Session, language: str) -> list[WordInWork]:
    """All words somebody has given, in the order of the bot's texts; those of texts that no longer exist are left out."""
    query = select(TranslationRow).where(TranslationRow.language == language, TranslationRow.text != "")
    rows = {row.unit.removeprefix(WORD): row for row in session.scalars(query) if row.unit.startswith(WORD)}
    return [
        WordInWork(
            name, text.simple or text.standard, row.text, row.basis, row.translator, row.status == "published", is_warning(name)
        )
        for name, text in interface_texts().items()
        if (row := rows.get(name))
    ]


def switch_trial(session: Session, language: str, on: bool, actor: Actor) -> None:
    """Show drafts to citizens, or hide them; on record either way."""
    before = "bật" if language in trial_languages(session) else "tắt"
    set_trial(session, language, on, actor.name)
    audit.record(session, actor.name, "language.trial", f"language:{language}", before, "bật" if on else "tắt")


def publish(session: Session, language: str, drafts: Mapping[str, str], reviewer: str, actor: Actor) -> int:
    """Publish words that a native speaker has looked through; returns how many were. `drafts` are the texts as read."""
    done = publish_words(session, language, drafts)
    if done:
        after = f"người bản ngữ duyệt: {reviewer}; {', '.join(done)}"
        audit.record(session, actor.name, "language.words", f"language:{language}", "bản nháp", after)
    return len(done)
