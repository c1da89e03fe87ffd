"""How people speak of procedures: curated words that help searching and are never shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from knowledge.folder import CONTENT_DIR, read_yaml
from knowledge.model import Value


class Term(Value):
    """Official words, and what people say instead."""

    official: str = Field(min_length=2)
    said: tuple[str, ...] = Field(min_length=1)


class ProcedureWords(Value):
    """`filler`: words that say nothing about the matter, parted by blanks. `names`: everyday names by code."""

    filler: str = ""
    terms: tuple[Term, ...] = ()
    names: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class TopicProcedures(Value):
    """Codes by topic, the most asked first: `own` are what its lesson explains, `near` what its readers may also need."""

    own: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    near: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    def of(self, topic_id: str) -> tuple[str, ...]:
        """All codes of a topic, its own first."""
        return (*self.own.get(topic_id, ()), *self.near.get(topic_id, ()))


def load_words(content_dir: Path = CONTENT_DIR, language: str = "vi") -> ProcedureWords:
    """Read `<content_dir>/<language>/procedure_words.yaml`; none without the file. Raises ContentError."""
    path = content_dir / language / "procedure_words.yaml"
    return read_yaml(path, ProcedureWords) if path.exists() else ProcedureWords()


def load_topic_procedures(content_dir: Path = CONTENT_DIR) -> TopicProcedures:
    """Read `<content_dir>/procedures.yaml`; none without the file. Raises ContentError."""
    path = content_dir / "procedures.yaml"
    return read_yaml(path, TopicProcedures) if path.exists() else TopicProcedures()
