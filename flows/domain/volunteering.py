"""Rules of volunteering that need no conversation: ages, time served, codes at the place, ranks, needs, matching."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from flows import refusals
from flows.errors import NotAllowed

ADULT = 18
ALONE = 14  # younger ones come with their guardian (志愿服务条例 asks for a guardian's consent below 18)
WINDOW = timedelta(minutes=5)  # how long a code shown at the place is the newest; the one before it still counts
CODE_DIGITS = 4
EARLY = timedelta(minutes=45)  # so long before the start one may check in
GRACE = timedelta(minutes=30)  # so long after the end check-outs are waited for
STARS = (100, 300, 600, 1000, 1500)  # hours: 志愿服务记录与证明出具办法, one to five stars
NEAR = 0.9  # of a threshold: told that it is near
FEW = 3  # volunteers a request is offered to at a time

SKILLS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "hospital": ("陪诊", ("陪诊", "看病", "去医院", "陪护")),
    "carry": ("搬东西", ("搬", "抬", "力气", "跑腿", "拎")),
    "haircut": ("理发", ("理发", "剪头", "剃头", "理个发")),
    "repair": ("修理", ("修", "水电", "电工", "木工", "焊")),
    "company": ("陪聊", ("陪聊", "聊天", "解闷", "说说话", "探访", "读报")),
    "tutor": ("辅导功课", ("辅导", "功课", "作业", "教书", "英语", "数学", "家教")),
    "meal": ("送饭买菜", ("送饭", "做饭", "买菜", "送菜", "送药", "买药", "代买")),
    "health": ("量血压护理", ("血压", "护士", "医生", "护理", "急救")),
    "phone": ("教用手机", ("手机", "电脑", "智能", "短视频")),
    "culture": ("文艺书画", ("唱", "跳舞", "书法", "画画", "摄影", "主持", "写字")),
    "drive": ("开车接送", ("开车", "接送", "司机", "三轮")),
    "clean": ("打扫清洁", ("打扫", "清洁", "捡垃圾", "扫雪", "保洁")),
}
TIMES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "weekday": ("平时白天", ("平时", "工作日", "白天", "周一", "周二", "周三", "周四", "周五")),
    "evening": ("晚上", ("晚上", "下班", "傍晚", "夜")),
    "weekend": ("周末", ("周末", "周六", "周日", "星期六", "星期天", "双休")),
}
NEED_MOVES: Mapping[tuple[str, str], str] = {
    ("open", "promise"): "promised",
    ("promised", "give_up"): "open",
    ("promised", "done"): "done",
    ("done", "confirm"): "confirmed",
    ("done", "refuse"): "promised",
    ("open", "withdraw"): "withdrawn",
    ("promised", "withdraw"): "withdrawn",
}
REFUSED = {
    "promise": "这一项刚被别人认领了，看看别的？",
    "give_up": "这一项现在不在您手上，不用退。",
    "done": "这一项现在不用报完成。",
    "confirm": "这一项还没有报完成，或者已经确认过了。",
    "refuse": "这一项还没有报完成，或者已经确认过了。",
    "withdraw": "这一项已经结束，不用撤了。",
}
Who = TypeVar("Who")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer as somebody to ask; `near` is how many levels of the tree lie between them and the request."""

    person: int
    skills: frozenset[str]
    times: frozenset[str]
    near: int = 0
    asked: int = 0  # how often lately: nobody is asked all the time


def age(born: date, today: date) -> int:
    """Full years; a birth date is a day in the calendar and has no hour to be shifted."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def named(text: str, table: Mapping[str, tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The entries of a table (SKILLS, TIMES) that a text names."""
    return tuple(key for key, (label, words) in table.items() if label in text or any(w in text for w in words))


def labels(keys: Iterable[str], table: Mapping[str, tuple[str, tuple[str, ...]]]) -> str:
    return "、".join(table[key][0] for key in keys if key in table)


def part_of_week(at: datetime) -> str:
    """Which of TIMES a local instant belongs to."""
    if at.weekday() >= 5:
        return "weekend"
    return "evening" if at.hour >= 18 else "weekday"


def served(starts_at: datetime, ends_at: datetime, came_at: datetime, left_at: datetime) -> int:
    """Whole minutes between coming and leaving, inside the shift; what lies outside has to be corrected by a person."""
    return max(0, int((min(left_at, ends_at) - max(came_at, starts_at)).total_seconds() // 60))


def place_codes(secret: bytes, shift: int, now: datetime) -> tuple[str, str]:
    """The numbers that count at the place of a shift now: the one shown, and the one shown just before."""
    count = int(now.timestamp() // WINDOW.total_seconds())
    return _code(secret, shift, count), _code(secret, shift, count - 1)


def _code(secret: bytes, shift: int, count: int) -> str:
    digest = hmac.new(secret, f"shift\0{shift}\0{count}".encode(), hashlib.sha256).digest()
    return str(int.from_bytes(digest[:8]) % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def spoken(minutes: int) -> str:
    """Time served as it is read: 2.5小时, 40分钟."""
    if minutes < 60:
        return f"{minutes}分钟"
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    return f"{hours}小时"


def ranks(scores: Iterable[tuple[int, Who]]) -> list[tuple[int, int, Who]]:
    """(rank, score, who), best first; who has the same score shares the rank, and the next one is counted on."""
    ordered = sorted(scores, key=lambda s: -s[0])
    found: list[tuple[int, int, Who]] = []
    for place, (score, who) in enumerate(ordered, 1):
        same = found and found[-1][1] == score
        found.append((found[-1][0] if same else place, score, who))
    return found


def reached(minutes: int, stars: Sequence[int] = STARS) -> tuple[int, ...]:
    """The thresholds (hours) somebody has come to."""
    return tuple(h for h in stars if minutes >= h * 60)


def nearly(minutes: int, stars: Sequence[int] = STARS) -> int | None:
    """The threshold somebody is close to."""
    return next((h for h in stars if h * 60 * NEAR <= minutes < h * 60), None)


def masked(name: str) -> str:
    """王小满 as 王*满, 王满 as 王*."""
    name = name.strip()
    if len(name) <= 2:
        return f"{name[:1]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def moved(state: str, action: str) -> str:
    """The state of a need after a step. Raises NotAllowed when it can't be taken."""
    after = NEED_MOVES.get((state, action))
    if after is None:
        raise NotAllowed(REFUSED.get(action, refusals.NO_STEP))
    return after


def to_ask(skill: str, when: str, candidates: Iterable[Candidate], few: int = FEW) -> tuple[int, ...]:
    """Who is asked next: who has the skill and the time, the nearest first, who was asked least among equals."""
    fit = [c for c in candidates if (not skill or skill in c.skills) and (not when or not c.times or when in c.times)]
    return tuple(c.person for c in sorted(fit, key=lambda c: (c.near, c.asked, c.person))[:few])
