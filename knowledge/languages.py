"""The languages besides Vietnamese: which there are, and the shipped first tries at their words.

languages.yaml                      the registry
<language>/glossary.yaml            Vietnamese terms with a word each, and where the word comes from
<language>/interface.yaml           words of the bot's interface by name

All of it is *draft*: written by machine or taken from open word lists, hidden from citizens until a speaker has looked at it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, Field, field_validator

from knowledge.folder import CONTENT_DIR, read_yaml
from knowledge.model import Value
from knowledge.sources import ContentError, Problem

M = TypeVar("M", bound=BaseModel)
Confidence = Literal["high", "medium", "low"]
DRAFT = Literal["draft"]


class Language(Value):
    """A language as it is written in one script. `id` names its folder and is what a profile keeps.

    `own_name` is None where the writer was not sure; `own_name_note` says why. `group` joins entries that are
    one language in several scripts. Provinces are those of July 2025 on.
    """

    id: str = Field(pattern=r"^[a-z]{3}(-[A-Za-z]{2,8})*$", max_length=16)
    iso639_3: str = Field(pattern=r"^[a-z]{3}$")
    name: str
    own_name: str | None = None
    own_name_note: str = ""
    script_note: str
    provinces: tuple[str, ...] = ()
    audio_first: bool = False
    group: str | None = None
    status: DRAFT = "draft"

    @property
    def label(self) -> str:
        """What a menu shows: the own name where it is known, and the Vietnamese one."""
        return f"{self.own_name} · {self.name}" if self.own_name and self.own_name != self.name else self.name


class Registry(Value):
    """All languages in the order of menus and tables; `core_topics` are translated first."""

    core_topics: tuple[str, ...]
    languages: tuple[Language, ...]

    def language(self, language_id: str) -> Language | None:
        """The language of that id, or None."""
        return next((language for language in self.languages if language.id == language_id), None)


class Term(Value):
    """A Vietnamese term with its word; `source` says who wrote the word down."""

    vi: str
    word: str
    source: str
    confidence: Confidence
    note: str = ""
    status: DRAFT = "draft"


class Glossary(Value):
    language: str
    terms: tuple[Term, ...]


class Word(Value):
    """A draft of one interface text, without the icon of its Vietnamese original; `basis` says what it rests on."""

    name: str
    text: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    status: DRAFT = "draft"


class Interface(Value):
    language: str
    words: tuple[Word, ...]

    @field_validator("words")
    @classmethod
    def _each_once(cls, words: tuple[Word, ...]) -> tuple[Word, ...]:
        if len({word.name for word in words}) != len(words):
            raise ValueError("a name is given twice")
        return words


def read_registry(content_dir: Path) -> Registry:
    """The registry of a content folder; an empty one where there is none. Raises ContentError."""
    path = content_dir / "languages.yaml"
    return read_yaml(path, Registry) if path.is_file() else Registry(core_topics=(), languages=())


@cache
def registry() -> Registry:
    """The registry that is shipped."""
    return read_registry(CONTENT_DIR)


def read_glossary(language: str, content_dir: Path = CONTENT_DIR) -> Glossary:
    """A language's glossary, empty where there is none. Raises ContentError."""
    return _read(content_dir / language / "glossary.yaml", Glossary) or Glossary(language=language, terms=())


def read_interface(language: str, content_dir: Path = CONTENT_DIR) -> Interface:
    """A language's drafts of interface words, empty where there are none. Raises ContentError."""
    return _read(content_dir / language / "interface.yaml", Interface) or Interface(language=language, words=())


def _read(path: Path, model: type[M]) -> M | None:
    if not path.is_file():
        return None
    value = read_yaml(path, model)
    if getattr(value, "language", path.parent.name) != path.parent.name:
        raise ContentError([Problem(str(path), 1, f"language must be {path.parent.name}, the name of the folder")])
    return value
