"""Loads what flows want to know of volunteering: the person as a volunteer, numbers at the place, needs, the board."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.clock import HOME
from bot.world import Community, World
from flows.domain.volunteering import EARLY, GRACE, masked, place_codes, ranks
from flows.facts import ShiftView
from flows.volunteer.roll import ORGANISERS
from flows.volunteer_facts import HoursView, NeedView, StandIn, TeamView, Volunteering, VolunteerView
from nlu.late import regex
from storage import (
    codes,
    guesses,
    people,
    personal,
    volunteers,
    volunteers_hours,
    volunteers_needs,
    volunteers_paper,
    volunteers_people,
    volunteers_teams,
)

BOARD = regex(r"榜|排行|排名")
NUMBER = regex(r"(?<!\d)\d{4}(?!\d)")
STAND_IN = regex(r"(?:接班|接替|替班|换班|对换)\D{0,3}(\d{6})(?!\d)")
PAPER = regex(r"登记码\D{0,3}(\d{8})(?!\d)")
TEAMS = regex(r"队")
NEEDS = regex(r"需求|岗位|认领|清单|资源")
LATELY, AHEAD = timedelta(days=7), timedelta(days=30)


def load(
    conn: Connection,
    world: World,
    person: int,
    here: Community | None,
    shifts: tuple[ShiftView, ...],
    text: str,
    now: datetime,
) -> Volunteering:
    """What is known now; what the words can't be about is left out."""
    row = volunteers_people.get(conn, person)
    kept = personal.read(conn, person) if row is not None else {}
    staff = people.staff_of(conn, person)
    areas = tuple(dict.fromkeys(r.area for r in staff.roles if r.role in ORGANISERS)) if staff else ()
    minutes = volunteers_hours.total(conn, person)
    return Volunteering(
        me=_volunteer(row, kept) if row is not None else None,
        paper=_paper(conn, person, text, now),
        minutes=minutes,
        latest=tuple(HoursView(*each) for each in volunteers_hours.latest(conn, person)) if minutes else (),
        here=_here(conn, world, person, shifts, text, now),
        stand_in=_stand_in(conn, person, text, now),
        staff=staff.id if staff and areas else None,
        organises=areas,
        organised=tuple(volunteers.organised(conn, areas, now - LATELY, now + AHEAD)) if areas else (),
        teams=_teams(conn, person, here, staff.id if staff and areas else None, text),
        needs=_needs(conn, person, here) if NEEDS.search(text) else (),
        resources=tuple(volunteers_needs.resources(conn, here.id)) if here and "资源" in text else (),
        unit=volunteers_needs.unit_of(conn, person, here.id) if here else None,
        board=_board(conn, here, text, now) if here and BOARD.search(text) else (),
    )


def volunteer(conn: Connection, person: int) -> VolunteerView | None:
    """A person as a registered volunteer."""
    row = volunteers_people.get(conn, person)
    return _volunteer(row, personal.read(conn, person)) if row is not None else None


def _volunteer(row: Any, kept: dict[str, str]) -> VolunteerView:
    born = date.fromisoformat(kept["birth"]) if kept.get("birth") else None
    return VolunteerView(kept.get("display_name", ""), born, tuple(row.skills), tuple(row.times), row.board)


def _here(
    conn: Connection, world: World, person: int, shifts: tuple[ShiftView, ...], text: str, now: datetime
) -> frozenset[int]:
    """The person's shifts whose number, as shown at the place now, stands in the text; wrong numbers are counted."""
    on = [s for s in shifts if s.mine and s.starts_at - EARLY <= now <= s.ends_at + GRACE]
    said = set(NUMBER.findall(text)) if on else set()
    if not said or not guesses.allowed(conn, person, now):
        return frozenset()
    found = frozenset(s.id for s in on if said & set(place_codes(world.secret, s.id, now)))
    if not found:
        guesses.missed(conn, person, now)
    return found


def _stand_in(conn: Connection, person: int, text: str, now: datetime) -> StandIn | None:
    """The place that is offered to whoever has the code that was said."""
    said = STAND_IN.search(text)
    if said is None or not guesses.allowed(conn, person, now):
        return None
    row = codes.find(conn, said[1], kind="stand_in", now=now)
    if row is None:
        guesses.missed(conn, person, now)
        return None
    shift, giver = volunteers.get(conn, int(row.subject["shift"])), int(row.subject["person"])
    leaves = volunteers_people.get(conn, giver)
    return StandIn(row.id, giver, shift, tuple(leaves.skills) if leaves else ()) if shift else None


def _teams(conn: Connection, person: int, here: Community | None, staff: int | None, text: str) -> tuple[TeamView, ...]:
    """The teams around; who is in them only for who leads them and asks."""
    found = volunteers_teams.listed(conn, here.id if here else None, person, staff)
    asked = TEAMS.search(text) is not None
    return tuple(replace(t, people=_people(conn, t.id)) if asked and staff == t.leader else t for t in found)


def _people(conn: Connection, team: int) -> tuple[str, ...]:
    names = volunteers_people.names(conn, volunteers_teams.members(conn, team)[:60])
    return tuple(names.values())


def _paper(conn: Connection, person: int, text: str, now: datetime) -> tuple[int, str] | None:
    """The form on paper that a code in the text stands for; wrong codes are counted."""
    said = PAPER.search(text)
    if said is None or not guesses.allowed(conn, person, now):
        return None
    row = codes.find(conn, said[1], kind=volunteers_paper.CODE, now=now)
    if row is None:
        guesses.missed(conn, person, now)
        return None
    return row.id, masked(personal.read(conn, int(row.subject["person"])).get("display_name", ""))


def _needs(conn: Connection, person: int, here: Community | None) -> tuple[NeedView, ...]:
    rows = volunteers_needs.listed(conn, here.id, ("need", "post"), ("open",)) if here else []
    own = [*volunteers_needs.promised_by(conn, person), *volunteers_needs.asked_by(conn, person)]
    every = {r.id: r for r in (*own, *rows)}
    return tuple(
        NeedView(r.id, r.kind, r.title, r.about, r.state, r.area_id, r.person_id == person, r.asker_id == person)
        for r in every.values()
    )


def _board(conn: Connection, here: Community, text: str, now: datetime) -> tuple[tuple[int, int, str], ...]:
    """Ranks of this month or year in a community, the first ten and who shares the tenth place."""
    local = now.astimezone(here.zone or HOME)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = first.replace(month=1) if "年" in text else first
    rows = volunteers_hours.board(conn, here.id, since, now)
    listed = [one for one in ranks((minutes, (person, how)) for minutes, person, how in rows) if one[0] <= 10]
    names = volunteers_people.names(conn, [who[0] for _, _, who in listed])
    return tuple(
        (rank, minutes, masked(names[person]) if how == "masked" else names[person])
        for rank, minutes, (person, how) in listed
        if person in names
    )
