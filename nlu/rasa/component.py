"""A component of Rasa's pipeline: logistic regression on accent-folded n-grams and on what the featurizers before it found.

Runs in Rasa's environment (Python 3.10), so it leans on nothing of this project but `nlu.classifier` and `nlu.syllables`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from nlu.classifier import grams

ASPECT = "aspect"
RANKED = 10


@dataclass
class Model:
    """Weights over two blocks of columns: the grams of `vocabulary`, then what Rasa's featurizers gave."""

    labels: Any  # (labels,) of str
    vocabulary: Any  # (grams,) of str
    idf: Any  # (grams,)
    weights: Any  # (grams + featurized columns, labels)
    bias: Any  # (labels,)

    @classmethod
    def fit(cls, messages: list[Message], labels: list[str], strength: float) -> Model:
        """Learn one label per message."""
        vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True)
        folded = vectorizer.fit_transform([message.get(TEXT) for message in messages])
        regression = LogisticRegression(C=strength, class_weight="balanced", max_iter=300, tol=1e-3)
        with threadpool_limits(1):
            regression.fit(hstack([folded, _featurized(messages)]).tocsr(), labels)
        names = np.array(vectorizer.get_feature_names_out(), dtype=str)
        return cls(np.array(regression.classes_, dtype=str), names, vectorizer.idf_, regression.coef_.T, regression.intercept_)

    def __post_init__(self) -> None:
        self._vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True, vocabulary=list(self.vocabulary))
        self._vectorizer.idf_ = self.idf

    def ranking(self, message: Message) -> list[dict[str, Any]]:
        """All labels with their probability, the best first."""
        row = hstack([self._vectorizer.transform([message.get(TEXT)]), _featurized([message])]).tocsr()
        scores = np.asarray(row @ self.weights + self.bias).ravel()
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return [{"name": str(self.labels[at]), "confidence": float(shares[at])} for at in np.argsort(-shares)]


class FoldedIntentClassifier(GraphComponent, IntentClassifier):
    """Reports the intent, its ranking, and for a question the aspect asked for."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, models: dict[str, Model]) -> None:
        self._config, self._storage, self._resource, self._models = config, storage, resource, models

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse regularisation, as in the embedded classifier."""
        return {"C": 12.0}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> FoldedIntentClassifier:
        return cls(config, model_storage, resource, {})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn intents from all phrases and aspects from the questions."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        asked = [message for message in messages if message.get(INTENT_RESPONSE_KEY)]
        aspects = [message.get(INTENT_RESPONSE_KEY).split("/")[1] for message in asked]
        self._models[INTENT] = Model.fit(messages, [message.get(INTENT) for message in messages], self._config["C"])
        self._models[ASPECT] = Model.fit(asked, aspects, self._config["C"])
        with self._storage.write_to(self._resource) as folder:
            for name, model in self._models.items():
                np.savez(Path(folder) / f"{name}.npz", **vars_of(model))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FoldedIntentClassifier:
        with model_storage.read_from(resource) as folder:
            models = {path.stem: Model(**np.load(path, allow_pickle=False)) for path in Path(folder).glob("*.npz")}
        return cls(config, model_storage, resource, models)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking` and `aspect` of every message."""
        for message in messages:
            ranking = self._models[INTENT].ranking(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
            aspect = self._models[ASPECT].ranking(message)[0] if ranking[0]["name"] == "question" else None
            message.set(ASPECT, aspect, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data


def vars_of(model: Model) -> dict[str, Any]:
    """The arrays of a model by their names."""
    return {name: getattr(model, name) for name in ("labels", "vocabulary", "idf", "weights", "bias")}


def _featurized(messages: list[Message]) -> csr_matrix:
    """What the featurizers before gave for whole sentences, each row scaled to length 1."""
    found = [message.get_sparse_features(TEXT)[1] for message in messages]
    return normalize(vstack([csr_matrix(features.features) for features in found]))


# Rasa asks for components by decorator; called here as a function so that the class above reads as any other.
DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)(FoldedIntentClassifier)
