"""Where a complaint is: the place a message names, and whether it names any."""

from __future__ import annotations

import re
from typing import Any

from flows.complaint import texts
from flows.complaint.unplaced import SINCE
from flows.domain.by_sound import heard
from flows.domain.places import Found, Several
from flows.errors import Unclear
from flows.flow import Answers, Turn
from flows.words import GOES_ON
from nlu.late import regex
from nlu.normalize import aligned, normalize

LABELLED = regex(
    r"(?:位置|地址|地点|定位|坐标)\s*(?:是|在|[:：])?\s*(?P<place>[一-龥][^,，。!！?？]{1,14})"
)  # 位置 朝阳区
GENERIC = regex(
    r"(?:我们?|咱们?|俺们?)?家?(?:小区|院|楼|单元|楼道|村|路|社区)?(?:里|内|外|楼下|楼上|门口|大门口?|路口|旁边|附近|对面|楼道|这里|这儿|那里|那边)?"
)

AROUND = regex(  # what may stand beside the names of a place without telling anything
    r"(?:我们?|咱们?|俺们?|[他她]们?|我?[爸妈爷奶婆公]|老人|家|住|就?是|就|在|的|这|那|儿|套|老?房子|[东南西北中]|[0-9a-z号室层单元户楼栋幢]|里|内|外|边|面|头|大?门口?|路口|口|楼下|楼上|楼道|"
    r"前|后|旁|侧|附近|对面|底商|院|小区|社区|村|街道)*"
)
INSIDE = regex(  # a building: 二单元, 2单元301, 三楼东户
    r"(?:[一二三四五六七八九十两\d]{1,4}(?:单元|门洞|层|楼|室|户|号房)|(?<=[单元层楼])\d{3,4}|[东西南北中]户)+"
)
ROOM = regex(r"(?:就?是)?(?!1[3-9]\d$)(?P<room>\d{3,4})(?:室|号?房|户)?")  # 302, of a building; 139 begins a phone
WIDE = regex(r"(?:社区|街道|村)$")  # 幸福里社区 is called like the estate in it
LONGEST_PLACE = 20
LONGEST_HEARD = 60  # characters in which a name is looked for by its sound

INSTEAD = regex(
    r"(?:对了|啊|呃|那个|等一下|等等|说错了|错了|哦|噢|[,，。!！\s])*不是[^,，。]{1,10}?[,，]?\s*(?:而?是|，)(?=.)"
)  # 不是B座是A座
WRONG = regex(  # 说错了，幸福里5号楼: what follows stands for what was told
    r"(?:对了|啊|呃|哦|噢|哎呀?|那个|等一?下|等等|不好意思|抱歉|[,，。!！\s])*"
    r"(?:(?:我|刚才|刚刚|前面|上面|地址|位置|地方|地点|楼号|写|说|的)*(?:不对|不是(?=[,，。 ]+而?是)"
    r"|[说写打发报填弄搞讲记]错|错|[写填报]反)(?:了|啦|地方)*"
    r"|(?:应该|其实)(?=是))(?:[啊呀,，。!！~\s]|应该|其实|是(?!不))+(?=\S)"
)
RATHER = regex(r"(?<=[一-龥\da-z])[,，。 ]?(?:并|而)?不是[^,，。]{1,10}$")  # 是5幢前面，不是3幢
# What is said instead of a place: it asks or tells, and names nothing where anybody could go.
TELLS = regex(
    r"[吗呢么?？]|怎么|咋|什么|啥|多少|多久|为何|能不能|可不可以|可以|建议|希望|谢谢|感谢|多谢|没[^有]|不[给管肯让理修来是]|欠|赔|催|投诉|举报|反映|报复|拖着|"
    r"的事[情儿]?$|[行好]不|[明后]天|[上下]午(?!茶)|[一二三四五六七八九十两\d]点(?!通|心|金|水)半?$|昨|今天|前天|上周|上个?月|一直|已经|经常|天天|每天|老是|总是|开始|赶紧|快点|麻烦|都这样|谁|好几|又[一-龥]{1,3}了$|^[他她它]们?(?:又|也|还|都|老|把|说|不|在|用|拿|跑)|把[一-龥]{1,4}[砸拆弄打堵占锁搞扔卖挖砍推]"
    r"|^(?:我们?|[他她]|俺|孩子|老人|老伴|家里人)(?:有|很|都|没|怕|受不了|睡|身体|真|太)"
)
NAMED_BY_TIME = regex(r"(?:天天|每天|今天|昨天)[一-龥]{0,4}(?:超市|便利店|幼儿园|饭店|公园|店)$")  # 天天超市
WHERE = regex(
    r"[门口楼栋幢座号室院区村组屯路街巷弄桥站店场园校厅库河溪湖塘沟渠坡岗亭池井塔边旁侧头角东西南北中段苑庄寨营镇乡社]|附近|超市|医院|银行|饭馆|地铁|田|山|林|家"
)
HOME = regex(  # one of several homes of somebody's own, called by whose it is or by nothing: 我妈那套房, 老房子
    r"[那这](?:一?套|边的?房子?|个房子?)|另外?一?套|老房子?|(?:我|俺|咱)们?(?:自己)?(?:爸妈?|妈|爹|娘|爷爷|奶奶|父母|婆婆|公公|岳父|岳母|丈母娘|儿子|女儿)?家|家里"
)
CALLED = regex(r"([一-龥]{2,10})((?:[\d]{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z])(?:号楼|号院|栋|幢|座))")
LEADS = regex(
    r"(?:我们?|咱们?|俺们?|请|麻烦|你们?|帮|看看|反映|投诉|举报|报修|一下|那个?|这个?|就是|就(?!是)|是|住|在|家|的|小区|楼下|附近|对面|旁边)+"
)
SHORT = 8  # characters of a name that only neighbours know


