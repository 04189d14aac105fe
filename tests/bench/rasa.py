"""Rasa handling the same conversation over its REST channel, its tracker kept by SQL on SQLite, beside our turns."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx
import yaml

from bot import playing
from bot.commands.nlu import all_examples
from nlu.understanding import Example
from tests.bench.program import resident
from tests.bench.table import Row
from tests.bench.turns import TALK, opened, said, talk, working
from tests.support.server import free_port
from tools import rasa

EPOCHS = 3  # how well it understands is measured elsewhere (docs/rasa.md); here only how long it takes
EACH = 10  # examples an intent
PATIENCE = 600
REPLY = "请留个手机号，方便联系您。"


def examples() -> list[Example]:
    """A few of every intent."""
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in all_examples():
        by_intent[example.intent.partition("/")[0]].append(example)
    return [example for all_ in by_intent.values() for example in all_[:: max(1, len(all_) // EACH)][:EACH]]


def project(folder: Path, venv: Path) -> None:
    """A trained project that answers every intent by a rule."""
    rasa.export(folder, examples(), EPOCHS)
    config, domain = (yaml.safe_load((folder / name).read_text("utf-8")) for name in ("config.yml", "domain.yml"))
    intents = [one if isinstance(one, str) else next(iter(one)) for one in domain["intents"]]
    config["policies"] = [{"name": "RulePolicy", "enable_fallback_prediction": False}]
    domain["responses"] = {"utter_next": [{"text": REPLY}]}
    rules = [
        {"rule": f"answer {one}", "steps": [{"intent": one}, {"action": "utter_next"}]}
        for one in dict.fromkeys([*intents, "nlu_fallback"])
    ]
    store = {"tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "tracker.db"}}
    for name, what in (
        ("config.yml", config),
        ("domain.yml", domain),
        ("data/rules.yml", {"version": "3.1", "rules": rules}),
        ("endpoints.yml", store),
        ("credentials.yml", {"rest": None}),
    ):
        (folder / name).write_text(yaml.safe_dump(what, allow_unicode=True, sort_keys=False), "utf-8")
    given = rasa.rasa(venv, "train", "--data", "data", "--domain", "domain.yml", "--fixed-model-name", "bench")
    subprocess.run(["nice", "-n", "19", *given], cwd=folder, env=rasa.quiet(folder), check=True, capture_output=True)


@contextmanager
def serving(folder: Path, venv: Path) -> Iterator[tuple[str, int]]:
    """The address and the process of a server, from the moment it is started."""
    port = free_port()
    given = rasa.rasa(
        venv, "run", "-i", "127.0.0.1", "-p", str(port), "-m", "models", "--endpoints", "endpoints.yml",
        "--credentials", "credentials.yml",
    )  # fmt: skip
    process = subprocess.Popen(
        given, cwd=folder, env=rasa.quiet(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/webhooks/rest/webhook", process.pid
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def first_reply(client: httpx.Client, url: str) -> None:
    """Ask until it answers."""
    for _ in range(PATIENCE * 10):
        try:
            told = client.post(url, json={"sender": "w", "message": TALK[0]}).json()
            if any(one.get("text") == REPLY for one in told):
                return
        except (httpx.TransportError, ValueError):
            pass
        time.sleep(0.1)
    raise AssertionError("Rasa does not answer")


def measure(folder: Path, people: int) -> list[Row]:
    """Nothing, loudly, where there is no Rasa."""
    venv = rasa.venv_dir().absolute()
    if not rasa.installed(venv):
        sys.stdout.write(f"SKIPPED: no Rasa in {venv}: run `make rasa` once, or set LINLI_RASA_VENV\n")
        return []
    place = folder / "rasa"
    place.mkdir()
    project(place, venv)
    began = time.perf_counter()
    with serving(place, venv) as (url, pid), httpx.Client(timeout=60, trust_env=False) as client:
        first_reply(client, url)
        start = time.perf_counter() - began
        theirs = [_turn(client, url, f"u{n}", k) for n in range(people) for k in range(len(TALK))]
        held = resident(pid)
    ours = _ours(folder, people)
    ratio = sum(theirs) / sum(ours)
    note = (
        f"Rasa starts in {start:.1f} s and holds {held:,.0f} MB with so small a model; it answers by one rule an intent"
    )
    return [
        Row("message → understood → effect → outbox, committed, one process", "Rasa with its SQL tracker on SQLite", 30,
            ratio, f"{median(ours) * 1000:.2f} ms against {median(theirs) * 1000:.1f} ms", note=note),
    ]  # fmt: skip


def _turn(client: httpx.Client, url: str, who: str, k: int) -> float:
    began = time.perf_counter()
    client.post(url, json={"sender": who, "message": said(who, k, TALK[k]).text}).raise_for_status()
    return time.perf_counter() - began


def _ours(folder: Path, people: int) -> list[float]:
    took, database = list[float](), opened(folder, "beside-rasa")
    with playing.on(database, meaning=False) as world:
        worker = working(world)
        for n in range(4):
            asyncio.run(talk(worker, f"w{n}", []))
        for n in range(people):
            asyncio.run(talk(worker, f"u{n}", took))
    database.close()
    return took
