"""What is said instead of a place and is none: that it is not known, that it will not be told, how long it lasts."""

from __future__ import annotations

import re

from nlu.late import regex
from nlu.normalize import normalize

MAY_STAY_UNSAID = (
    "不说也能登记，只是来的人得多花工夫找。说个大概（哪个小区、哪条路）最好；实在不想说，再回一次「不说」。"
)
PLACELESS = "没说具体地方"
WITHOUT_PLACE = "好的，具体地方就不写了。"
KNOWN_ALREADY = "好的，这句您说过，已经记着了。"
NOWHERE = regex(  # an answer to "where?" that names no place
    r"(?:我|俺|也|真|还|这个?|具体|位置|地址|在哪|哪里|呃|额|嗯)*"
    r"(?:不知道|不晓得|不记得|不清楚|不太清楚|不确定|说不清楚?|说不上来|不好说|忘了|忘记了?|没有|没|随便|无所谓|哪都是|到处都是|到处"
    r"|都是|都有|就?是?(?:这里|那里|这儿|那儿|这边|那边|这|那)|我?家里?|你猜|你们?(?:自己)?(?:看|查|定)(?:着办|一下)?|快点.{0,6}|赶紧.{0,6}"
    r"|为什么.{0,4}|怎么.{0,4}|干嘛.{0,4}|问这个.{0,6}|[哈呵嘿啊哦嗯呃额唉哎]+)"
    r"(?:在哪里?|哪里|是哪|具体|位置|地址|叫什么|呢|啊|呀|吧|了|的|哪)*"
)
ASKS_BACK = regex(
    r"(?:什么|啥|哪个)时候|多久|几时|几天|谁(?!受得了|受得住|不|能|敢|都)|能不能|行不行|可以吗|[吗么嘛][?？]?$"
)
SINCE = regex(  # 三天了
    r"(?:都|已经|有|快|大概|差不多|就|从){0,3}(?:\d{1,3}|[一二两三四五六七八九十几半好]{1,3})多?个?(?:天|周|星期|礼拜|月|年|小时|钟头|晚上?)(?:多|了|啦|吧|左右){0,3}"
)
WONT = regex(  # 不想说, 不方便告诉你在哪, 别问了
    r"(?:我们?|就是?|真|也|还是|先|这个?|具体|位置|地址|地方|地点|住址|小区|[,， ]){0,5}"
    r"(?:[不别]太?(?:想|愿意?|方便|能|敢|肯|打算|会|要)?(?:再)?(?:说|讲|透露|告诉|提供|写|填|留|给)(?:出来)?(?:你们?|您)?"
    r"|不(?:方便|愿意?|敢|肯)|保密|这是(?:我的?)?隐私|[你您]?(?:别|不要|不用)(?:再)?(?:追?问|打听)|凭(?:什么|啥)(?:要)?(?:告诉|说))"
    r"(?:你们?|您|位置|地址|地点|地方|住址|小区|具体"
    r"|我?住?在?哪(?:里|儿|个小区|一?[栋楼])?|这么多|那么[多细]|的|了|吧|啊|呀|啦|[,， ]){0,5}"
)
SEEN = regex(r"[一-龥A-Za-z]")


def nowhere(text: str) -> bool:
    """Whether an answer names no place at all: 不知道, 就那里, ??, 什么时候能修好啊."""
    plain = normalize(text).strip(" 。.!！~、,，?？")
    return (ASKS_BACK.search(plain) is not None and not re.search(r"\d", plain)) or unsaid(plain)


def unsaid(text: str) -> bool:
    """Whether an answer says only that the place is not known, or nothing at all."""
    plain = normalize(text).strip(" 。.!！~、,，?？")
    return not SEEN.search(plain) or NOWHERE.fullmatch(plain) is not None


def wont_say(text: str) -> bool:
    """Whether somebody says that they will not tell where it is."""
    return WONT.fullmatch(normalize(text).strip(" 。.!！~、,，?？")) is not None
