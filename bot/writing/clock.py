"""Rows of the effects on what falls due."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import Connection

from flows import effects as fx
from storage import due


def write(conn: Connection, effects: Iterable[fx.ClockEffect]) -> None:
    """Write what comes in a row; what falls due one after the other is said at once."""
    for kind, run in groupby(effects, type):
        if kind is fx.Schedule:
            due.schedule_all(conn, [each for each in run if isinstance(each, fx.Schedule)])
        else:
            for each in run:
                due.unschedule(conn, each.key)
