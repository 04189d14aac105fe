"""Two hundred seeds of the simulator: crashes, duplicates, limits, and every effect once all the same."""

from __future__ import annotations

import pytest

from tests.simulator.run import simulate

SEEDS, TOGETHER = 200, 10


@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_whatever_happens_each_effect_is_there_once(first: int) -> None:
    wrong = {seed: found for seed in range(first, first + TOGETHER) if (found := simulate(seed)[0])}
    assert not wrong, f"see it again: python -m tests.simulator {min(wrong)}"
