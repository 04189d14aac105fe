"""What the staff pages read of conversations: threads with residents, and the web chat of staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import case as choose

from flows.domain.thread import LEGAL
from storage.conflict import insert
from storage.desk import CASE_ROLES, OVERSEERS, Member, Post, in_order
from storage.people import person_for
from storage.tables import account, area, chat, staff, staff_role, thread
from storage.web_lines import WebRoom

LEADERS = frozenset({"duty_leader", "supervisor", "administrator"})
CLOSED_SHOWN = timedelta(days=30)

_owner = staff.alias("owner")
_community = area.alias("community")
_above = area.alias("above_it")


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
    field: str = ""  # of a legal question: what whoever may take it sees before saying that there is no conflict
    side: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions wait or are being answered, and for how long: all that those who oversee see of them."""

    area: str | None
    open: int
    claimed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    """How many questions somebody has taken and not ended."""

    name: str
    role: str
    taken: int


# -- the web chat of staff --------------------------------------------------------------------------------------------


def web_account(conn: Connection, staff_id: int) -> str | None:
    """The address a member of staff has on the web chat, as a member of staff."""
    query = select(account.c.address).join(staff, staff.c.person_id == account.c.person_id)
    mine = query.where(staff.c.id == staff_id, account.c.channel == "web", account.c.address == f"staff{staff_id}")
    return conn.execute(mine).scalar()


def open_web_account(conn: Connection, who: Member, now: datetime) -> str:
    """Give a member of staff an address on the web chat; it is bound to the person they are on other channels, and
    goes along when they are bound to another one."""
    address = f"staff{who.id}"
    if who.staff.person is None:
        made = person_for(conn, "web", address, now)
        conn.execute(update(staff).where(staff.c.id == who.id, staff.c.person_id.is_(None)).values(person_id=made.id))
        return address
    row = {"person_id": who.staff.person, "channel": "web", "address": address}
    mine = {"person_id": who.staff.person}
    opened = insert(account).values(**row)
    conn.execute(opened.on_conflict_do_update(index_elements=["channel", "address"], set_=mine))
    private = (chat.c.channel == "web", chat.c.address == address, chat.c.kind == "private")
    conn.execute(update(chat).where(*private).values(mine))
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
        select(chat.c.address, chat.c.role, area.c.name, area.c.path, _above.c.name.label("above"))
        .join(area, area.c.id == chat.c.area_id)
        .join(_above, _above.c.id == area.c.parent_id, isouter=True)
        .where(chat.c.channel == "web", chat.c.kind == "group", chat.c.state == "open", or_(false(), *seen))
        .order_by(area.c.path, chat.c.id)
        .limit(30)
    )
    titles = {"staff": "工作群", "leaders": "干部群"}
    rows = sorted(conn.execute(query), key=lambda row: in_order(row.path))
    named = Counter(row.name for row in rows)  # 第一网格 stands in every community
    return [
        WebRoom(row.address, f"{row.above if named[row.name] > 1 and row.above else ''}{row.name}{titles[row.role]}")
        for row in rows
    ]


# -- threads ----------------------------------------------------------------------------------------------------------


def _sees_thread(post: Post) -> ColumnElement[bool]:
    """A legal question is for who may take it, until somebody has, and after its end for who may correct it, in both
    without its words; the rest by role, or by overseeing the area."""
    below = or_(area.c.path.startswith(post.path), thread.c.area_id.is_(None))
    legal = thread.c.kind == "legal"
    if post.role in OVERSEERS:
        return and_(below, ~legal)
    if post.role in LEGAL:
        may = (thread.c.role == post.role) if post.role == LEGAL[0] else thread.c.role.in_(LEGAL)
        free = thread.c.state.in_(("open", "closed"))  # what has ended a colleague may look at again, and correct
        return and_(below, or_(and_(legal, may, free), and_(~legal, thread.c.role == post.role)))
    return and_(thread.c.role == post.role, below, ~legal)


def community_name(place: FromClause) -> ColumnElement[Any]:
    """What the community around an area is called: a building would tell too much of who asks."""
    around = (
        select(_community.c.name)
        .where(_community.c.level == "community", place.c.path.startswith(_community.c.path))
        .correlate(place)
        .scalar_subquery()
    )
    return func.coalesce(around, place.c.name)


def _threads(who: Member) -> Select[Any]:
    seen = or_(false(), *(_sees_thread(post) for post in who.posts), thread.c.owner_id == who.id)
    return (
        select(
            thread.c.id,
            thread.c.kind,
            thread.c.number,
            thread.c.state,
            thread.c.role,
            choose((thread.c.kind == "legal", community_name(area)), else_=area.c.name).label("area"),
            _owner.c.name.label("owner"),
            thread.c.owner_id,
            thread.c.subject,
            thread.c.opened_at,
            thread.c.claimed_at,
            thread.c.closed_at,
            thread.c.rating,
            thread.c.aside,
        )
        .join(area, area.c.id == thread.c.area_id, isouter=True)
        .join(_owner, _owner.c.id == thread.c.owner_id, isouter=True)
        .where(seen)
    )


