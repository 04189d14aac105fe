"""The rules of points a conversation needs: which rule or goods a sentence means, and until when goods are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from flows.facts import GoodsView, RedemptionView, RuleView

KEPT = timedelta(days=7)  # reserved goods wait so long; then points and stock go back
SHOWN = 5  # rules in one answer
CLEAR = 0.34  # how much of a question's substance a rule must share
NAMED = 75  # how much of a goods' title must stand in the sentence, of 100

_FILLER = (
    "加几分", "扣几分", "减几分", "多少分", "几分", "加分", "扣分", "有分", "积分", "规则",
    "可不可以", "能不能", "有没有", "算不算", "我们家", "我家", "请问", "可以", "怎么", "咋样", "多少", "什么",
    *"能吗呢吧不没了的给做去在加扣减分我你啥事问有要会是算家咋",
)  # fmt: skip
# What people call things that rules call otherwise; only widens the search.
_ALIKE = (
    ("孝老爱亲", "孝顺", "孝敬", "公婆", "父母", "老人", "爸妈", "婆婆", "赡养", "洗脚"),
    ("打扫", "清扫", "扫地", "扫街", "扫雪", "卫生", "保洁", "清理", "垃圾", "门前"),
    ("帮邻居", "邻里", "互助", "帮忙", "助人", "邻居"),
    ("志愿", "义工", "公益", "献血"),
    ("考上", "升学", "大学", "读书", "学习", "奖状"),
    ("节约", "节俭", "光盘", "省电", "节水", "婚事新办", "大操大办", "红白事", "彩礼"),
    ("庭院", "院子", "最美", "种花", "绿化", "美化"),
    ("诚信", "守信", "拾金不昧", "捡到", "还钱", "欠债"),
    ("见义勇为", "救人", "报警", "隐患", "上报"),
    ("创业", "就业", "干活", "勤劳", "劳动", "技能"),
)
_MONEY = ("现金", "提现", "抵", "物业费", "换钱", "值多少钱", "转给", "转让", "送给", "捐给", "借给", "贷")
_SERVICES = ("低保", "办事", "看病", "上学", "入学", "社保", "医保", "证明", "影响", "公共服务", "入党", "当兵", "征信")


def substance(text: str) -> str:
    """A question without the words every question about points has."""
    for filler in _FILLER:
        text = text.replace(filler, " ")
    return "".join(c for c in text if c.isalnum())


def find_rules(text: str, rules: Sequence[RuleView]) -> tuple[RuleView, ...]:
    """The rules a question means, best first; nothing when none shares enough with it."""
    asked = substance(text)
    if not asked:
        return ()
    if any(r.category == asked for r in rules):
        return tuple(r for r in rules if r.category == asked)[:SHOWN]
    scored = sorted(((_share(asked, r), r) for r in rules), key=lambda pair: (-pair[0], pair[1].id))
    best = scored[0][0] if scored else 0.0
    return tuple(r for score, r in scored if score >= max(CLEAR, best * 0.6))[:SHOWN]


def _share(asked: str, rule: RuleView) -> float:
    """How much of what is asked stands in a rule (0..1), counting what is alike as half said."""
    body = f"{rule.title}{rule.category}"
    direct = fuzz.partial_ratio(asked, body) / 100 if len(asked) > 1 else float(asked in body)
    pairs = {asked[i : i + 2] for i in range(len(asked) - 1)}
    share = len([p for p in pairs if p in body]) / len(pairs) if pairs else direct
    alike = max((_alike(asked, body, group) for group in _ALIKE), default=0.0)
    return max((direct + share) / 2 if share else 0.0, alike)


def _alike(asked: str, body: str, group: tuple[str, ...]) -> float:
    return 0.5 if any(w in asked for w in group) and any(w in body for w in group) else 0.0


def examples(rules: Sequence[RuleView]) -> tuple[RuleView, ...]:
    """One rule of each category, those that give points first."""
    first: dict[str, RuleView] = {}
    for rule in sorted(rules, key=lambda r: (r.points < 0, r.id)):
        first.setdefault(rule.category, rule)
    return tuple(first.values())[:6]


def asks_for_money(text: str) -> bool:
    return any(word in text for word in _MONEY)


def asks_about_services(text: str) -> bool:
    return any(word in text for word in _SERVICES)


def find_goods(text: str, goods: Sequence[GoodsView]) -> tuple[GoodsView, ...]:
    """The goods a sentence names."""
    scored = [(max(fuzz.partial_ratio(g.title, text), _core(g.title, text)), g) for g in goods]
    best = max((score for score, _ in scored), default=0.0)
    return tuple(g for score, g in scored if score >= NAMED and score >= best - 5)


def _core(title: str, text: str) -> float:
    """100 when a pair of characters of the title's head word stands in the sentence: 换个毛巾 → 纯棉毛巾一条."""
    head = title.split("（")[0].split("(")[0]
    pairs = [head[i : i + 2] for i in range(len(head) - 1)]
    return 90.0 if any(p in text and p.isalpha() for p in pairs) else 0.0


def offered(goods: Sequence[GoodsView]) -> tuple[GoodsView, ...]:
    """What there is, cheapest first; what has run out comes last."""
    return tuple(sorted(goods, key=lambda g: (g.stock == 0, g.price, g.id)))


def reserved(redemptions: Sequence[RedemptionView], now: datetime) -> tuple[RedemptionView, ...]:
    """What a household may still collect, soonest to run out first."""
    waiting = (r for r in redemptions if r.state == "reserved" and r.expires_at > now)
    return tuple(sorted(waiting, key=lambda r: (r.expires_at, r.id)))


def kept_until(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the seventh day, local time."""
    return datetime.combine((now + KEPT).astimezone(zone).date(), time(23, 59), zone)
