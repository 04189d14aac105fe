"""An alarm nobody takes: how often those on duty hear it, and when who cried hears that nobody has come forward."""

from __future__ import annotations

from datetime import timedelta

from flows.assistant import texts
from flows.assistant.unclaimed import OFTEN, SELDOM, Unclaimed, waiting
from flows.domain.thread import Thread
from flows.effects import Privately, Say, Schedule
from tests.support.facts import ME, MONDAY

ALARM = Thread(5, "alarm", "J1", ME, 1, 2, "duty_leader", "open", None, 1)


def round_(times: int) -> tuple[timedelta, bool]:
    """How long until the next one, and whether the resident hears of this one."""
    effects = waiting(ALARM, times, {"question": "着火了"}, Unclaimed(MONDAY))
    (after,) = [e.at - MONDAY for e in effects if isinstance(e, Schedule)]
    return after, any(isinstance(e, Say) and e.to == Privately(ME) and e.text == texts.ALARM_STILL for e in effects)


def test_it_is_heard_often_at_first_and_never_forgotten() -> None:
    waits = [round_(times)[0] for times in (1, OFTEN - 1, OFTEN, SELDOM - 1, SELDOM, 500)]
    short, long, day = timedelta(minutes=2), timedelta(minutes=30), timedelta(days=1)
    assert waits == [short, short, long, long, day, day]


def test_who_cried_is_told_after_four_minutes_and_after_an_hour_that_nobody_came() -> None:
    assert [times for times in range(1, 100) if round_(times)[1]] == [2, OFTEN]
