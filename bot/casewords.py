"""Words of staff in reply to a card that do what no button on it does, or nothing: 合并, 拆开, 回避, 收到."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.effects import ActOnCase
from nlu.late import regex
from nlu.normalize import normalize

if TYPE_CHECKING:
    from bot.turn import Scene

MERGE = regex(r"(?:合并|并案|并到|和|跟)+\s*[:：]?\s*(\d{6}-\d+)\s*(?:合并|并案)?")
SPLIT = regex(r"(?:拆开|拆案|分开)\s*[:：]?\s*(\d{6}-\d+)?")
# To a colleague; no progress of the case.
SEEN = regex(r"(?:好的?|收到|ok|嗯+|知道了?|明白了?|谢谢|辛苦了?|行|[👌👍🙏]+)[了啦哈]?")
ASIDE = regex(r"(?:我要?|申请)?回避")


def done(scene: Scene, case: int) -> bool:
    """Whether the reply was such a word; then it is done."""
    text = normalize(scene.said.text).strip(" 。.!！")
    if SEEN.fullmatch(text.lower()) and not scene.photos:
        return True
    for action, pattern in (("merge", MERGE), ("split", SPLIT), ("step_aside", ASIDE)):
        found = pattern.fullmatch(text)
        if found:
            number = found[1] if found.re.groups else None
            scene.as_staff()
            scene.writer().write([ActOnCase(case, action, {"number": number} if number else {})])
            return True
    return False
