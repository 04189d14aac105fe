"""A staff action or a resident's on a case or thread: load it as it stands, decide (pure), hand the effects on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import callwork, firsthand, gate, legalwork, together
from bot.clock import HOME
from bot.world import World
from flows import refusals
from flows.assistant import desk as thread_desk
from flows.complaint import desk
from flows.complaint.around import Actor, Around
from flows.complaint.rules import service_in
from flows.domain.case import ALIVE, LEVELS, MOVES, Action, Case, Role, Status, check
from flows.domain.interest import kept_out
from flows.domain.thread import Thread
from flows.effects import Effect
from flows.errors import NotAllowed
from flows.facts import ServiceView
from nlu.frozen import replace
from storage import bars, cases, community, contact, files, people, threads
from storage import parties as parties_of

if TYPE_CHECKING:
    from bot.effects import Here

GRID = frozenset({"grid_worker", "grid_leader", "building_leader", "household_leader"})
COMMUNITY = frozenset({"community_staff", "duty_leader", "administrator"})
ABOVE = {  # who serves a higher level may do what a lower one may
    "community": frozenset({Role.COMMUNITY}),
    "subdistrict": frozenset({Role.COMMUNITY, Role.SUBDISTRICT}),
    "city": frozenset({Role.COMMUNITY, Role.SUBDISTRICT, Role.CITY}),
}
OWN = "这件诉求您自己也在反映人里，要请别的同事来办。"
ASKERS = frozenset({"say", "rate", "reveal", "appoint", "settled", "nudge", "another"})  # the asker's moves alone


def on_case(
    conn: Connection, world: World, here: Here, case_id: int, action: str, data: Mapping[str, Any]
) -> list[Effect]:
    """What follows from doing something with a case now. Raises NotAllowed."""
    for one in together.held(conn, case_id, Action(action), data):
        cases.lock(conn, one)
    case = cases.load(conn, case_id)
    shared = together.RULES.get(Action(action))
    return shared(conn, world, here, case, data) if shared else decided(conn, world, here, case, action, data)


def decided(
    conn: Connection, world: World, here: Here, case: Case, action: str, data: Mapping[str, Any]
) -> list[Effect]:
    """What one case's own rules make of it."""
    parties = cases.parties(conn, case.id)
    data = _whole(conn, world, here, case, Action(action), data)
    actor = Actor(here.actor, roles_in(conn, world, here, case, parties), here.staff.id if here.staff else None)
    several = len(parties) > 1
    if several and actor.staff and here.actor.startswith("staff:") and action != Action.NOTE:  # which stays inside
        data = together.for_all(data)
    surroundings = around(conn, world, here.now, case, parties, data, actor.staff)
    told = list(desk.act(case, Action(action), actor, data, surroundings))
    if not several:
        return told
    return together.each_own(told, case, parties_of.numbers(conn, parties_of.of_case(conn, case.id)))


def meant(conn: Connection, world: World, here: Here, case: Case, action: Action) -> Action:
    """What a press comes to: whoever may not call departments out asks the subdistrict for it."""
    if action is not Action.CALL_OUT:
        return action
    roles = roles_in(conn, world, here, case, cases.parties(conn, case.id))
    move = MOVES.get((case.status, action))
    return action if move is None or move[1] & roles else Action.ASK_CALL


def permitted(conn: Connection, world: World, here: Here, case: Case, action: Action) -> None:
    """Raises NotAllowed unless whoever acts here may do this with the case now."""
    check(case, action, roles_in(conn, world, here, case, cases.parties(conn, case.id)))


