"""With 3,000 households and 50,000 points every answer takes about as long as with a hundred."""

from __future__ import annotations

from tests.journeys.points_load import measured


def test_no_answer_grows_with_the_books() -> None:
    # Thirty times the households, five hundred times the entries: what reads them all is far beyond ten times as slow.
    slow = [a for a in measured() if a.ratio > 10 and a.large > 50]
    assert not slow, slow
