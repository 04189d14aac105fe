"""The monthly public notice (公示) of a community's points: masked names, what by which rule, the word against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.complaint.locate import community_told
from flows.effects import Effect, OpenThread, Say
from flows.effects.points import ShowNotice
from flows.errors import Unclear
from flows.flow import Answers, Ask, Choice, Flow, Turn

TITLE = "{community} {year}年{month}月道德银行积分公示"
SUMMARY = (
    "{title}\n共{count}条，加分{plus}分，扣分{minus}分。名字只露一个姓。"
    "{until}前有异议，点下面的按钮，只有评议会看得到。"
)
NOTHING = "{title}\n这个月没有加分、扣分。"
MORE = "……还有{count}条，请看居民群里的公示图片；图片里没有的，可以到社区查。"
HEADER = ("编号", "日期", "户", "事项", "积分")
FOOT = "有异议，请在公示期内提出，由道德评议会核查。"
PREVIEW = "上个月的积分公示好了（{count}条）。看过没有问题，点一下就发到居民群。"
NO_FONT = "这台机器上没有中文字体，图片画不出来，只发文字。"
PUBLISH, OBJECT = "发到居民群", "我有异议"
PUBLISHED = "发到{count}个居民群了。"
PUBLISHED_BEFORE = "这个月的公示已经发过了。"
NO_ROOMS = "这个社区还没有居民群，没有地方发。居民可以私聊小邻发「积分公示」来看。"
ASK_WHOSE = "想看哪个社区的公示？"
ASK_OBJECTION = "对公示的哪一条有异议？请写编号和理由，比如「第3条，那天他家没去」。只有评议会看得到。"
OBJECTION_SHORT = "请写清楚是哪一条、哪里不对，至少四个字。"
OBJECTED = "记下了，编号 {number}，道德评议会会核查，有结果在这里回复您。"
SHOWN = 20  # rows in a text


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the notice before masking."""

    at: datetime
    name: str
    number: str
    title: str
    category: str
    points: int  # with a sign
    correction: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What a month adds up to: entries, points given, points taken."""

    count: int
    plus: int
    minus: int


def masked(name: str) -> str:
    """A name of which only the first character is shown, whatever its length."""
    return f"{name[:1]}＊＊"


def title(community: str, month: date) -> str:
    return TITLE.format(community=community, year=month.year, month=month.month)


def rows(entries: Sequence[Entry], zone: ZoneInfo) -> list[tuple[str, str, str, str, str]]:
    """The cells of the table: number, day, masked household, what by which rule, points with a sign."""
    table = []
    for no, entry in enumerate(entries, 1):
        local = entry.at.astimezone(zone)
        what = f"{'更正：' if entry.correction else ''}{entry.title}{f'（{entry.number}）' if entry.number else ''}"
        table.append((str(no), f"{local.month}月{local.day}日", masked(entry.name), what, f"{entry.points:+d}"))
    return table


def text(community: str, month: date, entries: Sequence[Entry], sums: Totals, until: str, zone: ZoneInfo) -> str:
    """The notice in words, for who can't see the picture: the first entries, and what all add up to."""
    head = title(community, month)
    if not sums.count:
        return NOTHING.format(title=head)
    lines = [SUMMARY.format(title=head, count=sums.count, plus=sums.plus, minus=sums.minus, until=until)]
    lines += [f"{no}. {day} {name} {what} {points}分" for no, day, name, what, points in rows(entries[:SHOWN], zone)]
    if sums.count > SHOWN:
        lines.append(MORE.format(count=sums.count - SHOWN))
    return "\n".join(lines)


def _objection(turn: Turn, _answers: Answers) -> str:
    said = turn.said.text.strip()
    if len(said) < 4:
        raise Unclear(OBJECTION_SHORT)
    return said[:500]


def _object(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    subject = {"question": f"对积分公示的异议：{answers['note']}"}
    area = answers.get("area") or turn.facts.community or turn.facts.area
    if not turn.facts.staffed:
        return (Say("这里还没有接上社区的工作人员，请当面向社区提。"),)
    return (OpenThread("handover", turn.person, area, "points_panel", subject, OBJECTED),)


def _communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(id), name) for id, name in turn.facts.communities[:12])


def _shown(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    return (ShowNotice(int(answers["community"]), turn.person),)


# It is public: who is of no household, or of the panel of several communities, says which one.
NOTICE = Flow(
    "points_notice",
    "",
    frozenset(),
    (Ask("community", ASK_WHOSE, community_told, choices=_communities),),
    _shown,
    needs=frozenset({"places"}),
)
OBJECTION = Flow("points_objection", "", frozenset(), (Ask("note", ASK_OBJECTION, _objection, free=True),), _object)
