"""Decides in a group of residents whether to speak: pure, over a short memory of the group's last lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from nlu.normalize import fold, normalize
from nlu.understanding import Hazard, Understanding

KEEP_LINES = 30
KEEP = timedelta(minutes=30)
HOUR = timedelta(hours=1)
PATIENCE = timedelta(seconds=50)  # how long a doubtful matter waits for later lines; never over a minute
ONE_BREATH = timedelta(seconds=60)  # lines of one person that close together are one message
QUARREL = timedelta(minutes=3)
ALARM_AGAIN = timedelta(minutes=5)
OFFERS_AN_HOUR = 3
SURE_OFFERS_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class Tuned:
    """The strengths from which a matter is offered at once, or after a wait; `groups.*` of nlu/tuned.json."""

    offer: float = 0.75
    wait: float = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One line somebody said; `understanding` is of the joined text when `pending_text` gave something to join."""

    person: str
    text: str
    understanding: Understanding
    addressed: bool = False
    reply_to_bot: bool = False
    reply_to_person: bool = False
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What is kept of a line, for half an hour and never in a log."""

    person: str
    text: str
    at: datetime
    open_end: bool  # may be the first half of something


@dataclass(frozen=True, slots=True)
class Report:
    """A matter the assistant has offered to register; `joined` are other people who have it too."""

    person: str
    service: str
    place: str
    at: datetime
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter that is offered at `until` unless somebody solves it first."""

    person: str
    text: str
    service: str
    place: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one group; small, and JSON both ways."""

    lines: tuple[Heard, ...] = ()
    open_reports: tuple[Report, ...] = ()
    offers: tuple[datetime, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    alarms: tuple[tuple[str, datetime], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "lines": [[h.person, h.text, h.at.isoformat(), h.open_end] for h in self.lines],
            "open_reports": [[r.person, r.service, r.place, r.at.isoformat(), list(r.joined)] for r in self.open_reports],
            "offers": [at.isoformat() for at in self.offers],
            "waiting": [[w.person, w.text, w.service, w.place, w.until.isoformat()] for w in self.waiting],
            "alarms": [[hazard, at.isoformat()] for hazard, at in self.alarms],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Memory:
        """Raises KeyError, ValueError or TypeError when `stored` was not made by `to_json`."""
        time = datetime.fromisoformat
        return cls(
            lines=tuple(Heard(p, t, time(at), bool(o)) for p, t, at, o in stored["lines"]),
            open_reports=tuple(Report(p, s, w, time(at), tuple(j)) for p, s, w, at, j in stored["open_reports"]),
            offers=tuple(time(at) for at in stored["offers"]),
            waiting=tuple(Waiting(p, t, s, w, time(until)) for p, t, s, w, until in stored["waiting"]),
            alarms=tuple((hazard, time(at)) for hazard, at in stored["alarms"]),
        )


@dataclass(frozen=True, slots=True)
class Silent:
    """Says nothing; `joins` is the open report this line belongs to."""

    joins: Report | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Offers `person`, once and briefly, to register `text`."""

    person: str
    text: str
    service: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answers who addressed it, or names the hotline where somebody is in danger."""

    danger: Hazard | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Would offer, but later lines may settle it first: `settle` is asked again at `until`."""

    until: datetime
    person: str = field(default="")
    text: str = field(default="")
    service: str = field(default="")
    place: str = field(default="")


Decision = Silent | Offer | Answer | Wait

