"""Rasa as an intent classifier over HTTP, and the embedded one in its place whenever Rasa does not answer in time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import httpx

from bot.breaker import Breaker
from bot.localities import localities
from bot.settings import Settings
from nlu.embedded import EmbeddedClassifier
from nlu.entities import LONGEST, Entity, EntityFinder
from nlu.guess import UNKNOWN, Guess, IntentClassifier
from nlu.vocabulary import Intent

log = logging.getLogger(__name__)

FALLBACK_INTENT: Final = "nlu_fallback"  # Rasa's word for "no intent fits"
TOKEN_FILE: Final = "rasa.token"  # noqa: S105 - a file name


class RasaUnavailable(RuntimeError):
    """Rasa did not answer, too late, or not as expected."""


class RasaClassifier:
    """An `IntentClassifier` that asks a Rasa server. Unlike the contract, `classify` raises `RasaUnavailable`."""

    def __init__(self, url: str, token: str, timeout: float, places: Iterable[str] = ()) -> None:
        """`timeout` in seconds, for connecting and for answering each; proxies of the environment are not used."""
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=8)
        self._client = httpx.Client(base_url=url, timeout=timeout, trust_env=False, limits=limits)
        self._token = {"token": token} if token else {}
        self._names = EntityFinder(places)

    def classify(self, text: str) -> Guess:
        """Return Rasa's guess. Raises RasaUnavailable."""
        text = text[:LONGEST].lower().encode("utf-8", "replace").decode()  # half a pair of surrogates cannot be sent
        if not any(char.isalnum() for char in text):
            return UNKNOWN
        return self._guess(text, self._call("POST", "/model/parse", json={"text": text}))

    def status(self) -> str:
        """The model Rasa has loaded. Raises RasaUnavailable."""
        return str(self._call("GET", "/status").get("model_file", "?")).rsplit("/", 1)[-1]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, params=self._token, **body)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except httpx.HTTPStatusError as error:  # its own words would repeat the address, and with it the token
            raise RasaUnavailable(f"HTTP {error.response.status_code}") from None
        except (httpx.HTTPError, ValueError, UnicodeError) as error:
            raise RasaUnavailable(type(error).__name__) from None
        return found

    def _guess(self, text: str, found: dict[str, Any]) -> Guess:
        try:
            name, confidence = str(found["intent"]["name"]), float(found["intent"]["confidence"])
            ranked = found.get("intent_ranking") or [{}]
            if name == FALLBACK_INTENT:  # its confidence is the threshold's, not the best intent's
                confidence = max((float(row["confidence"]) for row in ranked if row.get("name") != FALLBACK_INTENT), default=0.0)
            intent = Intent(name) if name in Intent.__members__ else Intent.question
            return Guess(intent, min(max(confidence, 0.0), 1.0), self._entities(text, found.get("entities", [])))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RasaUnavailable(f"unexpected answer ({type(error).__name__})") from None

    def _entities(self, text: str, rows: list[dict[str, Any]]) -> tuple[Entity, ...]:
        found = [(str(row["entity"]), int(row["start"]), int(row["end"])) for row in rows]
        entities = [Entity(kind, self._names.canonical(kind, text[start:end]), start, end) for kind, start, end in found]
        return tuple(sorted(entities, key=lambda entity: (entity.start, entity.kind)))


class WithFallback:
    """An `IntentClassifier` that asks `first` while it answers, and `second` whenever it does not."""

    def __init__(self, first: RasaClassifier, second: IntentClassifier, breaker: Breaker | None = None) -> None:
        self._first, self._second, self._breaker = first, second, breaker or Breaker()

    def classify(self, text: str) -> Guess:
        """See `IntentClassifier`: never raises, whatever Rasa does."""
        if not self._breaker.may_try():
            return self._second.classify(text)
        try:
            guess = self._first.classify(text)
        except RasaUnavailable as problem:
            if self._breaker.failed():
                log.warning("Rasa is not answering (%s): the embedded classifier stands in", problem)
            return self._second.classify(text)
        if self._breaker.is_open:
            log.info("Rasa answers again")
        self._breaker.succeeded()
        return guess

    def problem(self) -> str | None:
        """Why Rasa is left alone at the moment, None while it answers."""
        return "not answering; the embedded classifier stands in" if self._breaker.is_open else None


def open_classifier(settings: Settings, models: Path) -> IntentClassifier:
    """The classifier of the settings. Rasa need not be there yet: the embedded one stands in until it is."""
    embedded = EmbeddedClassifier(models, localities())
    return WithFallback(rasa_of(settings), embedded) if settings.nlu == "rasa" else embedded


def token_of(settings: Settings) -> str:
    """The token Rasa asks for: the setting, else the file `run.py rasa` wrote into the data folder, else none."""
    written = settings.data_dir / TOKEN_FILE
    kept = written.read_text(encoding="utf-8").strip() if written.is_file() else ""
    return settings.rasa_token.get_secret_value() or kept


def rasa_of(settings: Settings) -> RasaClassifier:
    """The Rasa server of the settings; nothing is called yet."""
    return RasaClassifier(settings.rasa_url, token_of(settings), settings.rasa_timeout_ms / 1000, localities())
