"""Addresses as people write them: numerals, building words, village groups, rooms; pure, no table of places."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from nlu.late import regex
from nlu.normalize import replacing, simplified

LONGEST = 400  # characters looked at; a place is said in far fewer

_DASHES = str.maketrans("—–―−~～_", "-------")
_INVISIBLE = regex(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08]")
_DOTTED = regex(r"(?<![\d./-])(\d{1,3})([./])(\d{1,2})\2(\d{3,4})(?![\d./-])")  # 3.2.501, 3/2/501
_SPACE = regex(r"(?<![0-9a-z])\s+|\s+(?![0-9a-z])")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_COUNTED = "号|栋|幢|座|楼|单元|室|房|层|组|小组|村民小组|生产队|队|社|网格|微网格|#|-|期|院|门|户|车间|厂房|仓库|库"
_NUMERAL = regex(rf"([零〇一二两三四五六七八九十百]+)(?=(?:{_COUNTED}))")
_AFTER_DASH = regex(r"(?<=\d-)[零〇一二两三四五六七八九十百]+")

_NUMBER = r"(?<![0-9a-z.])([a-z]?\d{1,4}[a-z]?|[a-z])"
_MARKS = (  # what is numbered, a character without which the pattern can't match, the pattern
    ("网格", "格", regex(r"第?(?<!\d)(\d{1,4})号?(?:微网格|网格)")),
    ("院", "院", regex(_NUMBER + r"号?(?:大院|院)(?!子)")),
    ("厂房", "厂", regex(_NUMBER + r"号?(?:厂房|厂区)")),
    ("车间", "车", regex(_NUMBER + r"号?车间")),
    ("库", "库", regex(_NUMBER + r"号?(?:仓库|库房|库)")),
    ("组", "组队社", regex(r"第?(?<!\d)(\d{1,3})(?:村民小组|小组|组|生产队|队|社(?!区))")),
    ("楼", "楼栋幢座#", regex(_NUMBER + r"(?:号楼|号栋|号幢|号座|栋楼|栋|幢|座|#楼|#)")),
    ("楼", "楼号", regex(_NUMBER + r"(?:楼|号)-?(?=\d{1,2}(?:单元|门|-\d{3}))")),
    ("楼", "#", regex(r"#(\d{1,4})(?![\d])(?:楼)?")),
    ("楼", "-", regex(r"(?<![\d.|-])(\d{1,3}[a-z]?)-\d{1,2}-\d{3,4}(?![\d-])")),
    ("楼", "-", regex(r"(?<![\d.|-])(\d{1,3}[a-z]?)-(?:\d{3,4}(?![\d-])|\d{1,2}(?:单元|门))")),
)
_LISTED = regex(r"((?:(?<![0-9])\d{1,3}[、,，和及与])+)(\d{1,3})(号楼|栋|幢|座|#|组)")
_ALONE = regex(r"(\d{1,3}[a-z]?|[a-z]\d{0,2})(?:号|(楼))?\Z")


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered thing in an address: a building (楼), a village group (组), a grid (网格), a yard (院) …"""

    kind: str
    number: str


def plain(text: str) -> str:
    """The address with digits for numerals, simplified place words, no blanks: 三棟 → 3栋, ３＃ → 3#."""
    text = simplified(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[:LONGEST]))).lower()
    text = _SPACE.sub("", text.translate(_DASHES).replace("号楼楼", "号楼"))
    text = _DOTTED.sub(r"\1-\3-\4", text)
    text = _NUMERAL.sub(lambda m: str(numeral(m[1])), text)
    return _AFTER_DASH.sub(lambda m: str(numeral(m[0])), text)


def numeral(text: str) -> int:
    """三 → 3, 十二 → 12, 一百零三 → 103, 二〇一 → 201."""
    if not any(c in "十百" for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = digit = 0
    for c in text:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit


def marks(text: str) -> tuple[list[Mark], str]:
    """The numbered things in plain text, and the text with "|" in their place."""
    found: list[Mark] = []
    text = _LISTED.sub(lambda m: "".join(f"{n}{m[3]}" for n in re.findall(r"\d+", m[1] + m[2])), text)
    for kind, needed, pattern in _MARKS:
        if not any(c in text for c in needed):
            continue
        for match in pattern.finditer(text):
            mark = Mark(kind, _number(match[1]))
            if mark not in found:
                found.append(mark)
        text = pattern.sub("|", text)
    return found, text


def alone(text: str, *, named: bool) -> Mark | None:
    """A bare number as the whole answer to "which building?": 3, 3号, a2; 3楼 too, but after a name it is a floor."""
    match = _ALONE.match(text)
    return Mark("楼", _number(match[1])) if match and not (named and match[2]) else None


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, Mark | None]:
    """An area's name as what stands before its number and the number: 幸福里3号楼 → (幸福里, 楼 3)."""
    text = plain(name)
    found, rest = marks(text)
    if len(found) == 1 and rest.endswith("|") and rest.count("|") == 1:
        return rest[:-1], found[0]
    return text, None


def name_key(name: str) -> str:
    """The same for all ways to write one name: 三栋, 3号楼 and 3# give "3楼"."""
    stem, mark = split_name(name)
    return f"{stem}{mark.number}{mark.kind}" if mark else stem


def _number(text: str) -> str:
    return text.lstrip("0") or "0"


