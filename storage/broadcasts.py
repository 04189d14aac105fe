"""Many rows at once: thousands of messages with their buttons in a few statements, well under a second for a city."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

from sqlalchemy import JSON, Connection, Table, and_, bindparam, func, insert, or_, select, update

from storage.buttons import Draft, Shared
from storage.tables import alert_post, button, outbox


class Ready(str):
    """JSON that is written out already."""

    __slots__ = ()


class Letter:
    """One text with its buttons for thousands of chats: written out once, each chat's own tokens put in."""

    def __init__(self, said: str, buttons: Sequence[tuple[str, Shared]] = ()) -> None:
        line = [{"token": shared.id, "label": label} for label, shared in buttons]
        rest = json.dumps({"text": said, "choices": [line]} if line else {"text": said})
        self._shared = [shared for _, shared in buttons]
        self._parts = []
        for shared in self._shared:
            part, _, rest = rest.partition(shared.id)
            self._parts.append(part)
        self._end = rest

    def to(self, chat_id: int) -> Ready:
        said = [part + shared.token(chat_id) for part, shared in zip(self._parts, self._shared, strict=True)]
        return Ready("".join((*said, self._end)))


def put(conn: Connection, prefix: str, rows: Sequence[Mapping[str, Any]], common: Mapping[str, Any]) -> dict[int, int]:
    """Write messages, one a chat at most, under keys of this prefix; the outbox id of each by its chat."""
    if not rows:
        return {}
    before = conn.execute(select(func.max(outbox.c.id))).scalar() or 0
    many = [{**row, "key": f"{prefix}@{row['chat_id']}"} for row in rows]
    insert_many(conn, outbox, many, {"kind": "say", "state": "new", "tries": 0, **common})
    mine = and_(outbox.c.id > before, outbox.c.key.startswith(f"{prefix}@", autoescape=True))
    return dict(tuple(row) for row in conn.execute(select(outbox.c.chat_id, outbox.c.id).where(mine)).all())


def put_buttons(conn: Connection, drafts: Sequence[tuple[int, Draft]]) -> None:
    """Keep buttons, each with the outbox id of the message it stands under."""
    insert_many(conn, button, [{**draft.row, "outbox_id": row} for row, draft in drafts])


def call_off(conn: Connection, alert_id: int, why: str, now: datetime) -> int:
    """What is not sent yet of an alert never will be; says how many messages. What is on its way is not tried again."""
    mine = select(alert_post.c.outbox_id).where(alert_post.c.alert_id == alert_id)
    unsent = update(outbox).where(outbox.c.id.in_(mine), outbox.c.state.in_(("new", "waiting")))
    flying = outbox.c.lease_until > now
    conn.execute(unsent.where(flying).values(not_after=now))
    idle = unsent.where(or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now))
    return conn.execute(idle.values(state="failed", reason=why, lease_until=None)).rowcount


def insert_many(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], common: Mapping[str, Any] | None = None
) -> None:
    """Insert rows of the same columns through the driver's own executemany; `common` values are the same in all.

    Many times as fast as a list of parameters given to SQLAlchemy, which looks at each value of each row anew.
    """
    if not rows:
        return
    common = common or {}
    names = [*common, *rows[0]]
    compiled = insert(table).values({name: bindparam(name) for name in names}).compile(dialect=conn.dialect)
    columns: dict[str, Iterable[Any]] = {}
    for name in names:
        process = _processor(conn, table, name)
        columns[name] = repeat(process(common[name])) if name in common else [process(row[name]) for row in rows]
    order = compiled.positiontup
    if order is not None:
        sent: Any = list(zip(*(columns[name] for name in order), strict=False))  # those that repeat never end
    else:
        sent = [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=False)]
    conn.exec_driver_sql(str(compiled), sent)


def _processor(conn: Connection, table: Table, name: str) -> Callable[[Any], Any]:
    """What makes of a value what the driver takes; times, which are few and slow, are remembered."""
    kind = table.c[name].type
    process = kind.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    if process is None:
        return lambda value: value
    if isinstance(kind, JSON):
        return lambda value: str(value) if isinstance(value, Ready) else process(value)
    seen: dict[datetime, Any] = {}

    def remembered(value: Any) -> Any:
        if not isinstance(value, datetime):
            return process(value)
        if value not in seen:
            seen[value] = process(value)
        return seen[value]

    return remembered
