"""The way out: what is to be said is a row, written in the turn's transaction and sent by somebody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from storage import spread
from storage.conflict import insert
from storage.inbox import DeadLetter
from storage.outbox_claims import NEW, blocks, claimable, earlier, in_time, on_target, target
from storage.tables import chat, chat_pulse, outbox
from storage.types import Instant

MAX_TRIES = 10  # of workers that died over it; how often a platform's refusal is worth a new try, delivery decides


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message to send, with the chat it goes to and the message it edits or replies to."""

    id: int
    chat_id: int
    channel: str
    address: str
    chat_kind: str  # private, group
    kind: str
    lane: int
    payload: Mapping[str, Any]
    target_id: int | None
    target: str | None  # the platform's id of the message to edit or reply to; None: it was never sent
    target_state: str | None
    cause: int | None
    created_at: datetime
    tries: int  # this one counted
    heard_at: datetime | None  # when the chat last wrote to us: some platforms let a bot answer for a while only
    chat_state: str  # open, blocked, left
    reason: str | None  # why the try before this one failed; None with tries > 1: its sender died in the middle
    parts: int = 0  # of a long text, or of a photo and its words: so many went out in an earlier try


_COLUMNS = ("chat_id", "kind", "lane", "payload", "created_at", "not_before", "key", "target_id", "cause", "state")
_PUT = (
    insert(outbox).values({name: bindparam(name) for name in _COLUMNS}).on_conflict_do_nothing().returning(outbox.c.id)
)

_LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(lease_until=bindparam("until"), tries=outbox.c.tries + 1, reason=None)
)
_ROW = outbox.c.id == bindparam("row")
# Whoever claimed it says which try that was: once another has it, it is not theirs to give back any more.
_MINE = and_(_ROW, NEW, outbox.c.tries == func.coalesce(bindparam("mine", type_=Integer), outbox.c.tries))


def _keyed(statement: Any) -> spread.Keyed:
    return spread.Keyed(statement, outbox.c.chat_id)


