"""What came in and was kept (storage/arrivals.py) is taken in order, one at a time a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, or_, select, text, update

from storage import spread
from storage.arrivals import Arrival, accept_all
from storage.inbox_waiting import CROWD, waiting
from storage.quick import padded
from storage.tables import inbox

PACE, STILL = timedelta(milliseconds=100), timedelta(seconds=1)
ALONE = 4 * PACE  # of one person: their turns are dearer than a group's, and a twelfth of all time was theirs at 100 ms
MAX_TRIES = 5  # of a row that fails, and of one whose worker dies


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message, press or other update as it came in."""

    id: int
    channel: str
    key: str
    conversation: str
    payload: Mapping[str, Any]
    received_at: datetime
    tries: int  # this one counted
    waits: int = 1  # rows of its conversation that are not done, this one counted
    area: int | None = None  # where its chat is, or the person of a private one was last placed
    version: int = -1  # of what an import changes, when it was claimed
    counted: bool = True  # this try stands in the row; else it was only looked at (see `look`)
    along: tuple[int, ...] = ()  # rows behind it that belong to the same message, and are done with it

    @property
    def stands(self) -> int:
        """The tries the row has as long as nobody else takes it."""
        return self.tries if self.counted else self.tries - 1


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A row nobody will try again unless an operator says so."""

    id: int
    what: str  # channel and key, or channel and kind: no words of anybody
    at: datetime
    tries: int
    error: str


_NEW = text("inbox.state = 'new'")


def _keyed(statement: Any) -> spread.Keyed:
    return spread.Keyed(statement, inbox.c.conversation)


_HELD = _keyed(select(inbox.c.tries).where(inbox.c.id == bindparam("row"), _NEW).with_for_update())
_LEASE = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(lease_until=bindparam("until"), tries=inbox.c.tries + 1)
)
_HOLD = (
    update(inbox)
    .where(inbox.c.conversation.in_(bindparam("of", expanding=True)), inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(not_before=bindparam("at"))
)
_TAKE = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.conversation == bindparam("of"), _NEW)
    .where(inbox.c.tries == bindparam("tried"))
    .where(or_(inbox.c.lease_until.is_(None), inbox.c.lease_until <= bindparam("now")))
    .values(lease_until=bindparam("until"), tries=inbox.c.tries + 1)
)
_next, _latest = inbox.alias("next"), inbox.alias("latest")
_PACE = (
    update(inbox)
    .where(
        inbox.c.id
        == select(func.min(_next.c.id))
        .where(text("next.state = 'new'"), _next.c.conversation == bindparam("of"), _next.c.id > bindparam("after"))
        .scalar_subquery(),
        select(_latest.c.received_at)
        .where(text("latest.state = 'new'"), _latest.c.conversation == bindparam("of"))
        .order_by(_latest.c.id.desc())
        .limit(1)
        .scalar_subquery()
        > bindparam("fresh", type_=inbox.c.received_at.type),
    )
    .values(not_before=bindparam("at"))
)
_DONE = _keyed(
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(state="done", done_at=bindparam("at"), lease_until=None, error=None)
    .values(tries=func.coalesce(bindparam("tried", type_=inbox.c.tries.type), inbox.c.tries))
)
_COUNT = _keyed(update(inbox).where(inbox.c.id == bindparam("row")).values(tries=bindparam("tried")))
_NEWEST = select(func.coalesce(func.max(inbox.c.id), 0))
_LATER = _keyed(
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(
        state=case((inbox.c.tries >= MAX_TRIES, "dead"), else_="new"),
        not_before=bindparam("at"),
        lease_until=None,
        error=bindparam("why"),
    )
)
_DEAD = _keyed(
    update(inbox).where(inbox.c.id == bindparam("row")).values(state="dead", lease_until=None, error=bindparam("why"))
)


def accept(
    conn: Connection,
    *,
    channel: str,
    key: str,
    conversation: str,
    payload: Mapping[str, Any],
    now: datetime,
    lane: int = 0,
) -> int | None:
    """Keep what came in; None when this key of this channel came in before. `lane` 1 waits for 0."""
    return accept_all(conn, [Arrival(channel, key, conversation, payload, lane)], now)[0]


def claim(conn: Connection, now: datetime, *, lease: timedelta, limit: int) -> list[InboxRow]:
    """Take the oldest rows, one a conversation, none of a conversation that somebody works on; nobody else gets them
    until `now + lease`. A row whose workers died MAX_TRIES times over is dead."""
    found, many = waiting(conn, now, limit), spread.many(conn)
    # Of several rows that were in work when a worker died, one may have killed it: each is taken alone from now on.
    rows = []
    for *values, _orphan, _ in [row for row in found if row.orphan][:1] or found:
        row = InboxRow(*values)
        if row.tries > MAX_TRIES:
            dead(conn, row.id, "its worker died each time", row.conversation)
        else:
            rows.append(row)
    if many:
        rows = [row for row in rows if _took(conn, row, now, now + lease)]
    elif rows:
        conn.execute(_LEASE, {"ids": [row.id for row in rows], "until": now + lease})
    for row in rows:
        pace(conn, row, now)
    return rows


def look(conn: Connection, now: datetime, *, limit: int, after: int) -> list[InboxRow] | None:
    """What `claim` would take, as long as nobody is at work but the one who looks, and nothing is written: whoever
    takes a turn of these finds out in its transaction whether the row is still theirs. None: some have to be claimed.

    Only what came `after` that row and is tried for the first time is taken so: if it kills the process, the next one
    finds it there when it begins, and counts the tries.
    """
    rows = []
    for *values, orphan, _ in waiting(conn, now, limit):
        row = InboxRow(*[*values, False])  # not counted
        if row.id <= after or row.tries > 1 or orphan or row.waits > CROWD:
            return None
        rows.append(row)
    return rows


def newest(conn: Connection) -> int:
    """The row that came last; 0 when none ever did."""
    id: int = conn.execute(_NEWEST).scalar_one()
    return id


def _took(conn: Connection, row: InboxRow, now: datetime, until: datetime) -> bool:
    """Rows of many servers are not held while they are looked for: whoever counts the try first has it."""
    tried = {"row": row.id, "of": row.conversation, "tried": row.tries - 1}
    return bool(conn.execute(_TAKE, {**tried, "now": now, "until": until}).rowcount)


def pace(conn: Connection, row: InboxRow, now: datetime, *, hurry: bool = False) -> None:
    """While more pours in, what comes next in a crowded conversation waits a little: so who else comes finds nobody at
    work. What only piled up is taken as quickly as it goes, and so is what stands before a cry for help (`hurry`)."""
    if row.waits > CROWD:
        wait = timedelta() if hurry else ALONE if row.payload.get("private") else PACE
        conn.execute(_PACE, {"of": row.conversation, "after": row.id, "at": now + wait, "fresh": now - STILL})


def hold(conn: Connection, rows: Mapping[int, str], now: datetime) -> None:
    """These rows, each with its conversation, wait as long as the next line of somebody who floods."""
    conn.execute(_HOLD, {"of": padded([*rows.values()]), "ids": padded([*rows]), "at": now + ALONE})


def behind(conn: Connection, row: InboxRow, most: int, *, after: int = 0) -> list[tuple[int, Mapping[str, Any]]]:
    """What waits in the same conversation after a claimed row, and after another, in order: id and payload."""
    rest = select(inbox.c.id, inbox.c.payload).where(_NEW, inbox.c.conversation == row.conversation)
    found = conn.execute(rest.where(inbox.c.id > max(row.id, after)).order_by(inbox.c.id).limit(most))
    return [(each.id, each.payload) for each in found]


def let_go(conn: Connection, ids: Sequence[int], now: datetime) -> int:
    """These have no turn of their own: there were too many at once. They stay on record."""
    gone = update(inbox).where(_NEW, inbox.c.id.in_(bindparam("ids", expanding=True)))
    gone = gone.values(state="done", done_at=now, error="too many at once")
    return sum(conn.execute(gone, {"ids": ids[n : n + 500]}).rowcount for n in range(0, len(ids), 500))


# `of`, here and below: the row's conversation, which says where the row lies when there are many servers.
def held(conn: Connection, id: int, tries: int, of: str | None = None) -> bool:
    """Whether a row is still in the hands of whoever claimed it; held from now on to the end of the transaction."""
    return bool(_HELD.say(conn, of, row=id).scalar_one_or_none() == tries)


def mine(conn: Connection, row: InboxRow) -> InboxRow | None:
    """A row in hand, held, its try counted if it was not yet; None when another has taken it."""
    if not held(conn, row.id, row.stands, row.conversation):
        return None
    if not row.counted:
        _COUNT.say(conn, row.conversation, row=row.id, tried=row.tries)
    return replace(row, counted=True)


def done(conn: Connection, id: int, now: datetime, of: str | None = None, tries: int | None = None) -> None:
    """The row had its effect; `tries`: with that many, if the last was not counted yet."""
    _DONE.say(conn, of, row=id, at=now, tried=tries)


def ended(conn: Connection, row: InboxRow, now: datetime) -> None:
    """The turn of a row had its effect, and with it what came along."""
    done(conn, row.id, now, row.conversation, row.tries)
    if row.along:
        theirs = (_NEW, inbox.c.conversation == row.conversation, inbox.c.id.in_(row.along))
        conn.execute(update(inbox).where(*theirs).values(state="done", done_at=now))


def later(conn: Connection, id: int, *, not_before: datetime, error: str, of: str | None = None) -> None:
    """The row failed and is tried again, its conversation waiting for it; the fifth time it is dead."""
    _LATER.say(conn, of, row=id, at=not_before, why=error[:255])


def dead(conn: Connection, id: int, error: str, of: str | None = None) -> None:
    """The row failed for good: its conversation goes on without it."""
    _DEAD.say(conn, of, row=id, why=error[:255])


def dead_letters(conn: Connection, limit: int) -> list[DeadLetter]:
    """The newest dead rows first."""
    rows = conn.execute(
        select(inbox.c.id, inbox.c.channel, inbox.c.key, inbox.c.received_at, inbox.c.tries, inbox.c.error)
        .where(text("inbox.state = 'dead'"))
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    return [DeadLetter(id, f"{channel} {key}", at, tries, error or "") for id, channel, key, at, tries, error in rows]


def replay(conn: Connection, ids: Iterable[int], now: datetime) -> int:
    """Give dead rows five new tries, but those whose words are forgotten; says how many there were."""
    result = conn.execute(
        update(inbox)
        .where(inbox.c.id.in_(list(ids)), text("inbox.state = 'dead'"), text("CAST(inbox.payload AS TEXT) <> '{}'"))
        .values(state="new", tries=0, not_before=now, lease_until=None)
    )
    return result.rowcount


def next_at(conn: Connection) -> datetime | None:
    """When the next row may be claimed, if any is left: the first of a conversation counts, the rest wait for it."""
    first = select(func.min(inbox.c.id)).where(_NEW).group_by(inbox.c.conversation).scalar_subquery()
    at = case((inbox.c.lease_until > inbox.c.not_before, inbox.c.lease_until), else_=inbox.c.not_before)
    return conn.execute(select(func.min(at)).where(inbox.c.id.in_(first))).scalar_one_or_none()
