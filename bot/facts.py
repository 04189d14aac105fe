"""Loads what a flow needs to know before it decides: rows become the plain views of flows/facts.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import alertwork, bank, bookingwork, casework, leaving, legalwork
from bot import households as homes
from bot.clock import HOME
from bot.volunteering import loading as volunteering
from bot.world import Community, World
from flows import words
from flows.facts import CaseView, Facts, Query, ShiftView, ThreadView
from flows.legal import own as consultations
from flows.mine.flow import CHILD, GUARDIAN
from flows.mine.words import of_oneself
from nlu.late import regex
from storage import (
    bars,
    cases,
    codes,
    community,
    guesses,
    mediations,
    parties,
    people,
    personal,
    points,
    shop,
    threads,
    volunteers,
)
from storage.colleagues import eligible
from storage.present import Theirs

CODE = regex(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{6,12}(?![A-Za-z0-9])")
RECENT = timedelta(days=30)
EVERYTHING = Theirs()  # may be there


@dataclass(frozen=True, slots=True)
class _For:
    """Whom the facts are for, and where they stand."""

    conn: Connection
    world: World
    person: int
    area: int | None
    text: str
    now: datetime
    case: int | None
    placed: int | None
    here: Community | None
    kept: frozenset[str]  # personal fields
    theirs: Theirs
    shift: int | None

    @property
    def zone(self) -> ZoneInfo:
        return self.here.zone if self.here else HOME

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def load(
    conn: Connection,
    world: World,
    *,
    person: people.Person,
    area: int | None,
    needs: frozenset[str],
    text: str,
    now: datetime,
    answers: Mapping[Query, Any],
    theirs: Theirs = EVERYTHING,
    case: int | None = None,
    placed: int | None = None,
    shift: int | None = None,
) -> Facts:
    """The facts for a turn of this person, seen from an area (of the group, or where the person was last placed);
    `placed`: where the matter is, whose services hold for it; `shift`: the one in question;
    `theirs`: what there is of the person at all."""
    known = world.known(conn)
    here = known.community_of(area)
    fields = personal.held(conn, person.id) if theirs.personal else frozenset[str]()
    one = _For(conn, world, person.id, area, text, now, case, placed, here, fields, theirs, shift)
    if "volunteering" in needs:
        needs -= {"shifts"}  # which it brings along
    more: dict[str, Any] = {}
    for need in needs & LOADED.keys():
        more |= LOADED[need](one)
    if CHILD in one.kept:
        more |= {"child": True, "guarded": people.agrees(conn, person.id, GUARDIAN)}
    return Facts(
        community=here.id if here else None,
        community_name=here.name if here else "",
        area=area,
        texts=here.texts if here else {},
        catalogue=world.catalogue,
        places=known.places,
        units=known.units,
        communities=known.names,
        top=known.top,
        staffed=bool(known.communities),
        hours=world.hours(one.zone),
        threads=tuple(_thread(t) for t in threads.mine(conn, person.id)) if theirs.threads else (),
        answers=answers,
        **more,
    )


def named_needs(said: str) -> frozenset[str]:
    """What words that mean the same everywhere need to know, whatever flow they are taken for."""
    word = words.word(said)
    own = frozenset({"held"}) if word in words.MINE or of_oneself(word) in ("data", "erase") else frozenset[str]()
    return own | consultations.NEEDS if consultations.wish(said) else own


def _cases(one: _For) -> dict[str, Any]:
    known, there = one.world.known(one.conn), one.placed or one.area
    home = one.here.id if one.here else None
    services = one.world.services(one.conn, there if there in known.places else home)
    mine = _my_cases(one.conn, one.world, one.person) if one.theirs.reports else ()
    return {"my_cases": mine, "services": services}


def _phone(one: _For) -> dict[str, Any]:
    return {"phone": personal.read(one.conn, one.person).get("phone") if "phone" in one.kept else None}


def _volunteering(one: _For) -> dict[str, Any]:
    shifts = _shifts(one)
    found = volunteering.load(one.conn, one.world, one.person, one.here, shifts, one.text, one.now)
    return {"shifts": shifts, "volunteering": found}


def _office(one: _For) -> dict[str, Any]:
    acting = people.staff_of(one.conn, one.person)
    return {"office": bank.office(one.conn, acting, one.text, one.today)}


def _colleagues(one: _For) -> dict[str, Any]:
    if not one.case:
        return {}
    case = cases.load(one.conn, one.case)
    barred = bars.of_case(one.conn, one.case)
    return {"colleagues": eligible(one.conn, case.area, barred, case.owner) if case.area else ()}


def _departments(one: _For) -> dict[str, Any]:
    place = cases.load(one.conn, one.case).area if one.case else None
    return {"departments": community.departments(one.conn, place)} if place else {}


def _windows(one: _For) -> dict[str, Any]:
    home = one.here.id if one.here else None
    place = home or one.world.known(one.conn).top
    return bookingwork.facts(one.conn, place, home, one.person, one.now) if place else {}


def _work_areas(one: _For) -> dict[str, Any]:
    places, mine = one.world.known(one.conn).places, people.staff_of(one.conn, one.person)
    held = dict.fromkeys(r.area for r in mine.roles if r.area in places) if mine else ()
    wide = (a for a in held if a is not None and places.place(a).level != "building")
    return {"work_areas": tuple((a, places.label(a)) for a in wide)}


def _alert_areas(one: _For) -> dict[str, Any]:
    mine = people.staff_of(one.conn, one.person)
    return {"alert_areas": alertwork.areas_to_draft(one.conn, mine)} if mine else {}


def _thread(t: Any) -> ThreadView:
    return ThreadView(t.id, t.kind, t.number, t.state, t.version, t.owner, t.role, t.area, t.question, t.unasked)


def _my_cases(conn: Connection, world: World, person_id: int) -> tuple[CaseView, ...]:
    return tuple(_case_view(conn, world, id) for id in cases.mine(conn, person_id))


def _case_view(conn: Connection, world: World, id: int) -> CaseView:
    """A case as its reporter sees it; what was merged into the neighbours' stands as theirs does."""
    case = own = cases.load(conn, id)
    root = parties.chain(conn, id)[-1] if own.merged_into else id
    if root != id:
        case = cases.load(conn, root)
    owner = people.staff_by_id(conn, [case.owner]) if case.owner else []
    assert own.opened_at
    return CaseView(
        id=root,
        number=own.number,
        service=own.service,
        title=casework.title_of(world, own.service),
        place=own.place,
        status=case.status,
        version=case.version,
        opened_at=own.opened_at,
        resolve_due=case.resolve_due,
        owner=owner[0].name if owner else None,
        nudges=case.nudges,
        note=case.note or None,
        own=id if root != id else 0,
        people=len(parties.of_case(conn, root)),
        asked=case.question if case.suspended_at else "",
        missing=tuple(d for d in case.called if d not in case.reported_in),
        there=case.reported_in,
        closed_at=case.closed_at,
        at=own.building,
    )


