"""Loads what a flow needs to know before it decides: rows become the plain views of flows/facts.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot import alertwork, bank, bookingwork, casework, leaving
from bot import households as homes
from bot.clock import HOME
from bot.volunteering import loading as volunteering
from bot.world import Community, World
from flows.facts import CaseView, ColleagueView, Facts, Query, ThreadView
from flows.mine.flow import CHILD, GUARDIAN
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

CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{6,12}(?![A-Za-z0-9])")
RECENT = timedelta(days=30)


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
    case: int | None = None,
    placed: int | None = None,
) -> Facts:
    """The facts for a turn of this person, seen from an area (of the group, or where the person was last placed);
    `placed`: where the matter is, whose services hold for it."""
    known = world.known(conn)
    here = world.community_of(conn, area)
    zone = here.zone if here else HOME
    more: dict[str, Any] = {}
    if "my_cases" in needs:
        more["my_cases"] = _my_cases(conn, world, person.id)
        there = placed or area
        more["services"] = world.services(conn, there if there in known.places else (here.id if here else None))
    if "phone" in needs:
        more["phone"] = personal.read(conn, person.id).get("phone") if people.has_personal(conn, person.id) else None
    if "held" in needs:
        more["held"] = leaving.held(conn, person.id, now)
    if personal.has(conn, person.id, CHILD):
        more |= {"child": True, "guarded": people.agrees(conn, person.id, GUARDIAN)}
    if needs & {"shifts", "volunteering"}:
        more["shifts"] = _shifts(conn, world, person.id, here, now)
    if "volunteering" in needs:
        more["volunteering"] = volunteering.load(conn, world, person.id, here, more["shifts"], text, now)
    if "household" in needs:
        more |= _points(conn, world, person.id, here, now)
    if "office" in needs:
        acting = people.staff_of(conn, person.id)
        more["office"] = bank.office(conn, world, acting, text, now.astimezone(zone).date())
    if "code" in needs:
        more |= _code(conn, person.id, text, now)
    if "colleagues" in needs and case:
        more["colleagues"] = _colleagues(conn, case)
    if "departments" in needs and case and (place := cases.load(conn, case).area):
        more["departments"] = community.departments(conn, place)
    if "windows" in needs and (place := here.id if here else known.top):
        more |= bookingwork.facts(conn, place, here.id if here else None, person.id, now)
    if "mediations" in needs:
        more["mediations"] = mediations.of_person(conn, person.id)
    if "work_areas" in needs and (mine := people.staff_of(conn, person.id)):
        held = dict.fromkeys(r.area for r in mine.roles if r.area in known.places)
        more["work_areas"] = tuple(
            (a, known.places.label(a)) for a in held if known.places.place(a).level != "building"
        )
    if "alert_areas" in needs and (mine := people.staff_of(conn, person.id)):
        more["alert_areas"] = alertwork.areas_to_draft(conn, world, mine)
    return Facts(
        community=here.id if here else None,
        community_name=here.name if here else "",
        area=area,
        texts=here.texts if here else {},
        catalogue=world.catalogue,
        places=known.places,
        units=known.units,
        communities=tuple((c.id, c.name) for c in known.communities.values()),
        top=known.top,
        staffed=bool(known.communities),
        hours=world.hours(zone),
        threads=tuple(_thread(t) for t in threads.mine(conn, person.id)),
        answers=answers,
        **more,
    )


def _colleagues(conn: Connection, case_id: int) -> tuple[ColleagueView, ...]:
    case = cases.load(conn, case_id)
    return eligible(conn, case.area, bars.of_case(conn, case_id), case.owner) if case.area else ()


def _thread(t: Any) -> ThreadView:
    return ThreadView(t.id, t.kind, t.number, t.state, t.version, t.owner, t.role, t.area, t.question)


def _my_cases(conn: Connection, world: World, person_id: int) -> tuple[CaseView, ...]:
    return tuple(_case_view(conn, world, id) for id in cases.mine(conn, person_id))


def _case_view(conn: Connection, world: World, id: int) -> CaseView:
    """A case as its reporter sees it; what was merged into the neighbours' stands as theirs does."""
    root = parties.chain(conn, id)[-1]
    own, case = cases.load(conn, id), cases.load(conn, root)
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
        asked=case.note if case.suspended_at else "",
        missing=tuple(d for d in case.called if d not in case.reported_in),
        there=case.reported_in,
    )


def _shifts(conn: Connection, world: World, person_id: int, here: Community | None, now: datetime) -> Any:
    shown = {s.id: s for s in volunteers.open_shifts(conn, person_id, now, within=here.id if here else None)}
    shown |= {s.id: s for s in volunteers.of_person(conn, person_id, now - RECENT)}
    return tuple(sorted(shown.values(), key=lambda s: (s.starts_at, s.id)))


def _points(conn: Connection, world: World, person_id: int, here: Community | None, now: datetime) -> dict[str, Any]:
    household = points.household_of(conn, person_id)
    home = world.community_of(conn, household.area) if household else here
    areas = community.above(conn, home.id if home else world.known(conn).top or 0)
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


def _code(conn: Connection, person_id: int, text: str, now: datetime) -> dict[str, Any]:
    """A household code in what was said; a person who guesses too often finds none any more that day."""
    for word in CODE.findall(text[:200])[:3]:
        if not guesses.allowed(conn, person_id, now):
            return {}
        row = codes.find(conn, word.upper(), kind="household", now=now)
        if row is None:
            guesses.missed(conn, person_id, now)
        elif row.person_id in (None, person_id):
            return {"code": row.id, "code_name": points.household_name(conn, int(row.subject["household"]))}
    return {}
