"""Phone, place, number and people as they stand in a normalised sentence; pure, whole spans, nothing guessed."""

from __future__ import annotations

import re

from nlu.late import late
from nlu.times import times_cut
from nlu.understanding import Slots

_NUMERAL = "零一二三四五六七八九十百两0-9"
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)|(?<!\d)(0\d{2,3}[- ]?\d{7,8})(?!\d)")

_BUILDING = rf"(?:[A-Za-z]|[{_NUMERAL}]{{1,5}})(?:号楼|#楼|栋|幢|座|号院|#|号(?!线|码|召|称))"
_UNIT = rf"(?:[{_NUMERAL}]{{1,3}}单元)"
_MEASURE = "天|块|元|米|年|人|个|多|分|斤|瓦|度|平"
_ROOM = rf"(?:[{_NUMERAL}]{{1,4}}(?:室|楼(?!上|下|道|顶|梯|栋)|层|户))|(?<!\d)\d{{3,4}}(?!\d|{_MEASURE})"
_ADDRESS = late(
    rf"{_BUILDING}\s*(?:{_UNIT})?\s*(?:{_ROOM})?|{_UNIT}\s*(?:{_ROOM})?|(?<![\d-])\d{{1,3}}-\d{{1,2}}-\d{{2,4}}(?![\d-])"
)
_NAME = r"[一-龥]{2,6}?"
_STOP = (
    r"我们|你们|他们|咱们|我|你|他|在|到|从|的|是|了|把|和|跟|离|去|住|就|都|那|这|个|有|对|家|住|"
    r"请问|反映|投诉|举报|关于|建议|希望|咨询|社区|整个|老旧|隔壁|小区|一下"
)
# Names that begin like such a word: 和平小区, 都市花园, 同心村.
_NAMED = (
    r"和(?:平(?!安)|谐|顺|睦|兴|美|畅|善|庆|泰|记|悦|成|盛|园|静)|都(?:市|江|会(?=[花广小大])|乐|匀|昌|汇|景|梁)|在(?:水|田|望|渊)|到(?:家(?=公寓)|贤)"
    r"|的(?:士|卢)|把酒|有(?:福|朋|为|余)|对(?:山|岗)|住(?:邦|友)|个旧|那(?:曲|里花)|这里花|我爱我家|你好(?=[花小])|他(?:山|石)|离(?:石|宫)|了然"
    r"|家(?:和|乐|美|馨|兴|福|天下|世界)|希望(?=(?:[小中]学|家园|花园|小区|新村|[村路街])(?!能|可以|里|加|装|多|早|尽|把|子|民|灯))|社区花园|同(?:心|乐|德|仁|福|兴|安|庆|和|泰|济|里|源|升|盛|创)"
    r"|全(?:福|兴|家|椒|州)|本(?:溪|钢)|各庄|农(?:科|垦|机|林)|进(?:贤|士|步)|修(?:远|文|水(?![管龙])|武|德|身|仁)|乡约|每安|从化"
)
_ASKS_OF = "(?<=一下)|(?<=反映)|(?<=投诉)|(?<=举报)|(?<=关于)|(?<=咨询)"  # words a place follows
_GROUNDS = "小区|花园|家园|新村|公寓|家属院|大院|苑|新城|公园|广场(?!舞)|市场|小学|中学|幼儿园|医院|车站"
# What would be tried in vain at nearly every character first looks for the one it can't do without, behind or ahead.
NEAR = {
    "estate": r"(?:^|(?<=[ ,.!?;:，。！？；：在到从住是去离我们下映诉报于询]))",
    "road": r"(?=[一-龥]{1,5}?[路街巷道同])",
    "village": r"(?=[一-龥]{1,4}?[村屯嘎苏镇乡])",
}
_ESTATE = late(
    rf"{NEAR['estate']}(?:^|(?<=[ ,.!?;:，。！？；：在到从住是去离])|(?<=我)(?!们)|(?<=[我咱]们)|{_ASKS_OF})"
    rf"((?:(?={_NAMED})|(?!{_STOP})){_NAME}(?:{_GROUNDS}))"
)
_ROAD = late(
    rf"{NEAR['road']}((?:(?={_NAMED})|(?!我|你|他|这|那|修|走|过|马路|公路|道路|铁路|水泥|柏油|门口))[一-龥]{{1,4}}?(?<![马公道铁走修问沿一])"
    r"(?:大道|大街|街|路|巷|胡同)(?:[0-9一二三四五六七八九十百]+号)?"
    r"(?:与[一-龥]{1,5}?(?:路|街|大道))?(?:交叉口|交汇处|路口)?)(?![灯面边人由况上])"
)
_VILLAGE = late(
    rf"{NEAR['village']}((?:(?={_NAMED})[一-龥]|(?!我|你|他|这|那|全|整|本|各|农|乡|进|同|每|[到在从区的们住])[一-龥])"
    r"(?:(?![到在从区的们住])[一-龥]){0,3}?"
    r"(?:村|屯|嘎查|苏木|镇|乡)(?:[一二三四五六七八九十0-9]+[组队社])?)"
)
_SPOT = late(
    r"((?:[东南西北]|小区|单元|学校|幼儿园|医院|超市|菜场|公园|地下车库|车库|楼|村|桥|河|社区)"
    r"(?:大?门口|门|头|边|口|侧|对面|旁边|后面|后头|前面|附近))"
)

