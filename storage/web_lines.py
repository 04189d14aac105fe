"""What the web chat remembers: its lines, in the order in which they appeared or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from storage.database import Database
from storage.tables import area, chat, web_line

ASSISTANT = ""
NOTICE = "!"  # the author of a short answer to a press: shown as a toast, not as a line
FRESH = timedelta(minutes=2)  # a notice older than this answers a press nobody remembers


@dataclass(frozen=True, slots=True)
class WebLine:
    """One line as it stands now; `changed` rises in its chat with every new line and every edit."""

    id: int
    key: str
    chat: str
    author: str
    name: str
    body: Mapping[str, Any]
    version: int
    changed: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WebRoom:
    """A group that lives in the web chat."""

    address: str
    title: str


def _line(row: Row[Any]) -> WebLine:
    return WebLine(row.id, row.key, row.chat, row.author, row.name, row.body, row.version, row.changed, row.at)


def _next(conn: Connection, chat_address: str) -> int:
    last = conn.execute(select(func.max(web_line.c.changed)).where(web_line.c.chat == chat_address)).scalar()
    return int(last or 0) + 1


def _by_key(conn: Connection, key: str) -> WebLine | None:
    row = conn.execute(select(web_line).where(web_line.c.key == key)).first()
    return _line(row) if row else None


def say(
    database: Database,
    conn: Connection,
    *,
    key: str,
    chat_address: str,
    author: str,
    name: str,
    body: Mapping[str, Any],
    now: datetime,
) -> WebLine:
    """Keep a line; the same key again gives the line that is there, unchanged."""
    database.lock(conn, f"web:{chat_address}")  # `changed` must be seen in the order in which it is given out
    known = _by_key(conn, key)
    if known is not None:
        return known
    values = {"key": key, "chat": chat_address, "author": author, "name": name, "body": dict(body)}
    changed = _next(conn, chat_address)
    added = conn.execute(insert(web_line).values(**values, changed=changed, at=now).returning(web_line.c.id))
    return WebLine(added.scalar_one(), key, chat_address, author, name, body, 1, changed, now)


def edit(database: Database, conn: Connection, *, line_id: int, chat_address: str, body: Mapping[str, Any]) -> bool:
    """Change what a line of the assistant says; False if there is no such line. The same body again changes nothing."""
    database.lock(conn, f"web:{chat_address}")
    mine = (web_line.c.id == line_id, web_line.c.chat == chat_address, web_line.c.author == ASSISTANT)
    row = conn.execute(select(web_line).where(*mine)).first()
    if row is None:
        return False
    if row.body != dict(body):
        conn.execute(
            update(web_line)
            .where(web_line.c.id == line_id)
            .values(body=dict(body), version=row.version + 1, changed=_next(conn, chat_address))
        )
    return True


def forget_notices(conn: Connection, chat_address: str, now: datetime) -> None:
    """Remove the short answers that nobody waits for any more, but never the newest change (the next one counts on)."""
    newest = select(func.max(web_line.c.changed)).where(web_line.c.chat == chat_address).scalar_subquery()
    conn.execute(
        delete(web_line).where(
            web_line.c.chat == chat_address,
            web_line.c.author == NOTICE,
            web_line.c.at < now - FRESH,
            web_line.c.changed < newest,
        )
    )


def find(conn: Connection, line_id: int, chat_address: str) -> WebLine | None:
    """A line of this chat by its id."""
    row = conn.execute(select(web_line).where(web_line.c.id == line_id, web_line.c.chat == chat_address)).first()
    return _line(row) if row else None


def since(conn: Connection, chat_address: str, changed: int, now: datetime, *, limit: int = 100) -> list[WebLine]:
    """What is new or changed after `changed`, in that order; short answers only while they are fresh."""
    query: Select[Any] = (
        select(web_line)
        .where(web_line.c.chat == chat_address, web_line.c.changed > changed)
        .where((web_line.c.author != NOTICE) | (web_line.c.at >= now - FRESH))
        .order_by(web_line.c.changed)
        .limit(limit)
    )
    return [_line(row) for row in conn.execute(query)]


def latest(
    conn: Connection, chat_address: str, *, before: int | None = None, limit: int = 50
) -> tuple[list[WebLine], int]:
    """The newest lines (or those before a line's id), oldest first, and the `changed` a stream goes on from."""
    query = select(web_line).where(web_line.c.chat == chat_address, web_line.c.author != NOTICE)
    if before is not None:
        query = query.where(web_line.c.id < before)
    rows = conn.execute(query.order_by(web_line.c.id.desc()).limit(limit)).all()
    return [_line(row) for row in reversed(rows)], _next(conn, chat_address) - 1


def quoted(conn: Connection, chat_address: str, ids: Sequence[int]) -> dict[int, WebLine]:
    """The lines that others reply to, by id."""
    if not ids:
        return {}
    rows = conn.execute(select(web_line).where(web_line.c.chat == chat_address, web_line.c.id.in_(ids)))
    return {row.id: _line(row) for row in rows}


def rooms(conn: Connection) -> list[WebRoom]:
    """The residents' groups of the web chat, oldest first."""
    query = (
        select(chat.c.address, area.c.name)
        .join(area, area.c.id == chat.c.area_id, isouter=True)
        .where(chat.c.channel == "web", chat.c.kind == "group", chat.c.role == "residents", chat.c.state == "open")
        .order_by(chat.c.id)
    )
    return [WebRoom(row.address, f"{row.name}邻里群" if row.name else "邻里群") for row in conn.execute(query)]


def community_name(conn: Connection) -> str:
    """The name the page greets with: the only community's, else that of the area all of them stand in."""
    names = conn.execute(select(area.c.name).where(area.c.level == "community", area.c.active).limit(2)).scalars().all()
    if len(names) == 1:
        return str(names[0])
    above = select(area.c.name).where(area.c.active, area.c.parent_id.is_(None)).order_by(area.c.id).limit(1)
    return str(conn.execute(above).scalar() or "")
