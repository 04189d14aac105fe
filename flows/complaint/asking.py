"""What the questions of a complaint take for an answer, and what they find in the first sentence already."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flows import pieces
from flows.choosing import PAUSE
from flows.complaint import elsewhere, texts
from flows.complaint.desks import desk
from flows.complaint.happened import heard
from flows.complaint.locate import (
    LABELLED,
    TELLS,
    WHERE,
    as_written,
    like_a_place,
    locate,
    nearer,
    only_a_place,
    put_right,
    vague,
)
from flows.complaint.phone import PHONE, number_in, own_phone, reached, refuses
from flows.complaint.rights import asks_law
from flows.complaint.rules import act_of, is_opener, meant_by, service_of
from flows.complaint.unplaced import SEEN, nowhere, unsaid, wont_say
from flows.errors import Unclear
from flows.flow import Answers, Choice, Sense, Turn
from flows.further import asks_further
from flows.plainly import unthanked
from flows.yesno import sense_of
from nlu.late import regex
from nlu.normalize import aligned
from nlu.standing import standing

DESK = frozenset({"政务办事", "劳动社保", "教育", "医疗卫生", "三农与救助", "通信邮政"})
NO_PHOTO = "none"  # the answer that there is none
WILLING = frozenset({"好", "好的", "可以", "行", "嗯", "方便", "留", "愿意", "是", "中", "要得"})
LONGEST = 2_000  # characters of a description
_LATER = regex(r"(?:待会|一会|过会|回头|晚点|稍后|明天|下班).{0,6}[发拍传补照]")
_NO_PHOTO = regex(
    r"(?:我|我们|现在|暂时|这会儿|也|手头|手机)*(?:没有?|没拍|拍不了|发不了|不发|不拍|[没无]法拍|没办法拍|不能拍|不会拍)(?:什么)?(?:照片|相片|图片|图|照)(?:[了啊呢哦呀的]|可发)*"
)
SURE_OF_FEW = 0.6
LOCAL = 0.5  # of what reads like a problem of this place
SHORT = 20  # characters, from which on a story may tell it
NAMELESS = regex(  # 门口那个东西坏了
    r"(?<![扔丢抛卖买偷送寄落堆放])(?<!买的)(?:东西|玩意儿?|物件)[^,，。]{0,4}"
    r"(?:坏|破|断|松|裂|歪|倒|修|不能用|用不了|不好使|不动|不转|响)"
    r"|[那这有]个(?:又|也|还|都|老是?|一直)?(?:坏|破|断|不能用|用不了|不好使)"
)
NOT_THERE = regex(  # 不在上面，是新小区
    r"不在(?:这?上面|里面|这里面?|其中|列表)|(?:上面|里面|这里|这[几些]个?)(?:都|也)?(?:没有|没写|没列|不是)|没有我们?(?:家|小区|那)|新小区|小区(?:名字)?(?:叫|是叫)"
)
SURE_IT_IS_NONE = 0.8  # that an answer to "which community" names none


def description(turn: Turn, _answers: Answers) -> Any:
    text = own_phone(unthanked(turn.said.text.strip()))[1]
    if (len(text) < 2 or not SEEN.search(text)) and not turn.said.photos:  # 123456 tells nothing
        raise Unclear(texts.TOO_SHORT)
    if is_opener(aligned(text)) or meant_by(aligned(text)) == "withdraw_case":
        raise Unclear(texts.TOO_SHORT)
    if only_a_place(turn) and not turn.said.photos:
        raise Unclear(texts.PLACE_SEEN)
    return described(turn, text)


def typed_description(turn: Turn, answers: Answers) -> Any:
    """Not what a counter settles: that is answered in between."""
    if desk(turn.said.understood.plain.strip(" 。.!！?？")) or elsewhere.told(turn):
        raise Unclear(texts.TOO_SHORT)
    return description(turn, answers)


def described(turn: Turn, text: str) -> dict[str, Any]:
    """The answer `description` of these words."""
    return {
        "text": text[:LONGEST] or texts.SEE_PHOTO,
        "services": [k for k, _ in turn.said.understood.services[:4]],
        **_sure(turn),
        **hazard(turn),
        **heard(turn),
    }


def hazard(turn: Turn) -> dict[str, str]:
    """What the understanding heard of danger is a fact of the case, whatever is called danger later."""
    seen = turn.said.understood
    heard = seen.danger or seen.concern or ("standing" if standing(seen.plain) else None)
    return {"hazard": str(heard)} if heard else {}


def _sure(turn: Turn) -> dict[str, float]:
    """How sure it is what it is about: not at all where the words only say that something is broken."""
    seen = turn.said.understood
    named = seen.services and not (len(seen.plain) <= SHORT and NAMELESS.search(seen.plain))
    return {"sure": round(seen.services[0][1], 3) if named else 0.0}


def first_description(turn: Turn, answers: Answers) -> Any:
    if turn.said.begin and not turn.said.text:
        return None
    named = turn.said.understood.services[:1]
    few = 2 if named and named[0][1] >= SURE_OF_FEW else 4  # 楼道灯
    if len(turn.said.text.strip()) < few or only_a_place(turn):
        return None
    return None if is_opener(turn.said.plain) else description(turn, answers)


def ask_description(answers: Answers, _turn: Turn) -> str:
    if "phone" in answers:  # it is being changed
        return texts.ASK_DESCRIPTION
    if answers.get("photos"):
        return texts.PHOTO_SEEN
    return texts.PLACE_SEEN if answers.get("place") else texts.ASK_DESCRIPTION


def tells_what(turn: Turn) -> bool:
    """Whether a word or two name what is wrong rather than where: 垃圾."""
    seen = turn.said.understood
    return bool(seen.services) and seen.services[0][1] >= SURE_OF_FEW and len(seen.plain) > 1 and seen.local >= LOCAL


def place(turn: Turn, answers: Answers) -> Any:
    if pieces.of_it(answers.get("description", {}).get("text", ""), turn.said.text):
        raise Unclear(texts.ASK_PLACE)  # 楼道灯坏了: more of the matter (between.py)
    found = locate(turn, turn.said.text)
    if found is not None:
        return found
    if answers.get("description", {}).get("text") == texts.SEE_PHOTO and tells_what(turn):
        raise Unclear(texts.ASK_PLACE)  # 垃圾: what is seen in the photo (between.py)
    if elsewhere.instead_of_a_place(turn):
        raise Unclear(texts.ROUGHLY_WHERE)
    phone, text = own_phone(turn.said.text.strip())
    if nowhere(text) or wont_say(text) or photoless(turn):
        raise Unclear(texts.ROUGHLY_WHERE)
    if phone and not (turn.said.understood.slots.place or WHERE.search(aligned(text))):
        raise Unclear(texts.ASK_PLACE_AGAIN)
    if (
        len(text) < 2
        or asks_law(turn.said.plain)
        or meant_by(aligned(text))
        or PHONE.fullmatch(aligned(text))
        or not like_a_place(turn, text)
    ):
        raise Unclear(texts.ASK_PLACE_AGAIN)
    if sense_of(turn.said.plain.strip(" 。.!！~")):  # 确认
        raise Unclear(texts.ASK_PLACE_AGAIN)
    return {"text": text[:100], "area": turn.facts.area, "building": None}


def fill_place(turn: Turn, answers: Answers) -> Any:
    if not turn.said.location and turn.said.begin and not turn.said.text:
        return None
    before = answers.get("place")
    here = before.get("area") if isinstance(before, dict) else None
    found = nearer(turn, answers) or locate(turn, turn.said.text, here)
    if found is not None:
        return found
    said = turn.said.understood.slots.place
    if "place" in answers:  # only a place that is known takes the place of one
        return None
    if label := LABELLED.fullmatch(turn.said.plain.strip(" 。.!！")):
        said = label["place"]
    if said is None and asks(answers, turn):
        said = ""
    elif said and turn.facts.area is None and vague(said):
        return None
    return None if said is None else {"text": as_written(turn, said)[:100], "area": turn.facts.area, "building": None}


def several(answers: Answers, _turn: Turn) -> bool:
    return bool(answers["place"].get("several"))


def candidates(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    ids = answers["place"]["several"][:6]
    if answers["place"].get("heard"):  # a name that only sounds like it
        yes = Choice(str(ids[0]), "是的", (turn.facts.places.label(ids[0]),), Sense.YES)
        return yes, Choice("0", "不是", ("都不是",), Sense.NO)
    return (*(Choice(str(i), turn.facts.places.label(i)) for i in ids), Choice("0", "都不是"))


def ask_which(answers: Answers, turn: Turn) -> str:
    heard = answers["place"].get("heard")
    return texts.ASK_WHETHER.format(place=heard) if heard else texts.ASK_WHICH


def which(turn: Turn, answers: Answers) -> str:
    """The place typed in full instead of chosen."""
    found = locate(turn, turn.said.text, told=str(answers["place"].get("heard", ""))) or {}
    named = found.get("building") or found.get("area")
    said = turn.said.plain.strip(" 。.!！~，,")
    if named is None and (NOT_THERE.search(said) or (len(said) > 1 and said in str(answers["place"].get("named")))):
        return "0"  # an estate that is not in the list: 不在上面, or its name once more
    if named is None or found.get("several"):
        heard = answers["place"].get("heard")
        raise Unclear(texts.WHETHER_OR_WHERE.format(place=heard) if heard else texts.WHICH_OF_THESE)
    return str(named)


def anywhere(answers: Answers, turn: Turn) -> bool:
    """Nobody knows yet whose place this is, and there is more than one community to ask about."""
    placed = answers["place"].get("area") or answers.get("which", "0") != "0" or turn.facts.area
    return not placed and len(turn.facts.communities) > 1


def communities(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return (*(Choice(str(i), name) for i, name in turn.facts.communities[:8]), Choice("0", "不清楚"))


def community(turn: Turn, _answers: Answers) -> str:
    """An estate or a building says it as well; what nobody knows is sorted out by the subdistrict."""
    found = locate(turn, turn.said.text)
    closer = found and (found.get("several") or found.get("building"))  # kept with the place (between.py)
    if closer or photoless(turn) or own_phone(turn.said.text)[0] or not turn.said.text.strip():
        raise Unclear(texts.ASK_COMMUNITY)
    if found and found.get("area"):
        return str(found["area"])
    seen = turn.said.understood
    if (
        asks_further(turn.said.text)
        or elsewhere.instead_of_a_place(turn)
        or (TELLS.search(seen.plain) and not unsaid(seen.plain))
        or (seen.flow is not None and seen.confidence >= SURE_IT_IS_NONE)
    ):
        raise Unclear(texts.ASK_COMMUNITY)  # 要带什么, 我的诉求, or another matter: no place at all
    return "0"


def asks(answers: Answers, turn: Turn) -> bool:
    """Whether it is a question about papers, benefits, school: nobody has to go anywhere to answer it."""
    if "description" not in answers or "service" not in answers:
        return False
    at_desk = service_of(turn.facts, answers["service"]).category in DESK
    return at_desk and act_of(answers["description"]["text"]) == "question"


def phone(turn: Turn, _answers: Answers) -> str:
    found = number_in(turn.said.text)
    if not found and not re.search(r"\d", turn.said.plain) and not put_right(turn.said.text) and _refused(turn):
        return ""
    if not found:
        willing = turn.said.plain.strip("。！!.，, ") in WILLING
        wrong = texts.BAD_PHONE if re.search(r"\d{4}", turn.said.plain) else texts.NO_PHONE
        raise Unclear(texts.PHONE_PLEASE if willing else wrong)
    return reached(found, turn.said.text)


OF_PHOTOS, OF_PHONES = regex(r"拍|照片|相片|图"), regex(r"电话|手机(?!.{0,4}[拍照])|号码")


def only(choice: Choice, turn: Turn, named: re.Pattern[str], other: re.Pattern[str]) -> Choice:
    """A no to what needn't be given, without what is said of something else: 我没法拍照 is no answer about a phone."""
    of_other = other.search(turn.said.plain) and not named.search(turn.said.plain)
    return replace(choice, sense=None) if of_other else choice


