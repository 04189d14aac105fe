"""The place of a report as it is written down: the estate's name and what was said beyond it."""

from __future__ import annotations

import pytest

from flows.complaint.locate import _whole


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
