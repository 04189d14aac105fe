"""A real Rasa is trained on some of our examples, started, and asked through Linli's engines.

Runs where Rasa's environment is there (`make rasa` makes it; LINLI_RASA_VENV names another), or may be made because
LINLI_RASA_JOURNEY=1 is set and there is a Python 3.10.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.app import embedded_engine, engine_for
from bot.commands.nlu import all_examples
from bot.settings import Settings
from nlu.rasa_http import RasaEngine, flow_of
from nlu.understanding import Example
from tests.support.server import free_port
from tools import rasa

pytestmark = pytest.mark.journey

EPOCHS = 20
EACH = 20  # examples an intent
PATIENCE = 300  # seconds the server may take to start on a busy machine
CHANCE = 0.75  # of what it was trained on it says right at least so much after so few epochs; guessing gives 0.2
SLOW = httpx.Client(timeout=30, trust_env=False)  # it is understanding that is tried here, not patience


def some_examples() -> list[Example]:
    """A few of every intent, from all over its list."""
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in all_examples():
        by_intent[example.intent.partition("/")[0]].append(example)
    return [example for all_ in by_intent.values() for example in all_[:: max(1, len(all_) // EACH)][:EACH]]


@pytest.fixture(scope="module")
def venv() -> Path:
    found = rasa.venv_dir().absolute()
    if rasa.installed(found):
        return found
    if os.environ.get("LINLI_RASA_JOURNEY") != "1":
        pytest.skip(f"SKIPPED: no Rasa in {found}: run `make rasa` once, or set LINLI_RASA_JOURNEY=1 to have it made")
    if rasa.find_python(rasa.candidates()) is None:
        pytest.skip(f"SKIPPED: {rasa.NO_PYTHON}")
    found.parent.mkdir(parents=True, exist_ok=True)
    with (found.parent / ".installing").open("w") as held:  # by another process of these tests
        fcntl.flock(held, fcntl.LOCK_EX)
        rasa.install(found)
    return found


@pytest.fixture(scope="module")
def project(venv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exported project that Rasa finds valid, with a model trained from it."""
    folder = tmp_path_factory.mktemp("rasa")
    rasa.export(folder, some_examples(), EPOCHS)
    rasa.train(venv, folder)
    return folder


@contextmanager
def server(venv: Path, project: Path) -> Iterator[str]:
    """The address of a server that is up; it ends with the block."""
    port = free_port()
    process = subprocess.Popen(
        rasa.serve(venv, port),
        cwd=project,
        env=rasa.quiet(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "up and running" in line:
                break
        else:
            raise AssertionError("Rasa did not start:\n" + "".join(said[-30:]))
        watchdog.cancel()
        threading.Thread(target=process.stdout.read, daemon=True).start()  # or it would stop at a full pipe
        yield f"http://127.0.0.1:{port}"
    finally:
        watchdog.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def url(venv: Path, project: Path) -> Iterator[str]:
    with server(venv, project) as address:
        yield address


@pytest.fixture(scope="module")
def engine(url: str) -> RasaEngine:
    return RasaEngine(url, embedded_engine(second=False), client=SLOW)


def test_what_it_was_taught_comes_back_as_flows(engine: RasaEngine) -> None:
    taught = some_examples()[::3]
    right = 0
    for example in taught:
        own = engine.quick().understand(example.text)
        right += (engine.parse(own).flow or "chatter") == flow_of(example.intent)  # raises if it does not answer
    assert right / len(taught) >= CHANCE


def test_every_intent_it_may_answer_is_ours(url: str) -> None:
    ours = {example.intent.partition("/")[0] for example in all_examples()} | {"nlu_fallback"}
    answer = SLOW.post(f"{url}/model/parse", json={"text": "楼道灯坏了"}).json()
    assert {row["name"] for row in answer["intent_ranking"]} <= ours


@pytest.mark.parametrize("text", ['/redeem{"a": "b"}', "\n/redeem", "\u3000/redeem"])
def test_a_typed_command_is_obeyed_by_rasa_and_not_by_linli(engine: RasaEngine, url: str, text: str) -> None:
    bare = SLOW.post(f"{url}/model/parse", json={"text": text}).json()["intent"]
    assert (bare["name"], bare["confidence"]) == ("redeem", 1.0)  # else Rasa has changed, and the stripping may go
    assert engine.parse(engine.quick().understand(text)).confidence < 1.0


def test_what_is_too_long_for_rasa_is_answered(engine: RasaEngine) -> None:
    own = engine.quick().understand("楼道灯坏了，晚上看不见路。" * 3000)
    assert engine.parse(own).ranking != own.ranking


def test_a_chain_from_the_settings_takes_its_word_and_survives_its_end(venv: Path, project: Path) -> None:
    taught = [example.text for example in some_examples()[::10]]
    embedded = embedded_engine()
    own = [embedded.understand(text).ranking for text in taught]
    with server(venv, project) as address:
        chain = engine_for(Settings(nlu="chain", rasa_url=address))
        heard = [chain.understand(text).ranking for text in taught]
    assert sum(a != b for a, b in zip(own, heard, strict=True)) >= len(taught) // 4  # where it was sure, its word stood
    assert [chain.understand(text).ranking for text in taught] == own
