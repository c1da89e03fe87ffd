"""A content folder on disk: the catalogue and skills beside one folder per language.

catalogue.yaml  skills.yaml  allowlist.txt
vi/topics/<topic-id>.md  vi/examples/<topic-id>.tsv  vi/quiz/<topic-id>.yaml  vi/courses/<course-id>.yaml
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from knowledge.courses import Course
from knowledge.files import TopicFile, read_topic
from knowledge.model import Area, CatalogueEntry, Skill, Value
from knowledge.quiz import QuizFile
from knowledge.sources import ContentError, Problem, YamlSource

CONTENT_DIR = Path(__file__).parent / "content"
"""The content shipped with this project."""

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Catalogue(Value):
    """Areas in menu order and every topic of the plan, with or without content."""

    areas: tuple[Area, ...] = ()
    topics: tuple[CatalogueEntry, ...] = ()


class Skills(Value):
    skills: tuple[Skill, ...]


class Folder(Value):
    """Everything a content folder says. Quiz files and courses are kept by language."""

    catalogue: Catalogue
    skills: tuple[Skill, ...]
    topics: tuple[TopicFile, ...]
    quizzes: Mapping[str, tuple[QuizFile, ...]]
    courses: Mapping[str, tuple[Course, ...]]


def read_folder(content_dir: Path = CONTENT_DIR) -> Folder:
    """Read a whole content folder; raises ContentError naming every mistake in every file."""
    reader = _Reader()
    languages = sorted(p.name for p in content_dir.iterdir() if (p / "topics").is_dir())
    folder = {
        "catalogue": reader.take(content_dir / "catalogue.yaml", lambda p: read_yaml(p, Catalogue)),
        "skills": reader.take(content_dir / "skills.yaml", lambda p: read_yaml(p, Skills).skills),
        "topics": tuple(
            topic
            for language in languages
            for topic in reader.take_all(content_dir / language / "topics", "*.md", _topic_reader(language))
        ),
        "quizzes": {x: reader.take_all(content_dir / x / "quiz", "*.yaml", lambda p: read_yaml(p, QuizFile)) for x in languages},
        "courses": {x: reader.take_all(content_dir / x / "courses", "*.yaml", lambda p: read_yaml(p, Course)) for x in languages},
    }
    if reader.problems:
        raise ContentError(reader.problems)
    return Folder.model_validate(folder)


def folder_checksum(content_dir: Path = CONTENT_DIR) -> str:
    """SHA-256 over names and bytes of all content files: unchanged means nothing to read."""
    found = hashlib.sha256()
    for path in sorted(p for p in content_dir.rglob("*") if p.suffix in {".md", ".tsv", ".yaml"}):
        found.update(f"{path.relative_to(content_dir).as_posix()}\n{path.stat().st_size}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def read_yaml(path: Path, model: type[M]) -> M:
    """Read a YAML file as that model. Raises ContentError with file and line."""
    source = YamlSource(path.read_text(encoding="utf-8"), str(path))
    return source.build(model, source.data)


def _topic_reader(language: str) -> Callable[[Path], TopicFile]:
    return lambda path: read_topic(path, language)


class _Reader:
    """Reads on after a mistake, so that one run names them all."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def take(self, path: Path, read: Callable[[Path], T]) -> T | None:
        try:
            return read(path)
        except ContentError as error:
            self.problems += error.problems
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(Problem(str(path), 1, f"cannot be read: {error}"))
        return None

    def take_all(self, folder: Path, pattern: str, read: Callable[[Path], T]) -> tuple[T, ...]:
        found = (self.take(path, read) for path in sorted(folder.glob(pattern)))
        return tuple(value for value in found if value is not None)
