"""Figures for Prometheus: every event counts, whatever is printed; the queues are read when somebody asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import metrics
from storage import inbox
from storage.database import Database

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_turn_is_counted_with_its_stages() -> None:
    before = value("linli_turns_total", channel="web", kind="message")
    slow = value("linli_turn_seconds_bucket", stage="write", le="0.05")
    event = {"event": "turn", "channel": "web", "kind": "message", "wait_ms": 1, "understand_ms": 2.0, "write_ms": 60.0}
    assert metrics.count(None, "info", dict(event)) == event
    assert value("linli_turns_total", channel="web", kind="message") == before + 1
    assert value("linli_turn_seconds_bucket", stage="write", le="0.05") == slow, "60 ms are more than 50"
    assert value("linli_turn_seconds_bucket", stage="understand", le="0.005") >= 1


@pytest.mark.parametrize(("method", "counted"), [("warning", 1), ("exception", 1), ("info", 0)])
def test_faults_are_counted_by_their_name(method: str, counted: int) -> None:
    name = f"something {method}"
    metrics.count(None, method, {"event": name})
    assert value("linli_faults_total", event=name) == counted


def test_the_queues_are_read_when_asked() -> None:
    database = Database.open("sqlite://", durable=False)
    database.upgrade()
    with database.write() as conn:
        inbox.accept(conn, channel="web", key="k", conversation="c", payload={}, now=NOW)
    page = metrics.text(database, lambda: NOW + timedelta(seconds=90)).decode()
    assert 'linli_inbox{state="new"} 1.0' in page
    assert 'linli_oldest_seconds{state="inbox"} 90.0' in page
    assert "linli_database_up 1.0" in page
    database.close()
