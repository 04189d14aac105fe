"""Points of another household (隔壁老王家有多少积分): nobody else's business, and why that is so."""

from __future__ import annotations

from flows.effects import Option, Say
from flows.flow import Turn
from flows.points import texts
from nlu.late import regex

NAMED = regex(
    r"(?:请问|那|帮我|麻烦|给我|看看?|查一?下?|问一?下?|想|知道|晓得|一下|[,， ]){0,5}+"
    r"(?P<name>(?!自己|大家|全家|人家|每|谁|哪|一家|这|那|国)(?:(?![我咱俺你您])[一-龥]){1,5}?)[他她]?家(?:里|的)?"
    r"(?:现在|一共|总共|还|到底|的){0,2}(?:有|剩|积分|得了?|攒了?|加了?|扣了?|多少|几|明细|记录)[^,，。]{0,10}"
)


def told(turn: Turn) -> Say | None:
    """What is said where another household is named; None where none is, or it is their own."""
    named = NAMED.fullmatch(turn.said.understood.plain.strip(" 。.!！~?？"))
    household = turn.facts.household
    if named is None or (household and named["name"] in household.name):
        return None
    if household:
        return Say(texts.OTHERS_POINTS, options=((Option("看积分", "begin", OURS),),))
    return Say(texts.OTHERS_UNBOUND, options=((Option("绑定我家", "begin", BINDING),),))


OURS = {"flow": "points", "intent": "ask_balance"}
BINDING = {"flow": "points", "intent": "bind_household"}
