"""What is said in the middle of a report about the report itself: the matter is over; how does an earlier one stand."""

from __future__ import annotations

from flows.choosing import PAUSE
from flows.flow import Turn
from flows.yesno import COURTESY
from nlu.late import regex

LONGEST = 24  # characters that say no more than that it is over
_OVER = regex(
    r"(?:现在|这会儿|刚才?|刚刚|已经|突然|算了|那|就|都|给|把|我们?|家里?|人家|物业|邻居|师傅|[他她]们?|灯|门|水管|电梯|下水道?|[,，])*+"
    r"(?:来[水电气网]了|来暖气?了|[修弄搞通换]好了|修完了|亮了|通了|不[漏堵吵响]了|没事了|解决了|处理好了|恢复了"
    r"|自己(?:已经|都|就)?[修弄搞换通清](?:理|好|完|通|掉|上)*了.{0,6})[啦啊呀]*"
    r"|(?:那|就|你们?|师傅|都|也)*+(?:不用|不要|别|甭|不必)再?(?:来|过来|派人来?|修|管|报|登记|处理|麻烦)(?:人|看|修)?了[吧啊]*"
)
_NOT_OVER = regex(r"没(?!事)|不(?!用|要|必|[漏堵吵响]了)|还|但|可是|[吗呢么?？]|又|未|才|只|一半|谁|怎么|坏|贵")
SHORTEST = 3  # characters of what tells anything beside it: 好的, 嗯
_STANDS = regex(
    r"(?:那|请问|我|之前|上次|前天|昨天|报|登记|反映|的|那[个件]|上一?[个件]|现在|事情?|诉求|到底)*+"
    r"(?:怎么样|咋样|怎样|到哪一?步|办得?怎么样|有(?:进展|结果|消息)|[办修处理弄]+好)(?:了|没有?|吗|呢)*"
)


def over(turn: Turn) -> bool:
    """Whether what is being reported is well again before it was registered: 来水了，谢谢; 我自己换了，不用来了."""
    text = turn.said.plain
    if turn.said.answer or turn.said.photos or len(text) > LONGEST or _NOT_OVER.search(text):
        return False
    told = [part for part in PAUSE.split(text) if len(part) >= SHORTEST and not COURTESY.fullmatch(part)]
    return bool(told) and all(_OVER.fullmatch(part) for part in told)


def asks_of_another(turn: Turn) -> bool:
    """Whether somebody who has registered something before asks how that stands: 现在怎么样了."""
    return bool(turn.facts.my_cases) and _STANDS.fullmatch(turn.said.plain.strip(" 。.!！~?？")) is not None
