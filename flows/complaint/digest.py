"""What a staff group reads of its cases in the morning, and what one leader on duty leaves to the next: one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.complaint.rules import spoken

TITLE = "早上好，今天的诉求："
MORNING = "早上好。"
UNTAKEN = "居民找人工，还没有人接：{numbers}{more}。点一下就接下，工作台上也能接。"
MORE_WAITING = "等{count}件"
COUNTS = "在办{open}件，其中新的{new}件，快到时限{near}件，超时{overdue}件。"
SOON = "先看这几件："
LINE = "· {number} {title}，{due}"
MORE = "……还有{more}件快到时限或超时"
SHIFT = "交接班：上一班还在办的，交到您手上了。"
CALLS = "紧急求助{alarms}件没结束，等人工{waiting}件。"
NOTHING_OPEN = "现在没有在办的诉求。"
NOW = "现在的诉求："
IN_HAND = "您手上在办{open}件："
NOTHING_IN_HAND = "您手上没有在办的诉求。"
CALLED = "请你们到场的{open}件，到了点卡片上的「报到」，或者说「我到了」："
NOT_HERE_YET = "，还没报到"
LED = "您管的地方现在等接单{waiting}件，在办{working}件，超时{late}件。名单在工作台上。"
TALKS = "和您说着的：{what}。回复那条消息，居民就看得到；说完点「结束」。"
TALK = {"alarm": "紧急求助 {number}", "handover": "找人工 {number}", "legal": "法律咨询 {number}"}
AWAY = "请假、调班要改值班表，请跟{admin}说一声；改好以前，新来的还会发给您。要退志愿活动，发「取消报名」。"
CASE = "{number} {title}，{where}：{status}，经办 {owner}{due}"
DUE = "，{due}前"
NOWHERE, NOBODY = "位置未定", "还没有人"
ON_THE_CARD = "接单、转派、办结都点它的卡片，工作台上也能办。"
NO_SUCH = "没有查到这个编号：可能写错了，也可能不在您管的片区。请照卡片上的编号再发一次。"
LATE = "超时的诉求："
NONE_LATE = "现在没有超时的诉求。"
HOW = (
    "接单、转派、吹哨、退回、延期、办结，都点那件诉求卡片上的按钮；转给谁可以直接打名字，不归自己管就「退回」或者「转派」。"
    "写一句、发照片，回复那张卡片就行；写错了再回复一句更正。卡片翻不到了，工作台上也能办，发编号给我也能查。"
)
GONE = (
    "离职、调动请跟{admin}说一声，从人员名单里去掉就行。去掉以后，手上在办的诉求自动退回，"
    "重新请人接单，居民不用再报一遍；正说着话的，也请同事接着说。"
)
OFFICE = "管理员"
HANDS = "\n您手上还有{what}，先转给同事，或者跟居民说好等到哪天。"
TO_HAND_OUT = "换好等居民来取的{count}份，居民报取货码，发给我就核销。"
WAITS = "等您或者同事接的：{what}，工作台上也能接。"
WAITING = {"alarm": "紧急求助{n}件", "handover": "居民找人工{n}件", "legal": "法律咨询{n}条"}
REST = "……还有{more}件，工作台上都有"
SHOWN = 6
NEAR = timedelta(days=1)  # so long before its clock runs out a case is near it


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is being worked on, as the digest counts it."""

    number: str
    title: str
    opened_at: datetime
    due: datetime | None
    owned: bool
    take_by: datetime | None = None  # while nobody has it

    @property
    def clock(self) -> datetime | None:
        """The one of its clocks that runs out first."""
        return min((at for at in (self.take_by, self.due) if at), default=None)


def digest(
    cases: Sequence[OpenCase],
    now: datetime,
    since: datetime,
    zone: ZoneInfo,
    *,
    workday: bool = True,
    waiting: Sequence[str] = (),
) -> str | None:
    """The morning's text; None when there is nothing to tell: on a day off, unless something should be done by now.
    `waiting`: the numbers of the calls for a person that nobody has taken."""
    late = any(c.due and c.due < now for c in cases)
    if not waiting and (not cases or not (workday or late)):
        return None
    more = MORE_WAITING.format(count=len(waiting)) if len(waiting) > SHOWN else ""
    calls = [UNTAKEN.format(numbers="、".join(waiting[:SHOWN]), more=more)] if waiting else []
    return "\n".join([TITLE if cases else MORNING, *calls, *(_told(cases, now, since, zone) if cases else ())])