_SENT = _keyed(
    update(outbox)
    .where(_ROW)
    .values(state="sent", message=bindparam("said"), sent_at=bindparam("at"), lease_until=None, reason=bindparam("why"))
)
_LATER = _keyed(
    update(outbox).where(_MINE).values(not_before=bindparam("at"), lease_until=None, reason=bindparam("why"))
)
_BACK = _keyed(update(outbox).where(_MINE).values(tries=outbox.c.tries - 1, lease_until=None, reason=bindparam("why")))
_WAIT = _keyed(
    update(outbox)
    .where(
        _MINE,
        ~exists().where(
            chat_pulse.c.chat_id == outbox.c.chat_id,
            chat_pulse.c.heard_at.is_not(None),
            chat_pulse.c.heard_at.is_distinct_from(bindparam("heard", type_=Instant)),
        ),
    )
    .values(state="waiting", lease_until=None, tries=0, reason=bindparam("why"))
)
_FAILED = _keyed(update(outbox).where(_MINE).values(state="failed", lease_until=None, reason=bindparam("why")))
_TAKE = (
    update(outbox)
    .where(_MINE, outbox.c.chat_id == bindparam("chat"))
    .where(or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now")))
    .values(lease_until=bindparam("until"), tries=outbox.c.tries + 1, reason=None)
)
_NOW = bindparam("now", type_=Instant)
_HASTEN = update(outbox).where(_ROW, NEW, outbox.c.not_before > _NOW).values(not_before=_NOW, created_at=_NOW)
_RELEASE = (
    update(outbox)
    .where(outbox.c.chat_id == bindparam("chat"), text("state = 'waiting'"))
    .values(state="new", not_before=case((outbox.c.not_before > _NOW, outbox.c.not_before), else_=_NOW))
    # Written now, as it were: so that it keeps its place when the clock is set back (see outbox_claims and setback).
    .values(created_at=case((outbox.c.not_before > _NOW, outbox.c.created_at), else_=_NOW))
)


def put(
    conn: Connection,
    *,
    chat_id: int,
    kind: str,
    lane: int,
    payload: Mapping[str, Any],
    now: datetime,
    not_before: datetime | None = None,
    key: str | None = None,
    target_id: int | None = None,
    cause: int | None = None,
    state: str = "new",
) -> int | None:
    """Write down what is to be said; None when a row of this key is there already."""
    row = {
        "chat_id": chat_id,
        "kind": kind,
        "lane": int(lane),
        "payload": payload,
        "created_at": now,
        "not_before": not_before or now,
        "key": key,
        "target_id": target_id,
        "cause": cause,
        "state": state,
    }
    return conn.execute(_PUT, row).scalar_one_or_none()


def claim(
    conn: Connection,
    now: datetime,
    *,
    lease: timedelta,
    limit: int,
    skip_chats: Collection[int] = (),
    channel: str | None = None,
    last_lane: int = 99,
    only: Collection[str] = (),
) -> list[OutboxRow]:
    """Take what may be sent now: the urgent lane first, then the oldest, in each chat and lane only the first.

    With `channel`, only that channel's, and of its lanes none after `last_lane`. An edit or a reply waits until its
    target is sent or failed. `only`: chats of the channel by address, that wait for an
    answer now, whatever the platform wants to be sent nothing else.
    """
    parameters: dict[str, Any] = {"now": now, "limit": limit}
    if skip_chats:
        parameters["skip"] = list(skip_chats)
    if channel is not None:
        parameters |= {"channel": channel, "last_lane": last_lane}
    if only:
        parameters |= {"only": list(only), "skip": list(skip_chats)}
    many = spread.many(conn)
    statement = claimable(many=many, channel=channel is not None, skip=bool(skip_chats), only=bool(only))
    found = conn.execute(statement, parameters)
    rows = []
    for row in [OutboxRow(*each) for each in found]:
        if row.tries > MAX_TRIES:
            failed(conn, row.id, reason="its sender died each time", chat=row.chat_id)
        else:
            rows.append(row)
    if many:
        return [row for row in rows if _took(conn, row, now, now + lease)]
    if rows:
        conn.execute(_LEASE, {"ids": [row.id for row in rows], "until": now + lease})
    return rows


def _took(conn: Connection, row: OutboxRow, now: datetime, until: datetime) -> bool:
    """Rows of many servers are not held while they are looked for: whoever counts the try first has it."""
    given = {"row": row.id, "chat": row.chat_id, "mine": row.tries - 1, "now": now, "until": until}
    return bool(conn.execute(_TAKE, given).rowcount)


# `chat`, here and below: the row's chat, which says where the row lies when there are many servers.


def sent(
    conn: Connection,
    id: int,
    *,
    message: str | None,
    now: datetime,
    reason: str | None = None,
    chat: int | None = None,
) -> None:
    """The platform took it and calls it `message`; `reason` says what is odd about it (perhaps it arrived twice)."""
    _SENT.say(conn, chat, row=id, said=message, at=now, why=reason and reason[:255])


def later(
    conn: Connection, id: int, *, not_before: datetime, reason: str, tries: int | None = None, chat: int | None = None
) -> None:
    """The platform did not take it now; what comes after it in its chat and lane waits with it. Here and below, with
    `tries`, nothing happens when another has claimed the row since."""
    _LATER.say(conn, chat, row=id, at=not_before, why=reason[:255], mine=tries)


def back(conn: Connection, id: int, *, reason: str, tries: int | None = None, chat: int | None = None) -> None:
    """The platform was not asked, or takes nothing at all now: the try does not count, and the row keeps its place."""
    _BACK.say(conn, chat, row=id, why=reason[:255], mine=tries)


def wait(conn: Connection, id: int, *, heard_at: datetime | None, reason: str, chat: int | None = None) -> None:
    """The row waits until the person writes (see `release`), unless they did so since `heard_at`."""
    if _WAIT.say(conn, chat, row=id, heard=heard_at, why=reason[:255], mine=None).rowcount == 0:
        back(conn, id, reason=reason, chat=chat)


def failed(conn: Connection, id: int, *, reason: str, tries: int | None = None, chat: int | None = None) -> None:
    """The platform will never take it."""
    _FAILED.say(conn, chat, row=id, why=reason[:255], mine=tries)


def release(conn: Connection, chat_id: int, now: datetime) -> int:
    """The person opened the chat: what waited for that goes; says how many rows."""
    return conn.execute(_RELEASE, {"chat": chat_id, "now": now}).rowcount


def hasten(conn: Connection, id: int, now: datetime) -> None:
    """What waits for its time goes now."""
    conn.execute(_HASTEN, {"row": id, "now": now})


def known(conn: Connection, key: str) -> bool:
    """Whether something was written down under this key."""
    return conn.execute(select(outbox.c.id).where(outbox.c.key == key)).first() is not None


def waits_beside(conn: Connection, chat_id: int) -> int | None:
    """The group that is to hear that something waits for the person of this private chat, if anything does."""
    beside = outbox.c.payload["neutral"].as_integer()
    waiting = select(beside).where(outbox.c.chat_id == chat_id, text("state = 'waiting'"), beside.is_not(None))
    return conn.execute(waiting.order_by(outbox.c.id.desc()).limit(1)).scalar()


def dead_letters(conn: Connection, limit: int) -> list[DeadLetter]:
    """The newest failed rows first."""
    rows = conn.execute(
        select(outbox.c.id, chat.c.channel, outbox.c.kind, outbox.c.created_at, outbox.c.tries, outbox.c.reason)
        .join(chat, chat.c.id == outbox.c.chat_id)
        .where(text("outbox.state = 'failed'"), func.coalesce(outbox.c.reason, "").not_in(("erased", "unbound")))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    return [
        DeadLetter(id, f"{channel} {kind}", at, tries, reason or "") for id, channel, kind, at, tries, reason in rows
    ]


def replay(conn: Connection, ids: Iterable[int], now: datetime) -> int:
    """Try failed rows again, but those whose words are forgotten; says how many there were."""
    result = conn.execute(
        update(outbox)
        .where(outbox.c.id.in_(list(ids)), text("state = 'failed'"), text("CAST(payload AS TEXT) <> '{}'"))
        .values(state="new", tries=0, not_before=now, lease_until=None)
    )
    return result.rowcount


def next_at(conn: Connection, channel: str | None = None) -> datetime | None:
    """When the next row (of a channel) may be claimed, if any is left that waits for the time only."""
    behind = exists(
        select(earlier.c.id).where(
            text("earlier.state = 'new'"),
            earlier.c.chat_id == outbox.c.chat_id,
            earlier.c.id < outbox.c.id,
            earlier.c.lane == outbox.c.lane,
            or_(earlier.c.not_before <= outbox.c.not_before, earlier.c.tries > 0),
            blocks(outbox.c.not_before, many=spread.many(conn)),
        )
    )
    ready = or_(outbox.c.target_id.is_(None), target.c.state.in_(("sent", "failed")))
    at = case((outbox.c.lease_until > outbox.c.not_before, outbox.c.lease_until), else_=outbox.c.not_before)
    query = select(func.min(at)).outerjoin_from(outbox, target, on_target(many=spread.many(conn)))
    query = query.where(NEW, ready, ~behind, in_time(at))
    if channel is not None:
        query = query.join(chat, chat.c.id == outbox.c.chat_id).where(chat.c.channel == channel)
    return conn.execute(query).scalar_one_or_none()
