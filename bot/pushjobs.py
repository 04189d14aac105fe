"""What the clock does about alerts, mediations, appointments and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.world import World
from flows.effects import ActOnAlert, ActOnBooking, ActOnMediation, Effect

if TYPE_CHECKING:
    from bot.effects import Here

Job = Callable[[Connection, World, "Here", Mapping[str, Any]], list[Effect]]


def _alert(step: str) -> Job:
    def job(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
        return [ActOnAlert(int(subject["alert"]), step)]

    return job


def _mediation(step: str) -> Job:
    def job(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
        return [ActOnMediation(int(subject["mediation"]), step)]

    return job


def _booking(step: str) -> Job:
    def job(_conn: Connection, _world: World, _here: Here, subject: Mapping[str, Any]) -> list[Effect]:
        return [ActOnBooking(int(subject["booking"]), step)]

    return job


JOBS: dict[str, Job] = {
    "alert.check": _alert("check"),
    "alert.urge": _alert("check"),
    "alert.remind": _alert("remind"),
    "alert.expire": _alert("expire"),
    "booking.lapse": _booking("lapse"),
    "booking.remind": _booking("remind"),
    "mediation.lapse": _mediation("lapse"),
    "mediation.waiting": _mediation("waiting"),
    "mediation.remind": _mediation("remind"),
    "mediation.court": _mediation("court"),
}
MAY_WAIT = frozenset({"alert.check", "mediation.lapse", "mediation.waiting", "mediation.court"})
