"""What the clock does for volunteers: the lists at start and end of a shift, places nobody answered for, asking on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.volunteering import ahead, needs
from bot.world import World
from flows.effects import Effect
from flows.effects.volunteers import ActOnShift

if TYPE_CHECKING:
    from bot.effects import Here


def begun(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return [ActOnShift(int(subject["shift"]), "begun")]


def closed(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return [ActOnShift(int(subject["shift"]), "closed")]


def lapse(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return [ActOnShift(int(subject["shift"]), "pass", int(subject["person"]))]


def ask(conn: Connection, world: World, here: Here, subject: Mapping[str, Any]) -> list[Effect]:
    return needs.ask(conn, world, here, int(subject["need"]))


JOBS = {"shift.begun": begun, "shift.closed": closed, "shift.lapse": lapse, "need.ask": ask, ahead.JOB: ahead.short}
MAY_WAIT = frozenset({"need.ask"})
