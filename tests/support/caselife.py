"""One case in a world of its own: what a decision brings about is written down at once, and its clock can be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.complaint import clocks, desk
from flows.complaint.around import Actor, Around
from flows.domain.case import Action, Case, Event, Role, apply, replay
from flows.effects import ActOnCase, ChangeCase, Effect, OpenCase, Say, Schedule, Unschedule
from flows.errors import NotAllowed
from flows.facts import ServiceView

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # a Monday, 08:30 where people live
AREAS = {"grid": 4, "community": 3, "subdistrict": 2, "city": 1}
LAMP = ServiceView("lamp", "楼道照明", "", "物业", 30, 24, follow_up_days=21)
NAMES = {1: "王晓敏", 2: "李文涛", 3: "蒋国强", 9: "喻警官"}
PERSONS = {1: 101, 2: 102, 3: 103, 9: 109}
JOBS = {
    "case.due": clocks.ring,
    "case.outer": clocks.ring_outer,
    "case.answer": clocks.remind_answer,
    "case.call": lambda case, _subject, _around: clocks.undecided(case),
    "case.time": lambda case, _subject, _around: clocks.time_undecided(case),
    "case.silent": lambda case, _subject, _around: clocks.silent(case),
    "case.lapse": lambda case, _subject, _around: (ActOnCase(case.id, "lapse"),),
    "case.follow": clocks.follow,
}

RESIDENT = Actor("person:9", frozenset({Role.RESIDENT}))
CLOCK = Actor("clock", frozenset({Role.CLOCK}))


def staff(id: int, *roles: Role) -> Actor:
    return Actor(f"staff:{id}", frozenset(roles), id)


class Life:
    """The case, its history, the rows of its clock, and what was said."""

    def __init__(self, level: str = "grid", above: Mapping[str, int] = AREAS, parties: tuple[int, ...] = (9,)) -> None:
        self.now = START
        self.parties = parties
        self.above = dict(above)
        self.due: dict[str, Schedule] = {}
        self.said: list[Say] = []
        self.opened: list[OpenCase] = []
        self.nudged_at: datetime | None = None
        data = {"number": "260302-1", "service": "lamp", "area": self.above[level], "level": level, "person": 9}
        data |= {"description": "楼道灯坏了", "place": "3号楼", **clocks.dues(LAMP, self.around)}
        self.history = [Event(1, "open", self.now, "person:9", data)]
        self.case: Case = replace(replay(self.history), id=1)
        self.write(desk.opened(self.case, self.around))

    @property
    def around(self) -> Around:
        return Around(
            title="楼道照明",
            parties=self.parties,
            now=self.now,
            zone=ZONE,
            nudged_at=self.nudged_at,
            names=NAMES,
            persons=PERSONS,
            above=self.above,
            offers=dict.fromkeys(self.above, LAMP),
        )

    def do(self, action: Action | str, actor: Actor, **data: Any) -> list[Say]:
        """Do it; what was said. Raises NotAllowed."""
        mark = len(self.said)
        self.write(desk.act(self.case, Action(action), actor, data, self.around))
        if action == Action.NUDGE:
            self.nudged_at = self.now
        return self.said[mark:]

    def write(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case ChangeCase(_, version, kind, actor, data):
                    assert version == self.case.version
                    event = Event(version + 1, kind, self.now, actor, data)
                    self.case = apply(self.case, event)
                    self.history.append(event)
                case ActOnCase(_, action, data):
                    self.write(desk.act(self.case, Action(action), CLOCK, data, self.around))
                case Schedule(key=key):
                    self.due[key] = effect
                case Unschedule(key):
                    gone = [k for k in self.due if k == key or (key.endswith("*") and k.startswith(key[:-1]))]
                    for one in gone:
                        del self.due[one]
                case Say():
                    self.said.append(effect)
                case OpenCase():
                    self.opened.append(effect)

    def run(self, until: datetime | timedelta) -> list[Say]:
        """Let time pass, every row at its instant; what was said."""
        end = self.now + until if isinstance(until, timedelta) else until
        mark = len(self.said)
        while True:
            row = min(self.due.values(), key=lambda r: r.at, default=None)
            if row is None or row.at > end:
                break
            self.now = max(self.now, row.at)
            del self.due[row.key]
            try:
                self.write(JOBS[row.kind](self.case, row.subject, self.around))
            except NotAllowed as moot:
                raise AssertionError(f"the clock may not: {moot}") from moot
        self.now = end
        return self.said[mark:]

    def events(self, kind: Action) -> list[Event]:
        return [e for e in self.history if e.kind == kind]
