"""Translations back into the database: all rows of a file or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from knowledge.model import Body, Level, VariantKey
from knowledge.snapshot import load_content
from knowledge.store import bump_version, save_draft, variant_state
from knowledge.tables import TranslationRow
from knowledge.translation.build import KitError, body_of, build_kit, source_view
from knowledge.translation.checks import Problem, check_row
from knowledge.translation.po import read_po, write_po
from knowledge.translation.units import Interface, Kind, Kit, Returned, Row, Unit, rebuilt
from knowledge.translation.xliff import read_xliff, write_xliff
from knowledge.translation.xlsx import read_xlsx, write_xlsx
from knowledge.trials import trial_languages
from storage import utc_now

WRITERS: Final[Mapping[str, Callable[[Kit, Path], None]]] = {".xlsx": write_xlsx, ".po": write_po, ".xlf": write_xliff}
READERS: Final[Mapping[str, Callable[[Path], Returned]]] = {
    ".xlsx": read_xlsx,
    ".po": read_po,
    ".xlf": read_xliff,
    ".xliff": read_xliff,
}
LARGEST: Final = 20 * 1024 * 1024  # bytes: a hundred times a whole kit
IMPORTED: Final = "từ bộ dịch"


class Refused(Exception):
    """A file of which nothing was imported; `problems` names every row that is to be mended."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Imported:
    """What an import changed: lessons saved as drafts, words and remarks; `unfinished` are pieces of sections left out."""

    language: str
    lessons: list[str] = field(default_factory=list)
    words: int = 0
    remarks: int = 0
    unfinished: list[str] = field(default_factory=list)


def write_kit(kit: Kit, folder: Path) -> list[Path]:
    """The kit in every format; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for suffix, write in WRITERS.items():
        paths.append(folder / f"hocvuso-{kit.language}{suffix}")
        write(kit, paths[-1])
    return paths


def read_kit(path: Path) -> Returned:
    """What a translator's file says. Raises KitError."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise KitError(f"chỉ nhận tệp {', '.join(READERS)}")
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise KitError(f"không có tệp {path.name}, hoặc tệp lớn quá {LARGEST // 1024 // 1024} MB")
    return reader(path)


def import_kit(session: Session, returned: Returned, interface: Interface, translator: str = "") -> Imported:
    """Take over what a translator filled in, as drafts under their name; an empty translation changes nothing.

    Raises KitError without a known language or a translator's name, Refused (before anything is written) if any row has a fault.
    """
    name = (translator or returned.translator).strip()
    if not name:
        raise KitError("chưa có tên người dịch: ghi vào ô “Người dịch” hoặc dùng --translator")
    kit = build_kit(session, returned.language, interface, _topics(session, returned))
    units = {unit.id: unit for unit in kit.units}
    if problems := _problems(returned, units):
        raise Refused(problems)
    report = Imported(kit.language)
    changed = [(units[row.id], row) for row in returned.rows if _changes(units[row.id], row)]
    _lessons(session, kit, changed, name, report)
    for unit, row in changed:
        _remember(session, kit.language, unit, row, name, report)
    if report.words and kit.language in trial_languages(session):
        bump_version(session)
    return report


def _topics(session: Session, returned: Returned) -> list[str]:
    """The lessons that the file speaks of and that there still are."""
    content = load_content(session)
    named = (Unit(id=row.id, source="-").topic for row in returned.rows if row.id.startswith(f"{Kind.TOPIC.value}:"))
    return [topic for topic in dict.fromkeys(named) if source_view(content, topic)]


def _problems(returned: Returned, units: Mapping[str, Unit]) -> list[Problem]:
    counts = Counter(row.id for row in returned.rows)
    found = [Problem(unit=name, message=f"mã này có ở {n} dòng") for name, n in counts.items() if n > 1]
    return found + [problem for row in returned.rows for problem in check_row(row, units.get(row.id))]


def _changes(unit: Unit, row: Row) -> bool:
    return bool(row.target and row.target != unit.target) or (row.audio, row.note) != (unit.audio, unit.note)


def _lessons(session: Session, kit: Kit, changed: list[tuple[Unit, Row]], name: str, report: Imported) -> None:
    topics = dict.fromkeys(unit.topic for unit, row in changed if unit.topic and row.target)
    content = load_content(session)
    for topic in topics:
        view = source_view(content, topic)
        assert view  # a unit of today's kit
        key = VariantKey(topic_id=topic, language=kit.language, level=view.key.level)
        texts = _texts(kit, changed, topic, key.level)
        state = variant_state(session, key)
        earlier = state.body if state else Body()
        body, missing = rebuilt(body_of(view), earlier, texts)
        report.unfinished += [f"{topic}/{piece}" for piece in missing]
        if body != earlier:
            save_draft(session, key, body, name, note=IMPORTED)
            report.lessons.append(str(key))


def _texts(kit: Kit, changed: list[tuple[Unit, Row]], topic: str, level: Level) -> dict[str, str]:
    """The lesson's pieces as they are after the import."""
    texts = {unit.id: unit.target for unit in kit.units if unit.topic == topic}
    texts |= {unit.id: row.target for unit, row in changed if unit.topic == topic and row.target}
    start = f"{Kind.TOPIC.value}:{topic}/{level.value}/"
    return {name.removeprefix(start): text for name, text in texts.items()}


def _remember(session: Session, language: str, unit: Unit, row: Row, name: str, report: Imported) -> None:
    """Words, terms, recordings and notes have a row of their own; a changed word is a draft again."""
    is_text = unit.kind is not Kind.TOPIC and bool(row.target) and row.target != unit.target
    if not is_text and (row.audio, row.note) == (unit.audio, unit.note):
        return
    kept = session.get(TranslationRow, (language, unit.id)) or TranslationRow(language=language, unit=unit.id)
    if is_text:
        kept.text, kept.basis, kept.status = row.target, IMPORTED, "draft"
        report.words += 1
    if (row.audio, row.note) != (unit.audio, unit.note):
        report.remarks += 1
    kept.audio, kept.note, kept.translator, kept.updated_at = row.audio, row.note, name, utc_now()
    session.add(kept)
