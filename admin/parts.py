"""What the console needs from the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from admin.grouping import ExampleSpace
from admin.whatif import Forecast, WhatIf, question_passage
from bot.runtime import Runtime
from bot.settings import Settings
from knowledge.snapshot import Content
from retrieval.embedding_cache import EmbeddingCache
from retrieval.index import LoadedIndex
from storage import Database

Vectors = NDArray[np.float32]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class AdminParts:
    """The console's outside.

    Args:
        content: what citizens read now (for the catalogue and titles).
        embed: questions to unit vectors, float32 of shape (n, dimension).
        index: the build in force.
        what_if: what one more example question of a topic would change.
        in_danger: whether the bot hears a text as somebody's in danger.
        warm_up: does the slow part of `what_if` ahead; called in a thread when somebody opens the queue.
        clock: an aware datetime; tests set it.
    """

    database: Database
    settings: Settings
    content: Callable[[], Content]
    embed: Callable[[Sequence[str]], Vectors]
    index: Callable[[], LoadedIndex]
    what_if: Callable[[str, str], Forecast]
    in_danger: Callable[[str], bool]
    warm_up: Callable[[], object] = lambda: None
    clock: Callable[[], datetime] = _utc_now
    space: ExampleSpace = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "space", ExampleSpace(self.index))


def parts_of(runtime: Runtime) -> AdminParts:
    """The parts of a running bot."""
    what_if = WhatIf(lambda: runtime.answerer, runtime.embedder, runtime.settings.data_dir)
    questions = EmbeddingCache(runtime.settings.data_dir / "questions", runtime.embedder)
    return AdminParts(
        database=runtime.database,
        settings=runtime.settings,
        content=runtime.live,
        embed=lambda texts: questions.vectors([question_passage(text) for text in texts]),
        index=lambda: runtime.answerer.retriever.index,
        what_if=what_if,
        in_danger=lambda text: runtime.answerer.understander.understand(text).urgency is not None,
        warm_up=what_if.warm_up,
    )
