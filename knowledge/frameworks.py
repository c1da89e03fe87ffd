"""The official skill frameworks as data, and which of their parts a skill, a topic or a quiz item belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from knowledge.model import Skill, Value

FILE = "frameworks.yaml"


class Document(Value):
    """An official paper a framework stands in."""

    name: str
    issued: date
    in_force: date | None = None


class Competence(Value):
    """One competence of a domain. `confirmed` False: its wording was not checked against the official annex."""

    id: str
    title: str
    confirmed: bool


class Group(Value):
    """A group of skills or a domain of competences."""

    id: str
    title: str
    confirmed: bool
    note: str | None = None
    competences: tuple[Competence, ...] = ()


class Framework(Value):
    id: str
    title: str
    documents: tuple[Document, ...] = Field(min_length=1)
    note: str
    groups: tuple[Group, ...] = Field(min_length=1)


class PassRule(Value):
    """The setting that says which share of right answers passes a quiz, and its default; the province decides."""

    setting: str
    default: float = Field(gt=0, le=1)
    note: str


class Frameworks(Value):
    """What is known of the frameworks. Ids of groups differ within a framework, those of competences everywhere."""

    frameworks: tuple[Framework, ...]
    pass_rule: PassRule

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        named = [[group.id for group in framework.groups] for framework in self.frameworks]
        named.append([competence.id for competence in self.all_competences()])
        if repeated := {i for ids in named for i in ids if ids.count(i) > 1}:
            raise ValueError(f"ids repeat: {sorted(repeated)}")
        return self

    def all_competences(self) -> tuple[Competence, ...]:
        """Every competence, in order."""
        return tuple(c for framework in self.frameworks for group in framework.groups for c in group.competences)

    @property
    def domains(self) -> Mapping[str, frozenset[str]]:
        """Competence ids by domain: the groups that have competences."""
        groups = (group for framework in self.frameworks for group in framework.groups if group.competences)
        return {group.id: frozenset(c.id for c in group.competences) for group in groups}

    @property
    def skill_groups(self) -> frozenset[str]:
        """Ids of the groups that skills are put in: those without competences of their own."""
        return frozenset(g.id for framework in self.frameworks for g in framework.groups if not g.competences)

    def problems_of(self, skill: Skill) -> list[str]:
        """What is wrong with a skill's mapping, in words; empty where it has a known place in every framework."""
        competences = {competence.id for competence in self.all_competences()}
        found = [f"domain {skill.domain} does not exist"] if skill.domain not in self.domains else []
        found += [f"group {name} does not exist" for name in skill.groups if name not in self.skill_groups]
        found += [f"competence {name} does not exist" for name in skill.competences if name not in competences]
        if not skill.groups:
            found.append("it is in no group")
        if not set(skill.competences) & self.domains.get(skill.domain, frozenset()):
            found.append("it has no competence of its domain")
        return found


def read_frameworks(content_dir: Path) -> Frameworks | None:
    """The frameworks of a content folder, None where it has none. Raises ContentError with file and line."""
    from knowledge.folder import read_yaml

    path = content_dir / FILE
    return read_yaml(path, Frameworks) if path.is_file() else None


def mapped(skill_ids: Iterable[str], skills: Mapping[str, Skill]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The groups and the competences that some skills belong to, each once, in order; unknown skills count for nothing."""
    known = [skills[i] for i in skill_ids if i in skills]
    groups = dict.fromkeys(group for skill in known for group in skill.groups)
    return tuple(groups), tuple(sorted({competence for skill in known for competence in skill.competences}))
