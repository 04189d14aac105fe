"""Words that staff write in reply to a card and that do what no button on it does: 合并, 拆开, 回避."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flows.effects import ActOnCase
from nlu.normalize import normalize

if TYPE_CHECKING:
    from bot.turn import Scene

MERGE = re.compile(r"(?:合并|并案|并到|和|跟)+\s*[:：]?\s*(\d{6}-\d+)\s*(?:合并|并案)?")
SPLIT = re.compile(r"(?:拆开|拆案|分开)\s*[:：]?\s*(\d{6}-\d+)?")
ASIDE = re.compile(r"(?:我要?|申请)?回避")


def done(scene: Scene, case: int) -> bool:
    """Whether the reply was such a word; then it is done."""
    text = normalize(scene.said.text).strip(" 。.!！")
    for action, pattern in (("merge", MERGE), ("split", SPLIT), ("step_aside", ASIDE)):
        found = pattern.fullmatch(text)
        if found:
            number = found[1] if found.re.groups else None
            scene.as_staff()
            scene.writer().write([ActOnCase(case, action, {"number": number} if number else {})])
            return True
    return False
