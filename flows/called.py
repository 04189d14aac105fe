"""Whether a line in a group calls the assistant by its name without an @, and the line without the name."""

from __future__ import annotations

import re

from nlu.late import regex

LONGEST = 30  # characters: who calls somebody says little with it
_NAME = r"小[邻鄰](?![居家里近])"
_FIRST = regex(
    rf"\s*(?:喂|嗨|哎|hi|hello)?[,，!！\s]*{_NAME}(?:{_NAME})?(?:\s*$|[\s,，.。:：!！?？~、]|[呢啊呀](?:[\s,，!！?？。]|$)|在[吗嗎么嘛不]|你好|您好|出来|出來|请问|請問|帮我|幫我|帮忙|人呢)",
    re.IGNORECASE,
)
_LAST = regex(rf"[\s,，.。!！?？~、]{_NAME}[呢啊呀]?[\s!！?？。~]*$")
_CUT = regex(rf"^\s*@?{_NAME}[\s,，:：]*|\s*@{_NAME}\s*|[\s,，.。!！?？~、]+{_NAME}[呢啊呀]?[\s!！?？。~]*$")


def called(text: str) -> bool:
    """By name at the beginning or the end of a short line; 小邻居 and 小邻家 are somebody else."""
    return len(text) <= LONGEST and bool(_FIRST.match(text) or _LAST.search(text))


def unnamed(text: str) -> str:
    """What was said to the assistant, without its name."""
    return _CUT.sub("", text).strip()
