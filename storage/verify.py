"""Proof that the books are right: the ledger added up again, its chain walked, each case replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, and_, exists, func, select

from flows.domain.case import Event, replay
from flows.domain.ledger import GENESIS, NotPosted, chain, check_reversal, digest
from storage import aliases, case_clocks
from storage.ledger import Entry, entries
from storage.tables import case, case_event, case_words, ledger_account, ledger_total, metadata

# Column of the case row -> field of the replayed case.
_PROJECTION = {
    "number": "number",
    "status": "status",
    "service": "service",
    "level": "level",
    "area_id": "area",
    "building_id": "building",
    "owner_id": "owner",
    "department": "department",
    "ending": "ending",
    "opened_at": "opened_at",
    "acknowledge_due": "acknowledge_due",
    "resolve_due": "resolve_due",
    "closed_at": "closed_at",
    "version": "version",
}


def verify(conn: Connection) -> list[str]:
    """Everything that is wrong, in sentences with ids only; nothing when all is well. Reads every row."""
    return [*_ledger(conn), *_cases(conn), *_clocks(conn), *_references(conn)]


def _ledger(conn: Connection) -> Iterator[str]:
    sums: Counter[str] = Counter()
    ruled: Counter[str] = Counter()
    seen: dict[int, Entry] = {}
    previous = GENESIS
    for entry in entries(conn):
        sums[entry.transfer.source] -= entry.transfer.points
        sums[entry.transfer.target] += entry.transfer.points
        if entry.transfer.rule is not None:
            ruled[entry.transfer.source] -= entry.transfer.points
            ruled[entry.transfer.target] += entry.transfer.points
        yield from _entry(entry, previous, seen)
        previous = entry.hash
        seen[entry.id] = entry
    accounts = select(ledger_account.c.key, ledger_account.c.kind, ledger_account.c.balance)
    for key, kind, balance in conn.execute(accounts):
        if balance != sums[key]:
            yield f"account {key}: balance {balance}, but its transfers add up to {sums[key]}"
        if balance < 0 and kind != "issuer":
            yield f"account {key}: balance {balance} is below zero"
    yield from _totals(conn, ruled)
    total = conn.execute(select(func.sum(ledger_account.c.balance))).scalar_one()
    if total:
        yield f"ledger: the balances add up to {total}, not 0"


def _totals(conn: Connection, ruled: Counter[str]) -> Iterator[str]:
    """What the ranking and the notice read has to add up to the book."""
    points = func.coalesce(func.sum(ledger_total.c.points), 0)
    query = select(ledger_account.c.key, points).join(ledger_total, isouter=True).group_by(ledger_account.c.key)
    for key, held in conn.execute(query.where(ledger_account.c.kind.in_(("household", "issuer")))):
        if held != ruled[key]:
            yield f"account {key}: its totals say {held}, but what rules moved adds up to {ruled[key]}"


def _entry(entry: Entry, previous: str, seen: dict[int, Entry]) -> Iterator[str]:
    if entry.digest != digest(entry.transfer):
        yield f"transfer {entry.id}: it is not what was posted"
    if entry.previous != previous:
        yield f"transfer {entry.id}: the one before it is missing or not what it was"
    if entry.hash != chain(entry.previous, entry.digest, entry.at):
        yield f"transfer {entry.id}: its hash is wrong"
    if entry.transfer.reverses is None:
        return
    original = seen.get(entry.transfer.reverses)
    if original is None:
        yield f"transfer {entry.id}: it reverses what came later or never"
        return
    try:
        check_reversal(original.transfer, entry.transfer)
    except NotPosted:
        yield f"transfer {entry.id}: it does not move the points of {original.id} back"


def _cases(conn: Connection) -> Iterator[str]:
    columns = [case_event.c.case_id, case_event.c.seq, case_event.c.kind, case_event.c.at, case_event.c.actor]
    same = and_(case_words.c.case_id == case_event.c.case_id, case_words.c.seq == case_event.c.seq)
    told_all = select(*columns, case_event.c.data, case_words.c.words).join(case_words, same, isouter=True)
    history = conn.execute(told_all.order_by(case_event.c.case_id, case_event.c.seq))
    rows = {
        row.id: row
        for row in conn.execute(select(case.c.id, case.c.person_id, *(case.c[name] for name in _PROJECTION)))
    }
    told, now = set(), aliases.everybody(conn)
    for id, events in groupby(history, key=lambda row: int(row[0])):
        told.add(id)
        listed = [Event(r.seq, r.kind, r.at, r.actor, {**r.data, **(r.words or {})}) for r in events]
        if [event.seq for event in listed] != list(range(1, len(listed) + 1)):
            yield f"case {id}: its history has gaps"
            continue
        try:
            made = replay(listed)
        except (ValueError, KeyError) as error:
            yield f"case {id}: its history can't be replayed ({type(error).__name__})"
            continue
        if id in rows and rows[id].person_id != now.get(made.person, made.person):
            yield f"case {id}: person_id is not what its history tells"
        for column, field in _PROJECTION.items():
            if id in rows and getattr(rows[id], column) != getattr(made, field):
                yield f"case {id}: {column} is not what its history tells"
    for id in sorted(rows.keys() - told):
        yield f"case {id}: it has no history"


def _clocks(conn: Connection) -> Iterator[str]:
    for _, id, key in case_clocks.dead(conn):
        yield f"case {id}: {key} was to ring and is dead"
    for id, clock in case_clocks.stopped(conn):
        yield f"case {id}: its clock {clock} will not ring"


def _references(conn: Connection) -> Iterator[str]:
    for table in metadata.sorted_tables:
        for column in table.c:
            for reference in column.foreign_keys:
                parent = reference.column.table.alias("parent")
                there = exists().where(parent.c[reference.column.name] == column)
                lost = select(func.count()).select_from(table).where(column.is_not(None), ~there)
                count = conn.execute(lost).scalar_one()
                if count:
                    yield f"{table.name}.{column.name}: {count} rows refer to no {reference.column.table.name}"
