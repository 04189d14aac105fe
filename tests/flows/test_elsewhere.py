"""Another city or ours: what is told of the city we are in is never sent away, whatever else it is called like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.complaint import elsewhere
from flows.domain.places import Place, Places
from flows.talk import Said, Turn
from nlu.understanding import Understanding
from tests.flows.transcripts import Talk
from tests.support.facts import ME, MONDAY, PLACES, ZONE

HERE = Places([Place(90, None, "city", "洛阳市"), Place(1, 90, "community", "槐荫社区"), *PLACES[1:]])


def said(text: str, places: Places) -> Turn:
    facts = Talk().place.seen("", frozenset({"places"}), {})
    understood = Understanding(text, "complaint", "report_problem", 0.9)
    return Turn(Said(text, understood), MONDAY, ME, replace(facts, places=places, top=1), ZONE)


@pytest.mark.parametrize(
    ("text", "away"),
    [
        ("我在洛阳市涧西区，路灯坏了", True),
        ("我在洛阳，路灯坏了", True),
        ("洛阳市涧西区路灯坏了", True),
        ("我家洛阳牡丹被人偷了", False),
        ("我是洛阳人，路灯坏了", False),
        ("洛阳路的路灯坏了", False),
        ("我在洛阳，槐荫里3号楼漏水", False),
    ],
)
def test_of_another_city_unless_it_is_ours(text: str, away: bool) -> None:
    assert elsewhere.told(said(text, Places(PLACES))) is away
    assert not elsewhere.told(said(text, HERE))


@pytest.mark.parametrize("text", ["洛阳涧西区牡丹路", "河南省的", "不是，在洛阳", "不在你们这里", "外地的"])
def test_said_instead_of_a_place(text: str) -> None:
    assert elsewhere.instead_of_a_place(said(text, Places(PLACES)))
    assert elsewhere.instead_of_a_place(said(text, HERE)) is ("洛阳" not in text)