# Each kind of place with the characters one of which is in all of them: most messages name none.
PLACES = (
    (re.compile("[区园村寓院苑城场学站]"), _ESTATE),
    (re.compile("[路街巷道同]"), _ROAD),
    (re.compile("[村屯查木镇乡]"), _VILLAGE),
    (re.compile(r"[号#栋幢座元室楼层户\d]"), _ADDRESS),
    (re.compile("[门头边口侧面近]"), _SPOT),
)
_NUMBER = re.compile(r"\d\d{3}")  # in every phone and every long number
_NUMERALS = re.compile(f"[{_NUMERAL}]")

_LONG_NUMBER = re.compile(r"\d{9,}")  # an account, an order: no place, no time

_FOLK = "人|口人|户|住户|居民|业主|老人|孩子|小孩|娃|家人|村民|工人|工友"
_PEOPLE = re.compile(rf"([{_NUMERAL}]{{1,5}})(?:多|来)?(?:个|名|位)?(?:{_FOLK})(?!民|行|工|生|间|事|口普)")
_COUNT = re.compile(rf"(?<![{_NUMERAL}])([{_NUMERAL}]{{1,6}})(?:个|次|条|盏|辆|只|头|袋|箱|块|元|分(?!钟)|斤|名|处|根)")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def numeral(text: str) -> int | None:
    """十二 → 12, 两百零五 → 205, 30 → 30; None when it is not one whole number."""
    if text.isdecimal() and text.isascii():
        return int(text)
    if not text or any(c not in _DIGIT and c not in "十百" for c in text):
        return None
    if all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text))
    total = current = 0
    for c in text:
        if c in _DIGIT:
            current = _DIGIT[c]
        else:
            total += (current or 1) * (10 if c == "十" else 100)
            current = 0
    return total + current


def _longest(found: list[str]) -> str | None:
    return max(found, key=len).strip() if found else None


def _place(text: str) -> str | None:
    """The estate, road or village and the building that follows it, as one span where they touch."""
    kinds = [pattern for without, pattern in PLACES if without.search(text)]
    spans = sorted({m.span(m.lastindex or 0) for p in kinds for m in p.finditer(text)}) if kinds else []
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return _longest([text[a:b] for a, b in joined if b - a >= 2])


def find_slots(text: str) -> Slots:
    """The slots of a normalised message."""
    phone, rest = None, text
    if _NUMBER.search(text):
        phone = _PHONE.search(text)
        rest = _LONG_NUMBER.sub(" ", _PHONE.sub(" ", text))
    counted = _NUMERALS.search(rest)
    people = _PEOPLE.search(rest) if counted else None
    count = _COUNT.search(rest) if counted else None
    time, timeless = times_cut(rest)
    return Slots(
        place=_place(timeless),
        time=time,
        phone=re.sub(r"[- ]", "", phone.group(1) or phone.group(2)) if phone else None,
        number=numeral(count.group(1)) if count else None,
        people=numeral(people.group(1)) if people else None,
    )
