"""What the clock does: one door, `run_due(now)`; APScheduler ticks it in production, play steps it from due to due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot import casejobs, casework, digests, gathering, grouptalk, leaving, legalwork, pointjobs, pushjobs
from bot.effects import Here, Writer
from bot.logs import Log
from bot.quiet import quiet_at
from bot.volunteering import jobs as volunteering
from bot.world import World
from flows.assistant import desk as thread_desk
from flows.assistant import unclaimed
from flows.effects import Effect, Say
from flows.errors import NotAllowed
from flows.volunteer import desk as volunteer_desk
from storage import cases, community, due, failpoints, people, threads, volunteers
from storage.database import Away, Undone

log = Log()
LEASE = timedelta(minutes=5)
BATCH = 50
AWAY = timedelta(minutes=1)  # what met a database that was away lets others go first


Job = Callable[[Connection, World, Here, Mapping[str, Any]], list[Effect]]


def run_due(world: World, now: datetime) -> int:
    """Do what is due by now, each row in a transaction of its own; says how many rows were taken."""
    with world.database.write() as conn:
        rows = due.claim(conn, now, lease=LEASE, limit=BATCH)
    batches = _batches(rows)
    for at, batch in enumerate(batches):
        failpoints.reach("due")
        try:
            _run(world, batch, now)
        except Undone:  # at once again
            with world.database.write() as conn:
                due.back(conn, batch)
        except Away:  # no fault of theirs; if it was so for a moment only, the others need not wait for the lease's end
            with world.database.write() as conn:
                due.back(conn, [row for later in batches[at + 1 :] for row in later])
                due.back(conn, batch, now + AWAY)
            raise
    return len(rows)


def _batches(rows: list[due.DueRow]) -> list[list[due.DueRow]]:
    """What is done in one transaction: reminders of cases, of which one chat hears several in one message, in the order
    in which cases are locked; everything else by itself."""
    together = sorted((row for row in rows if row.kind in GATHERED), key=lambda row: int(row.subject["case"]))
    return [*([together] if together else []), *([row] for row in rows if row.kind not in GATHERED)]


def try_again(world: World, now: datetime) -> int:
    """What nobody else would ever do again is not given up: says how many rows that failed for good are due again."""
    with world.database.write() as conn:
        found = due.replay(conn, due.dead_of(conn, NEVER_GIVEN_UP), now)
    if found:
        log.warning("due.again", rows=found)
    return found


def _run(world: World, batch: list[due.DueRow], now: datetime) -> None:
    """Do a batch in one transaction; where one of several fails, each is done by itself."""
    try:
        with world.database.write() as conn:
            said: list[tuple[people.Chat, Say]] = []
            done = [row for row in batch if _do(conn, world, row, now, said)]
            gathering.say(conn, world, Here(now=now, actor="clock"), said)
        for row in done:
            log.info("due", due=row.id, kind=row.kind)
    except Away:
        raise
    except Exception as error:
        if len(batch) > 1:
            for row in batch:
                _run(world, [row], now)
        else:
            _failed(world, batch[0], now, error)


def _do(conn: Connection, world: World, row: due.DueRow, now: datetime, said: list[tuple[people.Chat, Say]]) -> bool:
    """Whether one thing was done; what may be one of several that a chat hears is added to `said`."""
    if not due.held(conn, row.id, row.tries):  # its lease ran out, and another clock has it
        return False
    here = _here(conn, row, now)
    if here.chat:  # what is remembered of a group is changed by one at a time
        world.database.lock(conn, f"{here.chat.channel}:{here.chat.address}")
    later = _postponed(conn, world, row, here)
    if later is not None:
        due.postpone(conn, row, later)
        return False
    Writer(conn, world, here, said).write(JOBS[row.kind](conn, world, here, row.subject))
    due.done(conn, row.id, now, "late" if now - row.at > timedelta(minutes=5) else "done")
    return True


def _failed(world: World, row: due.DueRow, now: datetime, error: Exception) -> None:
    """It is tried again, unless what was to be done is not any more: that is its result then."""
    moot = isinstance(error, NotAllowed)
    if not moot:
        log.exception("due failed", due=row.id, kind=row.kind, error=type(error).__name__)
    with world.database.write() as conn:
        if due.held(conn, row.id, row.tries):
            if moot:
                due.done(conn, row.id, now, f"moot: {error}")
            else:
                again = now + timedelta(seconds=30 * 2**row.tries)
                due.later(conn, row.id, not_before=again, error=type(error).__name__)


def _here(conn: Connection, row: due.DueRow, now: datetime) -> Here:
    chat = people.chat_by_id(conn, int(row.subject["chat"])) if "chat" in row.subject else None
    cause, answers = row.subject.get("cause"), row.subject.get("answers")
    return Here(now=now, actor="clock", chat=chat, cause=cause, answers=answers, once=row.kind in ONCE)


def _postponed(conn: Connection, world: World, row: due.DueRow, here: Here) -> datetime | None:
    """When to do it instead: what is not urgent keeps quiet at night."""
    if row.kind not in MAY_WAIT:
        return None
    return quiet_at(conn, world, _area(conn, row.subject), here.now)


def _area(conn: Connection, subject: Mapping[str, Any]) -> int | None:
    """Where what is due takes place."""
    if subject.get("case"):
        return cases.load(conn, int(subject["case"])).area
    if subject.get("thread"):
        return threads.load(conn, int(subject["thread"])).area
    return pointjobs.area(conn, subject) or (int(subject["area"]) if subject.get("area") else None)


# -- the jobs --------------------------------------------------------------------------------------------------------


def _settle(conn: Connection, world: World, here: Here, _subject: Mapping[str, Any]) -> list[Effect]:
    return grouptalk.settle(conn, world, here) if here.chat else []


def _waiting(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    thread = threads.load(conn, int(subject["thread"]))
    if thread.kind == "legal":
        return legalwork.waiting(conn, world, here, subject)
    told = thread_desk.with_lines(threads.subject(conn, thread.id), threads.asker_lines(conn, thread.id))
    around = unclaimed.Unclaimed(here.now, quiet_at(conn, world, thread.area, here.now), _listed(conn, thread.area))
    return list(unclaimed.waiting(thread, int(subject["times"]), told, around))


def _listed(conn: Connection, area: int | None) -> bool:
    """Whether a work group has a digest every morning that holds what is open in an area."""
    rooms = community.staff_rooms(conn, area) if area else []
    return any(room.role == "staff" for room in people.chats_by_id(conn, rooms))


def _shift(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    person = int(subject["person"])
    view = volunteers.get(conn, int(subject["shift"]), person)
    if view is None:
        return []
    return list(volunteer_desk.reminder(view, person, here.now, casework.zone(conn, world, view.area)))


def _news(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """Whether there is something to sign up for, for one who asked to be told."""
    area = int(subject["area"]) if subject.get("area") else None
    shifts = volunteers.open_shifts(conn, int(subject["person"]), here.now, within=area)
    return list(volunteer_desk.news(shifts, subject, here.now, casework.zone(conn, world, area)))


JOBS: dict[str, Job] = {
    "group.settle": _settle,
    "thread.waiting": _waiting,
    "shift.remind": _shift,
    **volunteering.JOBS,
    "volunteer.news": _news,
    "person.cut": leaving.cut,
    "files.remove": leaving.remove_files,
    **digests.JOBS,
    **casejobs.JOBS,
    **pointjobs.JOBS,
    **pushjobs.JOBS,
    **legalwork.JOBS,
}
# Rather not at all than twice: who is reminded twice of one thing stops reading.
ONCE = frozenset({"shift.remind", "session.remind", "booking.remind", "mediation.remind", "mediation.court"})
# A cry for help that is heard no more, a word that was given to somebody who left, an alert without an end.
NEVER_GIVEN_UP = ("thread.waiting", "person.cut", "files.remove", "alert.expire", "points.deduct")
GATHERED = casejobs.GATHERED
MAY_WAIT = casejobs.MAY_WAIT | pointjobs.MAY_WAIT | pushjobs.MAY_WAIT | legalwork.MAY_WAIT | volunteering.MAY_WAIT
