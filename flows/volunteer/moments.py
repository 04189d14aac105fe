"""When an activity takes place, as an organiser writes it: one time, several days, or every week so many times."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.errors import Unclear
from flows.volunteer.rules import wish
from nlu.late import regex
from nlu.normalize import normalize
from nlu.slots import numeral

MOST = 26  # shifts of one go: half a year of weeks
_CLOCK = r"(上午|下午|晚上|中午|早上)?\s*(\d{1,2})\s*(?:[:：点时]\s*(\d{1,2}|半)?)?分?"
_BEGINS = regex(r"(上午|下午|晚上|中午|早上)?\s*(\d{1,2})\s*[:：点时]\s*(\d{1,2}|半)?分?")
_SPAN = regex(rf"{_CLOCK}\s*(?:-|—|–|~|～|到|至)+\s*{_CLOCK}")
_WEEKLY = regex(r"每(?:周|星期|个?礼拜)")
_SPOKEN = regex(r"[零一二三四五六七八九十两]{1,3}(?=[点时号日月分])")
_TIMES = regex(r"(?:共|连续|一共)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:次|周|个?星期)")
_NUMERALS = "零一二三四五六七八九十"
_WHEN = regex(
    r"(?:改[到成]|时间|是|就|还是|那?就?定在?|每个?|[上下这本]个?|周|星期|礼拜|[今明后]天|[一二三四五六日末]|上午|下午|晚上|中午|早上|共|次"
    r"|\d|[年月号点时分半到至]|开始|结束|[-—–~:：,，。、 ])+"
)
BAD = "没看懂时间，请按「周六 9:00-11:00」或者「12月6日 下午2点到4点」这样发；每周都有就发「每周六 9:00-11:00 共8次」。"
BAD_ONE = "没看懂改到什么时候，请按「周日 9:00-11:00」这样发；只换日子就发「周日」，只换钟点就发「下午2点」。"
BAD_SPAN = "没看懂，请发「2小时」「1.5」或者「90分钟」这样的数。"
_MINUTES = regex(r"(?P<minutes>\d{1,4})分钟?")
_HOURS = regex(r"(?P<hours>\d{1,3}(?:\.\d{1,2})?)?(?P<half>半)?(?:小时(?P<minutes>\d{1,2})分钟?|小时)?")
PAST = "这个时间已经过了，请再核对一下。"
TURNED = "结束要晚于开始，请再核对一下。"
TOO_MANY = f"一次最多开{MOST}场，请少一些。"


def times(text: str, now: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """The (start, end) of each shift; raises Unclear."""
    plain = _figures(normalize(text))
    span = _SPAN.search(plain)
    days = _days(_without(plain, span), now.astimezone(zone).date()) if span else ()
    if span is None or not days:
        raise Unclear(BAD)
    return tuple(_on(day, span, now, zone) for day in days)


def another(text: str, begins: datetime, ends: datetime, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When what was to last from `begins` to `ends` takes place instead: what is not said, the day, the hour or how
    long, stays as it was; raises Unclear."""
    plain = _figures(normalize(text))
    span = _SPAN.search(plain)
    clock = None if span else _BEGINS.search(plain)
    days = _days(_without(plain, span or clock), now.astimezone(zone).date())
    if len(days) > 1 or not (days or span or clock):
        raise Unclear(BAD_ONE)
    was = begins.astimezone(zone)
    day = days[0] if days else was.date()
    if span:
        return _on(day, span, now, zone)
    start = datetime.combine(day, _clock(clock[1], clock[2], clock[3]) if clock else was.time(), zone)
    if start <= now:
        raise Unclear(PAST)
    return start, start + (ends - begins)


def _without(text: str, found: re.Match[str] | None) -> str:
    return text[: found.start()] + text[found.end() :] if found else text


def _on(day: date, span: re.Match[str], now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = _clock(span[1], span[2], span[3])
    end = _clock(span[4] or _carried(span[1], span[2], span[5]), span[5], span[6])
    if end <= start:
        raise Unclear(TURNED)
    begins = datetime.combine(day, start, zone)
    if begins <= now:
        raise Unclear(PAST)
    return begins, datetime.combine(day, end, zone)


def only(text: str) -> bool:
    """Whether it says nothing but when: no answer to where or what."""
    plain = _figures(normalize(text)).strip()
    return _WHEN.fullmatch(plain) is not None and re.search(r"[点时:：周号日天末]", plain) is not None


def _figures(text: str) -> str:
    """十二月六号下午两点 → 12月6号下午2点."""
    return _SPOKEN.sub(lambda m: str(numeral(m[0])) if numeral(m[0]) is not None else m[0], text)


def _days(text: str, today: date) -> tuple[date, ...]:
    weekly = _WEEKLY.search(text)
    count = _TIMES.search(text)
    first = wish(text.replace("每周", "周").replace("每星期", "周"), today).days
    if not first:
        return ()
    number = _number(count[1]) if weekly and count else 4 if weekly else 1
    if number * len(first) > MOST:
        raise Unclear(TOO_MANY)
    days = {day + timedelta(weeks=week) for day in first for week in range(number)}
    return tuple(sorted(days))


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    digits = [_NUMERALS.index(c) for c in word]
    return digits[0] if len(digits) == 1 else 10 + digits[1] if digits[0] == 10 else digits[0] * 10


def _carried(part: str | None, first: str, second: str) -> str | None:
    """下午2点到4点: both are in the afternoon; 上午9点到1点 is not."""
    return part if int(second) > int(first) or part in ("下午", "晚上") else None


def _clock(part: str | None, hour: str, minute: str | None) -> time:
    at = int(hour)
    if part in ("下午", "晚上") and at < 12:
        at += 12
    minutes = 30 if minute == "半" else int(minute or 0)
    if at > 23 or minutes > 59:
        raise Unclear(BAD)
    return time(at, minutes)


def minutes(text: str) -> int:
    """How long somebody served, as written: 2小时, 1.5, 90分钟, 一个半小时, 0; raises Unclear."""
    plain = re.sub(r"\s|个|共|约|大概", "", normalize(text)).replace("钟头", "小时").replace("两", "2")
    plain = re.sub(r"^[一二三四五六七八九十]", lambda m: str(_NUMERALS.index(m[0])), plain)
    found = _MINUTES.fullmatch(plain) or _HOURS.fullmatch(plain)
    if found is None or not any(found.groups()):
        raise Unclear(BAD_SPAN)
    parts = {"hours": "0", "half": "", "minutes": "0"} | {k: v for k, v in found.groupdict().items() if v}
    whole = round(float(parts["hours"]) * 60) + int(parts["minutes"]) + (30 if parts["half"] else 0)
    if whole > 24 * 60:
        raise Unclear("一次活动最多记24小时，请核对一下。")
    return whole
