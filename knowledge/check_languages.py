"""Linter rules for languages besides Vietnamese: the registry, glossaries and drafts of interface words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel

from knowledge.check_common import Known
from knowledge.findings import Report
from knowledge.languages import Glossary, Interface, Language, Registry
from knowledge.published import BASE_LANGUAGE
from knowledge.trials import is_warning

M = TypeVar("M", bound=BaseModel)


class Files(Protocol):
    """How the linter reads files and keeps findings."""

    def take(self, path: Path, model: type[M]) -> M | None:
        """The file as that model; a mistake is reported and gives None."""
        ...

    def report(self, path: Path) -> Report:
        """The findings of that file."""
        ...


def check_languages(folder: Path, known: Known, files: Files) -> None:
    """All findings about a content folder's languages; nothing where it has no registry. `known` holds the Vietnamese texts."""
    path = folder / "languages.yaml"
    registry = files.take(path, Registry) if path.is_file() else None
    if registry is None:
        return
    _registry(registry, known, files.report(path))
    names = {language.id for language in registry.languages} | {BASE_LANGUAGE}
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        if place.name not in names and any((place / part).exists() for part in ("topics", "glossary.yaml", "interface.yaml")):
            files.report(path).error("unknown-language", f"folder {place.name} is in no entry of the registry")
        elif place.name in names - {BASE_LANGUAGE}:
            _language(place, known, files)


def _registry(registry: Registry, known: Known, report: Report) -> None:
    for name in _repeated(language.id for language in registry.languages):
        report.error("repeated-id", f"language {name} is listed twice", report.line_of(f"- id: {name}"))
    for topic in registry.core_topics:
        if topic not in known.areas:
            report.error("unknown-topic", f"core topic {topic} is not in the catalogue", report.line_of(f"- {topic}"))
    for language in registry.languages:
        for message in _entry(language):
            report.error("language", f"{language.id}: {message}", report.line_of(f"- id: {language.id}"))


def _entry(language: Language) -> Iterator[str]:
    if language.id.partition("-")[0] != language.iso639_3:
        yield f"the id must begin with the code {language.iso639_3}"
    if language.own_name is None and not language.own_name_note:
        yield "without an own name a note must say what is to be asked"
    if _repeated(language.provinces):
        yield "a province is named twice"


def _language(place: Path, known: Known, files: Files) -> None:
    _glossary(place / "glossary.yaml", files)
    _interface(place / "interface.yaml", files)
    for path in sorted(place.glob("topics/*.md")):
        if path.stem not in known.base:
            files.report(path).error("no-original", f"there is no Vietnamese text of {path.stem} to translate")


def _glossary(path: Path, files: Files) -> None:
    found = files.take(path, Glossary) if path.is_file() else None
    if found is None:
        return
    _named_after_folder(found.language, path, files.report(path))
    for term in _repeated(term.vi for term in found.terms):
        files.report(path).error("repeated-id", f"{term!r} is given twice", files.report(path).line_of(f'vi: "{term}"'))


def _interface(path: Path, files: Files) -> None:
    found = files.take(path, Interface) if path.is_file() else None
    if found is None:
        return
    report = files.report(path)
    _named_after_folder(found.language, path, report)
    for word in found.words:
        if is_warning(word.name):
            message = f"{word.name} warns or asks for consent: a draft of it is never shown, leave it to the translators"
            report.error("warning-draft", message, report.line_of(f"name: {word.name},"))


def _named_after_folder(language: str, path: Path, report: Report) -> None:
    if language != path.parent.name:
        report.error("language", f"language must be {path.parent.name}, the name of the folder", report.line_of("language:"))


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
