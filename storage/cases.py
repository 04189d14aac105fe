"""Cases and their append-only history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from flows.domain.case import ALIVE, Action, Case, Event, Status, replay
from nlu.frozen import replace
from storage import aliases, spread
from storage import case_words as words
from storage.conflict import insert
from storage.parties import join, of_case
from storage.spread import Next
from storage.tables import case, case_called, case_event, case_file, case_party, case_words
from storage.tables.base import SLOTS, Id

_EVENTS = (
    select(
        case_event.c.seq,
        case_event.c.kind,
        case_event.c.at,
        case_event.c.actor,
        case_event.c.data,
        case_words.c.words,
    )
    .join(
        case_words,
        and_(
            case_words.c.case_id == case_event.c.case_id,
            case_words.c.spread == case_event.c.spread,
            case_words.c.seq == case_event.c.seq,
        ),
        isouter=True,
    )
    .where(case_event.c.case_id == bindparam("case"))
    .order_by(case_event.c.seq)
)


_MINE = (
    select(case_party.c.case_id)
    .where(case_party.c.person_id == bindparam("person"), case_party.c.role == "reporter")
    .order_by(case_party.c.case_id.desc())
    .limit(bindparam("most"))
)


_ASKED = (
    select(case_event.c.seq)
    .where(case_event.c.case_id == bindparam("case"), case_event.c.kind == str(Action.SUSPEND))
    .limit(1)
)
_STANDS = select(case.c.area_id, case.c.colour).where(case.c.id == bindparam("case"))
_OPEN = insert(case).values(id=Next(case) * SLOTS + bindparam("slot", type_=Id)).returning(case.c.id)
_HAPPENED = insert(case_event)
_LOCK = select(case.c.id).where(case.c.id == bindparam("case")).with_for_update()
_CHANGE = update(case).where(case.c.id == bindparam("row"), case.c.version == bindparam("stood"))
_PAINT = (
    update(case).where(case.c.id == bindparam("row"), case.c.colour != bindparam("to")).values(colour=bindparam("to"))
)


PLAIN = "yellow"  # the colour of a new case that is not painted
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Overtaken(Exception):
    """Somebody else changed the case first; nothing was written."""


def _iso(data: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in data.items()}


def runs_out(status: str, resolve_due: datetime | None) -> datetime | None:
    """What the list of open cases goes by; None: nobody has to act any more."""
    return (resolve_due or NEVER) if status in ALIVE else None


def _projection(now_case: Case) -> dict[str, Any]:
    return {
        "area_id": now_case.area,
        "building_id": now_case.building,
        "level": now_case.level,
        "status": now_case.status,
        "ending": now_case.ending,
        "owner_id": now_case.owner,
        "department": now_case.department,
        "acknowledge_due": now_case.acknowledge_due,
        "resolve_due": now_case.resolve_due,
        "runs_out": runs_out(now_case.status, now_case.resolve_due),
        "merged_id": now_case.merged_into,
        "closed_at": now_case.closed_at,
        "version": now_case.version,
        "facts": {"nudges": now_case.nudges, "note": now_case.note, "rating": now_case.rating},
    }


def open_case(
    conn: Connection,
    *,
    number: str,
    person_id: int,
    origin_chat_id: int | None,
    data: Mapping[str, Any],
    now: datetime,
    actor: str | None = None,
) -> Case:
    """A new case with its first event; the reporter is its first party. `data`: what Case takes from its opening;
    `actor`: who told it, when that was not the reporter."""
    told = {**_iso(data), "number": number, "person": person_id}
    opening = Event(1, "open", now, actor or f"person:{person_id}", told)
    made = replay([opening])
    key = spread.key(conn, made.area)
    row = _projection(made) | {
        "number": number,
        "spread": key,
        "slot": key,
        "service": made.service,
        "act": made.act,
        "description": made.description,
        "place": made.place,
        "person_id": person_id,
        "origin_chat_id": origin_chat_id,
        "opened_at": now,
    }
    id = conn.execute(_OPEN, row).scalar_one()
    _append(conn, id, opening)
    join(conn, id, person_id, "reporter")
    return replace(made, id=id, person=person_id)


def _append(conn: Connection, case_id: int, event: Event) -> None:
    row = {"case_id": case_id, "seq": event.seq, "kind": event.kind, "at": event.at, "actor": event.actor}
    row["spread"] = spread.slot_of(case_id)
    plain, said = words.apart(event.data)
    conn.execute(_HAPPENED, {**row, "data": plain})
    words.keep(conn, case_id, event.seq, said)


def history(conn: Connection, case_id: int) -> list[Event]:
    """Everything that happened to a case, in order."""
    rows = conn.execute(_EVENTS, {"case": case_id})
    return [Event(r.seq, r.kind, r.at, r.actor, {**r.data, **(r.words or {})}) for r in rows]


def load(conn: Connection, case_id: int) -> Case:
    """The case as its history tells it; raises LookupError when there is none."""
    events = history(conn, case_id)
    if not events:
        raise LookupError(f"no case {case_id}")
    found = replay(events)
    return replace(found, id=case_id, person=aliases.current(conn, found.person))


def lock(conn: Connection, case_id: int) -> None:
    """Hold the case's row to the end of the transaction (PostgreSQL; on SQLite the writer is alone already)."""
    conn.execute(_LOCK, {"case": case_id})