def _refused(turn: Turn) -> bool:
    """Whether any part of it says no, whatever else is said: 又要电话，不给."""
    if OF_PHOTOS.search(turn.said.plain) and not OF_PHONES.search(turn.said.plain):
        return False
    parts = PAUSE.split(turn.said.plain.strip(" 。.!！~"))
    return any(Sense.NO in sense_of(part) or refuses(part) for part in parts)


def fill_phone(turn: Turn, _answers: Answers) -> str | None:
    """The one in this sentence, else the one the resident left before."""
    return own_phone(turn.said.text)[0] or turn.facts.phone


def photo_later(turn: Turn) -> bool:
    """Whether a photo is promised: 待会发."""
    return _LATER.search(turn.said.plain) is not None and len(turn.said.plain) <= 20


def photoless(turn: Turn) -> bool:
    """Whether somebody says that there is no photo, whatever is being asked."""
    return _NO_PHOTO.fullmatch(turn.said.plain.strip(" 。.!！~、,，?？")) is not None


def fill_photos(turn: Turn, _answers: Answers) -> list[int] | str | None:
    said_so = any(_NO_PHOTO.fullmatch(part) for part in PAUSE.split(turn.said.plain))  # 不留，没照片
    return list(turn.said.photos) or (NO_PHOTO if said_so else None)


def photo(turn: Turn, answers: Answers) -> list[int]:
    if not turn.said.photos:
        raise Unclear(texts.NO_VIDEO if "视频" in turn.said.plain or "录像" in turn.said.plain else texts.NO_PHOTO)
    return photos(turn, answers)


def photos(turn: Turn, answers: Answers) -> list[int]:
    """What was sent so far, with what came now: pictures of one album come one by one."""
    before = answers.get("photos")
    return [*(before if isinstance(before, list) else ()), *turn.said.photos]
