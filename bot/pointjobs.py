"""What the clock does with points: reservations run out, appeals are over, sessions begin, a month's notice is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot import casework, notice
from bot.effects import Here
from bot.world import World
from flows.effects import Effect, PublishNotice, Schedule
from flows.points import desk, panel
from storage import areas, proposals, shop

Job = Callable[[Connection, World, Here, Mapping[str, Any]], list[Effect]]


def _expire(conn: Connection, _world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    id = int(subject["redemption"])
    return list(desk.expire(shop.view(conn, id), shop.holder(conn, id), here.now))


def _session(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    """The evening before a shop hands things out."""
    session = shop.session(conn, int(subject["session"]))
    if session is None:
        return []
    waiting = shop.waiting_at(conn, session.shop, here.now)
    return list(desk.remind(session, waiting, casework.zone(conn, world, session.area)))


def _deduct(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return list(panel.due(int(subject["proposal"])))


def _notice(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return notice.due(conn, world, here, int(subject["area"]))


def _publish(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return [PublishNotice(int(subject["area"]), str(subject["month"]))]


def upcoming(conn: Connection, world: World, now: datetime) -> list[Schedule]:
    """The next notice of every community that has none on the calendar."""
    known = world.known(conn).communities
    return [notice.upcoming(known[id], now) for id in areas.without(conn, "notice") if id in known]


def area(conn: Connection, subject: Mapping[str, Any]) -> int | None:
    """Where what is due takes place; None when it is none of these."""
    if subject.get("redemption"):
        return shop.counter(conn, int(subject["redemption"])).area
    if subject.get("proposal"):
        return proposals.load(conn, int(subject["proposal"])).area
    return None


JOBS: dict[str, Job] = {
    "redemption.expire": _expire,
    "session.remind": _session,
    "points.deduct": _deduct,
    "points.notice": _notice,
    "points.publish": _publish,
}
MAY_WAIT = frozenset({"redemption.expire", "points.deduct", "points.publish"})
