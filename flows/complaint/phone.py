"""A resident's own phone number in what they say: found, and taken out of the words that are kept."""

from __future__ import annotations

import re

from nlu.late import regex
from nlu.normalize import aligned

NUMBER = r"(?<!\d)(?:\+?86)?[- ]?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)"
PHONE = regex(NUMBER)
_CODED = r"\(?(0\d{2,3})\)?[- ]?"
_LINE = r"([2-8]\d{6,7})(?:[-,， ]?(?:转|分机号?)[- ]?(\d{1,6}))?(?![\d-])"
LANDLINE = regex(rf"(?<![\d-])(?:{_CODED})?{_LINE}")  # 0431-85661234, 88776655转8012: where a phone was asked for
# Somebody else's: 物业的电话是…, 他号码…; what is told of others is no consent of theirs.
OTHERS = regex(r"(?:他|她|对方|老板|物业|公司|店|师傅|骗|诈|打来|来电|邻居|楼上|楼下|房东|中介|司机)[^，,。；;]{0,8}$")
LEAD = (
    r"[，,。；;、\s]*(?:我|本人|请|可以|随时)*(?:的)?(?:联系|联络|打)?(?:我|人)?(?:的)?"
    r"(?:电话|手机号码|手机号|手机|号码|联系方式)?(?:号|是|为|:|：)*\s*"
)
TOLD = regex(LEAD + NUMBER)
_OWN_LINE = regex(  # a landline told of one's own accord: called so, and with its area code
    r"[，,。；;、\s]*(?:我们?|本人|家|单位|店里|请|可以|随时|留个?)*+(?:的)?(?:联系|联络|打)?(?:我|人)?(?:的)?"
    rf"(?:座机号?|固定?电话|联系电话|联系方式|电话|号码)(?:号|是|为|:|：|\s)*{_CODED}{_LINE}"
)
# What is said of a number: when to call it, and how.
_CALLING = regex(
    r"别打|不要打|莫打|再打|打不通|才接|接不了|不方便接|不接|短信|微信|"
    r"(?:白天|上午|中午|下午|晚上|早上|上班|下班|点(?:钟|半)?|周[一二三四五六日末]|工作日).{0,8}(?:打|接|联系|方便|有空|在家)"
)

# The same of a number told before, and of nothing else: 白天别打, 下班以后再联系我.
_CALLING_ALONE = regex(
    r"(?:电话|手机)?(?:请|麻烦|最好|尽量)*(?:在|到)?[白早晚中上下周工夜平节点一二三四五六七八九十\d日天末午间里作时候班以之后前半吃饭]{0,10}"
    r"(?:再|才|请|都|就)?(?:别|不要|莫|不能|不方便|可以|方便)?(?:给我)?(?:打|接|联系|发短信|短信联系|加微信)(?:扰|电话|我|过来|联系)*(?:就行|就好|吧|哈|啊)?"
)
_NO_CALLS = regex(r"(?:不能|不要|别|没法|不方便)(?:给我)?(?:打|接)(?:我的?|听)?电话|听不(?:见|到|清)|短信|微信")
SHORT = 20  # characters of what is said of calling
FIGURES = 11  # of a mobile number
_NAMED = regex(r"^(?:我的?)?(?:电话|手机号?|号码)(?:改成|改为|换成|改|换|是|为|[:：])*")

_BESIDE = regex(r"(?:我|的|是|为|改|换|成|留|一?个|家|打|联系|座机|固话|电话|手机|号码?|[:：,，。 ])*")
_REFUSES = regex(
    r"(?:算了|还是|那)?[,，。 ]?(?:我|就|也|都|先)*(?:电话|手机号?码?|号码)?(?:我|就|也|都|先)*"
    r"(?:不|别)(?:想|愿意)?(?:再)?(?:留|给)(?:电话|手机号?码?|号码|你们?|您)?[了的吧啊]*"
)

_SPOKEN = regex(r"[零〇一二三四五六七八九幺洞](?:[ ,，]?[零〇一二三四五六七八九幺洞]){10}")
_FIGURES = str.maketrans("零〇一二三四五六七八九幺洞", "0012345678910")


def number_in(text: str) -> str:
    """The number in the answer to a question for one, mobile or landline (0431-85661234, 85661234转8012); "": none."""
    plain = in_figures(aligned(text))
    if found := PHONE.search(plain):
        return "".join(found.groups())
    line = LANDLINE.search(plain)
    return _landline(*line.groups()) if line else ""


def only_number(text: str) -> str:
    """The number of a message that is nothing else: a mobile, or a landline told by its code or a word (座机); ""."""
    plain = in_figures(aligned(text))
    number, rest = number_in(plain), LANDLINE.sub("", PHONE.sub("", plain)).strip()
    told = rest or "-" in number or PHONE.search(plain)
    return number if told and _BESIDE.fullmatch(rest) else ""


def refuses(text: str) -> bool:
    """Whether somebody says, whatever is being asked, that no phone is left: 不留, 电话不给."""
    return _REFUSES.fullmatch(aligned(text).strip(" 。.!！~、,，")) is not None


def _landline(area: str | None, number: str, extension: str | None) -> str:
    return (f"{area}-" if area else "") + number + (f"转{extension}" if extension else "")


def in_figures(text: str) -> str:
    """The text with a number that voice input wrote out (一三八零零…) in figures, character for character."""
    return _SPOKEN.sub(lambda said: said[0].translate(_FIGURES), text)


def calling(text: str) -> str:
    """When and how to call (白天别打), said with a number or alone; "" where nothing is said of it."""
    plain = in_figures(aligned(text))
    rest = LANDLINE.sub(" ", PHONE.sub(" ", plain)).strip(" ，,。；;、（）()!！")
    said = _CALLING.search(rest) if number_in(plain) else _CALLING_ALONE.fullmatch(rest)
    return _NAMED.sub("", rest)[:60].strip(" ，,") if said else ""


def of_calling(text: str) -> bool:
    """Whether a short line only says how to reach somebody, without a number: 不能打电话, 发短信可以."""
    plain = aligned(text).strip(" ，,。；;、（）()!！")
    return _NO_CALLS.search(plain) is not None and len(plain) <= SHORT and not re.search(r"\d{5}|[?？吗]", plain)


def reached(number: str, text: str) -> str:
    """The answer to the question for a phone: the number, and after a blank how the words want it called."""
    return f"{number} {calling(text)}".strip()


def number_and_hint(answer: str) -> tuple[str, str]:
    """(the number, how to call it or "") of such an answer."""
    number, _, hint = answer.partition(" ")
    return number, hint


def own_phone(text: str) -> tuple[str | None, str]:
    """(the phone the speaker gave as their own, the text without it); (None, text) when there is none."""
    if len(text) < FIGURES:
        return None, text
    plain = in_figures(aligned(text))
    mobile = PHONE.search(plain) is not None
    found = TOLD.search(plain) if mobile else _OWN_LINE.search(plain)
    if not found or OTHERS.search(plain[: found.start(1)]):
        return None, text
    number = "".join(found.groups()) if mobile else _landline(*found.groups())
    return number, (text[: found.start()] + text[found.end() :]).strip(" ，,。；;、")
