"""A real Rasa keeps what every classifier promises, serves this computer and its token only, and writes no citizen's words."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from bot.rasa import RasaClassifier, RasaUnavailable, WithFallback
from nlu.embedded import EmbeddedClassifier
from nlu.guess import IntentClassifier
from nlu.understanding import Intent, Understander
from nlu.vocabulary import ASPECTS
from tests.nlu.classifier_conformance import IntentClassifierConformance
from tests.rasa.conftest import ANSWER_SECONDS, Server

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def classifier(server: Server) -> Iterator[IntentClassifier]:
    client = server.classifier()
    yield client
    client.close()


class TestRasa(IntentClassifierConformance):
    """Everything in the conformance suite."""


def test_it_names_its_model(classifier: RasaClassifier) -> None:
    assert classifier.status().startswith("hocvuso-")


def test_without_the_token_nothing_is_told(server: Server) -> None:
    for token in ("", "wrong"):
        with pytest.raises(RasaUnavailable, match="401"):
            server.classifier(token).classify("xin chào")


def test_it_listens_on_this_computer_only(server: Server) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}
    for address in addresses - {"127.0.0.1"}:
        if not str(address).startswith("127."):
            with pytest.raises(OSError):
                socket.create_connection((str(address), port), timeout=2).close()


def test_a_question_comes_with_its_aspect(server: Server) -> None:
    answer = httpx.post(
        f"{server.url}/model/parse", params={"token": server.token}, json={"text": "hết bao nhiêu tiền"}, timeout=ANSWER_SECONDS
    ).json()
    assert answer["intent"]["name"] == "question" and answer["aspect"]["name"] == "fee"
    assert answer["aspect"]["name"] in ASPECTS


def test_the_whole_understanding_runs_on_it(classifier: RasaClassifier) -> None:
    understander = Understander([], classifier=WithFallback(classifier, EmbeddedClassifier()))
    assert understander.understand("thôi bác đi nấu cơm nghe, mai hỏi tiếp").intent is Intent.goodbye
    assert understander.understand("làm căn cước ở đâu").intent is Intent.question


def test_neither_words_nor_token_are_written_down(server: Server, classifier: RasaClassifier) -> None:
    classifier.classify("câu rất riêng tư zxq")
    written = server.log.read_text(encoding="utf-8", errors="replace")
    assert "zxq" not in written and server.token not in written
    command = server.process.args
    assert isinstance(command, list) and server.token not in " ".join(map(str, command))
