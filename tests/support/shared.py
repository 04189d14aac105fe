"""Real text for evaluation, where there is some: LINLI_SHARED names its folder; without it tests say SKIPPED."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


def folder() -> Path:
    """The folder of real text; skips the test, loudly, when there is none."""
    named = os.environ.get("LINLI_SHARED")
    if not named or not (Path(named) / "data").is_dir():
        pytest.skip("SKIPPED: LINLI_SHARED does not name a folder with data/: real input is not tried")
    return Path(named) / "data"


def rows(name: str) -> list[dict[str, Any]]:
    """The lines of a file of real text."""
    text = (folder() / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]
