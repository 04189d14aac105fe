"""What the clock does with a hand-over or an alarm that nobody has taken: who hears of it again, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flows.assistant import texts
from flows.assistant.desk import AGAIN, UP, card_of
from flows.domain.thread import Thread
from flows.effects import CardKey, Effect, Lane, OnDuty, Privately, Say, Schedule

OFTEN = 30  # alarms that many times in two minutes' beat …
SELDOM = 54  # … until then, half a day, every half hour; later once a day: it stands on the lists of what is open
STILL = frozenset((2, OFTEN))  # times after which who cried for help hears that nobody has come forward yet
# who hears it from time to time
WIDER = ("duty_leader", "community_staff", "administrator", "grid_leader", "grid_worker")
LEADER = "duty_leader"  # hears of a call for a person together with those it was for
RESTS = 2  # times after which such a call rests


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What surrounds a thread nobody has taken: when it is quiet no more, and whether a morning's digest lists it."""

    now: datetime
    morning: datetime | None = None
    listed: bool = True


def waiting(thread: Thread, times: int, subject: Mapping[str, Any], around: Unclaimed) -> tuple[Effect, ...]:
    """Nobody has taken it in time: those on duty hear of an alarm again, a level higher each time; of a call for a
    person once, the leader with them, and then it rests on the list of every morning. The resident hears how it is."""
    if thread.state != "open" or thread.area is None:
        return ()
    if thread.kind != "alarm":
        return _untaken(thread, times, subject, around)
    told = _again(thread, times, subject, texts.ALARM_AGAIN, WIDER[: times + 1])
    if times in STILL:
        told += (Say(texts.ALARM_STILL, to=Privately(thread.person), lane=Lane.DANGER),)
    return (*told, _later(thread, times + 1, around.now + _wait(times)))


def _untaken(thread: Thread, times: int, subject: Mapping[str, Any], around: Unclaimed) -> tuple[Effect, ...]:
    if around.morning:  # it is quiet now
        return (_later(thread, times, around.morning),)
    if times == 1:
        told = _again(thread, times, subject, texts.HAND_OVER_AGAIN, (thread.role, LEADER))
        up = Say(texts.HAND_OVER_UP.format(number=thread.number), to=Privately(thread.person), lane=Lane.PUSH)
        return (*told, up, _later(thread, times + 1, around.now + UP))
    said = Say(texts.HAND_OVER_RESTS.format(number=thread.number), to=Privately(thread.person), lane=Lane.PUSH)
    rests = (said,) if times == RESTS else ()
    if around.listed:
        return rests
    again = _again(thread, times, subject, texts.HAND_OVER_AGAIN, (thread.role,)) if times > RESTS else ()
    return (*rests, *again, _later(thread, times + 1, around.now + timedelta(days=1)))


def _again(
    thread: Thread, times: int, subject: Mapping[str, Any], wording: str, roles: tuple[str, ...]
) -> tuple[Say, ...]:
    """The card once more to these roles; who holds several hears it once."""
    assert thread.area is not None
    card, key = card_of(thread, subject), f"thread.{thread.id}.again.{times}"
    text = f"{wording.format(number=thread.number)}\n{card.text}"
    shown = replace(card, text=text, card=None, about=CardKey("thread", thread.id), key=key)
    return tuple(replace(shown, to=OnDuty(thread.area, role)) for role in roles)


def _later(thread: Thread, times: int, at: datetime) -> Schedule:
    return Schedule("thread.waiting", f"thread.{thread.id}.waiting", at, {"thread": thread.id, "times": times})


def _wait(times: int) -> timedelta:
    if times >= SELDOM:
        return timedelta(days=1)
    return AGAIN if times < OFTEN else AGAIN * 15
