"""The transcripts beside the flows are how the conversations go."""

from __future__ import annotations

import pytest

from flows.registry import registry
from tests.flows.transcripts import FLOWS, Scene, differences, fits, replay, scenes

ALL = list(scenes())


@pytest.mark.parametrize("scene", ALL, ids=str)
def test_goes_as_written(scene: Scene) -> None:
    told = replay(scene)
    wrong = differences(scene, told)
    assert not wrong, "\n".join([scene.about, *wrong, "-- told:", *told])


def test_every_flow_of_the_menu_has_a_transcript() -> None:
    told = {scene.file.parent.parent.name for scene in ALL}
    folders = {flow.name for flow in registry().menu}
    assert folders <= told, f"no transcript in {sorted(folders - told)}"
    assert all((FLOWS / name).is_dir() for name in told)


def test_a_changed_word_is_noticed() -> None:
    scene = next(s for s in ALL if any(line.startswith("<") for line in s.lines))
    at = next(i for i, line in enumerate(scene.lines) if line.startswith("<"))
    changed = (*scene.lines[:at], scene.lines[at] + "吗", *scene.lines[at + 1 :])
    assert differences(Scene(scene.file, scene.number, scene.about, changed), replay(scene))


def test_dots_stand_for_anything_and_nothing_else_does() -> None:
    assert fits("< 编号 …。", "< 编号 0302-001。")
    assert not fits("< 编号.。", "< 编号x。")
