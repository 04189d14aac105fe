"""What is said when a legal answer is corrected: to the resident, to those who advise."""

from __future__ import annotations

from flows.legal.texts import ROLES
from nlu.late import regex

# -- to the resident ------------------------------------------------------------------------------------------------

CORRECTED_ANSWER = (
    "之前的答复有不对的地方，{role}更正了（编号 {number}），请以这一条为准：\n{text}\n"
    "给您添麻烦了，还有不明白的点「接着问」。"
)
MARKED = "【这条已更正，请看新的答复】\n{role}当时的答复：\n{text}"

# -- to those who advise --------------------------------------------------------------------------------------------

ASK = "{number} 已经结束了。要把这条作为更正发给居民吗？原来那条会标上「已更正」。"
ASK_DOUBTFUL = "{number} 已经结束了。要作为更正发给居民的话，先有几处要核对：\n{doubts}\n仍要发吗？"
HOW = "要更正哪一次答复？长按那条问题，选「回复」，写上对的话；也可以在工作台「法律咨询」里点开那一件更正。"
WORDS = frozenset({"更正", "我要更正", "更正答复", "答错了", "我答错了", "说错了", "我说错了"})
WRONG = regex(r"(?:我|刚才|刚刚|上面|之前|前面|那条|那句|的|不好意思|[,， ])*(?:答|说|写|讲|回)错了[,，。:： ].{2,}")
CORRECT = "作为更正发给居民"
CORRECTED = "更正已发给居民，原来那条标上「已更正」了。"
GUIDE_GONE = "由它整理的解答也撤下了。"
GUIDE_CHANGED = "由它整理的解答也换成了新的，请再看一遍再交。"
NOT_YOURS = "这件由接手的同事来更正。已经结束的，先点「无利害关系，看并更正」；同事接过去的，请跟他说。"
NOTHING = "这件咨询没有答复过，或者内容已经按规定清掉了，没有能更正的。"
MAY_CORRECT = "好的，您可以更正了。"
RECHECKED = "（同事声明没有利害关系，接过去复查。）"
TAKEN_OVER = "法律咨询 {number} 由同事接过去复查了，要更正的由他来发。"


def corrected(text: str, number: str, role: str) -> str:
    return CORRECTED_ANSWER.format(role=ROLES.get(role, "法律工作者"), number=number, text=text)


def marked(text: str, role: str) -> str:
    return MARKED.format(role=ROLES.get(role, "法律工作者"), text=text)