def like_a_place(turn: Turn, text: str) -> bool:
    """Whether words that no list of places knows may be one; what goes on telling the matter is none."""
    if turn.said.understood.slots.place:
        return True
    if SINCE.fullmatch(normalize(text).strip(" 。.!！~")):
        return False
    if GOES_ON.match(normalize(text)) or TELLS.search(NAMED_BY_TIME.sub("", normalize(text))):  # 那老伴也一起
        return False
    return len(text) <= SHORT or WHERE.search(normalize(text)) is not None


def as_written(turn: Turn, place: str) -> str:
    """A place found in the normalised words, as the resident wrote it."""
    text = turn.said.text[:200]
    if place in text:
        return place
    size = len(place)  # written in other characters: 幸福里小區
    same = (text[i : i + n] for n in (size, size + 1) for i in range(len(text)) if normalize(text[i : i + n]) == place)
    return next(same, place)


def vague(place: str) -> bool:
    """小区门口: a place only for somebody whose estate is known."""
    return GENERIC.fullmatch(place) is not None


def only_a_place(turn: Turn) -> bool:
    """Whether somebody says where, and not what: 梧桐苑2号楼501, 小区门口."""
    said = turn.said.plain.strip(" 。.!！~、,，?？")
    if turn.said.location or len(said) > LONGEST_PLACE:
        return False
    if (turn.said.understood.slots.place == said and vague(said)) or LABELLED.fullmatch(said):
        return True
    return turn.facts.places.find(said) is not None and AROUND.fullmatch(turn.facts.places.besides(said)) is not None