def _shifts(one: _For) -> tuple[ShiftView, ...]:
    within = one.here.id if one.here else None
    shown = {s.id: s for s in volunteers.open_shifts(one.conn, one.person, one.now, within=within)}
    shown |= {s.id: s for s in volunteers.of_person(one.conn, one.person, one.now - RECENT)}
    chosen = volunteers.get(one.conn, one.shift, one.person) if one.shift and one.shift not in shown else None
    shown |= {chosen.id: chosen} if chosen and chosen.starts_at > one.now else {}  # of where they were before
    return tuple(sorted(shown.values(), key=lambda s: (s.starts_at, s.id)))


def _points(one: _For) -> dict[str, Any]:
    conn, now = one.conn, one.now
    household = points.household_of(conn, one.person)
    home = one.world.community_of(conn, household.area) if household else one.here
    areas = community.above(conn, home.id if home else one.world.known(conn).top or 0)
    zone = home.zone if home else HOME
    own = household.id if household else None
    if household:
        household = replace(household, gifts=homes.gifts_cap(conn, household.area))
    return {
        "household": household,
        "rules": tuple(points.rules(conn, areas, now.astimezone(zone).date())),
        "goods": tuple(shop.goods_of(conn, areas, own, bank.new_month(now, zone))),
        "sessions": shop.sessions(conn, areas, now),
    }


def _code(one: _For) -> dict[str, Any]:
    """A household code in what was said; a person who guesses too often finds none any more that day."""
    conn, person_id, now = one.conn, one.person, one.now
    for word in CODE.findall(one.text[:200])[:3]:
        if not guesses.allowed(conn, person_id, now):
            return {}
        row = codes.find(conn, word.upper(), kind="household", now=now)
        if row is None:
            guesses.missed(conn, person_id, now)
        elif row.person_id in (None, person_id):
            return {"code": row.id, "code_name": points.household_name(conn, int(row.subject["household"]))}
    return {}


# What a flow may need -> what is loaded for it; a flow names its needs.
LOADED: Mapping[str, Callable[[_For], dict[str, Any]]] = {
    "my_cases": _cases,
    "phone": _phone,
    "held": lambda one: {"held": leaving.held(one.conn, one.person, one.now)},
    "shifts": lambda one: {"shifts": _shifts(one)},
    "volunteering": _volunteering,
    "household": _points,
    "office": _office,
    "code": _code,
    "colleagues": _colleagues,
    "departments": _departments,
    "consultations": lambda one: {"consultations": legalwork.asked_by(one.conn, one.world, one.person, one.now)},
    "windows": _windows,
    "mediations": lambda one: {"mediations": mediations.of_person(one.conn, one.person)},
    "work_areas": _work_areas,
    "alert_areas": _alert_areas,
}
