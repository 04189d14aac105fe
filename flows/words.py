"""Words that mean the same everywhere: to cancel, go back, get help or a person; greetings, nods and anger."""

from __future__ import annotations

from functools import lru_cache

from flows.mine.words import own_data
from nlu.late import regex
from nlu.normalize import normalize

CANCEL = frozenset({"取消", "不办了", "算了不办了", "退出", "停止", "/cancel", "cancel", "quit", "stop"})
CALLS = frozenset({"?", "喂", "在吗", "在不在", "在么", "在嘛", "有人吗", "有人没", "小邻", "有人在吗", "喂喂"})
ANGRY = regex(
    r"^滚(?![梯动筒水石轮])|吃干饭|吃屎|狗屁|放屁|^(?:你|真|都是|一?[帮群]).{0,5}(?:废物|骗子)|什么(?:破|鬼|垃圾$)|他妈(?!妈)|(?<![我你他她它咱爸])妈的|草泥|傻[逼x叉]|脑残"
    r"|屁用|糊弄|真没用|真差劲|没用的东西|气死|你们.{0,4}死人|吃白饭"
)
FIND = regex(r"(我|请|帮我)*(想|要)?(找|联系|转)(一?下|个)?(人工|真人|网格员|社区|工作人员|(人工)?客服|管事的|领导)")
NODS = frozenset(
    {
        "好",
        "好的",
        "好吧",
        "行吧",
        "好嘞",
        "嗯",
        "嗯嗯",
        "行",
        "对",
        "哦",
        "知道了",
        "我等着",
        "那我等着",
        "哦那我等着",
        "收到",
        "ok",
        "👍",
        "👌",
        "没问题",
        "可以",
    }
)
GOES_ON = regex(r"^(?:那(?![边里个儿天些时年条家])|如果|要是|可是|但是|不过)")
THEY = regex(r"^(?:他|她|它|对方|人家)(?:们)?(?!家)")  # the other side of what was asked before
HELLO = CALLS | {"你好", "您好", "hi", "hello"}
_GIVES_UP = regex(
    r"(?:那|还是|要不)*算[了啦]吧?|没事了"
    r"|(?:我|刚才|这条|不好意思|抱歉|对不起|[,，。 ])*(?:发错(?:人|群|地方|消息)|误发|手滑)[了啦]?"
    r"(?:[,，。 ]*(?:不好意思|抱歉|对不起|别理|别管))*"
    r"|(?:那|还是|要不)*(?:算[了啦]吧?[,，。 ]*)?(?:我|先|还是|就|也)*"
    r"不(?:弄|反映|说|投诉|举报|报|登记|问|办|搞)[了啦]吧?"
    r"|算[了啦]吧?[,，。 ]*(?!.*(?:留|拍|照片|电话|号码|[换改修]))(?:我|先|还是|就|也)*[不别][一-龥]{1,7}"
)
_WAITS_NO_MORE = regex(
    r"(?:那|我|还是|先|要不)*(?:算[了啦]吧?[,，。 ]*)?(?:我|先|就|也|还是)*"
    r"(?:[你您](?:来|帮我|给我|直接){0,2}(?:登记|办|弄|记)(?:一下)?|(?:不用?|别)等(?:人工|真人|人|工作人员|他们?|你们|客服)?|等不了|不用(?:来|找|叫|接|转|管)?(?:人工|真人|人|工作人员|他们?|你们|客服)?(?:了|来了?)?|不(?:要|找|转)(?:人工|真人|人|工作人员|客服))[了啦]?吧?"
)
BACK = frozenset({"返回", "上一步", "后退", "返回上一步", "/back", "back"})
HELP = frozenset({"帮助", "菜单", "help", "/help", "/menu", "主菜单", "怎么用"})
HUMAN = frozenset({"人工", "转人工", "人工服务", "找人工", "找人", "真人", "/human", "human"})
END = frozenset({"结束人工", "结束", "结束对话"})
MINE = frozenset({"我的信息", "我的资料", "删除我的信息", "删除我的电话", "删除手机号", "删除我的手机号"})
GLOBAL = CANCEL | BACK | HELP | HUMAN | END | MINE


def word(text: str) -> str:
    """A message as a global word: without punctuation around it; a wish about one's own data by one name."""
    return _word(text[:100])


def gives_up(word: str) -> bool:
    """Whether somebody lets the matter be (算了不投诉了, 算了 不想得罪人). `word`: as `word` gives it."""
    return _GIVES_UP.fullmatch(word) is not None


def waits_no_more(word: str) -> bool:
    """Whether somebody who waits for a person does so no more (不等了, 不用人工了)."""
    return _WAITS_NO_MORE.fullmatch(word) is not None


@lru_cache(maxsize=2048)  # a turn asks ten times
def _word(text: str) -> str:
    text = normalize(text).strip()
    text = text.strip(" 　。.!！~、,，?？\n").lower() or text[:1]
    return "我的信息" if own_data(text) else text
