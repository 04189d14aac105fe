"""A legal question that people answer: loaded with what surrounds it, decided (pure), its effects handed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.clock import HOME
from bot.world import World
from flows.domain.thread import LEGAL, Thread
from flows.effects import Effect
from flows.facts import ConsultationView
from flows.legal import desk, handing
from flows.legal.citations import citations, old_laws
from flows.legal.doubts import doubts
from storage import community, consultations, duty, law_answers, leave, people, threads

if TYPE_CHECKING:
    from bot.effects import Here

RECENT = timedelta(days=30)  # what ended then is still told of
ANSWERS = frozenset({"reply", "send", "correct"})


def act(
    conn: Connection, world: World, here: Here, thread: Thread, action: str, data: Mapping[str, Any]
) -> list[Effect]:
    """What follows from doing something with a legal question now. Raises NotAllowed."""
    around = around_of(conn, world, here, thread, str(data.get("text", "")) if action in ANSWERS else "")
    if action == "correct" and (made := law_answers.of_thread(conn, thread.id)):
        around = replace(around, guide=handing.GuideState(made.id, made.version, made.state))
    return list(desk.act(thread, action, data, around))


def opened(conn: Connection, world: World, here: Here, thread: Thread) -> list[Effect]:
    """A new question goes to whoever is there for it; `thread` comes back with the role it went to."""
    return list(handing.opened(thread, around_of(conn, world, here, thread)))


def first_role(conn: Connection, here: Here, area: int | None, person: int) -> str:
    """Who a new question goes to: the first tier that has somebody."""
    there, _ = _there(conn, area, person, here.now)
    return handing.role_for(LEGAL[0], (), there) or LEGAL[-1]


def waiting(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """Nobody has taken it in time."""
    thread = threads.load(conn, int(subject["thread"]))
    return list(handing.waiting(thread, int(subject["times"]), around_of(conn, world, here, thread)))


def unanswered(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """It was taken a day ago, and nothing was said since."""
    thread = threads.load(conn, int(subject["thread"]))
    return list(handing.unanswered(thread, int(subject["times"]), around_of(conn, world, here, thread)))


def follow_up(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """It ended weeks ago."""
    thread = threads.load(conn, int(subject["thread"]))
    return list(desk.follow_up(thread, around_of(conn, world, here, thread)))


def asked_by(conn: Connection, world: World, person: int, now: datetime) -> tuple[ConsultationView, ...]:
    """A person's consultations that wait, and those that ended lately, as they are told of them."""
    return tuple(_view(conn, world, row, now) for row in consultations.asked_by(conn, person, now - RECENT))


def _view(conn: Connection, world: World, row: Any, now: datetime) -> ConsultationView:
    thread = threads.find(conn, row.id)
    assert thread
    waits = thread.state == "open"
    return ConsultationView(
        thread.id,
        thread.number,
        thread.state,
        thread.role,
        thread.question,
        row.opened_at,
        row.claimed_at,
        row.asker_at,
        row.staff_at,
        row.closed_at,
        thread.rating,
        _begins(conn, world, thread, now) if waits else None,
        consultations.ahead(conn, thread) if waits else 0,
        place.name if (place := world.community_of(conn, thread.area)) else "",
    )


def _begins(conn: Connection, world: World, thread: Thread, now: datetime) -> datetime | None:
    """When somebody looks at what waits: on duty next, or back from leave; None: now, or no roster tells."""
    there, gone = _there(conn, thread.area, thread.person, now)
    turn = duty.next_turn(conn, thread.area, thread.role, now) if thread.area is not None else None
    back = min((until for one, until in gone.items() if one not in thread.aside), default=None)
    if turn is not None or back is None or handing.role_for(thread.role, thread.aside, there):
        return turn
    return back.astimezone(_zone(conn, world, thread.area))


def around_of(conn: Connection, world: World, here: Here, thread: Thread, said: str = "") -> handing.Around:
    """Everything the desk may look at; `said` is an answer whose citations are checked."""
    owner = people.staff_by_id(conn, [thread.owner]) if thread.owner else []
    acting = here.staff if here.staff and here.person != thread.person else None
    place = world.community_of(conn, thread.area)
    area = thread.area
    holders, gone = _there(conn, area, thread.person, here.now)
    if thread.owner:
        gone |= leave.away(conn, (thread.owner,), here.now)
    zone = _zone(conn, world, area)
    return handing.Around(
        now=here.now,
        staff=acting.id if acting else None,
        person=acting.person if acting else None,
        owner_person=owner[0].person if owner else None,
        owner_gone=thread.owner is not None and not owner,
        subject=threads.subject(conn, thread.id),
        place=place.name if place else "",
        holders=holders,
        lines=tuple((author, text) for author, text, _ in threads.lines(conn, thread.id)),
        doubts=doubts_of(conn, world, here, thread, said),
        duty={role: duty.next_turn(conn, area, role, here.now) for role in LEGAL} if area is not None else {},
        carried=consultations.carried(conn, holders),
        ahead=consultations.ahead(conn, thread),
        load=consultations.load(conn, acting.id) if acting else 0,
        away={one: until.astimezone(zone) for one, until in gone.items()},
    )


def _there(
    conn: Connection, area: int | None, person: int, now: datetime
) -> tuple[dict[str, tuple[int, ...]], dict[int, datetime]]:
    """Who holds each role there now, and who else does but is away, until when."""
    held = consultations.holders(conn, area, person, now)
    gone = leave.away(conn, (one for ids in held.values() for one in ids), now)
    return {role: tuple(one for one in ids if one not in gone) for role, ids in held.items()}, gone


def doubts_of(conn: Connection, world: World, here: Here, thread: Thread, said: str) -> tuple[str, ...]:
    """What is doubtful about the citations of an answer."""
    if not (citations(said) or old_laws(said)):
        return ()
    library = world.law.library(conn)
    areas = frozenset(community.above(conn, thread.area)) if thread.area is not None else frozenset[int]()
    return doubts(
        said,
        lambda law, number: [one for one in library.versions(law, number) if one.holds_in(areas)],
        library.titles,
        today(conn, world, thread.area, here.now),
    )


def today(conn: Connection, world: World, area: int | None, now: datetime) -> date:
    """The day people of an area live in: law comes into force at their midnight."""
    return now.astimezone(_zone(conn, world, area)).date()


def _zone(conn: Connection, world: World, area: int | None) -> ZoneInfo:
    found = world.community_of(conn, area) if area is not None else None
    return found.zone if found else HOME


JOBS = {"thread.unanswered": unanswered, "thread.follow_up": follow_up}
MAY_WAIT = frozenset(JOBS)
