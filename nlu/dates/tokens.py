"""Words about time cut into tokens, each with what it says; what is no such word is a token of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nlu.dates.numbers import N
from nlu.late import late

_X = f"[{N}]{{1,3}}"
_WEEK = "(?:周|星期|礼拜)"
_DAYNAME = "(?P<day>[一二三四五六日天末1-7])"
_UNIT = r"(?P<unit>分钟|小时|钟头|个?(?:星期|礼拜)|周|天|日|个?月|年)"
_COUNT = (
    rf"(?P<some>好几|十几|几十|十来|几|多)?(?P<count>[{N}]{{1,4}}|[整半]|一整)?(?P<more>多|来)?(?:个(?P<half>半)?)?"
)
_PART = (
    "一?大早上?|大?清早|清晨|凌晨|早上|早晨|早起|早间|上午|大?中午|晌午头?|午休|午后|下午|后晌|傍晚|傍黑|晚间|大?晚上|"
    "前半夜|上半夜|下半夜|后半夜|大?半夜|深夜|夜里|夜间|整夜|整晚|整宿|通宵|天不亮|天没亮|天黑(?:以后|后)?|白天|黑夜|"
    "早晚高峰|早高峰|晚高峰|[早午晚]饭[前后]|[早晚]"
)
_HOUR = rf"(?:[{N}]{{1,3}})"
_MINUTE = rf"(?P<minute>半|[一三1-3]刻|[{N}]{{1,3}}(?=分|$|[^{N}点]))?分?"
_FEASTS = f"春节|过年|国庆|五一|十一(?![{N}点时月日号个天年])|元旦|清明|端午|中秋|除夕|元宵|重阳|七夕"
_MONTHS = rf"(?P<month>正|腊|冬|[{N}]{{1,2}})"

# In this order: the longer and surer first.
PATTERNS = {
    "irregular": late(
        "隔三差五|三天两头|时不时|时常|经常|逢年过节|节假日|双休日?|一到(?:晚上|夜里|周末|下雨天?|雨天|冬天|夏天|饭点)|整天|一天到晚|从早到晚|没日没夜|日日夜夜|白天黑夜"
    ),
    "every_step": late(rf"每隔?(?P<count>[{N}半]{{1,3}})个?(?P<unit>小时|钟头|天|日|周|星期|礼拜|月)"),
    "every_month": late(rf"每个?月(?:的?(?P<day>{_X})[日号]|(?P<edge>底|初|中))?"),
    "every_year": late("每年"),
    "week_list": late(
        rf"(?P<every>每)?个?{_WEEK}(?P<days>[一二三四五六](?:[、,和与]?{_WEEK}?[一二三四五六日天])+)(?![点时号{N}])"
    ),
    "every_week": late(rf"每(?:逢|到|个)?{_WEEK}{_DAYNAME}?"),
    "every_day": late(r"每(?:一|到)?[天日]|天天|日日|每逢|每到"),
    "every_night": late("每晚上?|夜夜|晚晚"),
    "workday": late("工作日|上班日"),
    "weekdays": late(
        rf"{_WEEK}(?P<first>[一二三四五六日天1-7])\s?[到至~-]\s?{_WEEK}?(?P<last>[一二三四五六日天1-7])(?!点)"
    ),
    "full": late(rf"(?P<year>[12][0-9]{{3}}|[{N}]{{4}})\s?[-/.年]\s?(?P<month>{_X})\s?[-/.月]\s?(?P<day>{_X})[日号]?"),
    "full_month": late(
        rf"(?P<year>[12][0-9]{{3}}|[{N}]{{4}})\s?年(?P<month>{_X})月(?:份?的?(?P<edge>底|初|中旬|上旬|下旬|末)|份)?"
    ),
    "short_year": late(rf"(?P<year>[0-9]{{2}})年(?P<month>{_X})月(?:(?P<day>{_X})[日号]?|份)?"),
    "eve": late("大?年三十"),
    "lunar": late(
        rf"(?:(?P<rel>去|今|前|明)年)?(?P<says>农历|阴历|旧历)?(?P<year_word>大年)?(?:{_MONTHS}月)?(?P<day>初[一二三四五六七八九十]|廿[一二三四五六七八九])"
    ),
    "lunar_said": late(rf"(?:(?P<rel>去|今|前|明)年)?(?P<says>农历|阴历|旧历){_MONTHS}月(?P<day>[{N}]{{1,3}})?"),
    "lunar_month": late(
        r"(?:(?P<rel>去|今|前|明)年)?(?P<month>正|腊|冬)月(?P<day>二十[一二三四五六七八九]?|十[一二三四五六七八九]?)?里?"
    ),
    "chinese_day": late(
        r"(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[二三]?十[一二三四五六七八九]?)(?![日号月点时分一二三四五六七八九十])"
    ),
    "month_day": late(
        rf"(?:(?P<rel>去|今|前|明|本)年)?(?P<month>{_X})月(?:(?P<day>{_X})[日号]?|份?的?(?P<edge>底|初|中旬|上旬|下旬|末)|份)?"
    ),
    "day_number": late(rf"(?P<day>{_X})[日号]"),
    "slash": late(r"(?P<month>1[0-2]|0?[1-9])[./](?P<day>[12][0-9]|3[01]|0?[1-9])(?![0-9])[日号]?"),
    "year": late(rf"(?P<year>[12][0-9]{{3}}|[{N}]{{4}})年(?P<edge>年?底|年?初|[春夏秋冬]天)?"),
    "rel_month": late(rf"(?P<rel>上+|这|本|下|当)个?月的?(?:(?P<day>{_X})[日号]|(?P<edge>底|初|中旬?|上旬|下旬|末))?"),
    "month_edge": late("月(?P<edge>底|初|中|末)"),
    "rel_week": late(rf"(?P<rel>上+|下+|这|本)一?个?{_WEEK}{_DAYNAME}?"),
    "weekday": late(rf"{_WEEK}{_DAYNAME}"),
    "night": late("(?P<day>今|昨|前|明)(?P<part>晚上?|夜里?|早上?|早晨|晨|黑)(?!高峰|饭)"),
    "day": late(r"大前天|前天|前日|今[天日]|今儿个?|昨[天日]|昨儿个?|明[天日]|明儿个?|大后天|后天|当天"),
    "next_day": late("次日|第二天|隔天"),
    "days": late("这[两几]天|这两日"),
    "now": late("刚才|刚刚|眼下|现在|目前|此刻|今(?=$)"),
    "lately": late(
        "最近(?![一两三四五六七八九十几半])|近来|这阵子|这一阵子?|这段时间|近期|近日|前些日子|前阵子|前一阵子?|前几天|前段时间"
    ),
    "ago": late(rf"(?P<near>快|近|约|大概|大约)?{_COUNT}{_UNIT}(?P<over>半|多)?的?[以之]?前"),
    "lasting": late(rf"(?P<near>快|近|最近|这|一连|连着|已经)?{_COUNT}{_UNIT}(?P<over>半|多)?(?:了|以来|来)?"),
    "rel_year": late(
        "(?P<rel>去|今|前|明)年(?P<edge>年?底|年?初|春[天上]|夏[天季]|秋[天季]|冬[天季]|入[春夏秋冬]|下半年|上半年)?"
    ),
    "feast": late(rf"(?P<name>{_FEASTS})节?(?P<edge>放假前|长假|假期|黄金周|前后|期间|那几天|那天|当天|[前后])?"),
    "season": late("[春夏秋冬][天季]|开春|入[春夏秋冬]|供暖季|雨季|汛期|寒假|暑假|放假|年[前后底初]|节日"),
    "part": late(_PART),
    "to_clock": late(rf"差(?P<less>[{N}]{{1,3}}分|一刻)\s?(?P<hour>{_HOUR})[点时]"),
    "clock": late(
        rf"(?P<hour>{_HOUR})(?:点|时)(?:钟|整)?(?:差(?P<less>[{N}]{{1,3}})分|{_MINUTE})(?P<more>多|来钟|几分)?(?:钟|整)?"
    ),
    "digital": late(r"(?P<hour>[0-2]?[0-9]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?"),
    "about": late("左右|前后|大概|大约|差不多|约|多|来钟"),
    "since": late("以来|开始|至今|起"),
    "after": late("[以之]?后"),
    "before": late("[以之]?前"),
    "to": late(r"\s*(?:到|至|~|-|—)+\s*"),
    "gap": late(r"\s|的|那天|那几天|钟|整|,"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word about time: what sort, what it says, and as written."""

    sort: str
    said: dict[str, Any]
    text: str


def tokens(text: str) -> tuple[Token, ...]:
    """The text as tokens, gaps left out; what no pattern takes has the sort "other"."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        one = _next(text, at)
        at += max(len(one.text), 1)
        if one.sort != "gap":
            found.append(one)
    return tuple(found)


def _next(text: str, at: int) -> Token:
    for sort, pattern in PATTERNS.items():
        match = pattern.match(text, at)
        if match and match.end() > at:
            said = {k: v for k, v in match.groupdict().items() if v is not None}
            if sort in ("ago", "lasting") and not {"count", "half", "some"} & said.keys():
                continue
            return Token(sort, said, match.group())
    return Token("other", {}, text[at])