def locate(turn: Turn, text: str, before: int | None = None, told: str = "") -> dict[str, Any] | None:
    """The place of a pin or in words, as the answer `place`; None: nothing that is known here. `before`: the area named
    so far, which a building without a name lies in; `told`: the words that named it."""
    facts = turn.facts
    if turn.said.location:
        return _pinned(turn, *turn.said.location)
    meant = _meant(text)
    found = facts.places.find(meant, within=facts.community, default=before or facts.area)
    if told and not isinstance(found, Found):  # 三号楼, after 幸福里
        alone, inside = (facts.places.find(told + more, within=facts.community, default=before) for more in ("", meant))
        found = inside if isinstance(inside, Found) and inside.building and inside != alone else found
    said = as_written(turn, turn.said.understood.slots.place or "")
    said = said if said in meant else ""
    if not isinstance(found, Found) and (alike := _by_sound(turn, meant, before)):
        return {"text": said or text[:100], **alike}
    if isinstance(found, Several):
        told_so = text[:100] if only_a_place(turn) or not said else said
        return {"text": told_so, "named": _called(meant) or told_so, **_one_of(found)}
    if isinstance(found, Found):
        name = facts.places.label(found.building or found.area)
        said = said or (_own_word(meant) if found.building is None and only_a_place(turn) else "")
        if found.building is None and said:  # their own word for the estate; a building we don't know stays in sight
            name = f"{name} {said}" if re.search(r"\d", said) and len(said) < len(name) else said
        return {"text": _whole(name, said), "area": found.area, "building": found.building}
    homes = _homes(turn) if HOME.search(aligned(meant)) else ()
    return {"text": said or text[:100], "several": list(homes)} if len(homes) > 1 else None


def _own_word(text: str) -> str:
    """A place alone in their own words: 银杏公寓楼下 of 就银杏公寓楼下."""
    plain = aligned(text).strip(" 。.!！~、,，")
    lead = LEADS.match(plain)
    return plain[lead.end() if lead else 0 :]


def _homes(turn: Turn) -> tuple[int, ...]:
    """The buildings of what somebody has reported before: who says 我妈那套房 means one of them."""
    return tuple(dict.fromkeys(case.at for case in turn.facts.my_cases if case.at and case.at in turn.facts.places))[:6]


def _called(text: str) -> str:
    """A building with the name that stands before its number, which no list of ours has: 锦绣江南2号楼; "": none."""
    found = CALLED.search(aligned(text))
    if not found:
        return ""
    lead = LEADS.match(found[1])
    name = found[1][lead.end() if lead else 0 :]
    return f"{name}{found[2]}" if 2 <= len(name) <= 6 and name[-1] not in "在是的了到去住有把给们家里上下" else ""


def community_told(turn: Turn, _answers: Answers) -> str:
    """The community of the estate or building that was named where one was asked for. Raises Unclear."""
    places = turn.facts.places
    found = places.find(turn.said.text[:200])
    areas = [one.area for one in found.candidates] if isinstance(found, Several) else [found.area] if found else []
    named = {places.above(area, "community") for area in areas}
    if len(named) != 1 or (community := named.pop()) is None:
        raise Unclear(texts.ASK_COMMUNITY)
    return str(community)


def community_said(turn: Turn, answers: Answers) -> str | None:
    """The same, found in what was said before it was asked."""
    try:
        return community_told(turn, answers)
    except Unclear:
        return None


def put_right(text: str) -> str:
    """What stands behind a word that something was told wrongly: 幸福里5号楼 of 说错了，幸福里5号楼; "": none does."""
    wrong = WRONG.match(aligned(text))
    return text[wrong.end() :] if wrong else ""


def _meant(text: str) -> str:
    """The words without the place that is said to be wrong."""
    wrong = INSTEAD.match(aligned(text))
    text = text[wrong.end() :] if wrong else text
    return text[: rest.start()] if (rest := RATHER.search(aligned(text))) else text


def _pinned(turn: Turn, lat: float, lon: float) -> dict[str, Any]:
    """The building or area at a pin, else the one it is called by; else the pin itself, and what the map calls it."""
    places, named = turn.facts.places, turn.said.pinned
    near = places.nearest(lat, lon) or places.find(named, within=turn.facts.community, default=turn.facts.area)
    if near is not None and not isinstance(near, Several):
        return {"text": places.label(near.building or near.area), "area": near.area, "building": near.building}
    pin = f"定位 {lat:.5f}, {lon:.5f}"
    return {"text": f"{named}（{pin}）" if named else pin, "area": turn.facts.area, "building": None}