def hand_over(
    cases: Sequence[OpenCase], alarms: int, waiting: int, now: datetime, since: datetime, zone: ZoneInfo
) -> str | None:
    """What whoever comes on duty should know; None when nothing is open."""
    if not cases and not alarms and not waiting:
        return None
    calls = [CALLS.format(alarms=alarms, waiting=waiting)] if alarms or waiting else []
    return "\n".join([SHIFT, *calls, *(_told(cases, now, since, zone) if cases else ())])


def work(cases: Sequence[OpenCase], now: datetime, zone: ZoneInfo) -> str:
    """What a staff group hears when it asks what is open."""
    return "\n".join([NOW, *_told(cases, now, now - NEAR, zone)]) if cases else NOTHING_OPEN


def in_hand(cases: Sequence[OpenCase], now: datetime, zone: ZoneInfo) -> str:
    """What a member of staff hears of their own cases, in the order given."""
    if not cases:
        return NOTHING_IN_HAND
    lines = [_line(c, now, zone) for c in cases[:SHOWN]]
    more = [REST.format(more=len(cases) - SHOWN)] if len(cases) > SHOWN else []
    return "\n".join([IN_HAND.format(open=len(cases)), *lines, *more])


def called(cases: Sequence[tuple[OpenCase, bool]], now: datetime, zone: ZoneInfo) -> str:
    """What a department hears of the cases it is called out to; each with whether it has reported in."""
    lines = [f"{_line(case, now, zone)}{'' if here else NOT_HERE_YET}" for case, here in cases[:SHOWN]]
    more = [REST.format(more=len(cases) - SHOWN)] if len(cases) > SHOWN else []
    return "\n".join([CALLED.format(open=len(cases)), *lines, *more])


def talks(threads: Sequence[tuple[str, str]]) -> str:
    """What a member of staff hears of the conversations (kind, number) they have taken; "" without any."""
    what = "、".join(_called(threads))
    return TALKS.format(what=what) if what else ""


def hands(cases: int, threads: Sequence[tuple[str, str]]) -> str:
    """What a member of staff who will be away still has: how many cases, and which conversations; "" for nothing."""
    what = [*([f"诉求{cases}件"] if cases else ()), *_called(threads)]
    return HANDS.format(what="、".join(what)) if what else ""


def _called(threads: Sequence[tuple[str, str]]) -> list[str]:
    return [TALK[kind].format(number=number) for kind, number in threads if kind in TALK]


def waits(threads: Mapping[str, int]) -> str:
    """What a member of staff hears of conversations that wait to be taken, by kind; "" when none does."""
    what = "、".join(text.format(n=threads[kind]) for kind, text in WAITING.items() if threads.get(kind))
    return WAITS.format(what=what) if what else ""


def _line(case: OpenCase, now: datetime, zone: ZoneInfo) -> str:
    if case.clock is None:
        return f"· {case.number} {case.title}"
    return LINE.format(number=case.number, title=case.title, due=_due(case, now, zone))


def _told(cases: Sequence[OpenCase], now: datetime, since: datetime, zone: ZoneInfo) -> list[str]:
    late = _late(cases, now)
    near = [c for c in cases if c.clock and now <= c.clock < now + NEAR]
    new = sum(c.opened_at >= since for c in cases)
    counts = COUNTS.format(open=len(cases), new=new, near=len(near), overdue=len(late))
    urgent = sorted((*late, *near), key=lambda c: (c.clock, c.number))
    lines = [LINE.format(number=c.number, title=c.title, due=_due(c, now, zone)) for c in urgent[:SHOWN]]
    more = [MORE.format(more=len(urgent) - SHOWN)] if len(urgent) > SHOWN else []
    return [counts, *([SOON] if lines else []), *lines, *more]


def _late(cases: Sequence[OpenCase], now: datetime) -> list[OpenCase]:
    return [c for c in cases if c.clock and c.clock < now]


def _due(case: OpenCase, now: datetime, zone: ZoneInfo) -> str:
    assert case.clock
    word = "已超时" if case.clock < now else f"{spoken(case.clock, now, zone)}前"
    return word if case.owned else f"{word}，还没有人接"
