"""Nobody decides on what they proposed themselves, from wherever they did; whoever proposed it may take it back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flows.domain.proposal import Action, Decider, Kind, Proposal, State, after
from flows.errors import NotAllowed, Suspicious

PANEL = frozenset({"points_panel"})


def proposed(by: str, person: int | None) -> Proposal:
    return Proposal(
        id=1,
        kind=Kind.AWARD,
        state=State.PROPOSED,
        version=1,
        household=1,
        account="household:h1",
        name="林家",
        area=1,
        rule=1,
        title="孝老爱亲",
        category="忠孝",
        number="1",
        points=5,
        note="",
        appeal="",
        proposer=by,
        proposer_person=person,
        approver=None,
        transfer=None,
        transfer_key="",
        at=datetime(2026, 1, 5, tzinfo=UTC),
        appeal_until=None,
    )


@pytest.mark.parametrize(
    ("by", "person"),
    [("staff:7", None), ("staff:7", 12), ("person:12", 12)],  # the last as a member of a household
)
def test_who_proposed_it_takes_it_back_and_does_not_approve_it(by: str, person: int | None) -> None:
    decider = Decider("staff:7", 7, person, PANEL)
    assert after(proposed(by, person), Action.WITHDRAW, decider) is State.WITHDRAWN
    with pytest.raises(Suspicious, match="您自己提的"):
        after(proposed(by, person), Action.APPROVE, decider)


@pytest.mark.parametrize("person", [None, 13])
def test_two_without_an_account_are_two(person: int | None) -> None:
    decider = Decider("staff:7", 7, None, PANEL)
    assert after(proposed("staff:8", person), Action.APPROVE, decider) is State.POSTED
    with pytest.raises(NotAllowed):
        after(proposed("staff:8", person), Action.WITHDRAW, decider)