def append(conn: Connection, before: Case, event: Event, after: Case) -> None:
    """Add one event to a case that stands at `before.version`; raises Overtaken when it does not any more."""
    changed = conn.execute(_CHANGE, {**_projection(after), "row": before.id, "stood": before.version})
    if changed.rowcount != 1:
        raise Overtaken(before.number)
    _append(conn, before.id, event)
    _called(conn, before, after)


def _called(conn: Connection, before: Case, after: Case) -> None:
    """Keep who is called out or was asked along: they see the case as long as that lasts."""
    seen, now = _seers(before), _seers(after)
    if seen == now:
        return
    conn.execute(delete(case_called).where(case_called.c.case_id == after.id))
    if now:
        at: dict[str, Any] = {"case_id": after.id, "spread": spread.slot_of(after.id)}
        rows = [at | {"department": d, "staff_id": s} for d, s in sorted(now, key=str)]
        conn.execute(insert(case_called), rows)


def _seers(case: Case) -> frozenset[tuple[str | None, int | None]]:
    departments = case.called if case.status is Status.CALLED_OUT else ()
    helpers = case.helpers if case.status in ALIVE else ()
    return frozenset([*((d, None) for d in departments), *((None, s) for s in helpers)])


def paint(conn: Connection, case_id: int, colour: str) -> None:
    conn.execute(_PAINT, {"row": case_id, "to": colour})


def stands(conn: Connection, case_id: int) -> tuple[int | None, str]:
    """The area a case lies in, None where nobody knows it, and its colour."""
    row = conn.execute(_STANDS, {"case": case_id}).one()
    return row.area_id, row.colour


def parties(conn: Connection, case_id: int) -> tuple[int, ...]:
    """The persons who report a case, the reporter first."""
    return tuple(p.person for p in of_case(conn, case_id))


def by_number(conn: Connection, number: str) -> int | None:
    """The case of a number."""
    return conn.execute(select(case.c.id).where(case.c.number == number)).scalar()


def alive_after(conn: Connection, over: Case) -> int | None:
    """The case still open that somebody opened because this one broke again."""
    query = select(case.c.id).where(case.c.area_id == over.area, case.c.service == over.service, case.c.id > over.id)
    query = query.where(case.c.status.in_(ALIVE), case.c.opened_at > over.closed_at).order_by(case.c.id).limit(20)
    return next((id for id in conn.execute(query).scalars() if load(conn, id).earlier == over.number), None)


def attach(conn: Connection, case_id: int, file_ids: tuple[int, ...], purpose: str) -> None:
    if file_ids:
        conn.execute(insert(case_file), [{"case_id": case_id, "file_id": f, "purpose": purpose} for f in file_ids])


def mine(conn: Connection, person_id: int, limit: int = 5) -> list[int]:
    """Ids of a person's cases, newest first."""
    return [row.case_id for row in conn.execute(_MINE, {"person": person_id, "most": limit})]


def ever_asked(conn: Connection, case_id: int) -> bool:
    """Whether those who report a case were ever asked something about it."""
    return conn.execute(_ASKED, {"case": case_id}).first() is not None


def nudged_at(conn: Connection, case_id: int) -> datetime | None:
    query = select(func.max(case_event.c.at)).where(case_event.c.case_id == case_id, case_event.c.kind == "nudge")
    return conn.execute(query).scalar()
