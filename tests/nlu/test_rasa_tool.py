"""`make rasa` before Rasa itself: which Python is taken, what is exported, how the server is started."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from nlu.examples import parse_examples
from nlu.understanding import Example
from tools import rasa


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_the_first_python_that_runs_and_is_3_10_is_taken(tmp_path: Path) -> None:
    broken = program(tmp_path, "shim", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    right = program(tmp_path, "right", "echo /opt/right")
    later = program(tmp_path, "later", "echo /opt/later")
    absent = str(tmp_path / "absent")
    assert rasa.find_python([absent, broken, right, later]) == "/opt/right"
    assert rasa.find_python([absent, broken]) is None


@pytest.mark.skipif(sys.version_info[:2] == (3, 10), reason="this is a Python 3.10")
def test_another_version_is_not_taken() -> None:
    assert rasa.find_python([sys.executable]) is None


def test_the_python_that_is_named_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_RASA_PYTHON", "/opt/mine")
    assert next(rasa.candidates()) == "/opt/mine"


def test_the_project_holds_the_examples_and_the_epochs_asked_for(tmp_path: Path) -> None:
    examples = [Example("灯坏了", "report_problem/street_light"), Example("早上好", "greet")]
    rasa.export(tmp_path, examples, 3)
    assert set(parse_examples((tmp_path / "data" / "nlu.yml").read_text("utf-8"))) == set(examples)
    pipeline = yaml.safe_load((tmp_path / "config.yml").read_text("utf-8"))["pipeline"]
    assert [part["epochs"] for part in pipeline if "epochs" in part] == [3]


def test_the_server_listens_on_loopback_only(tmp_path: Path) -> None:
    command = rasa.serve(tmp_path, 5005)
    assert command[command.index("-i") + 1] == "127.0.0.1"
    assert rasa.quiet(tmp_path)["RASA_TELEMETRY_ENABLED"] == "false"
