"""Messages that only pass a rumour or a lure on (转发扩散, 点链接填卡号), and what is said to them."""

from __future__ import annotations

from nlu.late import regex
from nlu.normalize import plain

TOLD = (
    "这像是转来的消息，真假我核实不了。先别转发，别点里面的链接，别填银行卡号和验证码。\n"
    "要是已经填了卡号或者转了钱，马上打 96110 或者 110，再给银行打电话挂失。\n"
    "想请社区的人核实，点「找人工」；您自己遇到的事，直接说就行。"
)
SHORTEST = 30  # characters: what is shorter tells something of one's own
_URGES = regex(
    r"紧急扩散|[速求]转|求扩散|扩散出去|转发出去|让更多(?:的)?人|功德无量|互相转[告发]|转起来"
    r"|(?:转发|转告|转给|告诉)(?:给|到|一下|您|你|自己|身边|所有|更多|三|3|五|5|的)*(?:个|的)?(?:家人|亲友|朋友|亲朋|群|微信群|家长|人)"
)
_LURES = regex(r"https?://|www\.|点击.{0,6}链接|扫码|二维码")
_ASKS_FOR = regex(
    r"(?:填写?|输入|提供|绑定).{0,10}(?:银行卡|卡号|身份证|验证码|密码)"
    r"|立即到账|名额有限|过期不候|领取.{0,8}(?:红包|奖品|补贴)"
)
_OWN = regex(r"我(?:家|妈|爸|老|们?收到|收到|被|点了|填了|已经)|(?:请问|帮我|怎么办|是不是诈骗|是真的吗|举报)")


def forwarded(text: str) -> bool:
    """Whether a message urges everybody to pass it on, or lures with a link, and tells nothing of one's own."""
    if len(text) < SHORTEST:
        return False
    text = plain(text[:2000])
    lures = _LURES.search(text) is not None and _ASKS_FOR.search(text) is not None
    return (lures or _URGES.search(text) is not None) and not _OWN.search(text)
