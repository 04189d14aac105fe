"""A matter of another city: nobody here can go there; who can is told, and the report ends."""

from __future__ import annotations

import re
from dataclasses import replace

from flows.complaint import texts
from flows.complaint.desks import STILL
from flows.complaint.locate import only_a_place
from flows.effects import Say
from flows.flow import Answers, Outcome, State, Turn, stop
from nlu.late import regex

# Provinces and cities as people name them; left out are names that estates and roads here bear just as well.
_NAMES = (
    "北京 上海 天津 重庆 河北 山西 内蒙 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 广西 海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 石家庄 唐山 秦皇岛 邯郸 邢台 "
    "保定 张家口 承德 沧州 廊坊 衡水 太原 大同 长治 晋城 晋中 运城 临汾 呼和浩特 包头 赤峰 鄂尔多斯 沈阳 大连 "
    "鞍山 抚顺 丹东 锦州 营口 盘锦 铁岭 葫芦岛 长春 延边 哈尔滨 齐齐哈尔 大庆 佳木斯 牡丹江 南京 无锡 徐州 常州 "
    "苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 义乌 衢州 舟山 台州 丽水 "
    "合肥 芜湖 蚌埠 淮南 马鞍山 安庆 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 龙岩 宁德 "
    "南昌 景德镇 萍乡 九江 新余 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 "
    "临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 "
    "周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳 岳阳 "
    "常德 张家界 益阳 郴州 永州 怀化 娄底 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 "
    "阳江 清远 东莞 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 钦州 贵港 百色 贺州 河池 海口 三亚 成都 自贡 攀枝花 "
    "泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 "
    "曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 拉萨 日喀则 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 商洛 兰州 "
    "嘉峪关 天水 武威 张掖 酒泉 庆阳 西宁 银川 石嘴山 吴忠 乌鲁木齐 克拉玛依 吐鲁番 哈密 喀什 伊犁 "
)
_CITIES = frozenset(re.findall(r"\S+", _NAMES))
_HEADS = regex(f"[{''.join({name[0] for name in _CITIES})}](?=[一-龥])")
_PART = r"[一-龥]{1,8}?(?:自治[州县区]|省|市|区|县|州|旗|盟|街道|镇|乡|村|社区|小区|大道|路|街)"
_LEAD = regex(
    r"(?:不是|不对|错了|都说了|我说了?|哎呀?|我们?|咱们?|人|现在|一直|就|是|住|家|在|都|也"
    r"|这里|这边|这儿|的|地址|位置|[,，。 :：])*"
)
_REST = regex(
    rf"(?:省|市(?![场政民])|自治区)?(?:{_PART}){{0,5}}(?:\d+[一-龥]{{0,4}}){{0,4}}"
    r"(?:这边|那边|这里|那里|本地|当地|市区|城里|呢|啊|呀|了|的|人|啦|[,，。 !！])*"
)
_FULL = regex(r"[一-龥]{2,4}?(?:省|市(?![场政民]))")
_NOT_HERE = regex(
    r"(?:(?:不在|不是|不属于|不归)(?:你们?|您们?)(?:这里|这儿|这边|那里|那边|街道|社区|小区|市|区|县|镇|地方|城市)*"
    r"|(?:在)?(?:外地|外省|外市|别的城市|别的地方|另一个城市|另外一个城市)|不是本地|不在本地)(?:的|人|啊|呀|了|呢|吧|这边)*"
)
_OPENS = regex(r"(?:\A|[,，。 ]|在|住|位于|是|管(?:不管|不到|得?到|不管得?到)?)$")
_WITHIN = regex(
    r"(?:省|市|自治区)?[一-龥]{2,6}?(?:(?<![超夜菜集门城])市(?![场政民])|(?<![小社校园片辖景库院])区(?![别域])|县|州|旗|镇)"
)
_ENDS = regex(r"(?:省|市|自治区)?(?:[,，。!！]|$)")
TOLD_ALREADY = "told_already"  # of a state's last: the description of what was not registered
LONGEST = 30  # characters of an answer


def instead_of_a_place(turn: Turn) -> bool:
    """Whether somebody who was asked where says that it is nowhere here."""
    text = turn.said.understood.plain.strip(" 。.!！~、,，?？")
    if len(text) > LONGEST or _known(turn):
        return False
    lead = _LEAD.match(text)
    rest = text[lead.end() if lead else 0 :]
    if _NOT_HERE.fullmatch(rest) or _NOT_HERE.fullmatch(text):
        return True
    where = _city(rest)
    return bool(where) and _REST.fullmatch(rest, len(where)) is not None and not _ours(turn, where)


def told(turn: Turn) -> bool:
    """Whether what is told takes place in another city."""
    text = turn.said.understood.plain[:200]
    return any(_elsewhere(turn, text, head.start()) for head in _HEADS.finditer(text)) and not _known(turn)


def _elsewhere(turn: Turn, text: str, at: int) -> bool:
    """Whether a city stands there, and the words around it say that a place is meant."""
    where = next((text[at : at + n] for n in (2, 3, 4) if text[at : at + n] in _CITIES), "")
    opens = _OPENS.search(text, max(0, at - 5), at) if where else None
    if opens is None or _ours(turn, where):
        return False
    end = at + len(where)
    if opens[0].startswith("管"):
        return True
    if opens[0] in ("在", "住", "位于", "是"):
        return bool(_WITHIN.match(text, end) or (opens[0] != "是" and _ENDS.match(text, end)))
    return text[end : end + 1] in ("省", "市") and _WITHIN.match(text, end) is not None


def _city(text: str) -> str:
    """The city or province a text begins with; "" when it begins with none."""
    known = next((text[:n] for n in (4, 3, 2) if text[:n] in _CITIES), "")
    full = _FULL.match(text)
    return known or (full[0] if full else "")


def _known(turn: Turn) -> bool:
    """Whether a place of ours is named as well (我在成都打工，幸福里3号楼家里漏水)."""
    return turn.facts.places.find(turn.said.text[:200]) is not None


def _ours(turn: Turn, where: str) -> bool:
    """Whether the city is the one we are in, as far as the areas are named after it."""
    places, top = turn.facts.places, turn.facts.top or 0
    held = (places.above(top, level) for level in ("community", "subdistrict", "city"))
    return any(where[:2] in places.place(one).name for one in held if one is not None)


def ended(state: State, turn: Turn) -> Outcome:
    """Told kindly who can help there; nothing is registered."""
    top = turn.facts.top
    here = turn.facts.places.place(top).name if top in turn.facts.places and top is not None else "本社区"
    description = state.answers.get("description")
    after = stop(state)
    if not after.flow and isinstance(description, dict):
        last = {"flow": "complaint", TOLD_ALREADY: description, "at": turn.now.isoformat()}
        after = replace(after, last=last)
    return Outcome(after, (Say(texts.ELSEWHERE.format(here=here)),))


def after_all(turn: Turn, before: Answers) -> Answers | None:
    """A place of ours, said after it was taken for one elsewhere: what was told goes on there."""
    if TOLD_ALREADY not in before or turn.since(before["at"]) > STILL:
        return None
    return {"description": before[TOLD_ALREADY]} if only_a_place(turn) else None
