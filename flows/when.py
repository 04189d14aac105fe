"""A day and an hour out of what somebody typed, for appointments: 明天下午两点, 周三上午9点半, 3月8日14:30."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flows.errors import Unclear
from nlu.dates.spoken import label
from nlu.dates.told import when_told
from nlu.dates.values import Doubt, Grain, Kind, When, Why
from nlu.normalize import normalize

ASK = "请写清哪天几点，比如：明天下午两点、周三上午9点半、3月8日14:30。"
PAST = "这个时间已经过了，请再写一个以后的时间。"
FAR = "这个时间太远了，请写两个月以内的。"
WHICH = "是{first}，还是{last}？请写清楚一点再发一次。"
DAYTIME = range(8, 18)  # 10点 of an appointment is not at night
HOURS = frozenset((Grain.MINUTE, Grain.HOUR))


def coming(text: str, now: datetime, *, ask: str = ASK) -> When:
    """The one time to come that is meant, of whatever grain; raises Unclear with what to write instead."""
    told = when_told(normalize(text), now, future=True)
    if told is None:
        raise Unclear(ask)
    if isinstance(told.found, When):
        return told.found
    return _chosen(told.found, now, ask)


def _chosen(doubt: Doubt, now: datetime, ask: str) -> When:
    """Of the two halves of one day the one in which people meet; any other doubt is theirs to end."""
    if doubt.why is Why.AHEAD:
        raise Unclear(PAST)
    awake = [one for one in doubt.readings if one.start and one.start.hour in DAYTIME]
    days = {one.start.date() for one in doubt.readings if one.start}
    if doubt.why is Why.WHICH_HOUR and len(awake) == len(days) == 1:
        return awake[0]
    if len(doubt.readings) < 2:
        raise Unclear(ask)
    raise Unclear(_which(doubt.readings, now))


def _which(readings: Sequence[When], now: datetime) -> str:
    names = [label(one, now) for one in readings]
    return WHICH.format(first="、".join(names[:-1]), last=names[-1])


def moment(text: str, now: datetime) -> datetime:
    """The instant meant, in the zone of `now`; raises Unclear with what to write instead."""
    found = coming(text, now)
    if found.start is None or found.kind is not Kind.AT or found.grain not in HOURS or found.about:
        raise Unclear(ASK)
    if found.start <= now:
        raise Unclear(PAST)
    if found.start - now > timedelta(days=62):
        raise Unclear(FAR)
    return found.start
