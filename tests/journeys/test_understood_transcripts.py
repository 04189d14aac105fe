"""The transcripts beside the flows, with the real understanding instead of the keywords."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.embedded import EmbeddedEngine
from tests.flows.transcripts import Scene, differences, replay, scenes
from tests.support.facts import catalogue

WEIGHTS = Path(__file__).parents[2] / "nlu" / "weights"


@pytest.mark.journey
def test_nine_scenes_of_ten_go_as_written() -> None:
    engine = EmbeddedEngine.load(WEIGHTS, catalogue().labels())
    told = {str(scene): _wrong(scene, engine) for scene in scenes()}
    wrong = {name: first for name, first in told.items() if first}
    assert len(wrong) <= len(told) // 10, "\n".join(f"{name}: {first}" for name, first in wrong.items())


def _wrong(scene: Scene, engine: EmbeddedEngine) -> str:
    """The first difference; a button that is not there is one too."""
    try:
        return next(iter(differences(scene, replay(scene, engine))), "")
    except AssertionError as missing:
        return str(missing)
