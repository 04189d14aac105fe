"""Proposals of points behind the effects: kept, given to a second person, loaded and decided as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import casework
from bot.world import World
from flows import effects as fx
from flows.domain.ledger import NotEnough
from flows.domain.proposal import OFFICE, SECONDS, Action, Decider, Kind, Proposal, State, within_cap
from flows.errors import NotAllowed, Suspicious
from flows.facts import OfficeView
from flows.points import panel
from flows.points import panel_texts as words
from storage import community, households, ledger, people, points, proposals
from storage.households import Household
from storage.people import Staff

if TYPE_CHECKING:
    from bot.effects import Here

WAITING = 5  # proposals of one household that nobody has decided on yet
MAKERS = ("award:", "deduction:", "hours:")


def zone_of(conn: Connection, world: World, area: int) -> ZoneInfo:
    return casework.zone(conn, world, area)


def new_year(now: datetime, zone: ZoneInfo) -> datetime:
    """When this local year began: yearly caps count from then."""
    return datetime.combine(date(now.astimezone(zone).year, 1, 1), time(0), zone)


def new_month(now: datetime, zone: ZoneInfo) -> datetime:
    """When this local month began: the shop's limits count from then."""
    return datetime.combine(now.astimezone(zone).date().replace(day=1), time(0), zone)


def office(conn: Connection, staff: Staff | None, text: str, today: date) -> OfficeView | None:
    """What a member of staff may do with points; None for everybody else."""
    held = sorted({r.area for r in staff.roles if r.role in OFFICE}) if staff else []
    if not held:
        return None
    around = sorted({id for area in held for id in community.above(conn, area)})
    found = households.named(conn, text, held)
    return OfficeView(tuple(points.rules(conn, around, today)), found)


def roles_over(conn: Connection, world: World, staff: Staff | None, area: int) -> frozenset[str]:
    """The roles of a member of staff that reach an area."""
    places = world.known(conn).places
    held = staff.roles if staff else ()
    return frozenset(r.role for r in held if places.inside(area, r.area))


# -- proposing --------------------------------------------------------------------------------------------------------


def propose(conn: Connection, world: World, here: Here, wanted: fx.Propose) -> list[fx.Effect]:
    """Keep a proposal and ask a second person. Raises NotAllowed."""
    home = households.get(conn, wanted.household)
    members = households.members(conn, home.id)
    by_staff = bool(roles_over(conn, world, here.staff, home.area) & OFFICE)
    kind = Kind(wanted.kind)
    if not by_staff and (kind is not Kind.AWARD or here.person not in members):
        raise Suspicious(words.OUTSIDE, "points.propose_outside", {"household": home.id})
    if not by_staff and proposals.waiting_of(conn, home.id) >= WAITING:
        raise NotAllowed(words.TOO_MANY)
    amount = _worth(conn, world, here, home, wanted)
    kept = proposals.add(
        conn,
        kind=kind,
        household_id=home.id,
        rule_id=wanted.rule,
        transfer_id=wanted.transfer,
        points=amount,
        note=wanted.note,
        photos=wanted.photos,
        proposer=f"staff:{here.staff.id}" if by_staff and here.staff else f"person:{here.person}",
        person_id=here.person,
        now=here.now,
    )
    seconds = reviewers(conn, here, kept)
    if not seconds:
        raise NotAllowed(words.NOBODY)
    told = [fx.Notice(words.PROPOSED_STAFF)] if here.chat is None else []  # from the staff page
    return [*panel.asked(kept, seconds), *told]


def _worth(conn: Connection, world: World, here: Here, home: Household, wanted: fx.Propose) -> int:
    """The points in question. Raises NotAllowed when the rule isn't this household's, or gives no more this year."""
    if wanted.transfer is not None:
        entry = proposals.entry(conn, wanted.transfer, home)
        if entry is None or not entry.key.startswith(MAKERS):
            raise NotAllowed(words.NO_ENTRIES.format(name=home.name))
        return abs(int(entry.points))
    zone = zone_of(conn, world, home.area)
    in_force = points.rules(conn, community.above(conn, home.area), here.now.astimezone(zone).date())
    rule = next((r for r in in_force if r.id == wanted.rule and r.per == "deed"), None)
    if rule is None or (rule.points < 0) != (wanted.kind == Kind.DEDUCTION):
        raise NotAllowed(words.RULE_GONE)
    earned = proposals.earned(conn, home.account, rule.id, new_year(here.now, zone)) if rule.yearly_cap else 0
    if rule.points > 0 and within_cap(rule.points, rule.yearly_cap, earned) == 0:
        raise NotAllowed(words.CAPPED.format(title=rule.title, cap=rule.yearly_cap))
    return abs(rule.points)


