"""A translator's kit from what is published, what there is already in the language, and the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.languages import read_glossary, registry
from knowledge.model import Aspect, Body, Level, VariantKey, View
from knowledge.snapshot import Content, load_content
from knowledge.store import variant_state
from knowledge.tables import TranslationRow
from knowledge.translation.units import Interface, Kind, Kit, Unit, pieces, topic_unit
from knowledge.trials import SAFETY_AREA, SAFETY_ASPECTS, is_warning

SHORT_TITLE = 25
WARNING = "CẢNH BÁO AN TOÀN: chỉ hiện cho người dân sau khi người bản ngữ đã duyệt"
_ASPECTS = {
    Aspect.EMERGENCY: "việc cần làm ngay", Aspect.SUMMARY: "tóm tắt", Aspect.STEPS: "các bước", Aspect.DOCUMENTS: "giấy tờ",
    Aspect.FEE: "phí", Aspect.TIME: "thời gian", Aspect.WHERE: "nơi làm", Aspect.ELIGIBILITY: "ai làm được",
    Aspect.TROUBLE: "khi gặp trục trặc", Aspect.SAFETY: "an toàn",
}  # fmt: skip
_HEADS = {"title": "tiêu đề", "short_title": f"tiêu đề ngắn trên nút, nhiều nhất {SHORT_TITLE} ký tự"}


class KitError(ValueError):
    """A kit that cannot be made or read; the message is for the translator or curator."""


def source_view(content: Content, topic: str) -> View | None:
    """The Vietnamese text that translators start from: the simple one, else the standard one."""
    return content.view(topic, level=Level.SIMPLE)


def build_kit(session: Session, language_id: str, interface: Interface, topics: Sequence[str] = ()) -> Kit:
    """All units for a language; `topics` limits the lessons, by default the core ones. Raises KitError."""
    language = registry().language(language_id)
    if language is None:
        known = ", ".join(x.id for x in registry().languages)
        raise KitError(f"không có ngôn ngữ “{language_id}”; các mã: {known}")
    content, done = load_content(session), _done(session, language_id)
    wanted = topics or [topic for topic in registry().core_topics if topic in content.topics]
    if unknown := [topic for topic in wanted if source_view(content, topic) is None]:
        raise KitError(f"chưa có bài tiếng Việt: {', '.join(unknown)}")
    lessons = (unit for topic in wanted for unit in _lesson(session, content, language_id, topic))
    units = [*lessons, *_words(interface), *_terms(language_id)]
    return Kit(language=language_id, name=language.name, units=tuple(_with_done(unit, done) for unit in units))


def _done(session: Session, language: str) -> dict[str, TranslationRow]:
    return {row.unit: row for row in session.scalars(select(TranslationRow).where(TranslationRow.language == language))}


def _with_done(unit: Unit, done: Mapping[str, TranslationRow]) -> Unit:
    row = done.get(unit.id)
    if row is None:
        return unit
    return unit.model_copy(update={"target": row.text or unit.target, "audio": row.audio, "note": row.note or unit.note})


def _lesson(session: Session, content: Content, language: str, topic: str) -> Iterator[Unit]:
    view = source_view(content, topic)
    assert view  # checked by build_kit
    level = view.key.level
    state = variant_state(session, VariantKey(topic_id=topic, language=language, level=level))
    there = dict(pieces(state.body)) if state else {}
    full = content.view(topic) or view
    standard = dict(_by_aspect(full))
    for piece, text in pieces(body_of(view)):
        yield Unit(
            id=topic_unit(topic, level, piece),
            source=text,
            standard=standard.get(piece.partition("/")[0], "") if piece.partition("/")[2] in ("", "1") else "",
            context=_context(view, content.topics[topic].area, piece),
            target=there.get(piece, ""),
            limit=SHORT_TITLE if piece == "short_title" else 0,
        )


def body_of(view: View) -> Body:
    """A view's own words as a body: what is to be translated."""
    return Body(title=view.title, short_title=view.short_title, sections=view.sections)


def _by_aspect(view: View) -> Iterator[tuple[str, str]]:
    for section in view.sections:
        steps = (f"{n}. {step.text}" for n, step in enumerate(section.steps, 1))
        yield section.aspect.value, "\n".join([*([section.text] if section.text else []), *steps])


def _context(view: View, area: str, piece: str) -> str:
    name, _, number = piece.partition("/")
    place = _HEADS.get(name) or _ASPECTS[Aspect(name)]
    text = f"Bài “{view.title}”, {place}" + (f", bước {number}" if number else "")
    warns = area == SAFETY_AREA or (name not in _HEADS and Aspect(name) in SAFETY_ASPECTS)
    return f"{text}. {WARNING}" if warns else text


def _words(interface: Interface) -> Iterator[Unit]:
    for name, text in interface.items():
        context = f"Nút bấm, nhiều nhất {text.limit} ký tự" if text.limit else "Lời của bot"
        yield Unit(
            id=f"{Kind.WORD.value}:{name}",
            source=text.simple or text.standard,
            standard=text.standard if text.simple else "",
            context=f"{context}. {WARNING}" if is_warning(name) else context,
            limit=text.limit,
        )


def _terms(language: str) -> Iterator[Unit]:
    for term in read_glossary(language).terms:
        note = f"; {term.note}" if term.note else ""
        context = f"Từ điển nháp, độ tin {term.confidence}, nguồn: {term.source}{note}"
        yield Unit(id=f"{Kind.TERM.value}:{term.vi}", source=term.vi, target=term.word, context=context)
