"""Which rows of the inbox may be taken now: in each conversation the first, of all conversations the oldest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Row,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
    true,
)

from storage import spread
from storage.kept import COMMUNITY
from storage.sequence import value_of
from storage.tables import chat, inbox, person
from storage.tables.base import Id

NEWCOMERS, BESIDE = 2, 1  # of people seen first, taken at once: a crowd of them holds up nobody we know, nor these them
CROWD = 12  # rows of one conversation that wait: with more, it goes after all others and not at once again
AT_LENGTH = timedelta(seconds=10)  # but so long it waits for others at most

# Conditions on the state are written out, not bound: a partial index is used only when the statement itself says so.
_NEW = text("inbox.state = 'new'")
_before = inbox.alias("before")
_along, _newcomer = inbox.alias("along"), inbox.alias("newcomer")
# Nothing of a conversation that comes before, and nothing of it in anybody's hands.
_behind = exists(
    select(_before.c.id).where(
        text("before.state = 'new'"),
        _before.c.conversation == inbox.c.conversation,
        or_(_before.c.id < inbox.c.id, _before.c.lease_until > bindparam("now")),
    )
)
_waits = select(func.count()).where(text("along.state = 'new'"), _along.c.conversation == inbox.c.conversation)
_area = (
    select(func.coalesce(chat.c.area_id, person.c.area_id))
    .join(person, person.c.id == chat.c.person_id, isouter=True)
    .where(
        chat.c.channel == inbox.c.channel,
        chat.c.address == func.substr(inbox.c.conversation, func.length(inbox.c.channel) + 2),
    )
)
_more = exists(select(_newcomer.c.id).where(text("newcomer.state = 'new' AND newcomer.lane = 1")))
_HERE = (_area.scalar_subquery(), value_of(COMMUNITY), _more)


def _lane(lane: int, *, far: bool = False) -> Executable:
    """The oldest of a lane that may be taken; of a crowd of newcomers only those are looked at that are taken. Where
    they lie on many servers they can't be held, and what is told of chats and areas beside them is looked for later."""
    beside = (cast(null(), Id), literal_column("-1"), true()) if far else _HERE
    found = (
        select(
            inbox.c.id,
            inbox.c.channel,
            inbox.c.key,
            inbox.c.conversation,
            inbox.c.payload,
            inbox.c.received_at,
            (inbox.c.tries + 1).label("tries"),
            _waits.scalar_subquery().label("waits"),
            beside[0].label("area"),
            beside[1].label("version"),
            inbox.c.lease_until.is_not(None).label("orphan"),
            beside[2].label("more"),
        )
        .where(
            _NEW,
            text(f"inbox.lane = {lane}"),
            inbox.c.not_before <= bindparam("now"),
            or_(inbox.c.lease_until.is_(None), inbox.c.lease_until <= bindparam("now")),
            ~_behind,
        )
        .order_by(inbox.c.id)
        .limit(bindparam("limit"))
    )
    return found if far else found.with_for_update(of=inbox, skip_locked=True)


_KNOWN, _NEW_ONES = _lane(0), _lane(1)
_FAR_KNOWN, _FAR_NEW_ONES = _lane(0, far=True), _lane(1, far=True)


def waiting(conn: Connection, now: datetime, limit: int) -> Sequence[Any]:
    """The rows that may be taken now: what an InboxRow says, and whether it was in work when its worker died."""
    seen, newcomers = (_FAR_KNOWN, _FAR_NEW_ONES) if spread.many(conn) else (_KNOWN, _NEW_ONES)
    known, new = conn.execute(seen, {"now": now, "limit": limit}).all(), list[Row[Any]]()
    if not known or known[0].more:
        new = list(conn.execute(newcomers, {"now": now, "limit": min(BESIDE if known else NEWCOMERS, limit)}))
    # Whom we know first, but newcomers have their seats however many of those wait.
    found = [*known[: limit - min(len(new), limit // 2)], *new][:limit]
    few = [row for row in found if row.waits <= CROWD or row.received_at < now - AT_LENGTH]
    return few or found  # who floods has their turns while nobody else waits
