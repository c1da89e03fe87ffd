"""The comparison of the evaluation set with and without an example, over the shipped content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from admin.whatif import WhatIf, compare, verdict
from bot.answering import ask_query
from bot.quality import OWN_QUERIES
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from knowledge.model import Example, VariantKey
from knowledge.store import publish, save_draft, variant_state
from retrieval.decision import Kind
from retrieval.evaluate import Outcome
from retrieval.queries import Query, read_queries

ANSWER = Outcome(Kind.ANSWER, ("a",), 0.9, False, None)
WRONG = Outcome(Kind.ANSWER, ("b",), 0.9, False, None)
ASKED = Outcome(Kind.ASK_BACK, ("b", "a"), 0.5, False, None)
SILENT = Outcome(Kind.DONT_KNOW, ("a",), 0.1, False, None)
ABOUT_A = Query(id="1", text="x", style="s", topics=("a",))
OUTSIDE = Query(id="2", text="y", style="s")
NEW = "bà hàng xóm hỏi dãy lục giác tím than là gì"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A bot of its own: these tests publish."""
    made = open_runtime(Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("what-if"), embedder="hash"))  # type: ignore[call-arg]
    yield made
    made.database.close()


def test_the_state_before_is_what_the_bot_really_answers(runtime: Runtime) -> None:
    what_if = WhatIf(lambda: runtime.answerer, runtime.embedder, runtime.settings.data_dir)
    real = [ask_query(runtime.answerer, query) for query in what_if.queries]
    differing = compare(what_if.queries, what_if.warm_up().outcomes, real)
    assert len(differing) <= len(real) // 200, "float rounding may tip a decision on the edge, no more"


def test_the_forecast_is_what_publishing_brings(runtime: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    lines = [{"id": "n1", "text": NEW, "style": "new", "topics": ["otp"]}]
    lines += [json.loads(q.model_dump_json()) for q in read_queries(OWN_QUERIES)[:40]]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    queries, what_if = read_queries(file), WhatIf(lambda: runtime.answerer, runtime.embedder, tmp_path, file)
    before = [ask_query(runtime.answerer, query) for query in queries]
    forecast = what_if("otp", NEW)
    assert (forecast.changes[-1].text, forecast.changes[-1].verdict) == (NEW, "better")
    assert forecast.before == before[0], "the question itself, as it is answered now"
    assert before == [ask_query(runtime.answerer, query) for query in queries], "asking changes nothing"
    _publish_example(runtime)
    runtime.live.follow()
    after = [ask_query(runtime.answerer, query) for query in queries]
    seen = {change.text for change in compare(queries, before, after)}
    assert {change.text for change in forecast.changes} == seen
    assert (forecast.after.decision, forecast.after.topics[0]) == (after[0].decision, "otp")


def _publish_example(runtime: Runtime) -> None:
    key = VariantKey(topic_id="otp")
    with runtime.database.session() as session:
        state = variant_state(session, key)
        assert state
        body = state.body.model_copy(update={"examples": (*(state.body.examples or ()), Example(text=NEW))})
        save_draft(session, key, body, "lan")
        publish(session, key, "lan")


@pytest.mark.parametrize(
    ("query", "before", "after", "expected"),
    [
        (ABOUT_A, SILENT, ANSWER, "better"),
        (ABOUT_A, ANSWER, SILENT, "worse"),
        (ABOUT_A, SILENT, WRONG, "worse"),
        (ABOUT_A, WRONG, ASKED, "better"),
        (ABOUT_A, ASKED, SILENT, "worse"),
        (OUTSIDE, SILENT, WRONG, "worse"),
        (OUTSIDE, WRONG, SILENT, "better"),
        (OUTSIDE, WRONG, ANSWER, "other"),
    ],
)
def test_better_and_worse_are_the_askers(query: Query, before: Outcome, after: Outcome, expected: str) -> None:
    assert verdict(query, before, after) == expected


def test_only_what_people_would_see_counts_as_a_change() -> None:
    surer = Outcome(Kind.ANSWER, ("a", "c"), 0.95, False, None)
    assert compare([ABOUT_A], [ANSWER], [surer]) == []
    assert [change.verdict for change in compare([ABOUT_A, ABOUT_A], [SILENT, ANSWER], [ANSWER, WRONG])] == ["worse", "better"]
