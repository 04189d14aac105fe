"""Whether a short question goes on with the matter before it."""

from __future__ import annotations

from nlu.late import regex
from nlu.normalize import plain

FIND_LAWYER = "find_lawyer"  # the intent of 找律师: in the middle of a report, about what is reported
FURTHER = regex(
    r"(?:带|准备|交|提交|提供)(?:些)?(?:什么|哪些|啥)|(?:什么|哪些|啥)(?:材料|证据|手续|证件|东西)|材料|流程|步骤|手续费|"
    r"(?:去|到|在|上)哪(?:里|儿|个(?:地方|部门|窗口))?|找谁|找哪个|多久|多长时间|几天|什么时候|啥时候|"
    r"本人(?:去|来|到场|办)?|代办|能?(?:在)?网上办?|"
    r"(?:要|花|收)(?:多少)?(?:钱|费用?)|多少钱|收费|费用|怎么(?:写|申请|认定|鉴定|证明|办理?|弄|交|走|联系|去)$"
)
_FILLER = regex(r"我|你们?|您|要|需|想|请|问|能|可以|还|再|一般|大概|这个|那|的|了|得|呢|啊|吗|都|[\W_]")
LEFT = 4  # characters that may remain: what names a matter needs more


# What names a matter of its own: something that is wrong, a service of ours.
_OWN = regex(
    r"诉求|工单|进度|催|坏|漏|堵|脏|吵|臭|停[水电气暖]|修|报修|反映|投诉|积分|道德银行|志愿|活动|报名|兑换|换东西|办证|身份证|户口|居住证|低保|"
    r"社保卡|医保|证明|路灯|电梯|垃圾|[水电气暖]费|开门|上班|下班|供暖|来电|来水|快递"
)


def names_its_own(text: str) -> bool:
    """Whether the words name a service of ours or something that is wrong: a matter of its own."""
    return _OWN.search(text) is not None


def asks_further(text: str) -> bool:
    """A short question about how to go on (要带什么材料) that names no matter: it belongs to the one before."""
    text = plain(text[:100]).strip(" 　。.!！~、,，?？吗呢啊呀")
    rest = FURTHER.sub("", text)
    return len(rest) < len(text) and len(_FILLER.sub("", rest)) <= LEFT and not _OWN.search(text)