# All of these read normalised and folded text.
_NEVER = {
    "advert": r"专业|上门(?!女婿)|高价|回收|疏通|拆洗|清洗|补漏|街坊价|便民价|不收费|不收钱|议价|勿扰|优惠|下单|立减|转让|出租|求租|加微信|团购|接龙|包邮|自取|招聘|招(?:聘|工|生)|代办|扫码|便宜卖|出售|卖了",
    "elsewhere": r"公司|单位(?!宿舍)|办公室|老家|他们(?:镇|县|那|村|市|小区)|她们(?:镇|县|那|村|市|小区)|新闻|热搜|县城|外地|听说|听老|网上|视频里|电视|我(?:姐|妹|哥|弟|姑|姨|舅|表|堂|侄|同学|朋友|闺蜜|同事)[^,。，]{0,6}(?:那|在|家|小区|他们|她们)|宿舍|食堂|酒店|餐厅|店里|外卖|送餐|快递|景区|机场|高铁|航班|游戏|电影|剧|歌|老板|领导",
    "past": r"小时候|以前|从前|当年|那年|去年|前年|年前|年轻(?:时|那)|想当初|早些年|过去|那会儿|那时候",
    "solved": r"原来|弄好|修好|好了(?!几|多)|没事|换了(?:新|人)|干净(?!不)|真好|好多了|搞定|道歉|对不住|对不起|不好意思|抱歉|已经(?:报|修|解决|处理|联系|上报)|解决了|恢复|问到|不用(?:了|报)|来(?:水|电|气|暖)了|点赞|表扬|辛苦|谢谢|感谢|真不错|注意安全|小心点|祝|恭喜|抓回来|赶回来|拎回来|领回",
    "play": r"哈哈|嘿嘿|嘻嘻|呵呵|笑死|\[(?:捂脸|旺柴|偷笑|呲牙|笑|破涕|坏笑|白眼|裂开|奸笑|狗头)|😂|🤣|😄|😆|开玩笑|评评理|猜猜|羡慕|馋",
    "notice": r"通知|公告|提示|提醒|请大家|大家(?:注意|记得|小心|把)|各位(?:居民|业主|家长|邻居|楼长)|预警|预报|(?:注意|记得).{0,8}(?:拿|收|搬|关|检查|避|慢|带)|(?:拿|收|搬)(?:出来|进来|进去)|检查下|别忘",
    "plan": r"如果|要是|万一(?!起火)|假如|再不.{1,6}就(?:投诉|举报)|(?:就|要)(?:给)?投诉",
}
_SOFT = {
    "asks": r"谁家|怎么还不|什么时候(?:烧|供|来|装|修|有|开)|有没有人|有人(?:知道|见|会)|有谁|谁(?:有|会|知道|见|看|要|去)|哪里(?:有|能|可)|哪儿|怎么样|几点|什么时候|多少钱|是不是|会不会|吗$|呢$|\?$|吧$",
    "reacts": r"^(?:对|是|不|没|嗯|哦|啊|哎|唉|就是|可不|我也|也|难怪|怪不得|肯定|估计|可能|好像|应该|那|都|又)",
    "mine": r"我家(?:的)?(?:灯泡|空调|冰箱|洗衣机|电视|马桶|热水器|油烟机|手机|电脑|wifi|网|窗帘|沙发|灯)",
}
_HARD_NO = re.compile("|".join(_NEVER.values()))
_SOFT_NO = tuple(re.compile(pattern) for pattern in _SOFT.values())
_SOMEBODY = re.compile(r"@\S")
_ALSO = re.compile(r"也(?:是|有|看|见|这|被|漏|没|不|坏|臭|凉|停|堵|闻|听|遇|在|住|从|冒|黑|吵)|同(?:样|问|求)|一样|\+1|我(?:也|家也)|可不是|都(?:是|这样)|就(?:是|住)|确实|还(?:在|是)")
_SOLVED = re.compile(_NEVER["solved"] + r"|跳闸|阀门|欠费|虚惊|散了|走了|停了|收到|马上(?:来|到|去)|(?:师傅|电工|物业|网格员)(?:说|来|在|已)|算了|不是的|看错|听错|检修|通知|别报|正常|我家(?:有|热|没停|行|好)|我有")
_QUARREL = re.compile(r"骂|嘴巴放|说话(?:注意|客气|放尊重)|你(?:什么意思|算|谁啊|行你上|急什么|家.{0,8}怎么不)|关你|抬杠|少管|有意思吗|杠|不讲理|点你名|赖我|评理|尊重|闭嘴|有病")
_PLACE = re.compile(r"楼道|单元|电梯|大堂|车库|地库|门口|小区|路(?:口|灯|面|边|上)?|街|巷|井|河|桥|坡|公园|广场|学校|幼儿园|天台|楼顶|顶楼|楼下|楼上|垃圾|绿化|护栏|石栏|栏|水管|暖气|管|电线|杆|灯|厕所|下水|围墙|墙|树|健身|滑梯|坝|沟|渠|镜|\d+(?:号楼|栋|座|幢|楼)|[a-z](?:座|栋)|对面|隔壁|院")
_TROUBLE = re.compile(r"坏|漏|堵|塌|爆|倒|断|吵|臭|冒|裂|掉|碎|陷|歪|晃|淹|积水|进水|返水|溢|脏|污|黑(?:灯|漆|咕|得)|没(?:水|电|气|暖|人(?:管|修|扫|收))|停(?:水|电|气)|不(?:亮|通|热|走|动|制|管|修|来)|震|蹦|砸|敲|喊|喇叭|噪|油烟|呛|味|苍蝇|老鼠|蟑螂|占|堆|挡|拦|圈|泼|扔|摔|跌|滑|撞|咬|飞线|充电|火花|火星|烧|渗|瘪|松|丢|偷|锈|烂|打桩|施工|违|乱停|滴|灌|开台|打麻将|唱|震动|冻|扰")


