"""Calibrating the search for procedures on labelled questions, through the same understanding that citizens' questions take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.answering import Answerer
from bot.live_procedures import LiveProcedures
from bot.quality import OWN_QUERIES
from knowledge.procedures.book import ProcedureBook
from retrieval.procedures.calibrate import Example, Group, calibrate
from retrieval.procedures.decide import SHOWN, RankedProcedure, Thresholds, features_of, lead
from retrieval.procedures.search import ProcedureSearch
from retrieval.queries import Query, name_and_checksum, read_queries
from retrieval.retriever import Question

PROCEDURE_QUERIES = OWN_QUERIES.with_name("procedures.jsonl")
Progress = Callable[[int, int], None]


def calibrate_procedures(
    answerer: Answerer, live: LiveProcedures, progress: Progress | None = None, file: Path = PROCEDURE_QUERIES
) -> Thresholds | None:
    """Fit the decision to the build in force and put it in force, here and in `answerer`; None where nothing is imported.

    Questions about topics that have no procedures, and those about neither, are what must not be answered by a procedure.
    """
    search = live.search
    if search is None:
        return None
    alone = Answerer(answerer.understander, answerer.retriever)  # what topics say without procedures
    asked = [(query, group) for query in _queries(file) if (group := _group(query, live.book))]
    examples: list[Example] = []
    for done, (query, group) in enumerate(asked, start=1):
        ranked = rank(answerer, search, query.text)
        examples.append(_with_answer(_example(ranked, query, group, live.book), ranked, search, alone, query))
        if progress:
            progress(done, len(asked))
    meta = search.index.meta
    made = calibrate(examples, meta.model_id, meta.build, name_and_checksum(file))
    live.save_thresholds(made)
    answerer.procedures = live.search
    return made


def _queries(file: Path) -> list[Query]:
    """The questions of the file, and those of the topics' own set that stand alone."""
    return [*read_queries(file), *(query for query in read_queries(OWN_QUERIES) if query.context is None and not query.urgent)]


def _group(query: Query, book: ProcedureBook) -> Group | None:
    """None for a question about procedures that are not there."""
    if query.procedures:
        return Group.PROCEDURE if any(book.get(code) for code in query.procedures) else None
    if not query.topics:
        return Group.OUTSIDE
    return Group.COVERED if any(book.topics.of(topic) for topic in query.topics) else Group.TOPIC


def rank(answerer: Answerer, search: ProcedureSearch, text: str) -> tuple[RankedProcedure, ...]:
    """The procedures nearest to a text, whatever the topics say."""
    reading = answerer.understander.read(text)
    question = Question(reading.restored, reading.normal)
    return search.rank(question, answerer.retriever.embed(question).result())


def families(codes: tuple[str, ...], book: ProcedureBook) -> frozenset[str]:
    """The codes with those of the same procedures at other levels."""
    return frozenset(sibling.code for code in codes for sibling in book.siblings(code))


def _example(ranked: tuple[RankedProcedure, ...], query: Query, group: Group, book: ProcedureBook) -> Example:
    hits = [bool(families((found.code,), book) & set(query.procedures)) for found in ranked[:SHOWN]]
    return Example(features_of(ranked), hits[0], any(hits), group)


def _with_answer(
    example: Example, ranked: tuple[RankedProcedure, ...], search: ProcedureSearch, alone: Answerer, query: Query
) -> Example:
    """The example with how sure the topics are of a right answer, for a question about a topic."""
    decision = alone.hear(query.text).decision if query.topics else None
    rival = search.rival(decision) if decision else None
    if decision is None or rival is None or decision.best is None or decision.best.topic_id not in query.topics:
        return example
    return replace(example, answer=decision.confidence, lead=float(lead(ranked, rival)))
