"""Is it alive, is it ready, and if not, why: for supervisors, proxies and people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from retrieval.index import IndexUnusable, LoadedIndex
from storage import Database


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether citizens can be answered now. `reasons` say what is missing and what to do; empty when ready."""

    reasons: tuple[str, ...] = ()
    details: dict[str, object] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return not self.reasons


Health = Callable[[], Readiness]


def readiness(database: Database, index: Callable[[], LoadedIndex]) -> Readiness:
    """Database reachable, index loaded, thresholds present. `index` may raise IndexUnusable (`Retriever.index`)."""
    reasons: list[str] = []
    details: dict[str, object] = {"database": database.dialect}
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        reasons.append(f"database not reachable ({type(error).__name__})")
    try:
        details |= _index_details(index(), reasons)
    except IndexUnusable as error:
        reasons.append(str(error))
    return Readiness(tuple(reasons), details)


def _index_details(loaded: LoadedIndex, reasons: list[str]) -> dict[str, object]:
    if loaded.calibration is None:
        reasons.append("The index has no thresholds yet. Run: hocvuso calibrate")
    meta = loaded.meta
    return {
        "index_build": meta.build,
        "model": meta.model_id,
        "passages": meta.count,
        "content": meta.content_checksum,
        "calibrated_on": loaded.calibration.made_on if loaded.calibration else None,
    }
