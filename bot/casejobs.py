"""What the clock does with cases: reminders, supervision, the end of a silence, weeks later a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot import casework, together
from bot.effects import Here, Writer
from bot.logs import Log
from bot.world import World
from flows.complaint import clocks, texts
from flows.complaint.around import Around
from flows.domain.case import Case
from flows.effects import ActOnBooking, ActOnCase, Effect
from flows.errors import NotAllowed
from storage import bookings, case_clocks, caselists, cases, due, parties
from storage.database import Away

log = Log()

Job = Callable[[Connection, World, Here, Mapping[str, Any]], list[Effect]]


def _case(decide: Callable[[Case, Mapping[str, Any], Around], tuple[Effect, ...]]) -> Job:
    """A job on a case: loaded as it stands now, with what surrounds it."""

    def job(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
        case = cases.load(conn, int(subject["case"]))
        around = casework.around(conn, world, here.now, case, cases.parties(conn, case.id), {})
        told = list(decide(case, subject, around))
        if len(around.parties) < 2:
            return told
        return together.each_own(told, case, parties.numbers(conn, parties.of_case(conn, case.id)))

    return job


def _lapse(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return [ActOnCase(int(subject["case"]), "lapse")]


def return_orphans(world: World, now: datetime) -> int:
    """Cases and appointments of who has left go back to whoever has to act: none waits for somebody who is gone."""
    with world.database.read() as conn:
        found: dict[str, Effect] = {
            f"case:{id}": ActOnCase(id, "return", {"note": texts.OWNER_LEFT}) for id in caselists.orphaned(conn)
        }
        found |= {f"booking:{id}": ActOnBooking(id, "release") for id in bookings.orphaned(conn)}
    for name, act in found.items():
        try:
            with world.database.write() as conn:
                Writer(conn, world, Here(now=now, actor="clock")).write([act])
        except (NotAllowed, cases.Overtaken) as moot:  # somebody else was faster
            log.info("orphan", of=name, moot=str(moot))
        except Away:
            raise
        except Exception as error:  # the others don't wait for this one
            log.exception("orphan failed", of=name, error=type(error).__name__)
    return len(found)


def wind_up(world: World, now: datetime) -> int:
    """Each live case's clocks ring on: a row that died is tried again, one that there is not is written anew."""
    with world.database.write() as conn:
        dead = case_clocks.dead(conn)
        due.replay(conn, [row for row, _, _ in dead], now)
    with world.database.read() as conn:
        stopped = case_clocks.stopped(conn)
    for case, clock in stopped:
        try:
            with world.database.write() as conn:
                cases.lock(conn, case)
                if (case, clock) in case_clocks.stopped(conn, case):
                    Writer(conn, world, Here(now=now, actor="clock")).write(_wound_up(conn, world, case, clock, now))
        except Away:
            raise
        except Exception as error:
            log.exception("clock failed", case=case, clock=clock, error=type(error).__name__)
    if dead or stopped:
        log.warning("clock.wound_up", dead=len(dead), stopped=len(stopped))
    return len(dead) + len(stopped)


def _wound_up(conn: Connection, world: World, case_id: int, clock: str, now: datetime) -> list[Effect]:
    case = cases.load(conn, case_id)
    around = casework.around(conn, world, now, case, cases.parties(conn, case_id), {})
    return list(clocks.wound_up(case, clock, around))


JOBS: dict[str, Job] = {
    "case.due": _case(clocks.ring),
    "case.outer": _case(clocks.ring_outer),
    "case.answer": _case(clocks.remind_answer),
    "case.call": _case(lambda case, _subject, _around: clocks.undecided(case)),
    "case.time": _case(lambda case, _subject, _around: clocks.time_undecided(case)),
    "case.silent": _case(lambda case, _subject, _around: clocks.silent(case)),
    "case.follow": _case(clocks.follow),
    "case.lapse": _lapse,
}
GATHERED = frozenset({"case.due", "case.outer"})
MAY_WAIT = frozenset({"case.due", "case.outer", "case.answer", "case.time", "case.follow", "case.lapse"})
