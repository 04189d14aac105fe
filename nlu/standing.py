"""What stands there and hurts nobody yet, or gets worse by the hour: no cry for help, but nothing that may wait."""

from __future__ import annotations

import re

_STANDING = re.compile(
    r"漏电|触电|电线(掉|断|垂|裸)|(煤|燃|天然)气.{0,4}(味|漏)|漏气|井盖.{0,6}(没|丢|不见|缺|破|塌)"
    r"|坍?塌(了|方|陷)|掉下来|高空(抛|坠)|电梯.{0,4}(困|坠)|着火|冒烟"
    r"|水?管.{0,3}爆|爆管|(到处|满屋|满地|一直(?:在|往外)?)[流喷冒]水|水.{0,2}一直(?:在|往外)?[流喷]"
)


def standing(text: str) -> bool:
    """Whether somebody may get hurt, or a home spoilt, by what is told (井盖没了, 漏电, 水管爆了); words normalised."""
    return _STANDING.search(text) is not None
