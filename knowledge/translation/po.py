"""The kit as a gettext file (PO), for Poedit, Weblate and the like."""

from __future__ import annotations

from pathlib import Path

import polib

from knowledge.translation.build import KitError
from knowledge.translation.units import Kit, Returned, Row, Unit

_UNWRAPPED = 10**9


def write_po(kit: Kit, path: Path) -> None:
    """Write one entry a unit: its id is the context, recording and note are comments of the translator."""
    file = polib.POFile(wrapwidth=_UNWRAPPED)
    file.metadata = {
        "Project-Id-Version": "hocvuso",
        "Language": kit.language,
        "Last-Translator": "",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for unit in kit.units:
        file.append(_entry(unit))
    file.save(str(path), newline="\n")


def _entry(unit: Unit) -> polib.POEntry:
    standard = f"Bản thường: {unit.standard}" if unit.standard else ""
    comment = "\n".join(part for part in (f"hash: {unit.hash}", unit.context, standard) if part)
    remarks = "\n".join(f"{name}: {text}" for name, text in (("audio", unit.audio), ("note", unit.note)) if text)
    return polib.POEntry(msgctxt=unit.id, msgid=unit.source, msgstr=unit.target, comment=comment, tcomment=remarks)


def read_po(path: Path) -> Returned:
    """What a PO file of ours says now. Raises KitError for anything else."""
    try:
        file = polib.pofile(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise KitError(f"{path.name} không phải tệp PO đọc được") from error
    rows = tuple(_row(entry) for entry in file if entry.msgctxt and not entry.obsolete)
    return Returned(language=file.metadata.get("Language", ""), translator=_person(file.metadata), rows=rows)


def _person(metadata: dict[str, str]) -> str:
    return metadata.get("Last-Translator", "").partition("<")[0].strip()


def _row(entry: polib.POEntry) -> Row:
    remarks = _fields(entry.tcomment)
    found = {"audio": remarks.get("audio", ""), "note": remarks.get("note", ""), "hash": _fields(entry.comment).get("hash", "")}
    return Row(id=entry.msgctxt, target=entry.msgstr, **found)


def _fields(comment: str) -> dict[str, str]:
    """The first line ``name: text`` of each name."""
    found: dict[str, str] = {}
    for line in comment.split("\n"):
        name, separator, text = line.partition(": ")
        if separator:
            found.setdefault(name.strip(), text)
    return found
