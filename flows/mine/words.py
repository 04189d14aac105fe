"""How people ask for what is held of them, and to bind or leave accounts, in however many words; pure."""

from __future__ import annotations

from functools import lru_cache

from nlu.late import regex

_FILL = (
    "请问|请|帮我|帮忙|麻烦|我要|我想|想要|想|要|把|将|怎么|如何|咋|能不能|能|可以|可不可以|你们|您们|你|您|小邻|这里|这儿|那里|那边|里|的|都|全|给|吗|吧|呢|啊|了|掉|下"
    "|一下|一个|有|在|和|跟|与|办|弄|才|是|就"
)
_DATA = "个人信息|个人资料|信息|资料|数据|手机号码|手机号|电话号码|电话|号码|名字|称呼|隐私|记录"
_DO = (
    "删除|删掉|删|清除|清空|抹掉|注销|撤回|查看|看看|查一查|查|看|修改|更改|更正|改|导出"
    "|拷贝|复制|留了?|存了?|记了?|保存了|收集了|知道|拿一份|一份|要一份"
)
_ALL = "所有|全部|一切|哪些|什么|啥|多少"


def _each(*words: str) -> str:
    """Any of the words, the longest first: read once, with no other way tried after it."""
    return "|".join(sorted(set("|".join(words).split("|")), key=lambda word: (-len(word), word)))


_OWN = regex(rf"(?:{_each(_FILL, _DATA, _DO, _ALL, '我|账号|帐号')})++")
_MEANT = regex(rf"(?=.*(?:{_DATA}))(?=.*(?:{_DO}|{_ALL})).*我(?:的|什么|哪些|啥|多少|所有|全部|个人)")
_NAMED = regex(r"(?:看|查|要)?(?:一下|看)?我的(?:数据|隐私|个人信息|个人资料|个人数据)")  # 我的数据, by itself
_HAVE = regex(
    rf"(?:你们?|您|这里|这边|社区|小邻)*(?:有没有|有|知道|存了?|留着?|记了?)我的(?:{_DATA})[吗么不啊呀]*"
    rf"|我的(?:{_DATA})(?:你们?|您|这里|这边|社区|小邻|还|都)*(?:有没有|有|知道|存|留着?|记)[吗么不了啊呀]*"
)
_HELD = regex(rf"我.*(?:{_DATA}).*(?:存|留|记|保存|收集|知道|有).*(?:哪些|什么|啥|多少)")  # 我信息你们都存了啥
_ACCOUNT = _each(_FILL, "我|账号|帐号|户头|自己")
_LEAVES = regex(rf"(?=.*(?:我|账号|帐号))(?:{_ACCOUNT})*+注销(?:{_ACCOUNT})*+")

_PLACE = "微信|网页|电报|telegram|tg|公众号|小程序|手机|账号|帐号|账户|号"
_OTHER = "我|我的|两个|几个|另一个|另外|别的|其他|其它|新|旧|这个|那个|上|一起|到|起来|成"
_TOGETHER = "绑定|绑到|绑在|绑|合并|合到|合成|关联"
_BINDS = regex(rf"(?:{_each(_FILL, _PLACE, _OTHER, _TOGETHER)})++")
_BIND = regex(rf"(?=.*(?:绑|合并|合到|合成|关联)).*(?:{_PLACE})")
_MOVES = regex(
    r"(?:我|刚|要|最近|今天|已经|又|把)*换(?:了|个|成)*(?:新|一个)*(?:手机号码|手机号|手机|号码|微信号|微信|账号|帐号|号)(?:了|后|之后|以后|怎么办|咋办|咋弄|怎么弄|要怎么弄|要紧吗|呢|啊|的)*"
    r"|(?:旧|老|以前的|原来的)(?:账号|帐号|微信|手机)(?:登不上|打不开|用不了|没了|丢了)(?:了|怎么办|咋办)*|手机丢了(?:怎么办|咋办)?"
)


def own_data(word: str) -> bool:
    """Whether somebody asks what is held of them, or wants it changed or gone. `word`: without punctuation around."""
    meant = _OWN.fullmatch(word) and (_MEANT.search(word) or _HELD.search(word))
    return bool(meant or _NAMED.fullmatch(word) or _HAVE.fullmatch(word)) or _LEAVES.fullmatch(word) is not None


def binding(word: str) -> bool:
    """Whether somebody wants accounts put together."""
    return bool(_BINDS.fullmatch(word) and _BIND.search(word)) and "解" not in word


def moved(word: str) -> bool:
    """Whether somebody has another phone, number or account."""
    return _MOVES.fullmatch(word) is not None


