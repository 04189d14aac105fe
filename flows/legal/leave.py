"""A legal guide or adviser who will be away: from when until when, and that they are back; pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flows.effects import Effect, TakeLeave
from flows.errors import Unclear
from flows.flow import Answers, Ask, Choice, Flow, Turn
from flows.legal import leave_texts as texts
from nlu.dates.numbers import number
from nlu.dates.told import when_told
from nlu.dates.values import Kind, When
from nlu.late import regex
from nlu.normalize import normalize

LONGEST = 62  # days
ENDS = regex(
    r"(?:我|已经|今天|现在|那|提前|[,， ])*(?:回来(?:上班|值班)?|销假|上班|休(?:完|好)?假(?:结束|完)|假(?:休完|结束))了"
    r"(?:可以(?:接|答)(?:咨询|问题)?了|啊|哈|吧|[,， ])*"
    r"|(?:我|要|想|帮我|先|[,， ])*(?:销假|取消(?:请假|休假)|不(?:请假|休假|出差)了)(?:吧|啊|了)*"
)
_LENGTH = regex(
    r"(?P<many>[\d一二两三四五六七八九十]{1,3}|半)(?P<unit>天|日|个?(?:星期|礼拜)|周|个月)(?![一二三四五六日天])"
)
_DAYS = {"天": 1, "日": 1, "周": 7, "个月": 30}
_UNTIL = regex(
    r"^(?P<from>.*?)(?:到|至|直到)(?P<to>[^,，。;；]{1,10}?)(?P<back>(?:才|再)?(?:回来|上班|回))?(?:为止|止|[,，。;；]|$)"
)
_BACK = regex(r"(?:^|[,，。;； ])(?P<to>[^,，。;；到至]{2,8}?)(?:才|再|就)?(?:回来|上班|回)")


def span(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From when until when (not included) somebody says to be away, in the zone of `now`; None: until when is open."""
    text = normalize(text)
    day = _day(text, now)
    if day and day.kind is Kind.SPAN:
        return _kept(day.start or now, day.end, now)
    if (found := _UNTIL.search(text)) and (last := _day(found["to"], now)):
        return _kept(_begins(found["from"], now), last.start if found["back"] else last.end, now)
    if (found := _BACK.search(text)) and (last := _day(found["to"], now)):
        return _kept(_begins(text[: found.start()], now), last.start, now)
    if found := _LENGTH.search(text):
        first = _begins(text[: found.start()], now)
        return first, _midnight(first) + timedelta(days=_days(found["many"], found["unit"]))
    return _kept(day.start or now, day.end, now) if day else None


def _kept(begin: datetime, end: datetime | None, now: datetime) -> tuple[datetime, datetime] | None:
    begin = max(begin, now)
    return (begin, end) if end is not None and begin < end else None


def _begins(text: str, now: datetime) -> datetime:
    day = _day(text, now)
    return max(day.start, now) if day and day.start else now


def _day(text: str, now: datetime) -> When | None:
    """The one time to come that is told; None where there is none, or several, or it is unclear."""
    told = when_told(text, now, future=True)
    return told.found if told and isinstance(told.found, When) and told.found.start and told.found.end else None


def _days(many: str, unit: str) -> int:
    unit = "周" if unit.endswith(("星期", "礼拜")) else unit
    return max(1, int((0.5 if many == "半" else number(many) or 1) * _DAYS[unit]))


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time.min, at.tzinfo)


def _typed(turn: Turn, _answers: Answers) -> list[str]:
    now = turn.now.astimezone(turn.zone)
    found = span(turn.said.text, now) or span(f"到{turn.said.text}", now)
    if found is None:
        raise Unclear(texts.ASK_UNTIL)
    if found[1] - now > timedelta(days=LONGEST):
        raise Unclear(texts.TOO_LONG)
    return [at.isoformat() for at in found]


def _choices(_answers: Answers, _turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(days), label) for days, label in texts.UNTIL.items())


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    told = answers["until"]
    if isinstance(told, str):  # pressed: so many days, today among them
        now = turn.now.astimezone(turn.zone)
        return (TakeLeave(turn.person, now, _midnight(now) + timedelta(days=int(told))),)
    since, until = (datetime.fromisoformat(at) for at in told)
    return (TakeLeave(turn.person, since, until),)


LEAVE = Flow(
    "legal_leave", "", frozenset(), (Ask("until", texts.ASK_UNTIL, _typed, choices=_choices, free=True),), _finish
)
