"""The place of a report as it is written down: the estate's name and what was said beyond it."""

from __future__ import annotations

import pytest

from flows.complaint.locate import _whole, where
from flows.talk import Said, Turn
from tests.flows.transcripts import NOTHING, Talk
from tests.support.facts import ME, MONDAY, ZONE


@pytest.mark.parametrize(
    ("name", "said", "whole"),
    [
        ("幸福里小区5号楼", "5号楼1单元301", "幸福里小区5号楼1单元301"),
        ("幸福里小区5号楼", "5号楼", "幸福里小区5号楼"),
        ("幸福里", "老年食堂那栋楼下", "老年食堂那栋楼下"),
        ("槐荫里3号楼", "槐荫里3号楼2单元楼道", "槐荫里3号楼2单元楼道"),
    ],
)
def test_nothing_that_was_said_is_lost(name: str, said: str, whole: str) -> None:
    assert _whole(name, said) == whole


def test_a_place_that_is_gone_leaves_the_matter_to_where_the_resident_lives() -> None:
    """An import may remove what was chosen a moment ago."""
    facts = Talk().place.seen("", frozenset({"places"}), {})
    turn = Turn(Said("", NOTHING), MONDAY, ME, facts, ZONE)
    gone = {"which": "999999", "place": {"text": "老年食堂", "area": facts.area, "building": None}}
    assert where(gone, turn) == (facts.area, None) and facts.area is not None
