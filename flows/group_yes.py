"""Whether somebody says yes to what their group was offered: 要的，帮我登记吧; in private also 群里说的那个."""

from __future__ import annotations

from flows.choosing import PAUSE
from flows.talk import Sense
from flows.words import word
from flows.yesno import COURTESY, sense_of
from nlu.late import regex
from nlu.normalize import plain

REGISTER = regex(
    r"(?:好的?|行|嗯|是的?|对|那|就|请|要|想|麻烦)*(?:[你您]|小邻)?[帮给替]?(?:我们?|咱们?|大家|个?忙)?(?:登记|反映|上报|报上去|报(?=一?下)|记)"
    r"(?:一下|一个|下|上去?|个)?(?:这件?事情?|这个|社区)?(?:吧|了|啊|呀|嘛|呗|哦)*"
)
DONE = regex(r"(?:登记|反映|报|记)(?:上去)?(?:过|了(?!吧))")
SAID_THERE = regex(
    r"(?:就是?|是)?(?:我|刚才|刚刚)*(?:在)?群里面?(?:我)?[说讲发问提]的?(?:那|这)?[个件]?(?:事情?|问题)?.{0,6}"
)


def accepts(text: str, *, bare: bool = True) -> bool:
    """Every part of what was said agrees; not `bare`: a yes alone says nothing, it has to name what is wanted."""
    parts = [said for part in PAUSE.split(plain(text)) if (said := word(part))]
    named = [part for part in parts if REGISTER.fullmatch(part)] if not DONE.search(plain(text)) else []
    said_yes = [part for part in parts if sense_of(part) == {Sense.YES}]
    agrees = all(part in named or part in said_yes or COURTESY.fullmatch(part) for part in parts)
    return bool(named or (bare and said_yes)) and agrees  # 谢谢 alone agrees to nothing


def means_there(text: str) -> bool:
    """In private: what was said in the group is meant."""
    return SAID_THERE.fullmatch(plain(text)) is not None
