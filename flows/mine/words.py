"""How people ask for what is held of them, and to bind or leave accounts, in however many words; pure."""

from __future__ import annotations

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
