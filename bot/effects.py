"""Effect -> rows: the one writer. Everything a turn, a press or the clock decided becomes rows of one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from bot import alertwork, bookingwork, letterbox, mediationwork
from bot.volunteering import writing as volunteering
from bot.world import World
from bot.writing import cases, clock, households, people, points, threads
from flows import effects as fx
from flows.effects import VolunteerEffect
from storage.people import Chat, Person, Staff


@dataclass(frozen=True, slots=True)
class Here:
    """Where and for whom effects are written. `actor` is "person:12", "staff:7" or "clock"."""

    now: datetime
    actor: str
    chat: Chat | None = None
    person: int | None = None
    staff: Staff | None = None
    cause: int | None = None  # inbox row
    callback: str | None = None  # the platform's id of the press this answers
    sender: str | None = None  # the presser's id on the platform
    answers: str | None = None  # the platform's id of the line in a group that is to be replied to
    once: bool = False  # what is said is said at most once: a reminder
    speaks: Person | None = None  # whose turn it is, as they are now


class Writer:
    """Writes effects inside the caller's transaction; what an effect leads to is written in the same go.

    `gathered`: where what may be one of several is put, for whoever says them together in the end.
    """

    def __init__(
        self, conn: Connection, world: World, here: Here, gathered: list[tuple[Chat, fx.Say]] | None = None
    ) -> None:
        self.conn = conn
        self.world = world
        self.here = here
        self.begun: fx.BeginFlow | None = None
        self.noticed: str | None = None
        self._gathered = gathered

    def write(self, effects: Iterable[fx.Effect]) -> None:
        """Write them in order. Raises NotAllowed when a rule forbids one, and Overtaken when somebody was faster."""
        queue = deque(effects)
        while queue:
            effect = queue.popleft()
            if isinstance(effect, fx.ClockEffect):
                clock.write(self.conn, [effect, *_leading(queue)])
            else:
                queue.extendleft(reversed(self._one(effect)))

    def _one(self, effect: fx.Effect) -> list[fx.Effect]:
        """Write one effect; what follows from it is returned, to be written next."""
        at = (self.conn, self.world, self.here)
        assert not isinstance(effect, fx.ClockEffect), "they are written in a row"
        if isinstance(effect, fx.ChatEffect):
            return self._said(effect)
        if isinstance(effect, fx.CaseEffect):
            return cases.write(*at, effect)
        if isinstance(effect, fx.ThreadEffect):
            return threads.write(*at, effect)
        if isinstance(effect, fx.PointsEffect):
            return points.write(*at, effect)
        if isinstance(effect, fx.HouseholdEffect):
            return households.write(*at, effect)
        if isinstance(effect, fx.PersonEffect):
            return people.write(*at, effect)
        if isinstance(effect, VolunteerEffect):
            return volunteering.write(*at, effect)
        if isinstance(effect, fx.AlertEffect):
            return alertwork.write(*at, effect)
        if isinstance(effect, fx.MediationEffect):
            return mediationwork.write(*at, effect)
        return bookingwork.write(*at, effect)

    def _said(self, effect: fx.ChatEffect) -> list[fx.Effect]:
        match effect:
            case fx.Say(brief=fx.Brief()) if self._gathered is not None:
                self._gathered.extend(letterbox.heard(self.conn, self.world, self.here, effect))
            case fx.Say():
                letterbox.say(self.conn, self.world, self.here, effect)
                if isinstance(effect.to, fx.Here) and self.here.chat is None:  # on a page it is the answer
                    self.noticed = self.noticed or effect.text
            case fx.Notice(text):
                self._notice(text)
            case fx.BeginFlow():
                self.begun = effect
            case _:
                assert_never(effect)
        return []

    def _notice(self, text: str) -> None:
        """The short answer to a press goes out with the press; without a press it is an ordinary line."""
        self.noticed = text
        if self.here.callback:
            letterbox.notice(self.conn, self.here, text)
        elif self.here.chat:
            letterbox.say(self.conn, self.world, self.here, fx.Say(text))


def _leading(queue: deque[fx.Effect]) -> Iterator[fx.ClockEffect]:
    """What is for the clock and comes next, taken out of the queue: the clocks of a case come in a row."""
    while queue and isinstance(effect := queue[0], fx.ClockEffect):
        queue.popleft()
        yield effect