def decide(memory: Memory, line: Line, now: datetime, tuned: Tuned | None = None) -> Decision:
    """What to do about one line; `memory` is of the lines before it. Times are aware. Danger and who asks never wait."""
    if line.understanding.danger is not None:
        return _alarm(memory, line, now)
    if line.addressed or line.reply_to_bot:
        return Answer()
    heard = fold(normalize(line.text))
    known = _same_matter(memory, line, heard, now)
    if known is not None:
        return Silent(joins=known)
    strength = problem(line)
    numbers = tuned or Tuned()
    if strength < numbers.wait or _is_row(memory, now) or not _may_offer(memory, now, strength >= numbers.offer):
        return Silent()
    seen = line.understanding
    place = seen.slots.place or ""
    if strength >= numbers.offer:
        return Offer(line.person, line.text, seen.service, place)
    return Wait(now + PATIENCE, line.person, line.text, seen.service, place)


def problem(line: Line) -> float:
    """How strongly (0..1) a line speaks of a concrete problem of this place that nobody has solved and nobody else was asked about."""
    heard = fold(normalize(line.text))
    if len(heard) < 4 or _SOMEBODY.search(heard) or _HARD_NO.search(heard):
        return 0.0
    seen = line.understanding
    complaint = dict(seen.ranking).get("complaint", seen.confidence if seen.flow == "complaint" else 0.0)
    whole = fold(normalize(seen.text)) if seen.text else heard  # with the line it completes
    strength = float(complaint * seen.local) ** 0.5
    place, trouble = bool(seen.slots.place or _PLACE.search(whole)), bool(_TROUBLE.search(whole))
    strength += 0.15 * (place and trouble) - 0.25 * (not place) - 0.25 * (not trouble)
    strength -= 0.2 * sum(bool(pattern.search(heard)) for pattern in _SOFT_NO) + 0.15 * (len(heard) < 8)
    strength -= 0.2 * (line.reply_to_person and not line.photo)
    return min(1.0, max(0.0, strength))


def remember(memory: Memory, line: Line, now: datetime, decision: Decision = Silent()) -> Memory:  # noqa: B008 (frozen)
    """Memory after `line` was heard and `decision` taken; forgets what is older than half an hour."""
    kept = _forget(memory, now)
    heard = fold(normalize(line.text))
    if _SOLVED.search(heard):
        kept = replace(kept, waiting=())
    fragment = not isinstance(decision, Offer | Answer) and not (line.addressed or line.reply_to_bot or line.reply_to_person)
    kept = replace(kept, lines=(*kept.lines, Heard(line.person, line.text[:200], now, fragment))[-KEEP_LINES:])
    match decision:
        case Silent(joins=Report() as report) if line.person not in (report.person, *report.joined):
            more = replace(report, joined=(*report.joined, line.person))
            return replace(kept, open_reports=tuple(more if r == report else r for r in kept.open_reports))
        case Offer():
            return _offered(kept, decision, now)
        case Wait():
            waiting = Waiting(decision.person, decision.text, decision.service, decision.place, decision.until)
            return replace(kept, waiting=(*(w for w in kept.waiting if w.person != line.person), waiting))
        case Answer(danger=Hazard() as hazard):
            return replace(kept, alarms=(*kept.alarms, (hazard.value, now)))
    return kept


