"""Figures for Prometheus: what this process did, and what the database holds when it is asked."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.tables import InboxRow, OutboxRow, QuestionRow
from storage import Database

SECONDS = (0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
COUNTED_EVERY = 10.0  # seconds: a scrape more often than that gets the same figures

_COUNTS: dict[str, tuple[str, tuple[str, ...], Select[tuple[str, str, int]]]] = {
    "hocvuso_questions": (
        "Questions kept, by channel and decision",
        ("channel", "decision"),
        select(QuestionRow.channel, QuestionRow.decision, func.count()).group_by(QuestionRow.channel, QuestionRow.decision),
    ),
    "hocvuso_outbox": (
        "Replies by channel and state",
        ("channel", "status"),
        select(OutboxRow.channel, OutboxRow.status, func.count()).group_by(OutboxRow.channel, OutboxRow.status),
    ),
    "hocvuso_inbox": (
        "Messages by channel and state",
        ("channel", "status"),
        select(InboxRow.channel, InboxRow.status, func.count()).group_by(InboxRow.channel, InboxRow.status),
    ),
}


class Metrics:
    """The figures of one app, in a registry of its own."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_DatabaseCounts(database))
        self.turns = Counter("hocvuso_turns", "Chat turns answered", ["channel", "kind"], registry=self._registry)
        self.seconds = Histogram(
            "hocvuso_turn_seconds", "Time from request to reply", ["channel", "kind"], buckets=SECONDS, registry=self._registry
        )
        self.refused = Counter("hocvuso_refused", "Chat requests refused, by code", ["code"], registry=self._registry)
        self.streams = Gauge("hocvuso_event_streams", "Pages waiting for pushed messages", registry=self._registry)

    def turn(self, channel: str, kind: str, seconds: float) -> None:
        """Count one answered turn; `kind` is "text" or "button"."""
        self.turns.labels(channel, kind).inc()
        self.seconds.labels(channel, kind).observe(seconds)

    def render(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)


class _DatabaseCounts(Collector):
    """Rows by state, counted at most every ten seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted: list[GaugeMetricFamily] = []
        self._at = -COUNTED_EVERY

    def describe(self) -> Iterator[Metric]:
        """Nothing fixed: keeps registration from counting."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        if time.monotonic() - self._at >= COUNTED_EVERY:
            try:
                self._counted, self._at = self._count(), time.monotonic()
            except SQLAlchemyError:
                self._counted = []  # a figure that cannot be read is left out, not invented
        return iter(self._counted)

    def _count(self) -> list[GaugeMetricFamily]:
        with self._database.reading() as session:
            return [
                self._family(name, help_, labels, session.execute(query).all())
                for name, (help_, labels, query) in _COUNTS.items()
            ]

    @staticmethod
    def _family(name: str, help_: str, labels: tuple[str, ...], rows: object) -> GaugeMetricFamily:
        family = GaugeMetricFamily(name, help_, labels=labels)
        for first, second, count in rows:  # type: ignore[attr-defined]
            family.add_metric([first, second or "none"], count)
        return family