# -- what a group may read --------------------------------------------------------------------------------------------

_narrow = replacing(
    {chr(0xFF10 + n): str(n) for n in range(10)} | dict.fromkeys("—–―－", "-") | {"＃": "#", "．": ".", "／": "/"}
)
_N = r"[0-9零〇一二两兩三四五六七八九十百]"
_C = r"[零〇一二两兩三四五六七八九]"
_DOOR = rf"(?:\d{{3,4}}|{_C}{{3,4}})"
_END = r"(?:室|房|号|號|户|戶)?"
_ROOM = rf"(?:{_N}{{1,4}}|[A-Za-z]\d{{0,4}})"
_WORD = r"(?:号楼|號樓|号院|號院|栋楼|栋|棟|幢|座|#楼|#)"
_UNIT = r"(?:单元|單元|门|門)"
# A unit is kept where what is wrong is what all its homes share: whoever mends it has to find it.
_SHARED = (
    "楼道|楼梯|电梯|单元门|大门|门禁|门厅|门口|过道|走廊|对讲|入口|楼顶|屋顶|消防|声控灯|感应灯|路灯|下水道|化粪池"
)
PRIVATE = rf"(?!\s?的?(?:{_SHARED}))"
_ON = r"[\s\-,，]*"  # what may stand between the parts of an address
# Each takes away one way to go on after the building; the kept building is \1.
_FLOOR_AS_BUILDING = regex(rf"({_N}{{1,3}})(?:楼|樓|号|號)(?=-?{_N}{{1,3}}{_UNIT}|-{_N}{{1,2}}-{_DOOR})")
_DASHED = regex(rf"(?<![\d.\-])({_N}{{1,3}}[A-Za-z]?)-(?:{_N}{{1,2}}(?:单元|單元)?-)?{_DOOR}{_END}(?![\d\-])")
_UNIT_DASHED = regex(rf"(?<![\d.\-])({_N}{{1,3}}[A-Za-z]?)-(?={_N}{{1,2}}{_UNIT})")
_AFTER_WORD = regex(rf"({_WORD}){_ON}(?:{_N}{{1,2}}-)?{_DOOR}{_END}(?!\d)")
_INNER = regex(
    rf"{_ON}(?:第?{_N}{{1,3}}(?:单元|單元){PRIVATE}|[A-Za-z](?:单元|單元){PRIVATE}"
    rf"|(?<![号號]){_N}{{1,3}}(?:层|層|楼|樓)(?![道梯宇顶頂下])"
    rf"|(?<=[单單]元){_N}{{1,4}}"
    rf"|(?<!\d){_N}{{1,3}}(?:门|門)(?![口面卫岗诊衛])"
    rf"|{_ROOM}(?:室|房(?![东产屋顶])|户|戶)|[东西中南北東](?:户|戶)){_ON}(?:{_DOOR}{_END}(?!\d))?"
)
_HOUSE = regex(rf"([组組队隊社]){_ON}第?{_N}{{1,4}}(?:号|號|户|戶)")
_MEASURED = "件号號路米元年弄巷线块天个人位名次度分岁斤克吨平亩倍小月日点台辆条万千多余来只张份瓦升页字集届期"
_NO_ROOM = rf"(?!\d|国道|省道|县道|[{_MEASURED}]|{_WORD}|[.%\-A-Za-z:：])"
_BARE = regex(
    rf"(?<![\d.\-A-Za-z第¥￥$价共])(?<!\d[:：])(?<![涨降升收交扣罚欠花赔][到了成至])(?!11[0249]|12[02])\d{{3,4}}{_NO_ROOM}|{_C}{{1,2}}[零〇]{_C}(?!{_C}){_NO_ROOM}"
)
# A floor that follows no building says where in a house something is, in the middle of a sentence.
_LONE_FLOOR = regex(
    rf"(?<![号號楼樓栋棟幢座单單元门門#组組\-])(?<!{_N})第?{_N}{{1,3}}(?:层|層|楼|樓)(?![道梯宇顶頂下]|[\s-]?{_N}{{1,3}}{_UNIT})"
)


def floors_unsaid(text: str) -> str:
    """三楼和四楼都不亮 → 某楼和某楼都不亮: left out like a room, but the sentence stays one."""
    return _LONE_FLOOR.sub("某楼", text)


def building_level(text: str) -> str:
    """The place down to the building only: unit, floor and room are left out, so a group never reads a door; the unit
    of a part that all its homes share (2单元楼道灯) stays.

    3-2-501 → 3号楼; 幸福里3栋2单元501室 → 幸福里3栋. A rural house number goes the same way (三组12号 → 三组).
    """
    whole = shown = _narrow(_INVISIBLE.sub("", text)).strip()
    shown = _DOTTED.sub(r"\1-\3-\4", shown)
    shown = _FLOOR_AS_BUILDING.sub(r"\1号楼", shown)
    shown = _DASHED.sub(r"\1号楼", shown)
    shown = _UNIT_DASHED.sub(r"\1号楼", shown)
    shown = _AFTER_WORD.sub(r"\1", shown)
    shown = _HOUSE.sub(r"\1", shown)
    shown = _INNER.sub("", shown)
    shown = _BARE.sub("", shown)
    return text.strip() if shown == whole else shown.strip(" -,，、")