def settle(memory: Memory, now: datetime) -> tuple[tuple[Offer, ...], Memory]:
    """The offers whose wait is over at `now`, and the memory after they were made."""
    due = tuple(w for w in memory.waiting if w.until <= now)
    kept = replace(_forget(memory, now), waiting=tuple(w for w in memory.waiting if w.until > now))
    offers = []
    for waiting in due:
        if _is_row(kept, now) or not _may_offer(kept, now, False):
            continue
        offer = Offer(waiting.person, waiting.text, waiting.service, waiting.place)
        offers.append(offer)
        kept = _offered(kept, offer, now)
    return tuple(offers), kept


def pending_text(memory: Memory, person: str, now: datetime) -> str | None:
    """The line `person` said a moment ago that a new line may complete: the caller understands both joined; else None."""
    said = [h for h in memory.lines if h.person == person]
    if not said or now - said[-1].at > ONE_BREATH or not said[-1].open_end:
        return None
    text = said[-1].text
    return text if any(c.isalnum() for c in text) and not _SOMEBODY.search(text) else None


def _alarm(memory: Memory, line: Line, now: datetime) -> Decision:
    hazard = line.understanding.danger
    assert hazard is not None
    told = any(h == hazard.value and now - at < ALARM_AGAIN for h, at in memory.alarms)
    return Silent() if told and not (line.addressed or line.reply_to_bot) else Answer(danger=hazard)


def _same_matter(memory: Memory, line: Line, heard: str, now: datetime) -> Report | None:
    """The open report a line belongs to: more of the same from who reported it, or a neighbour who has it too."""
    place, service = line.understanding.slots.place or "", line.understanding.service
    matters = (*memory.open_reports, *(Report(w.person, w.service, w.place, w.until - PATIENCE) for w in memory.waiting))
    for report in sorted(matters, key=lambda r: r.at, reverse=True):
        if now - report.at > KEEP:
            continue
        recent = now - report.at <= KEEP / 3
        if recent and report.person == line.person:
            return report
        if report.service == service and (not place or not report.place or place in report.place or report.place in place):
            return report
        if recent and _ALSO.search(heard):
            return report
    return None


def _offered(memory: Memory, offer: Offer, now: datetime) -> Memory:
    report = Report(offer.person, offer.service, offer.place, now)
    waiting = tuple(w for w in memory.waiting if w.person != offer.person)
    return replace(memory, offers=(*memory.offers, now), open_reports=(*memory.open_reports, report), waiting=waiting)


def _may_offer(memory: Memory, now: datetime, sure: bool) -> bool:
    lately = sum(now - at < HOUR for at in memory.offers) + len(memory.waiting)
    return lately < (SURE_OFFERS_AN_HOUR if sure else OFFERS_AN_HOUR)


def _is_row(memory: Memory, now: datetime) -> bool:
    """Whether people are at each other: two sharp lines of the last minutes."""
    sharp = [h for h in memory.lines if now - h.at <= QUARREL and _QUARREL.search(fold(normalize(h.text)))]
    return len(sharp) >= 2 and len({h.person for h in sharp}) >= 2


def _forget(memory: Memory, now: datetime) -> Memory:
    return replace(
        memory,
        lines=tuple(h for h in memory.lines if now - h.at <= KEEP),
        open_reports=tuple(r for r in memory.open_reports if now - r.at <= KEEP),
        offers=tuple(at for at in memory.offers if now - at < HOUR),
        alarms=tuple(alarm for alarm in memory.alarms if now - alarm[1] < ALARM_AGAIN),
    )
