"""Yes and no as people say them, without the question: 好呀, 那就不用了, 没拍."""

from __future__ import annotations

from functools import lru_cache

from flows.talk import Sense
from nlu.late import regex

COURTESY = regex(
    r"(?:非常|真的|多|太)?(?:谢谢|感谢|谢|辛苦|麻烦)(?:你|您|你们|您们|大家|小邻)?[了啦啊哈哦]*"
    r"|唔该晒?|多谢晒?|不好意思|抱歉|对不起|你好|您好|小邻|师傅|同志|老师|thank ?(?:you|u)|thanks|thx|3q"
)
LEAD = regex(
    r"^(?:(?:电话|手机号?码?|号码|照片|相片|图片)(?=[不没无冇唔])|那么?|就|也|我们?|咱们?|先|都|哦|噢|嗯|哎|唉|算了)+(?=.)"
    r"|^(?:[他她]们?|我?(?:爸|妈|爸爸|妈妈|爸妈|爷爷|奶奶|老公|老婆|父母|家长|家里?人|监护人))(?:都|也|说|已经|是)*(?=不?(?:同意|愿意|答应|可以|肯|让|行))"
)
TAIL = regex(r"(?<=.)[喇嚟的了啊呀吧呢哦噢喔嘛啦哈滴嘞哒唉哎诶欸撒噻]+$")
TWICE = regex(r"^(.{1,3}?)\1+$")
YES = regex(
    r"是|对|好|行|可以?|嗯|恩|要|中|要得|系|确认|确定|同意|愿意|没错|没问题|当然(?:可以|好)?|ok|okay|yes|y|成|得|妥|👌|👍|✅"
    r"|是?这样|就这样|就这么办|没意见|需要|想|继续|接着[办说来弄]|是(?:我|咱|俺)们?家|对头|肯定|必须|没毛病|答应|肯|让"
)
NO = regex(
    r"不(?:用|要|需要|必|是|想|行|可以|同意|愿意?|太?方便|成|好|对|麻烦|使|系)?|用不着|没|没有|无|否|no|n|算了?|免|拒绝"
    r"|暂时不用?|暂不|先不|下次|莫|别|冇有?|唔(?:使|要|系)?|木有|[没莫]得"
)
NONE_LEAD = regex(
    r"^(?:现在|目前|暂时|这会儿?|今天|手头|身边|家里|真|还|确实)*(?:不(?!锈|停|断|亮|通|热|用再?(?:过?来|派|修|报|登记|处理|管))|没(?!修|弄|人|水|电|来)|无|冇|唔|木有|别(?!墅|来|家)|免|莫(?!家|村)"
    r"|跳过|略|下次|以后|回头|晚点|等(?!一下|等|我))"
)
NOT_NO = regex(
    r"不知道|不清楚|不懂|不明白|不晓得|没懂|没明白|没听|没看[懂见到]|不确定|不记得|不急"
    r"|没关系|没事|没问题|不错|[吗么?？呢]$|(?:不能|不要|别|没法|不方便)(?:给我)?(?:打|接)|听不"
    r"|(?:待会|一会|过会|回头|晚点|稍后|以后|明天|下班).{0,6}[发拍传补照]"
)
SHORT = 8  # characters of a no to what needn't be given


@lru_cache(maxsize=1024)  # most answers are said by many
def core_of(said: str) -> str:
    """What is left of an answer without the little words around it."""
    return TWICE.sub(r"\1", TAIL.sub("", TWICE.sub(r"\1", LEAD.sub("", said))))


@lru_cache(maxsize=1024)
def sense_of(said: str) -> frozenset[Sense]:
    """What one part of an answer comes to; empty: neither yes nor no."""
    core = core_of(said)
    if YES.fullmatch(core) or YES.fullmatch(said):
        return frozenset({Sense.YES})
    if NO.fullmatch(core) or NO.fullmatch(said):
        return frozenset({Sense.NO, Sense.NOTHING})
    if len(core) <= SHORT and NONE_LEAD.search(core) and not NOT_NO.search(said):
        return frozenset({Sense.NOTHING})
    return frozenset()
