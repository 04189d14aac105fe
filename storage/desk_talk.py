"""What the staff pages read of conversations: threads with residents, and the web chat of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select, update
from sqlalchemy import case as choose
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles on SQLite as well

from storage.desk import CASE_ROLES, OVERSEERS, Member, Post
from storage.people import person_for
from storage.tables import account, area, chat, staff, thread
from storage.web_lines import WebRoom

LEADERS = frozenset({"duty_leader", "supervisor", "administrator"})
CLOSED_SHOWN = timedelta(days=30)

_owner = staff.alias("owner")


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One line of the queue; who asked is not among what it holds."""

    id: int
    kind: str
    number: str
    state: str
    role: str
    area: str | None
    owner: str | None
    owner_id: int | None
    question: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    rating: int | None


# -- the web chat of staff --------------------------------------------------------------------------------------------


def web_account(conn: Connection, staff_id: int) -> str | None:
    """The address a member of staff has on the web chat, as a member of staff."""
    query = select(account.c.address).join(staff, staff.c.person_id == account.c.person_id)
    mine = query.where(staff.c.id == staff_id, account.c.channel == "web", account.c.address == f"staff{staff_id}")
    return conn.execute(mine).scalar()


def open_web_account(conn: Connection, who: Member, now: datetime) -> str:
    """Give a member of staff an address on the web chat; it is bound to the person they are on other channels."""
    address = f"staff{who.id}"
    if who.staff.person is None:
        made = person_for(conn, "web", address, now)
        conn.execute(update(staff).where(staff.c.id == who.id, staff.c.person_id.is_(None)).values(person_id=made.id))
        return address
    row = {"person_id": who.staff.person, "channel": "web", "address": address}
    conn.execute(insert(account).values(**row).on_conflict_do_nothing(index_elements=["channel", "address"]))
    return address


def rooms(conn: Connection, who: Member) -> list[WebRoom]:
    """The work groups of the web chat in the areas of a member's roles; leaders' groups for those who oversee."""
    seen = [
        and_(
            area.c.path.startswith(post.path),
            chat.c.role.in_(("staff", "leaders") if post.role in LEADERS else ("staff",)),
        )
        for post in who.posts
        if post.role in CASE_ROLES
    ]
    query = (
        select(chat.c.address, chat.c.role, area.c.name)
        .join(area, area.c.id == chat.c.area_id)
        .where(chat.c.channel == "web", chat.c.kind == "group", chat.c.state == "open", or_(false(), *seen))
        .order_by(area.c.path, chat.c.id)
        .limit(30)
    )
    titles = {"staff": "工作群", "leaders": "干部群"}
    return [WebRoom(row.address, f"{row.name}{titles[row.role]}") for row in conn.execute(query)]


# -- threads ----------------------------------------------------------------------------------------------------------


def _sees_thread(post: Post) -> ColumnElement[bool]:
    below = or_(area.c.path.startswith(post.path), thread.c.area_id.is_(None))
    return below if post.role in OVERSEERS else and_(thread.c.role == post.role, below)


def _threads(who: Member) -> Select[Any]:
    seen = or_(false(), *(_sees_thread(post) for post in who.posts), thread.c.owner_id == who.id)
    return (
        select(
            thread.c.id,
            thread.c.kind,
            thread.c.number,
            thread.c.state,
            thread.c.role,
            area.c.name.label("area"),
            _owner.c.name.label("owner"),
            thread.c.owner_id,
            thread.c.subject,
            thread.c.opened_at,
            thread.c.claimed_at,
            thread.c.closed_at,
            thread.c.rating,
        )
        .join(area, area.c.id == thread.c.area_id, isouter=True)
        .join(_owner, _owner.c.id == thread.c.owner_id, isouter=True)
        .where(seen)
    )


def _thread(row: Any) -> ThreadLine:
    known = list(row)
    known[8] = str((row.subject or {}).get("question") or (row.subject or {}).get("text") or "")
    return ThreadLine(*known)


def threads(conn: Connection, who: Member, kind: str, now: datetime, limit: int = 200) -> list[ThreadLine]:
    """Threads of a kind: those nobody has taken first, the oldest first, then claimed ones, then lately closed ones."""
    rank = choose({"open": 0, "claimed": 1}, value=thread.c.state, else_=2)
    recent = or_(thread.c.state != "closed", thread.c.closed_at >= now - CLOSED_SHOWN)
    query = _threads(who).where(thread.c.kind == kind, recent).order_by(rank, thread.c.id).limit(limit)
    return [_thread(row) for row in conn.execute(query)]


def thread_line(conn: Connection, who: Member, thread_id: int) -> ThreadLine | None:
    """One thread, if this member of staff may see it."""
    row = conn.execute(_threads(who).where(thread.c.id == thread_id)).first()
    return _thread(row) if row else None
