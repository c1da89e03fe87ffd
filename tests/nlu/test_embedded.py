"""The classifier in this process keeps what every classifier promises."""

from __future__ import annotations

import pytest

from nlu.embedded import EmbeddedClassifier
from nlu.guess import IntentClassifier
from tests.nlu.classifier_conformance import PLACES, IntentClassifierConformance


@pytest.fixture(scope="module")
def classifier() -> IntentClassifier:
    return EmbeddedClassifier(localities=PLACES)


class TestEmbedded(IntentClassifierConformance):
    """Everything in the conformance suite."""
