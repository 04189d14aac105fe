"""The rules of points a conversation needs: which rule or goods a sentence means, and until when goods are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.facts import GoodsView, RedemptionView, RuleView
from nlu.late import regex
from nlu.normalize import plain

KEPT = timedelta(days=7)  # reserved goods wait so long; then points and stock go back
SHOWN = 5  # rules in one answer
CLEAR = 0.34  # how much of a question's substance a rule must share

_FILLER = (
    "怎么办", "咋办", "咋弄", "申请", "申报", "不够", "攒", "才行", "办法",
    "加几分", "扣几分", "减几分", "多少分", "几分", "加分", "扣分", "减分", "有分", "积分", "规则", "细则",
    "可不可以", "能不能", "有没有", "算不算", "我们家", "我家", "请问", "可以", "怎么样", "怎么", "多少", "什么",
    "哪些", "一次", "一下", "发一", "多久", "一户", "标准", "条件", "好事",
    *"能吗呢吧不没了的给做去在加扣减分我你啥事问有要会是算家咋项挣这那",
)  # fmt: skip
# What people call things that rules call otherwise; only widens the search.
_ALIKE = (
    ("孝老爱亲", "孝顺", "孝敬", "公婆", "父母", "老人", "爸妈", "婆婆", "赡养", "洗脚", "长辈", "卧床"),
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
_MONEY = regex(
    r"现金|提现|换钱|值多少钱|转给|转让|送给|捐给|给(?:我|俺)?(?:妹|弟|哥|姐|儿子|女儿|闺女|亲戚|朋友|邻居|同事|别人|别家)|贷|抵|顶(?:账|替|费|钱)|(?<![免浪消])费(?!.*[加扣减]几?分)|分.{0,4}借|借.{0,2}分|给.{1,4}用"
)
_SERVICES = regex(
    r"影响.{0,6}(?:低保|上学|入学|办事|看病|社保|医保|贷款|政审|孩子|子女)"
    r"|不给办|(?:才能|换|顶|能不能).{0,6}(?:低保|看病|上学|入学|社保|医保|证明|体检)"
)
_ABOUT = regex(r"(?:道德银行|积分制?|这个?分|分).{0,4}(?:是什么|干什么|是个什么|什么意思|有什么用|什么好处|怎么参加)")
_EXPIRY = regex(r"清零|过期|作废|跨年|有效期|到期")


def substance(text: str) -> str:
    """A question without the words every question about points has."""
    for filler in _FILLER:
        text = text.replace(filler, " ")
    return "".join(c for c in text if c.isalnum())


def find_rules(text: str, rules: Sequence[RuleView]) -> tuple[RuleView, ...]:
    """The rules a question means, best first; nothing when none shares enough with it."""
    asked = substance(plain(text))
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
    from rapidfuzz import fuzz  # most starts never need it

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


def deductions(rules: Sequence[RuleView]) -> tuple[RuleView, ...]:
    return tuple(r for r in rules if r.points < 0)[:SHOWN]


def asks_for_money(text: str) -> bool:
    """Whether somebody would pay, lend or give with points."""
    return bool(_MONEY.search(text))


def asks_about_services(text: str) -> bool:
    """Whether somebody fears or hopes that points decide over a public service."""
    return bool(_SERVICES.search(text))


def asks_what_it_is(text: str) -> bool:
    return bool(_ABOUT.search(text))


def asks_about_expiry(text: str) -> bool:
    return bool(_EXPIRY.search(text))


def find_goods(text: str, goods: Sequence[GoodsView]) -> tuple[GoodsView, ...]:
    """The goods a sentence names: wholly (菜籽油), or by the last word after a measure (换桶油)."""
    named = tuple(g for g in goods if plain(core(g.title)) in plain(text))
    return named or tuple(g for g in goods if _measured(core(g.title)[-1:], text))


def core(title: str) -> str:
    """A title without what stands in brackets and without how much it is: 菜籽油一桶（5升）→ 菜籽油."""
    name = re.sub(r"[（(].*", "", title).strip()
    return re.sub(r"[一二两三四五六七八九十\d.]+[\u4e00-\u9fffa-zA-Z]{1,2}$", "", name) or name


def _measured(noun: str, text: str) -> bool:
    return bool(noun and re.search(rf"[换要兑个桶瓶壶袋口条块盒提包斤只把箱点些]{re.escape(noun)}", text))


def limited(goods: GoodsView) -> bool:
    """Whether a household had its share of this month."""
    return goods.limit is not None and goods.had >= goods.limit


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
