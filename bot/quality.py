"""Calibrating and evaluating the running answer path on query files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.answering import Answerer, ask_query
from knowledge.snapshot import Content
from retrieval.calibrate import Example, calibrate, example_of
from retrieval.decide import Calibration
from retrieval.evaluate import Judged, Outcome, evaluate, summarise
from retrieval.index import IndexStore
from retrieval.passages import Coverage, Passage, PassageKind
from retrieval.queries import Query, name_and_checksum, read_queries
from retrieval.retriever import Question
from retrieval.runs import Known

OWN_QUERIES = Path(__file__).parent.parent / "knowledge" / "evaluation" / "queries.jsonl"
Progress = Callable[[int, int], None]


def calibrate_index(
    answerer: Answerer, store: IndexStore, file: Path = OWN_QUERIES, progress: Progress | None = None
) -> Calibration:
    """Fit the decision to the build in force and save it there. Follow-ups are left out: they keep their topic anyway."""
    index = answerer.retriever.index
    known = covered_topics(answerer)
    queries = [query for query in read_queries(file) if query.context is None]
    examples: list[Example] = []
    for done, query in enumerate(queries, start=1):
        if example := _example(answerer, query, known):
            examples.append(example)
        if progress:
            progress(done, len(queries))
    made = calibrate(examples, index.meta.model_id, index.meta.build, name_and_checksum(file))
    store.save_calibration(index.meta.build, made)
    answerer.retriever.refresh()
    return made


def _example(answerer: Answerer, query: Query, known: frozenset[str]) -> Example | None:
    understanding = answerer.understander.understand(query.text)
    ranked = answerer.retriever.rank(Question(understanding.restored, understanding.normal))
    return example_of(query, ranked, len(understanding.restored.split()), known)


def covered_topics(answerer: Answerer) -> frozenset[str]:
    """Topics of the index that have content."""
    return frozenset(passage.topic_id for passage in answerer.retriever.index.passages if passage.coverage == "covered")


def with_ranking(answerer: Answerer, query: Query, outcome: Outcome) -> Outcome:
    """The outcome with what the search for procedures says on its own, for a query that expects some."""
    search = answerer.procedures
    if search is None or not query.procedures:
        return outcome
    understanding = answerer.understander.understand(query.text)
    question = Question(understanding.restored, understanding.normal)
    ranked = tuple(found.code for found in search.rank(question, answerer.retriever.embed(question).result()))
    behind = search.behind(outcome.topics[0]) if outcome.topics else ()
    return replace(outcome, ranked=ranked, behind=behind)


def _queries(answerer: Answerer, file: Path) -> list[Query]:
    """The queries with procedures named by the code that is shown: the same procedure at another level is right, too."""
    search, queries = answerer.procedures, read_queries(file)
    if search is None:
        return queries
    return [q.model_copy(update={"procedures": tuple(dict.fromkeys(map(search.stands_for, q.procedures)))}) for q in queries]


def put_queries(answerer: Answerer, file: Path, progress: Progress | None = None) -> list[Judged]:
    """Every query of a file through the answer path."""
    return evaluate(_queries(answerer, file), lambda query: with_ranking(answerer, query, ask_query(answerer, query)), progress)


def evaluation_report(answerer: Answerer, file: Path, judged: Sequence[Judged], only_covered: bool) -> dict[str, Any]:
    """The report of `hocvuso eval`, naming content, index build, model and query file."""
    index = answerer.retriever.index
    report = summarise(judged, covered_topics(answerer) if only_covered else None)
    made_with = {
        "queries": name_and_checksum(file),
        "index_build": index.meta.build,
        "content": index.meta.content_checksum,
        "model": index.meta.model_id,
        "covered_topics": len(covered_topics(answerer)),
    }
    return {"made_with": made_with, **report}


def calibrated_on(answerer: Answerer) -> tuple[str, ...]:
    """The query files the thresholds in force were fitted to, as `name#checksum`."""
    procedures = answerer.procedures.thresholds if answerer.procedures else None
    return tuple(made.queries for made in (answerer.retriever.index.calibration, procedures) if made)


def known_topics(answerer: Answerer, content: Content) -> dict[str, Known]:
    """Every topic and outside matter of the index, named for people."""
    found: dict[str, Known] = {}
    for passage in answerer.retriever.index.passages:
        known = found.get(passage.topic_id) or Known(title=passage.topic_id, covered=passage.coverage is Coverage.COVERED)
        found[passage.topic_id] = known.model_copy(update=_learnt(known, passage))
    entries = content.catalogue
    return {t: k.model_copy(update={"title": entries[t].title}) if t in entries else k for t, k in found.items()}


def _learnt(known: Known, passage: Passage) -> dict[str, Any]:
    """What a passage adds: an example counts, the first text is the title (of matters outside the plan)."""
    if passage.kind is PassageKind.EXAMPLE:
        return {"examples": known.examples + 1}
    return {"title": passage.text} if known.title == passage.topic_id else {}
