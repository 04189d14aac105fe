"""The points ledger: accounts, and transfers that are only ever added, each tied to the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from flows.domain.ledger import (
    GENESIS,
    BadReversal,
    KeyReused,
    Transfer,
    account_kind,
    balances_after,
    chain,
    check,
    check_reversal,
    digest,
    reversal,
)
from storage import totals
from storage.conflict import insert as insert_or_not
from storage.database import take_lock
from storage.tables import household, ledger_account, transfer


@dataclass(frozen=True, slots=True)
class Posted:
    """A transfer in the book; `fresh` is False when it was there before."""

    id: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A transfer as it stands in the book."""

    id: int
    transfer: Transfer
    at: datetime
    digest: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer as one of its two accounts sees it: points with a sign."""

    id: int
    key: str
    points: int
    other: str
    rule: int | None
    memo: str
    by: str
    at: datetime
    reverses: int | None


_source = ledger_account.alias("source")
_target = ledger_account.alias("target")
_ENTRIES = (
    select(
        transfer.c.id,
        transfer.c.key,
        _source.c.key.label("source"),
        _target.c.key.label("target"),
        transfer.c.points,
        transfer.c.by,
        transfer.c.memo,
        transfer.c.rule_id,
        transfer.c.reverses,
        transfer.c.at,
        transfer.c.digest,
        transfer.c.previous,
        transfer.c.hash,
    )
    .join(_source, _source.c.id == transfer.c.source_id)
    .join(_target, _target.c.id == transfer.c.target_id)
)
_ACCOUNTS = (
    select(ledger_account.c.id, ledger_account.c.key, ledger_account.c.balance)
    .where(ledger_account.c.key.in_((bindparam("source"), bindparam("target"))))
    .order_by(ledger_account.c.id)  # everybody locks in this order
    .with_for_update()
)
_BALANCE = (
    update(ledger_account).where(ledger_account.c.id == bindparam("account")).values(balance=bindparam("new_balance"))
)
_LAST = select(transfer.c.hash).order_by(transfer.c.id.desc()).limit(1)
_BY_KEY = select(transfer.c.id, transfer.c.digest).where(transfer.c.key == bindparam("key"))


def hold(conn: Connection) -> None:
    """One chain: whoever adds to it goes alone. Whoever decides by a balance takes hold before looking at it, and
    before any row of goods, so that two never wait for each other."""
    take_lock(conn, "ledger")


def post(
    conn: Connection,
    *,
    key: str,
    source: str,
    target: str,
    points: int,
    by: str,
    now: datetime,
    memo: str = "",
    rule: int | None = None,
    reverses: int | None = None,
) -> Posted:
    """Move points between two accounts, by key; accounts come into being when first named.

    The same key and body again changes nothing. Raises BadTransfer, KeyReused, NotEnough or BadReversal
    (flows/domain/ledger.py); then nothing was written but perhaps an empty account.
    """
    wanted = Transfer(key, source, target, points, by, memo, rule, reverses)
    check(wanted)
    hold(conn)
    body = digest(wanted)
    known = conn.execute(_BY_KEY, {"key": key}).one_or_none()
    if known is not None:
        if known.digest != body:
            raise KeyReused("这笔积分已经按别的内容记过账了。")
        return Posted(known.id, False)
    if reverses is not None:
        _check_reversal(conn, wanted, reverses)
    accounts = _accounts(conn, source, target)
    (source_id, source_had), (target_id, target_had) = accounts[source], accounts[target]
    source_has, target_has = balances_after(wanted, source_had, target_had)
    conn.execute(
        _BALANCE,
        [{"account": source_id, "new_balance": source_has}, {"account": target_id, "new_balance": target_has}],
    )
    totals.add(conn, wanted, {source: source_id, target: target_id}, now)
    return Posted(_append(conn, wanted, body, source_id, target_id, now), True)


def reverse(conn: Connection, original: str, *, key: str, by: str, now: datetime, memo: str = "") -> Posted:
    """Take a transfer back by a correcting one, once. Raises BadReversal, or NotEnough when the points are spent."""
    entry = entry_of(conn, original)
    if entry is None:
        raise BadReversal("找不到要冲正的那笔积分。")
    wanted = reversal(entry.transfer, entry.id, key=key, by=by, memo=memo)
    return post(
        conn,
        key=key,
        source=wanted.source,
        target=wanted.target,
        points=wanted.points,
        by=by,
        now=now,
        memo=memo,
        rule=wanted.rule,
        reverses=entry.id,
    )


def balance(conn: Connection, account_key: str) -> int:
    """The points of an account; 0 for one that nobody has used yet."""
    found = conn.execute(select(ledger_account.c.balance).where(ledger_account.c.key == account_key))
    return found.scalar_one_or_none() or 0


def statement(conn: Connection, account_key: str, limit: int, before: int | None = None) -> list[Line]:
    """The newest transfers of an account first; `before` is the id of the last one already seen."""
    own = account_id(conn, account_key)
    entries: list[Entry] = []
    for side in (transfer.c.source_id, transfer.c.target_id):  # an OR over both makes SQLite sort a whole account
        query = _ENTRIES.where(side == own)
        if before is not None:
            query = query.where(transfer.c.id < before)
        entries += map(_entry, conn.execute(query.order_by(transfer.c.id.desc()).limit(limit)))
    newest = sorted(entries, key=lambda entry: -entry.id)[:limit]
    return [_line(entry, account_key) for entry in newest]


def entry_of(conn: Connection, key: str) -> Entry | None:
    """The transfer of a key."""
    row = conn.execute(_ENTRIES.where(transfer.c.key == key)).one_or_none()
    return None if row is None else _entry(row)


def standing(conn: Connection, keys: Collection[str]) -> list[Entry]:
    """Those of the transfers that nobody has taken back, the newest first."""
    back = transfer.alias("back")
    taken = select(back.c.id).where(back.c.reverses == transfer.c.id).exists()
    query = _ENTRIES.where(transfer.c.key.in_(keys), ~taken).order_by(transfer.c.id.desc())
    return [_entry(row) for row in conn.execute(query)]


def entries(conn: Connection) -> Iterator[Entry]:
    """The whole book, the oldest first."""
    return map(_entry, conn.execute(_ENTRIES.order_by(transfer.c.id)))


def _check_reversal(conn: Connection, wanted: Transfer, original_id: int) -> None:
    row = conn.execute(_ENTRIES.where(transfer.c.id == original_id)).one_or_none()
    if row is None:
        raise BadReversal("找不到要冲正的那笔积分。")
    if conn.execute(select(transfer.c.id).where(transfer.c.reverses == original_id)).first() is not None:
        raise BadReversal("这笔积分已经冲正过了。")
    check_reversal(_entry(row).transfer, wanted)


def _accounts(conn: Connection, source: str, target: str) -> dict[str, tuple[int, int]]:
    names = {"source": source, "target": target}
    found = {key: (id, has) for id, key, has in conn.execute(_ACCOUNTS, names)}
    missing = [key for key in (source, target) if key not in found]
    if not missing:
        return found
    for key in missing:
        _open_account(conn, key)
    return {key: (id, has) for id, key, has in conn.execute(_ACCOUNTS, names)}


def _open_account(conn: Connection, key: str) -> None:
    kind = account_kind(key)
    owner = select(household.c.id).where(household.c.key == key.partition(":")[2])
    owner_id = conn.execute(owner).scalar_one_or_none() if kind == "household" else None
    row = {"key": key, "kind": kind, "household_id": owner_id, "balance": 0}
    conn.execute(insert_or_not(ledger_account).values(row).on_conflict_do_nothing(index_elements=["key"]))


def _append(conn: Connection, wanted: Transfer, body: str, source_id: int, target_id: int, now: datetime) -> int:
    previous = conn.execute(_LAST).scalar_one_or_none() or GENESIS
    row = {
        "key": wanted.key,
        "digest": body,
        "source_id": source_id,
        "target_id": target_id,
        "points": wanted.points,
        "rule_id": wanted.rule,
        "memo": wanted.memo,
        "by": wanted.by,
        "at": now,
        "reverses": wanted.reverses,
        "previous": previous,
        "hash": chain(previous, body, now),
    }
    return int(conn.execute(insert(transfer).returning(transfer.c.id), row).scalar_one())


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    id, key, source, target, points, by, memo, rule, reverses, at, body, previous, hash = row
    return Entry(id, Transfer(key, source, target, points, by, memo, rule, reverses), at, body, previous, hash)


def _line(entry: Entry, account_key: str) -> Line:
    moved = entry.transfer
    spent = moved.source == account_key
    return Line(
        id=entry.id,
        key=moved.key,
        points=-moved.points if spent else moved.points,
        other=moved.target if spent else moved.source,
        rule=moved.rule,
        memo=moved.memo,
        by=moved.by,
        at=entry.at,
        reverses=moved.reverses,
    )


def account_id(conn: Connection, key: str) -> int | None:
    """The row of an account; None while nobody has used it."""
    return conn.execute(select(ledger_account.c.id).where(ledger_account.c.key == key)).scalar_one_or_none()


def open_book(conn: Connection, household: str, points: int, now: datetime) -> None:
    """Carry a household's points over from paper books, once: another number later changes nothing."""
    key = f"opening:{household}"
    if conn.execute(_BY_KEY, {"key": key}).first() is None:
        post(
            conn,
            key=key,
            source="issuer:opening",
            target=f"household:{household}",
            points=points,
            by="import",
            now=now,
            memo="纸账结转",
        )
