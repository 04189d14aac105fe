"""The words around a time that say what sort it is: a habit, a beginning, a length, a limit."""

from __future__ import annotations

from nlu.late import late

_FROM = late(r"(?:从|自从?|打从?|自打)\s*$")
_NOW = late(r"\s*(?:以来|至今|一直?到(?:现在|今天)|到(?:现在|今天)|(?:开始|起)?就?一直)")
_ON = late(r"\s*(?:开始|起(?!来|火|诉|床|了|冲|哄)|以来|至今|一?直?到(?:现在|今天))")
_ALWAYS = "总(?![共体部经理])|老(?![人师板旧鼠头太小年家百大公婆爷奶城伴妈爸字住街房])"
_WHO = "大家|他们?|她|它|我家|楼[上下]|对面|邻居|隔壁|有人|也|就"
_OFTEN_AFTER = late(
    rf"\s*(?:的时候|的)?\s*(?:{_WHO})*\s*(?:都(?!能|可以)|{_ALWAYS}|经常|常常?(?!委|务)|天天|每次|每天|准时)"
)
_OFTEN_BEFORE = late(
    rf"(?:长期|频繁|经常|常常?|总是?|老是?|一直|常年|往往|屡次|每次)(?:在|都|到|就)?\s*$|(?:{_ALWAYS}|经常|常常|天天)[^,，。;；!！?？]{{1,9}}$"
)
_LASTED = late(r"(?:[一整几两三]|半个)$")
_LIMIT = late(r"\s*[之以]?内")
_GOES_ON = late(r"\s*(?:了|以来|没|都没|不|还没|来|一直|连续)")
_ALREADY = late(r"(?:已经?|快|近|将近|连续|持续)\s*$")


def limit(after: str) -> bool:
    """三天内: until when, not since when."""
    return _LIMIT.match(after) is not None


def lunar(before: str) -> bool:
    """A calendar the words themselves don't name."""
    return before.endswith(("农历", "阴历", "旧历"))


def often(before: str, after: str) -> bool:
    """晚上总有人唱歌, 长期通宵施工."""
    return bool(_OFTEN_AFTER.match(after) or _OFTEN_BEFORE.search(before))


def since(before: str, after: str) -> bool:
    """从上周, 上周开始."""
    return bool(_FROM.search(before) or _ON.match(after))


def until_now(after: str) -> bool:
    """昨晚到现在."""
    return _NOW.match(after) is not None


def lasted(before: str) -> bool:
    """一晚上, 两晚上: how long, not when."""
    return _LASTED.search(before) is not None


def goes_on(before: str, after: str) -> bool:
    """三天没水, 已经三天: since then; 两年物业费 is not."""
    return bool(_GOES_ON.match(after) or _ALREADY.search(before))
