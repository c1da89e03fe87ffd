"""All imported procedures as one immutable value: what the conversation and the search look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from knowledge.procedures.model import Procedure, Tier
from knowledge.procedures.words import TopicProcedures


@dataclass(frozen=True)
class ProcedureBook:
    """Procedures by code; `topics` lists the codes that belong to a topic, also of records that were not imported."""

    by_code: Mapping[str, Procedure] = field(default_factory=dict)
    topics: TopicProcedures = field(default_factory=TopicProcedures)

    @classmethod
    def of(cls, procedures: Iterable[Procedure], topics: TopicProcedures) -> ProcedureBook:
        return cls({procedure.code: procedure for procedure in procedures}, topics)

    def __len__(self) -> int:
        return len(self.by_code)

    def get(self, code: str) -> Procedure | None:
        """The procedure of that code, None where it was not imported."""
        return self.by_code.get(code)

    def of_topic(self, topic_id: str) -> tuple[Procedure, ...]:
        """The imported procedures of a topic, the most asked first."""
        found = (self.get(code) for code in self.topics.of(topic_id))
        return tuple(procedure for procedure in found if procedure)

    def siblings(self, code: str) -> tuple[Procedure, ...]:
        """The same procedure at every level, this one included, the nearest to the citizen first."""
        found = self.get(code)
        return self.families[found.family] if found else ()

    @cached_property
    def families(self) -> Mapping[str, tuple[Procedure, ...]]:
        """Records of one procedure at several levels, the nearest to the citizen first."""
        groups: dict[str, list[Procedure]] = {}
        for procedure in self.by_code.values():
            groups.setdefault(procedure.family, []).append(procedure)
        return {family: tuple(sorted(group, key=_nearest)) for family, group in groups.items()}


def _nearest(procedure: Procedure) -> tuple[int, bool, str]:
    """Level first; a record whose title speaks of districts after the others."""
    return list(Tier).index(procedure.tier), "huyện" in procedure.title.lower(), procedure.code


EMPTY_BOOK = ProcedureBook()
