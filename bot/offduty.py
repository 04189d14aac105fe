"""The leave of a legal guide or adviser, written: questions go past them, what waited with them goes to the others."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows import effects as fx
from flows.domain.thread import LEGAL
from flows.errors import NotAllowed
from flows.legal import leave_texts as texts
from storage import community, community_staff, consultations, desk, desk_talk, leave, people

if TYPE_CHECKING:
    from bot.effects import Here

NOT_YOURS = "请假改值班表，请跟管理员说。"


def advises(staff: people.Staff | None) -> bool:
    """Whether legal questions come to this member of staff."""
    return staff is not None and any(post.role in LEGAL for post in staff.roles)


def write(conn: Connection, here: Here, effect: fx.TakeLeave) -> list[fx.Effect]:
    """They are away, or back; what they are told, and who takes what waited with them. Raises NotAllowed."""
    staff = people.staff_of(conn, effect.person)
    if staff is None or not advises(staff):
        raise NotAllowed(NOT_YOURS)
    if effect.until is None:
        leave.end(conn, staff.id)
        return [fx.Say(texts.BACK + _waits(conn, staff.id))]
    missed = _heard(conn, staff, here.now) if effect.since <= here.now else []
    leave.take(conn, staff.id, effect.since, effect.until)
    told = texts.TAKEN.format(span=texts.span(effect.since, effect.until, here.now))
    told += "" if _others(conn, staff, effect.since) else texts.ALL_AWAY
    return [fx.Say(told), *_hands(conn, staff.id), *(fx.ActOnThread(one, "missed") for one in missed)]


def _heard(conn: Connection, staff: people.Staff, now: datetime) -> list[int]:
    """The questions that wait and that nobody but this one has heard of: those on duty there are this one alone."""
    found = []
    for thread, area, role in consultations.waiting_near(conn, [p.area for p in staff.roles if p.role in LEGAL]):
        if community.staff_for(conn, area, role, now) == [staff.id]:
            found.append(thread)
    return found


def _others(conn: Connection, staff: people.Staff, at: datetime) -> bool:
    """Whether somebody else advises wherever this one does, or in parts of it, who is not away then."""
    for post in (post for post in staff.roles if post.role in LEGAL):
        held = {
            one
            for role in LEGAL
            for one in (
                *community.staff_for(conn, post.area, role, at, everyone=True),
                *community_staff.staff_within(conn, post.area, role),
            )
        } - {staff.id}
        if not held - leave.away(conn, held, at).keys():
            return False
    return True


def _hands(conn: Connection, staff_id: int) -> list[fx.Effect]:
    """What they have taken already, with a button to hand each on."""
    mine = consultations.in_hand(conn, staff_id)
    if not mine:
        return []
    rows = tuple((fx.Option(texts.HAND_ON.format(number=r.number), "thread.decline", {"thread": r.id}),) for r in mine)
    return [fx.Say(texts.IN_HAND.format(numbers="、".join(r.number for r in mine)), options=rows)]


def _waits(conn: Connection, staff_id: int) -> str:
    """How many questions wait to be taken, for who is back."""
    who = desk.member(conn, staff_id)
    count = desk_talk.waits(conn, who).get("legal", 0) if who else 0
    return texts.WAITS.format(count=count) if count else ""
