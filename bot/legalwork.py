"""A legal question that people answer: loaded with what surrounds it, decided (pure), its effects handed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.clock import HOME
from bot.world import World
from flows.domain.thread import LEGAL, Thread
from flows.effects import Effect
from flows.legal import desk, handing
from flows.legal.citations import citations, old_laws
from flows.legal.doubts import doubts
from storage import community, consultations, duty, law_answers, people, threads

if TYPE_CHECKING:
    from bot.effects import Here

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
    return handing.role_for(LEGAL[0], (), consultations.holders(conn, area, person, here.now)) or LEGAL[-1]


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


def around_of(conn: Connection, world: World, here: Here, thread: Thread, said: str = "") -> handing.Around:
    """Everything the desk may look at; `said` is an answer whose citations are checked."""
    owner = people.staff_by_id(conn, [thread.owner]) if thread.owner else []
    acting = here.staff if here.staff and here.person != thread.person else None
    place = world.community_of(conn, thread.area)
    area = thread.area
    holders = consultations.holders(conn, area, thread.person, here.now)
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
    )


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
    found = world.community_of(conn, area) if area is not None else None
    return now.astimezone(found.zone if found else HOME).date()


JOBS = {"thread.unanswered": unanswered, "thread.follow_up": follow_up}
MAY_WAIT = frozenset(JOBS)
