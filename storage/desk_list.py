"""The case list of the staff page: a page is found by indexes alone, however many cases there are.

What a member of staff may see comes from a few streams (an area of theirs, a building, what they own …). Each is read
in the order of the list from where the last page ended, no more of it than fills a page; then they are merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select, true

from flows.domain.case import ALIVE, Status
from storage import spread
from storage.cases import NEVER
from storage.desk import BUILDING_ROLES, CASE_ROLES, OVERSEERS, CaseLine, Member, is_late, seen
from storage.tables import area, case, case_called
from storage.tables.base import Id
from storage.types import Instant

MOST_AREAS = 64  # of so many each is a stream of its own; who has more has a good part of all there is
LOOKED_THROUGH = 100  # the newest of each stream, in which a part of a number is looked for


@dataclass(frozen=True, slots=True)
class Filters:
    """What the case list shows. `status`: "open", "done", "all" or a status; `area`: only below this area."""

    status: str = "open"
    colour: str = ""
    overdue: bool = False
    area: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class After:
    """Where the next page begins: after the case with this key and id."""

    key: datetime
    id: int


def cases(
    conn: Connection, who: Member, filters: Filters, now: datetime, *, after: After | None = None, limit: int = 30
) -> tuple[list[CaseLine], After | None]:
    """A page of the list, and where the next one begins. Open cases: what runs out first; else the newest first."""
    urgent = filters.status == "open" and not filters.number
    streams: list[Iterator[tuple[datetime, int]]] = []
    for statement, each in _streams(conn, who, filters):
        said = _statements(statement, filters, now, urgent, limit)
        streams += [_read(conn, said, given, filters, after) for given in each]
    if filters.number:
        streams.append(_exactly(conn, filters))
    merged = _once(merge(*streams, reverse=not urgent))
    shown = seen(who) if filters.area is None else seen(who).where(area.c.path.startswith(_path(conn, filters.area)))
    found: list[CaseLine] = []
    far = spread.many(conn)
    while len(found) <= limit and (ids := [id for _, id in islice(merged, limit + 1)]):
        lines = {row.id: CaseLine(*row) for row in conn.execute(_of(shown, ids, far=far))}
        found += [lines[id] for id in ids if id in lines]
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], After((last.resolve_due or NEVER) if urgent else last.opened_at, last.id)


def _of(shown: Select[Any], ids: list[int], *, far: bool) -> Select[Any]:
    found = shown.where(case.c.id.in_(ids))
    return found.where(case.c.spread.in_({spread.slot_of(id) for id in ids})) if far else found


def _once(rows: Iterator[tuple[datetime, int]]) -> Iterator[tuple[datetime, int]]:
    last = None
    for row in rows:
        if row != last:
            yield row
        last = row


def _path(conn: Connection, area_id: int) -> str:
    return str(conn.execute(select(area.c.path).where(area.c.id == area_id)).scalar() or "/0/")


def _streams(conn: Connection, who: Member, filters: Filters) -> list[tuple[Select[Any], list[dict[str, Any]]]]:
    """Statements, each with its parameters, that find all a member of staff may see, and here and there more."""
    every = select(case.c.id)
    within = every.join(area, area.c.id == case.c.area_id)
    along = select(case_called.c.case_id).where(case_called.c.staff_id == who.id)
    found: list[tuple[Select[Any], list[dict[str, Any]]]] = [
        (every.where(case.c.owner_id == who.id), [{}]),
        (every.where(case.c.id.in_(along)), [{}]),
    ]
    paths = [post.path for post in who.posts if post.role in CASE_ROLES]
    if filters.area is not None:
        top = _path(conn, filters.area)
        paths = [max(path, top, key=len) for path in paths if path.startswith(top) or top.startswith(path)]
    areas = _below(conn, paths)
    if len(areas) <= MOST_AREAS:
        found.append(_each(conn, every.where(case.c.area_id == bindparam("area")), areas))
    else:
        found.append((within.where(or_(*(area.c.path.startswith(path) for path in paths))), [{}]))
    if any(post.role in OVERSEERS for post in who.posts):
        found.append((every.where(case.c.area_id.is_(None)), [{}]))
    buildings = _below(conn, [post.path for post in who.posts if post.role in BUILDING_ROLES], built=True)
    found.append(_each(conn, every.where(case.c.building_id == bindparam("area")), buildings))
    for post in who.posts:
        if post.role == "department" and post.department:
            called = select(case_called.c.case_id).where(case_called.c.department == post.department)
            # Put so that the order of the list is kept to, and few are read in vain: a department has a part of all.
            theirs = within.where(area.c.path.startswith(post.path))
            found.append((theirs.where(case.c.department.concat("") == post.department), [{}]))
            found.append((theirs.where(case.c.id.in_(called)), [{}]))
    return found


def _each(conn: Connection, stream: Select[Any], areas: list[int]) -> tuple[Select[Any], list[dict[str, Any]]]:
    """A stream for each of these areas; on many servers each says on which its cases lie."""
    if not spread.many(conn):
        return stream, [{"area": id} for id in areas]
    there = stream.where(case.c.spread == bindparam("lies"))
    return there, [{"area": id, "lies": spread.key(conn, id)} for id in areas]


def _below(conn: Connection, paths: list[str], *, built: bool = False) -> list[int]:
    """The areas at and below these paths: those that cases lie in, or the buildings."""
    if not paths:
        return []
    query = select(area.c.id).where(or_(*(area.c.path.startswith(path) for path in paths)))
    query = query if built else query.where(area.c.level != "building")
    return list(conn.execute(query.limit(MOST_AREAS + 1)).scalars())


@dataclass(frozen=True, slots=True)
class _Said:
    """How a stream is read: from the beginning, and after a key and id; `most` rows at a time."""

    first: Select[Any]
    rest: Select[Any]
    most: int


def _statements(stream: Select[Any], filters: Filters, now: datetime, urgent: bool, limit: int) -> _Said:
    key = case.c.runs_out if urgent else case.c.opened_at
    query = stream.add_columns(key.label("key"), case.c.number).where(_chosen(filters, now))
    at, last = bindparam("at", type_=Instant), bindparam("last", type_=Id)
    if urgent:
        rest = query.where(key >= at, or_(key > at, case.c.id > last))
        order: tuple[ColumnElement[Any], ...] = (key, case.c.id)
    else:
        rest = query.where(key <= at, or_(key < at, case.c.id < last))
        order = (key.desc(), case.c.id.desc())
    first = query.where(key.is_not(None)) if urgent else query
    most = LOOKED_THROUGH if filters.number else limit + 1
    return _Said(first.order_by(*order).limit(most), rest.order_by(*order).limit(most), most)


def _read(
    conn: Connection, said: _Said, given: dict[str, Any], filters: Filters, after: After | None
) -> Iterator[tuple[datetime, int]]:
    """(key, id) in the order of the list, in parts: most streams end in their first."""
    while True:
        if after is None:
            rows = conn.execute(said.first, given).all()
        else:
            rows = conn.execute(said.rest, {**given, "at": after.key, "last": after.id}).all()
        yield from ((row.key, row.id) for row in rows if filters.number in row.number)
        if len(rows) < said.most or filters.number:
            return
        after = After(rows[-1].key, rows[-1].id)


def _exactly(conn: Connection, filters: Filters) -> Iterator[tuple[datetime, int]]:
    """The case of this very number, however old."""
    found = conn.execute(select(case.c.opened_at, case.c.id).where(case.c.number == filters.number)).first()
    return iter([(found.opened_at, found.id)] if found else [])


def _chosen(filters: Filters, now: datetime) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [true()]
    if filters.status == "open" and filters.number:
        wanted.append(case.c.runs_out.is_not(None))
    elif filters.status == "done":
        wanted.append(case.c.status.not_in(ALIVE))
    elif filters.status in set(Status):
        wanted.append(case.c.status == filters.status)
    if filters.colour:
        wanted.append(case.c.colour == filters.colour)
    if filters.overdue:
        wanted.append(is_late(now))
    return and_(*wanted)
