"""A decision that needs something looked up: rows are read in its own transaction, what is slow is fetched outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flows.facts import FindSimilar, Query
from flows.flow import Outcome, Turn
from storage.similar import similar

if TYPE_CHECKING:
    from bot.turn import Scene

MOST = 3  # look-ups a decision


class Wanted(Exception):
    """A decision asks for something slow: the transaction is given up, the answer fetched, the turn taken again."""

    def __init__(self, query: Query) -> None:
        super().__init__(type(query).__name__)
        self.query = query


def decided(
    scene: Scene, turn: Turn, decide: Callable[[Turn], Outcome | Query], foreseen: Query | None = None
) -> Outcome:
    """What it comes to; `foreseen`: what it will probably ask for, told at once if rows say it. Raises Wanted."""
    told = turn.facts.answers
    assert isinstance(told, dict)  # the turn's own, which hears more between two tries
    if isinstance(foreseen, FindSimilar):
        told[foreseen] = similar(scene.conn, foreseen, scene.now)
    for _ in range(MOST):
        found = decide(turn)
        if isinstance(found, Outcome):
            return found
        if not isinstance(found, FindSimilar):
            raise Wanted(found)
        told[found] = similar(scene.conn, found, scene.now)
    raise RuntimeError("a decision asked too often")
