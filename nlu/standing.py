"""Hazards that stand there and hurt nobody yet: no cry for help, but nothing that may wait."""

from __future__ import annotations

import re

_STANDING = re.compile(
    r"漏电|触电|电线(掉|断|垂|裸)|(煤|燃|天然)气.{0,4}(味|漏)|漏气|井盖.{0,6}(没|丢|不见|缺|破|塌)"
    r"|坍?塌(了|方|陷)|掉下来|高空(抛|坠)|电梯.{0,4}(困|坠)|着火|冒烟"
)


def standing(text: str) -> bool:
    """Whether somebody may get hurt by what is told (井盖没了, 漏电); takes normalised words."""
    return _STANDING.search(text) is not None
