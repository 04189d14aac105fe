"""Figures for Prometheus: counted from the log's events as they pass, and read from the tables when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.clock import Clock
from storage import overview
from storage.database import Away, Database

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
TENTHS = tuple(n / 10 for n in range(1, 11))
REGISTRY = CollectorRegistry()
TURNS = Counter("linli_turns", "Turns taken", ["channel", "kind"], registry=REGISTRY)
FAULTS = Counter("linli_faults", "Bugs and outages, by the event in the log", ["event"], registry=REGISTRY)
STAGES = Histogram("linli_turn_seconds", "A turn by stage", ["stage"], registry=REGISTRY, buckets=SECONDS)
CONFIDENCE = Histogram(
    "linli_confidence", "How sure the engine was of the flow", ["engine"], registry=REGISTRY, buckets=TENTHS
)
DELIVERIES = Counter("linli_deliveries", "Messages sent or not", ["channel", "lane", "outcome"], registry=REGISTRY)
CLOCKS = Counter("linli_due", "What the clock did", ["kind"], registry=REGISTRY)


def count(_logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: counts the event and hands it on unchanged."""
    match event.get("event"):
        case "turn":
            TURNS.labels(event["channel"], event["kind"]).inc()
            for stage in ("wait", "understand", "write"):
                if (ms := event.get(f"{stage}_ms")) is not None:
                    STAGES.labels(stage).observe(ms / 1000)
            if (sure := event.get("confidence")) is not None:
                CONFIDENCE.labels("flow").observe(sure)
        case "delivery":
            DELIVERIES.labels(event["channel"], event["lane"], event["outcome"]).inc()
        case "due":
            CLOCKS.labels(event["kind"]).inc()
        case str(name) if method in ("warning", "error", "exception"):
            FAULTS.labels(name).inc()
    return event


class _Queues(Collector):
    """What the tables say at the moment somebody asks."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("linli_database_up", "1: the database answers, and takes what is written")
        try:
            with self._database.read() as conn:
                found = overview.gauges(conn, self._clock())
        except Away:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 0 if self._database.refused() else 1)
        yield up
        if (room := self._database.room()) is not None:
            yield GaugeMetricFamily("linli_disk_free_bytes", "Room left where SQLite's file lies", value=room)
        families: dict[str, GaugeMetricFamily] = {}
        for (name, state), value in found.items():
            family = families.setdefault(
                name, GaugeMetricFamily(f"linli_{name}", name.replace("_", " "), labels=["state"])
            )
            family.add_metric([state], value)
        yield from families.values()


def text(database: Database, clock: Clock) -> bytes:
    """Everything in Prometheus' text format."""
    queues = CollectorRegistry()
    queues.register(_Queues(database, clock))
    return generate_latest(REGISTRY) + generate_latest(queues)