def _seen(rows: Iterable[Any], who: Member) -> list[ThreadLine]:
    """What somebody stepped aside from is not shown to them again."""
    return [_thread(row, who) for row in rows if who.id not in (row.aside or ())]


def _thread(row: Any, who: Member) -> ThreadLine:
    """A legal question's words only for its owner: anybody else has not said yet that there is no conflict."""
    known, subject = list(row)[:-1], row.subject or {}
    hidden = row.kind == "legal" and row.owner_id != who.id
    known[8] = "" if hidden else str(subject.get("question") or subject.get("text") or "")
    known += [str(subject.get("field") or ""), str(subject.get("side") or "")]
    return ThreadLine(*known)


def threads(
    conn: Connection, who: Member, kind: str, now: datetime, *, number: str = "", limit: int = 200
) -> list[ThreadLine]:
    """Threads of a kind: those nobody has taken first, the oldest first, then claimed ones, then lately closed ones;
    with `number` that one, however long ago it ended, and a legal question also when a colleague answered it."""
    rank = choose({"open": 0, "claimed": 1}, value=thread.c.state, else_=2)
    theirs = or_(thread.c.kind != "legal", thread.c.owner_id == who.id)
    recent = or_(thread.c.state != "closed", and_(thread.c.closed_at >= now - CLOSED_SHOWN, theirs))
    wanted = thread.c.number == number if number else recent
    query = _threads(who).where(thread.c.kind == kind, wanted).order_by(rank, thread.c.id).limit(limit)
    return _seen(conn.execute(query), who)


def waits(conn: Connection, who: Member, most: int = 500) -> dict[str, int]:
    """By kind: how many threads wait for somebody that this member of staff may take."""
    seen = or_(false(), *(_sees_thread(post) for post in who.posts))
    query = select(thread.c.kind, thread.c.aside).join(area, area.c.id == thread.c.area_id, isouter=True)
    rows = conn.execute(query.where(thread.c.state == "open", seen).limit(most))
    return Counter(row.kind for row in rows if who.id not in (row.aside or ()))


def in_hand(conn: Connection, staff_id: int, most: int = 20) -> list[tuple[str, str]]:
    """(kind, number) of the threads a member of staff has taken and not ended, oldest first."""
    query = select(thread.c.kind, thread.c.number).where(thread.c.owner_id == staff_id, thread.c.state == "claimed")
    return [(row.kind, row.number) for row in conn.execute(query.order_by(thread.c.id).limit(most))]


def waiting(conn: Connection, who: Member) -> list[Waiting]:
    """Of each area that a member oversees: legal questions open and being answered, and since when the oldest waits."""
    seen = or_(false(), *(area.c.path.startswith(post.path) for post in who.posts if post.role in OVERSEERS))
    is_open = choose((thread.c.state == "open", 1), else_=0)
    oldest = func.min(choose((thread.c.state == "open", thread.c.opened_at)))
    query = (
        select(area.c.name, func.sum(is_open), func.count() - func.sum(is_open), oldest)
        .select_from(thread)
        .join(area, area.c.id == thread.c.area_id)
        .where(thread.c.kind == "legal", thread.c.state != "closed", seen)
        .group_by(area.c.id, area.c.name)
        .order_by(area.c.id)
    )
    return [Waiting(name, int(open), int(taken), at) for name, open, taken, at in conn.execute(query)]


def loads(conn: Connection, who: Member) -> list[Load]:
    """How many questions each adviser of the overseen areas has in hand, in the order of their names."""
    seen = or_(false(), *(area.c.path.startswith(post.path) for post in who.posts if post.role in OVERSEERS))
    taken = (
        select(func.count())
        .where(thread.c.owner_id == staff.c.id, thread.c.kind == "legal", thread.c.state == "claimed")
        .scalar_subquery()
    )
    query = (
        select(staff.c.name, func.max(staff_role.c.role), taken)
        .join(staff_role, staff_role.c.staff_id == staff.c.id)
        .join(area, area.c.id == staff_role.c.area_id)
        .where(staff_role.c.role.in_(LEGAL), staff.c.active, seen)
        .group_by(staff.c.id, staff.c.name)
        .order_by(staff.c.name)
    )
    return [Load(*row) for row in conn.execute(query)]


def thread_line(conn: Connection, who: Member, thread_id: int) -> ThreadLine | None:
    """One thread, if this member of staff may see it."""
    found = _seen(conn.execute(_threads(who).where(thread.c.id == thread_id)), who)
    return found[0] if found else None
