"""The bench runs at a tenth of a tenth: no figure of it counts, but each part that needs no other server is walked."""

from __future__ import annotations

import pytest

from tests.bench.__main__ import run
from tests.bench.table import Row, picture, table


@pytest.mark.journey
def test_the_parts_run_and_lose_nothing() -> None:
    rows = list(run(100, ["acks", "turns", "lists"]))
    found = {row.what: row for row in rows}
    assert found["acknowledged, but not kept"].score == 0
    assert all(row.score is not None and row.score > 0 for row in rows if row.what != "acknowledged, but not kept"
               and not row.what.startswith("a turn with the second stage"))  # fmt: skip
    assert found["turns that share commits"].score != 1  # a rate of its own
    assert all(row.what in table(rows) for row in rows)


def test_the_table_says_what_is_reached() -> None:
    rows = [Row("a", "b", 5, 6, ""), Row("c", "d", 5, 6, "", most=True), Row("e", "f", 2, None, "", note="no peer")]
    assert [row.reached for row in rows] == ["yes", "**no**", "not measured"]
    assert "- e: no peer" in table(rows)
    assert picture(rows).count("<rect") == 3 and 'fill="#c62828"' in picture(rows)  # the ground, a and c
