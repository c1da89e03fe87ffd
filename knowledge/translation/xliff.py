"""The kit as XLIFF 2.0, for computer-aided translation tools."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from knowledge.published import BASE_LANGUAGE
from knowledge.translation.build import KitError
from knowledge.translation.units import Kind, Kit, Returned, Row, Unit

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def write_xliff(kit: Kit, path: Path) -> None:
    """Write one unit each, with context, fuller wording, recording and note as notes."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("xliff"), {"version": "2.0", "srcLang": BASE_LANGUAGE, "trgLang": kit.language})
    for kind in Kind:
        file = ET.SubElement(root, _tag("file"), {"id": kind.value})
        for number, unit in enumerate(kit.of(kind), 1):
            _write(file, f"{kind.value}{number}", unit)
    tree = ET.ElementTree(root)
    ET.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _write(file: ET.Element, name: str, unit: Unit) -> None:
    element = ET.SubElement(file, _tag("unit"), {"id": name, "name": unit.id, _SPACE: "preserve"})
    notes = ET.SubElement(element, _tag("notes"))
    for category in ("hash", "context", "standard", "audio", "note"):
        if text := getattr(unit, category):
            ET.SubElement(notes, _tag("note"), {"category": category}).text = text
    segment = ET.SubElement(element, _tag("segment"), {"state": "translated" if unit.target else "initial"})
    ET.SubElement(segment, _tag("source")).text = unit.source
    ET.SubElement(segment, _tag("target")).text = unit.target


def read_xliff(path: Path) -> Returned:
    """What an XLIFF file of ours says now. Raises KitError for anything else, a document type (where attacks hide) included."""
    try:
        data = path.read_bytes()
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise KitError(f"{path.name} có khai báo DOCTYPE, không nhận")
        root = ET.fromstring(data)  # noqa: S314 - without a document type there are no entities to expand
    except (OSError, ET.ParseError) as error:
        raise KitError(f"{path.name} không phải tệp XLIFF đọc được") from error
    if root.tag != _tag("xliff"):
        raise KitError(f"{path.name} không phải tệp XLIFF 2.0")
    rows = tuple(_read(unit) for unit in root.iter(_tag("unit")))
    return Returned(language=root.get("trgLang", ""), rows=rows)


def _read(unit: ET.Element) -> Row:
    notes = {note.get("category", ""): "".join(note.itertext()) for note in unit.iter(_tag("note"))}
    targets = ("".join(target.itertext()) for target in unit.iter(_tag("target")))
    given = {name: notes.get(name, "") for name in ("audio", "note", "hash")}
    return Row(id=unit.get("name", ""), target="".join(targets), **given)