# What follows may be a word in another matter, and is asked only where no question is open.
LONGEST = 30  # characters
_YOU = "你们?|您|小邻|这里|这边|这儿|社区|手里|手上|系统|后台"
_KEPT = f"聊天记录|{_DATA}|手机"
# Somebody else's, or kept by somebody else: 物业泄露了我的个人信息, 社保卡信息要改.
_ELSE = regex(
    "物业|[他她它]|人家|别人|邻居|对方|老板|公司|单位|房东|中介|孩子|医院|学校|老师|群|网上|平台|偷|骗|骂|丢|开锁"
    "|社保|医保|银行|贷款|户口|户名|门禁|执照|营业|暂住|居住证|身份证|学籍|合同|房产|水电|燃气|电表|宽带|快递|车"
    "|积分|诉求|投诉|举报|反映|案|报名|活动|预约|时长|时间|广告"
)
_MINE = regex(
    # what is held
    rf"(?:{_YOU})[^,]{{0,4}}(?:存|留|记|知道|有|掌握|收集|保存|看得?[到见])[^,]{{0,3}}"
    rf"我们?的?一?(?:哪?些|什么|啥|多少|东西|{_KEPT})(?!好处|意思|事|时候|关系)"
    r"|(?:看得?[到见]|存着?|留着?)我[的了]?(?:哪些|什么|啥|多少)|我[^,]{0,2}留过?(?:哪些|什么|啥|多少)"
    rf"|(?:记得|知道|认识)我(?:是谁|叫(?:什么|啥)|住哪)|我?(?:登记|留|存|填)的我?的?(?:{_KEPT})(?:是|还|有|哪|多少|对不对)"
    # what should go, or be had
    rf"|(?:{_KEPT}|账[号户]|帐号)[^,]{{0,4}}[, ]?[^,]{{0,4}}(?:删|去掉|清[空除]|抹|注销|别留|不留|不要留)"
    rf"|(?:删|去掉|清[空除]|注销)[掉了除]*(?:我的?|所有的?|全部的?|一下)*(?:{_KEPT}|账[号户]|帐号|我)(?:的东西)?[吧了]?$"
    rf"|[不别][想要愿意希望让叫]*(?:{_YOU})?再?(?:留|存|保存|记)着?我的?(?:{_KEPT})"
    r"|我的东西[^,]{0,3}(?:删|清空|抹)|^(?:我|要|想|请问|怎么|如何|咋)*注销(?:了|一下|怎么办|怎么弄)*$"
    r"|(?:撤销|撤回|收回|取消)(?:我的?|对你们的?|之前的?)*(?:授权|同意)"
    r"|不再?同意(?:你们?|您|社区|再)*(?:用|存|留|保存|收集)"
    rf"|我的(?:{_KEPT})[都全给部]*(?:导出|拷贝|打包|发我|给我|要?带走)|把我的?(?:{_KEPT})(?:发|给|拷)"
    # what is wrong
    rf"|^(?=[^,]{{0,4}}(?:[我登留]|手机号|电话号码|称呼))(?:我的?|给我|帮我|把|之前|登记的?|留的?|想|要)*(?:{_KEPT})"
    r"[^,]{0,4}[, ]?(?:写错|填错|留错|登错|打错|不对|错了|要?更新|要?改(?![天日到]))"
    rf"|^[我想要帮给请]*(?:改|更新)(?:个|一下|下)?(?:我的?)?(?:{_KEPT})(?:怎么改|吗|吧)?$"
    # what it is used for
    rf"|(?:{_YOU})[^,]{{0,4}}(?:拿|要|用|收集|存)着?我们?的?(?:{_KEPT})[^,]{{0,3}}(?:干|做什么|用|去哪)"
    rf"|我的?(?:{_KEPT})[^,]{{0,6}}(?:怎么用|用来|拿去|干[嘛啥吗什]|做什么|安全|保障|保密|保护|会被)"
    rf"|会(?:泄露|泄漏|卖|外传|告诉别人)我的?(?:{_KEPT})"
)
_ANOTHER = regex(
    r"^(?:我的?|刚|才|又|最近|已经)*(?:手机号码|手机号|号码|电话号码|电话|微信号?)[变换]了"
    r"|^(?:我的?|以前的?|原来的?|原先的?|旧|老|之前的?)*(?:号|账号|帐号|微信|(?<=[旧老来先前的])(?<!我的)手机)"
    r"(?:登不[上了]|打不开|用不了|没了|丢了|坏了|不用了|停机了?)"
    r"|^[我刚又才]*换[了成个新一]*(?:微信|手机|号码|手机号|账号|帐号|号|电话)[^,]{0,2}[, ]"
    r".*(?:记录|诉求|积分|以前|之前|原来|东西|还|转|看得?[到见])"
    r"|^[我刚又才]*换[了成个新一]*(?:手机号码?|电话|号码?)了?怎么改|^两边的?(?:记录|东西|诉求)?[^,]{0,4}(?:合并|合到|同步)"
    r"|[有用][了着]?[两几多2]个(?:账号|帐号|微信号?|号)(?!群)"
    r"|(?:微信|手机|电脑|网页|账号|号|tg|telegram)[^,]{0,8}[, ]?[^,]{0,5}"
    r"(?:同步|连起来|合到|合在|合成|合并|并到|关联|打通|接上|绑一起)"
)
_ERASES = regex(
    r"(?:那|就|请|帮我|给我)*把?(?:我的)?(?:全部|全都?|都|统统|所有的?)(?:给我|帮我)?(?:删|清空|清|抹)[除掉空了]*吧?"
)
_NOBODY_ELSE = regex("[他她]|物业|人家|对方|车|银行|社保|医保")


@lru_cache(maxsize=1024)
def of_oneself(word: str) -> str:
    """What somebody who is asked nothing wants with what is held of them: "data"; "erase" all of it; "move", to another
    phone or account; or "". `word`: without punctuation around it."""
    if len(word) > LONGEST:
        return ""
    if _ERASES.fullmatch(word):
        return "erase"
    if _ANOTHER.search(word) and not _NOBODY_ELSE.search(word):
        return "move"
    return "data" if _MINE.search(word) and not _ELSE.search(word) else ""
