"""Asking Rasa: what is sent, what is made of the answer, and what happens when there is none."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.breaker import Breaker
from bot.rasa import RasaClassifier, RasaUnavailable, WithFallback, open_classifier, token_of
from bot.settings import Settings
from bot.status import _classifier
from nlu.guess import Guess
from nlu.understanding import Intent, Understander

ANSWER = {"intent": {"name": "learn", "confidence": 0.9}, "entities": [], "intent_ranking": []}


class FakeRasa:
    """An HTTP server that answers what it is told to and keeps what it was sent."""

    def __init__(self) -> None:
        self.status, self.answer, self.delay = 200, json.dumps(ANSWER), 0.0
        self.seen: list[tuple[str, dict[str, Any]]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.seen.append((self.path, json.loads(body)))
                time.sleep(fake.delay)
                self.send_response(fake.status)
                self.end_headers()
                self.wfile.write(fake.answer.encode())

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def fake() -> Iterator[FakeRasa]:
    rasa = FakeRasa()
    yield rasa
    rasa.server.shutdown()
    rasa.server.server_close()


class Always:
    """A classifier that always says goodbye, and counts."""

    calls = 0

    def classify(self, text: str) -> Guess:
        self.calls += 1
        return Guess(Intent.goodbye, 1.0)


def test_intent_confidence_and_entities_are_taken_over(fake: FakeRasa) -> None:
    fake.answer = json.dumps({**ANSWER, "entities": [{"entity": "money", "start": 6, "end": 10, "value": "500k"}]})
    guess = RasaClassifier(fake.url, "tok", 2).classify("chuyển 500k"[1:])
    assert guess.intent is Intent.learn and guess.confidence == 0.9 and [e.value for e in guess.entities] == ["500000"]
    assert fake.seen[0][0] == "/model/parse?token=tok"


@pytest.mark.parametrize("name", ["nlu_fallback", "an intent of another model", None])
def test_what_no_intent_fits_is_a_question(fake: FakeRasa, name: str | None) -> None:
    ranking = [{"name": name, "confidence": 0.55}, {"name": "learn", "confidence": 0.2}]
    fake.answer = json.dumps({"intent": {"name": name, "confidence": 0.55}, "intent_ranking": ranking})
    assert RasaClassifier(fake.url, "", 2).classify("giá lúa").intent is Intent.question


@pytest.mark.parametrize("answer", ["", "[]", "null", "{}", '{"intent": null}', '{"intent": {"name": "learn"}}', "<html>"])
def test_an_unexpected_answer_is_no_answer(fake: FakeRasa, answer: str) -> None:
    fake.answer = answer
    with pytest.raises(RasaUnavailable):
        RasaClassifier(fake.url, "", 2).classify("học")


@pytest.mark.parametrize("status", [401, 409, 500, 503])
def test_a_refusal_names_the_status_and_never_the_token(fake: FakeRasa, status: int) -> None:
    fake.status = status
    with pytest.raises(RasaUnavailable) as caught:
        RasaClassifier(fake.url, "very-secret", 2).classify("học")
    assert str(status) in str(caught.value) and "very-secret" not in repr(caught.value)


def test_too_late_is_not_waited_for(fake: FakeRasa) -> None:
    fake.delay = 5
    begun = time.monotonic()
    guess = WithFallback(RasaClassifier(fake.url, "", 0.05), Always()).classify("học")
    assert guess.intent is Intent.goodbye and time.monotonic() - begun < 3


def test_the_embedded_one_stands_in_and_a_dead_rasa_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    second = Always()
    classifier = WithFallback(RasaClassifier("http://127.0.0.1:9", "tok", 0.2), second, Breaker(3, 20, lambda: now[0]))
    with caplog.at_level(logging.WARNING, logger="bot.rasa"):
        assert [classifier.classify("học").intent for _ in range(10)] == [Intent.goodbye] * 10
    assert second.calls == 10 and len(caplog.records) == 1 and "tok" not in caplog.text
    assert classifier.problem() is not None


def test_rasa_is_used_again_once_it_answers(fake: FakeRasa) -> None:
    now = [0.0]
    fake.status = 503
    classifier = WithFallback(RasaClassifier(fake.url, "", 2), Always(), Breaker(2, 20, lambda: now[0]))
    for _ in range(5):
        classifier.classify("học")
    assert len(fake.seen) == 2
    fake.status, now[0] = 200, 21.0
    assert classifier.classify("học").intent is Intent.learn and classifier.problem() is None


def test_while_open_one_caller_tries_at_a_time() -> None:
    now = [0.0]
    breaker = Breaker(1, 10, lambda: now[0])
    assert breaker.may_try() and breaker.failed() and not breaker.may_try()
    now[0] = 11.0
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]


def test_personal_numbers_never_reach_rasa(fake: FakeRasa) -> None:
    understander = Understander([], classifier=RasaClassifier(fake.url, "", 2))
    understander.understand("nhớ giùm bác 0912345678 nghe")
    understander.understand("ghi lại hộ 038065001234 nhá cháu")
    assert fake.seen and not any(number in str(fake.seen) for number in ("0912345678", "038065001234"))


def test_danger_and_sure_rules_do_not_depend_on_rasa(fake: FakeRasa) -> None:
    understander = Understander([], classifier=RasaClassifier(fake.url, "", 2))
    assert understander.understand("tạm biệt").intent is Intent.goodbye
    assert understander.understand("vừa bị lừa mất 50 triệu, phải làm sao").urgency is not None
    assert fake.seen == []


def test_the_setting_chooses(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, nlu="rasa", rasa_url="http://127.0.0.1:9")  # type: ignore[call-arg]
    assert isinstance(open_classifier(settings, tmp_path), WithFallback)
    assert not isinstance(open_classifier(settings.model_copy(update={"nlu": "embedded"}), tmp_path), WithFallback)
    assert not _classifier(settings).ok and "run.py rasa" in _classifier(settings).detail


def test_the_token_is_the_setting_or_the_file_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    assert token_of(settings) == ""
    (tmp_path / "rasa.token").write_text("from-file\n", encoding="utf-8")
    assert token_of(settings) == "from-file"
