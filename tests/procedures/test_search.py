"""Procedures are found by official and everyday names, shown only where they convince, and never push an answer aside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.answering import open_to_procedures, with_procedures
from bot.live_procedures import LiveProcedures
from knowledge.procedures.store import save_procedures
from nlu.understanding import Urgency
from retrieval.calibrate import CalibrationError
from retrieval.decision import Decision, Kind, ScoredTopic
from retrieval.embedders.hashing import HashEmbedder
from retrieval.index import IndexStore
from retrieval.procedures.calibrate import Example, Group, calibrate
from retrieval.procedures.decide import FEATURES, RankedProcedure, Rival, Thresholds, Verdict, decide
from retrieval.procedures.passages import passages_of
from retrieval.procedures.search import ProcedureSearch
from retrieval.retriever import Question
from storage import Database
from tests.bot.talking import understood
from tests.procedures.samples import WORDS, book

EMBEDDER = HashEmbedder()


def thresholds(**changes: float) -> Thresholds:
    """Confidence that follows `covered` alone: sure from one half on."""
    n = len(FEATURES)
    weights = tuple(20.0 if name == "covered" else 0.0 for name in FEATURES)
    limits = {"show_at": 0.5, "show_beside_at": 0.9, "clear_margin": 0.05, "doubt_below": 0.9, "lead_at": 0.1, **changes}
    parts = {"mean": (0.0,) * n, "scale": (1.0,) * n, "weights": weights, "bias": -10.0, "report": {}}
    return Thresholds(model_id=EMBEDDER.model_id, index_build="b", made_on="", queries="", **parts, **limits)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> ProcedureSearch:
    store = IndexStore(tmp_path_factory.mktemp("procedures"))
    build = store.build(passages_of(book(), WORDS), 0, EMBEDDER).build
    return ProcedureSearch(store.load(build), WORDS, thresholds(), book())


def ask(text: str) -> tuple[Question, np.ndarray]:  # type: ignore[type-arg]
    return Question(text, text), EMBEDDER.queries([text])


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("đăng ký tên thuyền thúng ở đâu", "9.000002"),
        ("đăng ký tên ghe tròn", "9.000002"),
        ("mua voi về nuôi cần giấy tờ gì", "9.000001"),
        ("mất thẻ diều xin lại", "9.000004"),
    ],
)
def test_official_everyday_and_replaced_words_lead_to_the_procedure(search: ProcedureSearch, question: str, code: str) -> None:
    assert search.rank(*ask(question))[0].code == code


def test_a_procedure_at_several_levels_is_found_once_at_the_nearest(search: ProcedureSearch) -> None:
    assert "9.000003" not in search.codes and search.stands_for("9.000003") == "9.000004"


def test_words_nobody_knows_convince_nobody(search: ProcedureSearch) -> None:
    assert search.look(*ask("giá vàng hôm nay"), Decision(Kind.DONT_KNOW)) is None


def test_without_thresholds_nothing_is_shown(search: ProcedureSearch) -> None:
    bare = ProcedureSearch(search.index, WORDS, None, book())
    assert not bare.may_speak(Question("a", "a"), Decision(Kind.DONT_KNOW))
    assert bare.look(*ask("đăng ký tên thuyền thúng"), Decision(Kind.DONT_KNOW)) is None


def answered(topic_id: str, confidence: float, score: float = 0.5) -> Decision:
    return Decision(Kind.ANSWER, (ScoredTopic(topic_id, score, 0.9, 0.5),), confidence)


def test_a_sure_answer_is_not_even_compared(search: ProcedureSearch) -> None:
    question = Question("xin nuôi voi thì sao", "xin nuôi voi thì sao")
    assert not search.may_speak(question, answered("otp", 0.95))
    assert search.may_speak(question, answered("otp", 0.85))


def test_a_question_that_is_a_name_is_compared_with_any_answer_but_its_own_topics(search: ProcedureSearch) -> None:
    asked = ask("khai báo nuôi voi trong nhà ở đâu")
    assert search.may_speak(asked[0], answered("otp", 0.99))
    assert search.look(*asked, answered("otp", 0.99, score=5.0)) is not None
    assert search.look(*asked, answered("can-cuoc", 0.99)) is None


def ranked(*scores: float, covered: float = 1.0) -> tuple[RankedProcedure, ...]:
    return tuple(RankedProcedure(f"9.00000{n}", score, 0.9, 0.9, 0.9, covered, 0.5, 1.0) for n, score in enumerate(scores, 1))


def test_what_lies_near_the_best_is_shown_and_a_clear_lead_said() -> None:
    verdict = decide(ranked(1.0, 0.99, 0.8), thresholds(), asked_back=False)
    assert verdict and [found.code for found in verdict.procedures] == ["9.000001", "9.000002"] and not verdict.clear
    alone = decide(ranked(1.0, 0.9), thresholds(), asked_back=False)
    assert alone and alone.clear


def test_beside_near_topics_more_is_needed() -> None:
    unsure = ranked(1.0, covered=0.55)
    assert decide(unsure, thresholds(), asked_back=False)
    assert decide(unsure, thresholds(), asked_back=True) is None


def test_a_doubtful_answer_gives_way_only_to_a_clearly_better_procedure() -> None:
    assert decide(ranked(1.0), thresholds(), asked_back=False, rival=Rival(0.95, frozenset())) is None
    assert decide(ranked(1.0), thresholds(), asked_back=False, rival=Rival(0.85, frozenset()))
    assert decide(ranked(1.0), thresholds(), asked_back=False, rival=Rival(0.85, frozenset({"9.000001"}))) is None


def test_nothing_ranked_is_nothing_shown() -> None:
    assert decide((), thresholds(), asked_back=False) is None


def test_danger_and_the_topic_at_hand_are_never_replaced() -> None:
    calm, unknown = understood(), Decision(Kind.DONT_KNOW)
    assert open_to_procedures(calm, unknown)
    assert not open_to_procedures(understood(urgency=Urgency.lost_money), unknown)
    assert not open_to_procedures(calm, replace(unknown, kept_topic="otp"))


def test_what_a_word_means_is_not_explained_by_a_record() -> None:
    assert not open_to_procedures(understood(aspect="summary"), Decision(Kind.DONT_KNOW))


def test_a_mere_number_asks_for_no_procedure() -> None:
    number = understood("stk [số tài khoản] vietcombank", personal=("account",))
    asking = understood("stk [số tài khoản] nộp ở đâu", personal=("account",), aspect="where")
    assert not open_to_procedures(number, Decision(Kind.DONT_KNOW))
    assert open_to_procedures(asking, Decision(Kind.DONT_KNOW))


def test_the_decision_keeps_the_topics_and_says_procedure() -> None:
    before = Decision(Kind.ASK_BACK, (ScoredTopic("otp", 0.9, 0.9, 0.5),), 0.4)
    after = with_procedures(before, Verdict(ranked(1.0), 0.8, True))
    assert (after.kind, after.near, after.clear) == (Kind.PROCEDURE, ("otp",), False)
    assert with_procedures(replace(before, kind=Kind.DONT_KNOW), Verdict(ranked(1.0), 0.8, True)).near == ()
    assert with_procedures(before, None) is before


def example(good: bool, group: Group, number: int) -> Example:
    features = dict.fromkeys(FEATURES, (0.9 if good else 0.3) + 0.001 * number)
    return Example(features, good, good, group)


def test_thresholds_part_right_procedures_from_the_rest() -> None:
    right = [example(True, Group.PROCEDURE, n) for n in range(40)]
    wrong = [example(False, group, n) for n in range(20) for group in (Group.OUTSIDE, Group.TOPIC)]
    doubted = [replace(example(False, Group.COVERED, n), answer=0.5 + n / 100, lead=0.01 * n) for n in range(40)]
    made = calibrate([*right, *wrong, *doubted], "m", "b", "q")
    assert made.report["shown"] == 1.0 and made.report["shown_outside"] <= 0.06
    assert 0.5 < made.doubt_below < 0.65 and made.lead_at >= 0.06


def test_too_few_questions_are_refused() -> None:
    with pytest.raises(CalibrationError):
        calibrate([example(True, Group.PROCEDURE, 1)], "m", "b", "q")


def test_an_import_is_picked_up_with_an_index_of_its_own(database: Database, tmp_path: Path) -> None:
    live = LiveProcedures(database, EMBEDDER, tmp_path)
    assert not live.renew() and live.search is None and not (tmp_path / "procedures").exists()
    with database.session() as session:
        save_procedures(session, tuple(book().by_code.values()))
    assert live.renew() and live.search and len(live.book) == 6
    build = live.store.current()
    assert not live.renew()
    live.save_thresholds(thresholds())
    assert live.search.thresholds == thresholds()
    other = LiveProcedures(database, EMBEDDER, tmp_path)
    other.renew()
    assert other.store.current() == build and other.search and other.search.thresholds


def test_thresholds_never_cross_to_another_model(database: Database, tmp_path: Path) -> None:
    live = LiveProcedures(database, EMBEDDER, tmp_path)
    live.store.folder.mkdir(parents=True)
    live.save_thresholds(thresholds().model_copy(update={"model_id": "another"}))
    assert live.thresholds() is None


def test_two_looks_notice_what_another_process_did(database: Database, tmp_path: Path) -> None:
    here, there = (LiveProcedures(database, EMBEDDER, tmp_path) for _ in range(2))
    with database.session() as session:
        save_procedures(session, tuple(book().by_code.values()))
    here.renew(), there.renew()
    here.save_thresholds(thresholds())
    assert there.moved() and there.renew() and there.search and there.search.thresholds
    assert not there.moved()
