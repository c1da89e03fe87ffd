"""What every intent classifier promises, whichever it is: the embedded one here, a real Rasa in `tests/rasa`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from nlu.entities import KINDS, EntityFinder
from nlu.guess import IntentClassifier
from nlu.vocabulary import Intent

PLACES = ("Tỉnh Thanh Hóa", "Phường Hạc Thành", "Tỉnh Lai Châu")
STRANGE = [
    "",
    " ",
    "\0",
    "a\0b",
    "\n\t",
    "?!",
    "😀😀",
    "\ud800",
    "ខ្ញុំចង់សួរ",
    "x" * 10_000,
    "học " * 30_000,
    "' OR 1=1 --",
    '{"a": 1}',
]
OUTSIDE = ["giá lúa hôm nay thế nào", "nấu phở bò", "kết quả xổ số miền bắc", "bác sĩ khám tim giỏi", "làm căn cước ở đâu"]
SURE = {
    "tạm biệt nhé": "goodbye",
    "cảm ơn cháu": "thanks",
    "tôi muốn học": "learn",
    "lam trac nghiem": "quiz",
    "tiến độ của tôi": "progress",
    "cho tôi hỏi câu khác": "another",
    "tham gia nhóm học": "join_group",
    "đổi cỡ chữ": "profile",
    "gap nguoi ho tro": "human",
    "ve trang chu": "menu",
}
NAMED = {
    "chuyển 500k cho con": [("money", "500000")],
    "mất 2 triệu rưỡi": [("money", "2500000")],
    "máy sam sung cài vneid": [("phone_brand", "Samsung")],
    "lam the can cuoc o phuong hac thanh": [("paper_kind", "căn cước"), ("locality", "Phường Hạc Thành")],
    "căn cước điện tử ở thanh hóa": [("paper_kind", "căn cước điện tử"), ("locality", "Thanh Hóa")],
    "noi lai chau oi": [],
    "hôm nay trời đẹp": [],
}


class IntentClassifierConformance:
    """Subclass with a fixture `classifier` that knows `PLACES`."""

    @pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
    def test_any_string_has_a_guess(self, classifier: IntentClassifier, text: str) -> None:
        guess = classifier.classify(text)
        assert guess.intent in set(Intent) and 0.0 <= guess.confidence <= 1.0

    @pytest.mark.parametrize("text", ["", "  ", "\0", "...", "👍👍"])
    def test_nothing_to_read_is_a_question_with_no_confidence(self, classifier: IntentClassifier, text: str) -> None:
        guess = classifier.classify(text)
        assert (guess.intent, guess.confidence, guess.entities) == (Intent.question, 0.0, ())

    @pytest.mark.parametrize("text", OUTSIDE)
    def test_what_fits_no_intent_is_a_question(self, classifier: IntentClassifier, text: str) -> None:
        assert classifier.classify(text).intent is Intent.question

    @pytest.mark.parametrize(("text", "intent"), SURE.items())
    def test_clear_wishes_are_recognised(self, classifier: IntentClassifier, text: str, intent: str) -> None:
        guess = classifier.classify(text)
        assert guess.intent == intent and guess.confidence >= 0.55

    @pytest.mark.parametrize(("text", "named"), NAMED.items())
    def test_things_are_found_by_their_usual_names(
        self, classifier: IntentClassifier, text: str, named: list[tuple[str, str]]
    ) -> None:
        found = classifier.classify(text).entities
        assert sorted((e.kind, e.value) for e in found) == sorted(named)
        assert all(e.kind in KINDS and 0 <= e.start < e.end <= len(text) for e in found)

    def test_what_is_found_is_what_the_finder_finds(self, classifier: IntentClassifier) -> None:
        for text in NAMED:
            assert classifier.classify(text).entities == EntityFinder(PLACES).find(text)

    def test_capitals_make_no_difference(self, classifier: IntentClassifier) -> None:
        assert classifier.classify("TẠM BIỆT NHÉ").intent == classifier.classify("tạm biệt nhé").intent

    def test_the_same_text_has_the_same_guess(self, classifier: IntentClassifier) -> None:
        first = classifier.classify("cho tôi học bài")
        assert all(classifier.classify("cho tôi học bài") == first for _ in range(3))

    def test_threads_do_not_disturb_each_other(self, classifier: IntentClassifier) -> None:
        texts = list(SURE) * 3
        with ThreadPoolExecutor(4) as pool:
            assert [guess.intent for guess in pool.map(classifier.classify, texts)] == [SURE[text] for text in texts]
