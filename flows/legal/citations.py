"""Citations in free text: 《民法典》第一千零七十九条, 劳动合同法第82条, and old laws with what replaced them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.late import regex

_DIGITS = "零一二三四五六七八九"
_VALUES = {char: value for value, char in enumerate(_DIGITS)} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}

# What the repealing clauses say: 民法典 1260, 外商投资法 42, 生态环境法典 1242, 监察法 78, 医师法 67, 城乡规划法 70.
REPLACED: dict[str, str] = {
    **dict.fromkeys(
        ("婚姻法", "继承法", "民法通则", "收养法", "担保法", "合同法", "物权法", "侵权责任法", "民法总则"), "民法典"
    ),
    **dict.fromkeys(("中外合资经营企业法", "外资企业法", "中外合作经营企业法"), "外商投资法"),
    **dict.fromkeys(
        ("环境保护法", "环境影响评价法", "海洋环境保护法", "大气污染防治法", "水污染防治法", "土壤污染防治法",
         "固体废物污染环境防治法", "噪声污染防治法", "环境噪声污染防治法", "放射性污染防治法", "清洁生产促进法"),
        "生态环境法典",
    ),
    "行政监察法": "监察法",
    "执业医师法": "医师法",
    "城市规划法": "城乡规划法",
}  # fmt: skip

_NUMBER = r"[零〇一二三四五六七八九十百千两0-9０-９]+"
_CITED = regex(
    rf"(?:《(?P<quoted>[^《》]{{2,60}})》|(?P<bare>[\u4e00-\u9fff]{{1,20}}?(?:法典|法|条例)))?\s*"
    rf"(?:第\s*|(?<=[法例典》])(?=\d))(?P<number>{_NUMBER})\s*条(?:之(?P<sub>[一二三四五六七八九十]))?"  # 民法典1079条
)
_LEAD = regex(
    r"^.*(?:按照|根据|依照|依据|违反|适用|参照|以及|或者|看了|看看|查查|查|问|和|与|及|的|是|按|据|见|看|请问|那么|那|告诉我|我国|我们|说|讲)(?=[\u4e00-\u9fff]{2,})"
)
# Longest first; 劳动合同法 is in force and only ends like 合同法.
_OLD = regex("|".join(sorted((*REPLACED, "劳动合同法"), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Citation:
    """An article somebody named; `law` is empty when only the number was given and no law went before."""

    law: str
    number: str
    start: int
    end: int

    @property
    def replaced_by(self) -> str | None:
        """The law that took the place of an old one, or nothing if it is not an old one we know."""
        return REPLACED.get(self.law)


def citations(text: str) -> tuple[Citation, ...]:
    """Every article named in a text, in order; a number without a law belongs to the law named before it."""
    found: list[Citation] = []
    law = ""
    for match in _CITED.finditer(text):
        law = _title(match) or law
        number = numeral(_arabic(match["number"]) + (f"-{value(match['sub'])}" if match["sub"] else ""))
        found.append(Citation(law, number, match.start(), match.end()))
    return tuple(found)


def old_laws(text: str) -> tuple[str, ...]:
    """Old laws named in a text, in order of appearance (合同法 inside 劳动合同法 does not count)."""
    named = (match.group() for match in _OLD.finditer(text))
    return tuple(dict.fromkeys(name for name in named if name in REPLACED))


def numeral(number: str) -> str:
    """An article's number as the law writes it: 1079 → 第一千零七十九条, 133-1 → 第一百三十三条之一."""
    main, _, sub = number.partition("-")
    return f"第{chinese(int(main))}条" + (f"之{chinese(int(sub))}" if sub else "")


def chinese(number: int) -> str:
    """1..9999 in the numerals laws use: 10 → 十, 110 → 一百一十, 1001 → 一千零一."""
    if not 0 < number < 10000:
        return str(number)
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text[1:] if text.startswith("一十") else text


def value(text: str) -> int:
    """The number in Chinese or Arabic digits: 一千零七十九 → 1079, 一〇七九 → 1079."""
    if text.isdigit():
        return int(text)
    if not any(char in _UNITS for char in text):
        return int("".join(str(_VALUES[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _VALUES.get(char, 0)
    return total + digit


def _arabic(text: str) -> str:
    try:
        return str(value(text))
    except (KeyError, ValueError):  # 第十3条: digits of two kinds
        return "".join(char for char in text if char.isdigit()) or "0"


def _title(match: re.Match[str]) -> str:
    title = match["quoted"] or (_LEAD.sub("", match["bare"]) if match["bare"] else "")
    return title.removeprefix("中华人民共和国")