def pinned_in(turn: Turn, answers: Answers) -> dict[str, Any] | None:
    """A pin sent after the place was told: the building it stands at, where that lies inside; else beside the words."""
    if turn.said.location is None or "place" not in answers:
        return None
    found, (area, building) = _pinned(turn, *turn.said.location), where(answers, turn)
    before = where_told(answers)
    if before is None or (building is None and found["building"] and turn.facts.places.inside(found["area"], before)):
        return found
    lat, lon = turn.said.location
    return {"text": f"{place_text(answers, turn)}（定位 {lat:.5f}, {lon:.5f}）", "area": area, "building": building}


def _by_sound(turn: Turn, text: str, before: int | None) -> dict[str, Any] | None:
    """A place that is only called alike, to be asked back: 星福里3号楼."""
    right = heard(turn.facts.places, text[:LONGEST_HEARD])
    if right is None:
        return None
    name, text = right
    found = turn.facts.places.find(text, within=turn.facts.community, default=before or turn.facts.area)
    if isinstance(found, Found):
        shown = turn.facts.places.label(found.building) if found.building else name
        return {"several": [found.building or found.area], "heard": shown}
    return _one_of(found) if found else None


def _one_of(found: Several) -> dict[str, Any]:
    return {"several": [c.building or c.area for c in found.candidates]}


def _whole(name: str, said: str) -> str:
    """The place with what was said of it: 幸福里小区5号楼 and 5号楼1单元301 are 幸福里小区5号楼1单元301."""
    plain = aligned(said)
    shared = next((n for n in range(len(said), 1, -1) if name.endswith(plain[:n])), 0)
    return name + said[shared:] if shared else max(name, said, key=len)


def nearer(turn: Turn, answers: Answers) -> dict[str, Any] | None:
    """The place with what is told of it after it: the unit of a building, the building of an estate; None: nothing."""
    place, text = answers.get("place"), turn.said.text.strip(" 。.!！~、,，")
    if not isinstance(place, dict) or turn.said.location:
        return None
    area, building = where(answers, turn)
    if building is not None and (_meant(text) != text or put_right(text)):
        return locate(turn, text, area)
    if building is not None:
        known, room = place_text(answers, turn), ROOM.fullmatch(aligned(text))
        inside = room["room"] if room and not re.search(r"\d$", known) else text
        within = (room or INSIDE.fullmatch(aligned(text))) and inside not in known
        return {"text": f"{known}{inside}", "area": area, "building": building} if within else None
    if place.get("several") and (whole := locate(turn, f"{_own_word(text)}{place['text']}")) and whole.get("building"):
        return whole  # 我住幸福里, after 三号楼
    before, told = where_told(answers), str(place.get("heard") or place["text"])
    found = locate(turn, text, before, WIDE.sub("", told) if before else "")
    if found and found.get("several") and before:  # one of them, or none: the estate is known all the same
        return {**found, "text": f"{told} {found['text']}", "named": "", "area": before}
    return found


def where_told(answers: Answers) -> int | None:
    """The area that the answers given so far name, of any level."""
    place = answers.get("place")
    picked = str(answers.get("which") or answers.get("community") or "0")
    if picked.isdecimal() and int(picked):
        return int(picked)
    area = place.get("area") if isinstance(place, dict) else None
    return area if isinstance(area, int) else None


def where(answers: Answers, turn: Turn) -> tuple[int | None, int | None]:
    """(area, building) of a case."""
    which = int(answers.get("which", "0")) or int(answers.get("community", "0"))
    places = turn.facts.places
    if which and which in places:
        building = which if places.place(which).level == "building" else None
        return (places.above(which, "grid") or which), building
    area = answers["place"].get("area") or which or turn.facts.area or turn.facts.community or turn.facts.top
    return area, answers["place"].get("building")


def place_text(answers: Answers, turn: Turn) -> str:
    which = int(answers.get("which", "0"))
    if which:
        return turn.facts.places.label(which)
    said = str(answers["place"].get("named") or answers["place"]["text"])
    community = int(answers.get("community", "0"))
    if not community:
        return said
    name = dict(turn.facts.communities).get(community) or turn.facts.places.label(community)
    return f"{name} {said}".strip()
