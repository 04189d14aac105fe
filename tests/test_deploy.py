"""What is given to run the program elsewhere fits the program: parts, settings and the names of its figures."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot import metrics
from bot.app import ROLES
from bot.settings import Settings
from storage.database import Database
from storage.overview import STATES

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DEPLOY = Path(__file__).resolve().parent.parent / "docs" / "deploy"


def test_alarms_ask_for_figures_that_there_are() -> None:
    database = Database.open("sqlite://", durable=False)
    database.upgrade()
    metrics.count(None, "info", {"event": "turn", "channel": "t", "kind": "message", "wait_ms": 1, "write_ms": 1})
    metrics.count(None, "error", {"event": "turn failed"})
    told = metrics.text(database, lambda: NOW).decode()
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"linli_\w+", rule["expr"])}
    assert len(rules) >= 6 and asked
    dead = next(rule["expr"] for rule in rules if rule["alert"] == "LinliDeadLetters")
    lost = [(name, state) for name, states in STATES.items() for state in states if state in ("dead", "failed")]
    assert dead.split(" or ") == [f'linli_{name}{{state="{state}"}} > 0' for name, state in lost]
    assert [name for name in asked if f"{name}{{" not in told and f"\n{name} " not in told] == []
    database.close()


@pytest.mark.parametrize("name", ["compose.yml", "linli@.service"])
def test_every_part_may_run_apart(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    assert all(re.search(rf"(--role {role}|linli@{role})\b", text) for role in ROLES)


def test_whatever_is_set_beside_the_compose_file_reaches_every_part() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]
    ours = [part for name, part in services.items() if name != "postgres"]
    assert all(".env" in [file["path"] for file in part.get("env_file", ())] for part in ours)


def test_a_community_file_of_ones_own_reaches_every_part() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]
    mounted = [
        {volume.split(":")[1] for volume in part["volumes"]} for name, part in services.items() if name != "postgres"
    ]
    assert mounted and all({"/community", "/var/lib/linli"} <= volumes for volumes in mounted)


def test_containers_are_given_settings_that_there_are() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    given = {name for part in compose["services"].values() for name in part.get("environment", ())}
    known = {f"LINLI_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in given if name.startswith("LINLI_")} <= known | {"LINLI_DATABASE_URL"}
