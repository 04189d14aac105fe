"""What a resident tells of a case while only asking that it be hurried."""

from __future__ import annotations

from nlu.late import regex
from nlu.normalize import plain

_HURRIES = regex(  # words that only ask for it to be done, and how long one has waited
    r"催(?:办|促|一下|一催)?|赶紧|赶快|快[点些一]|尽快|抓紧|麻烦|拜托|帮[我忙]?|请|怎么|咋|为什么|为啥|到底|究竟"
    r"|(?:什么|啥)时候|几时|多会儿|多久|这么久|好久|半天|现在|今天|明天|昨天|前天|一直|到|已经|根本|压根|从来"
    r"|(?:诉求|问题|单子|编号|事情?|情况|反映|登记|上报)|没有?人?|动静|消息|结果|回音|回复|回应|进展|下文|处理|解决|师傅|人员"
    r"|[你您我他她它咱们的了吗呢啊呀吧嘛么哦那这个件都也就又再还没不好完来去过修弄搞办管理换清等急死很得太慢拖要能可以行是有给把跟和说报看见一二两三四五六七八九十几\d天周月]"
    r"|[亮坏漏堵响黑通臭吵脏乱气烦怒老样照旧谢想知道问]"
    r"|[^一-龥]"
)


def tells(words: str, known: str = "") -> bool:
    """Whether it says anything beyond the hurrying, and beyond what is known."""
    return bool(set(_HURRIES.sub("", plain(words))) - set(known))