def reviewers(conn: Connection, here: Here, proposal: Proposal) -> tuple[int, ...]:
    """The persons to ask: those of the panel, else of the community, who have no tie to it."""
    for role in SECONDS:
        if free := _untied(conn, proposal, community.staff_for(conn, proposal.area, role, here.now)):
            return free
    return ()


def _untied(conn: Connection, proposal: Proposal, staff: Iterable[int]) -> tuple[int, ...]:
    """The persons among staff who neither proposed it nor live with who did, nor in the household it is about."""
    members = households.members(conn, proposal.household)
    held = [one for one in people.staff_by_id(conn, staff) if f"staff:{one.id}" != proposal.proposer]
    persons = sorted({one.person for one in held if one.person is not None})
    return tuple(p for p in persons if p not in members and not _with_proposer(conn, proposal, p))


def _with_proposer(conn: Connection, proposal: Proposal, person: int) -> bool:
    proposer = proposal.proposer_person
    return proposer is not None and (person == proposer or households.together(conn, person, proposer))


# -- deciding ---------------------------------------------------------------------------------------------------------


def on_proposal(conn: Connection, world: World, here: Here, step: fx.ActOnProposal) -> list[fx.Effect]:
    """What follows from a step on a proposal, as it stands now. Raises NotAllowed."""
    ledger.hold(conn)  # what is decided by a balance or a cap is posted before anybody else looks
    proposal = proposals.load(conn, step.proposal)
    members = households.members(conn, proposal.household)
    decider = _decider(conn, world, here, proposal, members)
    return list(panel.act(proposal, Action(step.action), decider, step.note, _around(conn, world, here, proposal)))


def came_back(conn: Connection, world: World, here: Here, redemption: int) -> list[fx.Effect]:
    """Points set aside for goods are the household's again: deductions that found too little take the rest."""
    effects: list[fx.Effect] = []
    left, gone = proposals.set_aside(conn, redemption), 0
    for id, missing in proposals.short(conn, redemption):
        proposal = proposals.load(conn, id)
        around = _around(conn, world, here, proposal)
        around = replace(around, balance=around.balance - gone)
        points = min(missing, left - gone, around.balance)
        if points > 0:
            effects += panel.rest(proposal, points, redemption, around)
            gone += points
    return effects


def _decider(conn: Connection, world: World, here: Here, proposal: Proposal, members: tuple[int, ...]) -> Decider:
    if here.actor == "clock":
        return Decider("clock")
    return Decider(
        actor=f"staff:{here.staff.id}" if here.staff else here.actor,
        staff=here.staff.id if here.staff else None,
        person=here.person,
        roles=roles_over(conn, world, here.staff, proposal.area),
        member=here.person in members,
        housemate=here.person is not None and _with_proposer(conn, proposal, here.person),
    )


def _around(conn: Connection, world: World, here: Here, proposal: Proposal) -> panel.Around:
    zone = zone_of(conn, world, proposal.area)
    rule = proposals.rule_of(conn, proposal.rule) if proposal.rule else None
    cap = rule.yearly_cap if rule is not None else None
    year = new_year(here.now, zone)
    return panel.Around(
        now=here.now,
        zone=zone,
        members=households.members(conn, proposal.household),
        balance=ledger.balance(conn, proposal.account),
        issuer=households.issuer(conn, proposal.area),
        cap=cap,
        earned=proposals.earned(conn, proposal.account, rule.id, year) if rule is not None and cap else 0,
        panel=_panel(conn, here, proposal),
        held=proposals.held(conn, proposal.household),
        withdrawer=proposal.proposer_person,
    )


def _panel(conn: Connection, here: Here, proposal: Proposal) -> tuple[int, ...]:
    """Who could hear an appeal: of the panel, neither proposer nor approver, without a tie."""
    held = community.staff_for(conn, proposal.area, "points_panel", here.now, everyone=True)
    return _untied(conn, proposal, [id for id in held if id != proposal.approver])


def change(conn: Connection, here: Here, moved: fx.ChangeProposal) -> None:
    proposals.change(
        conn,
        moved.proposal,
        moved.version,
        State(moved.state),
        staff=moved.staff,
        note=moved.note,
        appeal_until=moved.appeal_until,
        now=here.now,
    )


def take_back(conn: Connection, here: Here, back: fx.TakeBack) -> None:
    try:
        ledger.reverse(conn, back.original, key=back.key, by=back.by, now=here.now, memo=back.memo)
    except NotEnough:
        raise NotAllowed(words.SPENT) from None
