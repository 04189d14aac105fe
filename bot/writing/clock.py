"""Rows of the effects on what falls due."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection

from bot.world import World
from flows import effects as fx
from storage import due

if TYPE_CHECKING:
    from bot.effects import Here


def write(conn: Connection, world: World, here: Here, effect: fx.ClockEffect) -> list[fx.Effect]:
    """Write one effect; what follows from it. Raises NotAllowed."""
    match effect:
        case fx.Schedule(kind, key, at, subject, late, expires_at):
            due.schedule(conn, kind=kind, key=key, at=at, subject=subject, late=late, expires_at=expires_at)
        case fx.Unschedule(key):
            due.unschedule(conn, key)
        case _:
            assert_never(effect)
    return []
