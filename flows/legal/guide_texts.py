"""What is said to those who advise while an answer becomes a guide."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.late import regex

DRAFT = (
    "解答草稿\n问：{question}\n答：{answer}\n\n"
    "请看看还有没有能认出人的地方：人名、单位名、地址、具体日期和金额都改成一般的说法。"
    "要改就直接回复这条消息，写改好的全文（「问：」「答：」各起一行；只写一段就当是答）。"
)
SUBMIT = "提交复核"
DROP = "不要了"
DROPPED = "好的，这份不公开。"
SUBMITTED = "已提交，另一位看过就公开。"
NO_REVIEWER = "这里还没有第二位法律工作者能复核，先留着草稿；有了再点「提交复核」。"
NO_CHAT = "请先在聊天里绑定账号，草稿会发到那里。"
REVIEW = (
    "请复核一条解答（{role}写的，个人情况已去掉）\n问：{question}\n答：{answer}\n\n"
    "通过后，问同样问题的人会看到它。不合适就点「退回」，或者直接回复这条消息写明哪里要改。"
)
APPROVE = "通过，公开"
RETURN = "退回"
APPROVED = "已公开。"
PUBLISHED = "您的一条解答复核通过，已经公开。问同样问题的人会看到，署的是您的身份，不署名字。"
RETURNED = "您的一条解答退回来了{why}"
SENT_BACK = "已退回。"
DOUBT = "这几处引用要先改好：\n{doubts}"
WITHDRAWN = "已撤下，不再公开。"
TOLD_WITHDRAWN = "您写的一条解答（问：{question}）撤下来了，不再公开{why}"
SAVED = "已保存。"
STATES = {
    "draft": "这份解答还在作者手里改。",
    "review": "这份解答正等另一位复核。",
    "published": "这份解答已经公开了。",
    "withdrawn": "这份解答已经撤下了。",
    "dropped": "这份解答作者已经不要了。",
}
_PARTS = regex(r"^\s*问[：:]\s*(?P<question>.+?)\s*\n\s*答[：:]\s*(?P<answer>.+)$", re.DOTALL)
_ANSWER = regex(r"^\s*答[：:]\s*")


def parts(text: str) -> tuple[str, str]:
    """The question and the answer of a rewritten draft; the question is empty where only the answer was written."""
    found = _PARTS.match(text)
    return (found["question"], found["answer"].strip()) if found else ("", _ANSWER.sub("", text).strip())


def doubtful(doubts: Sequence[str]) -> str:
    return DOUBT.format(doubts="\n".join(f"· {one}" for one in doubts))
