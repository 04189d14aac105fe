"""A day and an hour out of what somebody typed, for appointments: 明天下午两点, 周三上午9点半, 3月8日14:30."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from flows.errors import Unclear
from flows.volunteer.rules import wish
from nlu.normalize import normalize
from nlu.slots import numeral

CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
SPOKEN = re.compile(r"([零一二三四五六七八九十两\d]{1,3})[点时](半|一刻|三刻|[零一二三四五六七八九十\d]{1,3})?")
WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天末]")
PARTS = {"半": 30, "一刻": 15, "三刻": 45}
LATE = re.compile(r"下午|傍晚|晚上|今晚|明晚|夜里")
NOON = re.compile(r"中午")
ASK = "请写清哪天几点，比如：明天下午两点、周三上午9点半、3月8日14:30。"
PAST = "这个时间已经过了，请再写一个以后的时间。"
FAR = "这个时间太远了，请写两个月以内的。"


def moment(text: str, now: datetime) -> datetime:
    """The instant meant, in the zone of `now`; raises Unclear with what to write instead."""
    text = normalize(text)
    days = wish(re.sub(r"\d{1,2}[:：]\d{2}", "", text), now.date()).days
    clock = _clock(text)
    if clock is None or (days is not None and len(days) != 1):
        raise Unclear(ASK)
    if days is None and not re.search(r"今|早上|上午|中午|下午|晚上", text):
        raise Unclear(ASK)
    day: date = next(iter(days)) if days else now.date()
    at = datetime.combine(day, clock, now.tzinfo)
    if at <= now:
        raise Unclear(PAST)
    if at - now > timedelta(days=62):
        raise Unclear(FAR)
    return at


def _clock(text: str) -> time | None:
    typed = CLOCK.search(text)
    if typed:
        hour, minute = int(typed[1]), int(typed[2])
    else:
        spoken = SPOKEN.search(WEEKDAY.sub(" ", text))
        found = numeral(spoken[1]) if spoken else None
        if spoken is None or found is None:
            return None
        rest = spoken[2] or ""
        hour, minute = found, PARTS.get(rest) or numeral(rest) or 0
    if (hour < 12 and LATE.search(text)) or (hour in (1, 2) and NOON.search(text)):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
