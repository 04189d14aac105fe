"""The hours in which an area wants to be left alone: only danger is pushed then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.clock import HOME
from storage import community

if TYPE_CHECKING:
    from bot.world import World

QUIET = (time(21), time(8))


def quiet_until(local: datetime, start: time, end: time) -> datetime | None:
    """When a quiet time that local `now` falls into is over; None: it is not quiet. It may go past midnight."""
    clock = local.time()
    if not (start <= clock < end if start <= end else clock >= start or clock < end):
        return None
    return datetime.combine(local.date() + timedelta(days=clock >= end), end, local.tzinfo)


def quiet_at(conn: Connection, world: World, area: int | None, now: datetime) -> datetime | None:
    """When the quiet time of an area that `now` falls into is over; None: it is not quiet there."""
    here = world.community_of(conn, area)
    said = community.options(conn, area).get("quiet_hours") if area else None
    return quiet_until(now.astimezone(here.zone if here else HOME), *quiet_from(said))


def quiet_from(said: Mapping[str, str] | None) -> tuple[time, time]:
    """The hours as a community file says them; where it says none, the usual."""
    return (time.fromisoformat(said["from"]), time.fromisoformat(said["to"])) if said else QUIET