def _whole(
    conn: Connection, world: World, here: Here, case: Case, action: Action, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    """With what a press leaves out: which departments are called, and for which one somebody reports in."""
    if action is Action.ASSIGN and data.get("owner"):
        _may_have(conn, case, int(data["owner"]))
    if action is Action.INVITE and data.get("helper"):
        _may_have(conn, case, int(data["helper"]))
    if action in (Action.CALL_OUT, Action.ASK_CALL):
        return callwork.named_by(conn, case, data)
    if action is Action.GRANT_CALL:
        callwork.allowed(conn, case, case.wanted)
    if action is Action.TELL:
        return _note(conn, world, case, int(data.get("of") or 0))
    if action in (Action.REPORT_IN, Action.NOTE) and here.actor.startswith("staff:") and here.staff:
        mine = next((r.department for r in here.staff.roles if r.department and r.department in case.called), "")
        return {**data, "department": mine}
    return data


def _note(conn: Connection, world: World, case: Case, seq: int) -> Mapping[str, Any]:
    """A colleague's note as the residents may read it: without the numbers and names of anybody but staff."""
    found = next((e for e in cases.history(conn, case.id) if e.seq == seq and e.kind == Action.NOTE), None)
    if found is None:
        return {"of": 0}
    text = gate.for_residents(conn, world, str(found.data.get("note") or ""), case.id)
    return {"of": seq, "note": text, "shown": list(found.data.get("photos") or ())}


def _may_have(conn: Connection, case: Case, staff_id: int) -> None:
    """Raises NotAllowed when a case is kept from the one it would be given to."""
    staff = people.staff_by_id(conn, [staff_id])
    if not staff or kept_out(bars.of_case(conn, case.id), bars.official(staff[0])):
        raise NotAllowed("这件不能转给这位同事，请换一位。")


def roles_in(conn: Connection, world: World, here: Here, case: Case, parties: tuple[int, ...]) -> frozenset[Role]:
    """What whoever acts here is to a case."""
    if here.actor == "clock":
        return frozenset({Role.CLOCK})
    if here.actor.startswith("person:"):
        return frozenset({Role.RESIDENT}) if here.person in parties else frozenset()
    if here.staff is None:
        return frozenset()
    if here.staff.person in parties:  # 信访工作条例 2022 art. 28: whoever has an interest steps aside
        raise NotAllowed(OWN)
    return staff_roles(conn, world, here.staff, case)


def staff_roles(conn: Connection, world: World, staff: people.Staff, case: Case) -> frozenset[Role]:
    """What a member of staff is to a case: by their areas, their department, and whether they own it."""
    if kept_out(bars.of_case(conn, case.id), bars.official(staff)):  # 信访工作条例 2022 art. 28, 30
        return frozenset()
    if case.merged_into is not None:  # whoever has the case that goes on for it
        case = replace(case, owner=cases.load(conn, parties_of.chain(conn, case.id)[-1]).owner)
    found = {Role.OWNER} if staff.id == case.owner else set[Role]()  # wherever they serve: it was given to them
    places = world.known(conn).places
    highest = next(reversed(levels(conn, world, case.area)), "")
    for held in staff.roles:
        covers = case.area is None or case.area not in places or places.inside(case.area, held.area)
        called = case.called if case.status is Status.CALLED_OUT else ()
        if held.role == "department" and covers and held.department in (case.department, *called):
            found.add(Role.DEPARTMENT)
        if not covers:
            continue
        level = places.place(held.area).level if held.area in places else "community"
        found |= roles_at(held.role, level, highest)
    if staff.id in case.helpers and case.status in ALIVE:
        found.add(Role.DEPARTMENT)
    return frozenset(found)


def roles_at(role: str, level: str, highest: str = "") -> frozenset[Role]:
    """What a role held at a level makes of somebody towards the cases there and below; whoever serves the `highest`
    level there is decides what is for the levels above it too."""
    if role in GRID:
        return frozenset({Role.GRID, Role.LEADER} if role == "grid_leader" else {Role.GRID})
    if role in COMMUNITY:
        return ABOVE["city"] if level == highest else ABOVE.get(level, ABOVE["community"])
    return frozenset({Role.SUPERVISOR}) if role == "supervisor" else frozenset()


def around(
    conn: Connection,
    world: World,
    now: datetime,
    case: Case,
    parties: tuple[int, ...],
    data: Mapping[str, Any],
    acting: int | None = None,
) -> Around:
    """What the desk needs to know about a case's surroundings."""
    wanted = {i for i in (case.owner, data.get("owner"), data.get("helper"), case.wanted_by, acting) if i}
    staff = {one.id: one for one in people.staff_by_id(conn, wanted)} if wanted else {}
    kept = bars.of_case(conn, case.id)
    above = levels(conn, world, case.area)
    here = zone(conn, world, case.area)
    return Around(
        title=title_of(world, case.service),
        parties=parties,
        now=now,
        zone=here,
        nudged_at=cases.nudged_at(conn, case.id) if case.nudges else None,
        phone=contact.phone(conn, case) if acting else None,
        names={i: s.name for i, s in staff.items()},
        persons={i: s.person for i, s in staff.items() if s.person},
        hours=world.hours(here),
        first=firsthand.names(conn, case, parties, now, kept),
        about=bars.complained_of(conn, kept),
        above=above,
        again=cases.alive_after(conn, case) if case.recurred else None,
        offers={level: _offer(conn, world, above.get(level), case.service) for level in {case.level, *above}},
    )


def levels(conn: Connection, world: World, area: int | None) -> dict[str, int]:
    """The areas that hold a case, by their level, from its grid up."""
    places = world.known(conn).places
    if area is None or area not in places:
        return {}
    found = {level: places.above(area, level) for level in LEVELS}
    return {level: one for level, one in found.items() if one is not None}


def level_of(conn: Connection, world: World, area: int | None) -> str:
    """The level that has to act on what is opened in an area: the lowest there is."""
    return next(iter(levels(conn, world, area)), "grid")


def _offer(conn: Connection, world: World, area: int | None, service: str) -> ServiceView:
    """The service as an area of that level offers it, with its clocks."""
    return service_in(world.services(conn, area), world.catalogue, service)


def title_of(world: World, service: str) -> str:
    return service_in({}, world.catalogue, service).name


def zone(conn: Connection, world: World, area: int | None) -> ZoneInfo:
    """The time zone people of an area live by."""
    found = world.community_of(conn, area)
    return found.zone if found else HOME


def opened(conn: Connection, world: World, here: Here, case: Case, *, photos: bool) -> list[Effect]:
    """A new case: its card goes to the grid's staff group, and its clocks are set."""
    if case.area is None:
        return []
    shown = tuple(row.id for row, _ in files.of_case(conn, case.id) if row.kind == "photo") if photos else ()
    found = around(conn, world, here.now, case, (case.person,), {})
    return list(desk.opened(case, replace(found, photos=shown)))


def on_thread(
    conn: Connection, world: World, here: Here, thread_id: int, action: str, data: Mapping[str, Any]
) -> list[Effect]:
    """What follows from doing something with a thread now. Raises NotAllowed."""
    thread = threads.load(conn, thread_id)
    owner = people.staff_by_id(conn, [thread.owner]) if thread.owner else []
    acting = here.staff if here.staff and here.person != thread.person else None
    _may_act(conn, world, here, acting, thread, action)
    if thread.kind == "legal":
        return legalwork.act(conn, world, here, thread, action, data)
    surroundings = thread_desk.Around(
        staff=acting.id if acting else None,
        person=acting.person if acting else None,
        owner_person=owner[0].person if owner else None,
        subject=threads.subject(conn, thread_id),
        now=here.now,
        owner_gone=thread.owner is not None and not owner,
        lines=threads.asker_lines(conn, thread_id),
        photos=threads.photos(conn, thread_id),
    )
    return list(thread_desk.act(thread, action, data, surroundings))


def _may_act(
    conn: Connection, world: World, here: Here, acting: people.Staff | None, thread: Thread, action: str
) -> None:
    """The asker may say, close and rate; staff the rest, who own it or hold a role that takes it there, now."""
    if acting is None:
        if here.person != thread.person:
            raise NotAllowed(refusals.NOT_YOUR_MATTER)
        return
    if action in ASKERS:
        raise NotAllowed(refusals.NO_STEP)
    places = world.known(conn).places
    wanted = {thread.role, *thread_desk.takers(thread)}
    held = [r.area for r in acting.roles if r.role in wanted]
    area = thread.area or 0
    reaches = area not in places or any(places.inside(area, one) for one in held)
    if not reaches and any(
        places.inside(one, area) for one in held
    ):  # of a part of it: of an alarm, or for want of others
        roles = () if thread.kind == "alarm" else wanted
        reaches = not any(community.staff_for(conn, area, role, here.now) for role in roles)
    if thread.owner != acting.id and not (held and reaches):
        raise NotAllowed(refusals.NOT_YOUR_MATTER)


def thread_opened(
    conn: Connection, world: World, here: Here, thread: Thread, subject: Mapping[str, Any]
) -> list[Effect]:
    if thread.kind == "legal":
        return legalwork.opened(conn, world, here, thread)
    return list(thread_desk.opened(thread, subject, here.now))
