"""Somebody leaves a matter for a while (等会儿再说，先做饭), and comes back to it (我回来了，说到哪了)."""

from __future__ import annotations

from nlu.late import regex
from nlu.normalize import plain

_LATER = r"(?:等我?(?:一?会儿?|一?下)?|待会儿?|一会儿?|过会儿?|晚点|晚些时候|回头|稍后|改天|空了|有空|忙完)"
_ON = r"(?:我|了)?(?:再|来)(?:说|弄|办|聊|填|写|登记|报|来|继续|接着[说办弄]?|回[你您复]?)[吧啊哈了]*"
_BUSY = (
    r"(?:我|先|要|得|去|在|正|现在|不好意思|[,，。 ])*"
    r"(?:忙|开会|做饭|炒菜|上班|上课|吃饭|睡觉?|开车|带孩子|喂奶|接(?:个|一下)?电话|接(?:孩子|娃|客)|有(?:点|个)?(?:事|电话|快递))[一-龥]{0,3}"
)
_PAUSES = regex(
    rf"(?:我|那|先|好的?|嗯|行|不好意思|[,，。 ])*{_LATER}{_ON}(?:[,，。 ]+{_BUSY})?"
    rf"|{_BUSY}[,，。 ]*{_LATER}{_ON}|(?:我|先|要|得|不好意思|[,，。 ])*先忙[一-龥]{{0,3}}"
    r"|(?:等我?一?[下会]儿?|稍等(?:一?下)?|等等)"
    r"(?:[,，。 ]*我?(?:先|在|正|去|要)?(?:找|看|问|翻|查|接|拿)[一-龥]{0,5})?"
)
_BACK = regex(
    r"(?:好了?|嗯|我|那|刚才?|咱们?|我们|不好意思|[,，。 ])*"
    r"(?:回来了|忙完了|有空了|吃完了|刚才?(?:问|说)到?(?:什么|啥|哪)了?|[说问聊登记填]+到(?:哪(?:里|儿|一?步)?|什么|啥)了?|接着刚才的?[来说办弄]?)"
    r"(?:[,，。 吧啊呀]|继续|接着(?:来|说|办)?|刚才|我们|咱们?|[说问聊登记填]+到哪(?:里|儿|一?步)?了?)*"
)


def pauses(text: str) -> bool:
    """Whether somebody only says that they go on later: 先忙了，等会儿再说; 稍等，我找找."""
    return _PAUSES.fullmatch(_said(text)) is not None


def comes_back(text: str) -> bool:
    """Whether somebody only says that they are here again: 我回来了; 刚才说到哪了."""
    return _BACK.fullmatch(_said(text)) is not None


def _said(text: str) -> str:
    return plain(text).strip(" 。.!！~、,，?？")
