"""What is said about a legal question that a person answers: to the resident, to those who advise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flows.domain.scrub import scrubbed
from flows.legal.article import short_title
from flows.legal.texts import ROLES
from nlu.dates.spoken import NAMES

# -- to the resident ------------------------------------------------------------------------------------------------

SENT = "已经转给{who}，编号 {number}。{when}对方只看得到问题，看不到您是谁；有了答复我马上发给您。"
NOW = "现在有人值班，"
LATER = "现在不在值班时间，{when}开始有人看，"
AHEAD = "前面还有{count}件，"
PASSED_ON = "您的问题（编号 {number}）转给{who}了。{when}有了答复我马上发给您。"
NOBODY = (
    "您的问题记下了，编号 {number}。这里还没有法律明白人和法律顾问，没法马上有人答。"
    "可以打 12348，有律师免费解答；也可以让社区帮您约："
)
NOBODY_ELSE = (
    "您的问题（编号 {number}）这里没有别的人能接了，对不起。可以打 12348，有律师免费解答；也可以让社区帮您约："
)
ALL_AWAY = (
    "您的问题（编号 {number}）记下了。能答的几位这几天都不在，{back}有人回来，到时候我马上转过去。"
    "着急的话打 12348，有律师免费解答；也可以让社区帮您约："
)
OWNER_AWAY = "转过去了。答您的{who}这几天不在，{back}回来。不想等，可以换一位来答。"
ANOTHER = "换一位答"
BACK_AGAIN = "这件已经有人在答了，不用再换。"
STILL_WAITING = (
    "您的问题（编号 {number}）还没有人接上，对不起，我再催一次。着急的话打 12348，有律师免费解答；也可以让社区帮您约："
)
LEGAL_AID = "约法律援助"
MEDIATION = "约人民调解"
APPOINTMENT = {
    "legal_aid": "想约一次法律援助（{field}方面），请联系居民商量时间、说明要带的材料。",
    "mediation": "想约人民调解（{field}方面），请先联系居民，再问对方愿不愿意调解。",
}
APPOINTED = "好的，已经请社区帮您约，编号 {number}。他们会在这里跟您商量时间。"
CLAIMED = "{who}已经看到您的问题，会在这里回复您。他看不到您是谁；想让他直接联系您，可以点下面。"
REVEAL = "告诉他怎么联系我"
ASK_CONTACT = "想让他怎么称呼您、打哪个电话？写一句就行，只有答您的这一位看得到。不想说了就发「取消」。"
NOTED = "记下了，和您的问题（编号 {number}）一起转给{who}。{when}"
TOLD_CONTACT = "（居民把联系方式告诉了接手的人。）"
RELAYED = "好的，转过去了。"
ANSWER = "{role}答复您：\n{text}\n还有不明白的，直接在这里说。"
SOLVED = "解决了"
MORE = "接着问"
CLOSED = "这次法律咨询结束了。还有别的事，随时跟我说。"
LET_GO = "好的，法律咨询 {number} 撤回了，不再等答复。以后还想问，随时说。"
HELPFUL = "有帮助"
NOT_HELPFUL = "没帮上"
FOLLOW_UP = "三周前您问过一件法律上的事（编号 {number}），后来解决了吗？"
SETTLED = "解决了"
NOT_SETTLED = "还没有，再问问"
SETTLED_LATER = "（三周后）解决了"
GLAD = "那就好。以后还有要问的，随时来。"

# -- to those who advise --------------------------------------------------------------------------------------------

CARD = (
    "法律咨询 {number}\n领域：{field}　来自：{place}{side}\n{queue}先看有没有利害关系；点「无利害关系，接」才显示问题。"
)
SIDE = "　对方：{side}"
QUEUE = "前面还有{count}件在等。"
HANDS = "这里{people}位，手上共{carried}件在答。"
MORE_SAID = "居民又补充了{count}句。"
TAKE = "无利害关系，接"
STEP_ASIDE = "回避，转下一位"
STEPPED_ASIDE = "好的，转给下一位。"
PASSED = "已转出。"
TAKEN = "已接下，居民会收到通知。您手上现在有{load}件。"
TAKE_FIRST = "请先点「无利害关系，接」，看到问题再回复。"
QUESTION = "法律咨询 {number}\n居民问：{question}\n{found}"
FOUND = "小邻查到：{articles}"
FOUND_NONE = "小邻没有查到拿得准的法条。"
SAID = {"asker": "居民：{text}", "staff": "已答复：{text}", "wrong": "答复过、已更正：{text}"}
HINT = "直接回复这条消息，居民就能看到；办完点「结束」。"
END = "结束"
TO_ADVISER = "转给法律顾问"
FROM_ASKER = "居民（{number}）：{text}"
REVEALED = "居民（{number}）愿意让您知道怎么联系：{text}\n只给您用来办这件事。"
OVER = "这件事已经结束了。"
ASKER_ENDED = "{number}：居民说可以了，已结束。要补充或者更正，回复那条问题就行。"
ASKER_LET_GO = "{number}：居民说不用问了，已结束，不用再答。"
NUDGED = "法律咨询 {number}：居民在问什么时候能有答复。"
TOO_LATE = "{number} 居民刚说不用问了，已经结束，这句没有发出去，不用再答。"
ASKS_SELF = "是您自己想问的话，请换成一句问话再发。"
STILL_IN_HAND = "要答手上的 {others}，请长按那条问题，选「回复」再写。"
ENDED = "已结束。以后发现答错了，回复那条问题就能更正。"
DOUBT = "先别急，有几处要核对：\n{doubts}\n仍要发送吗？"
SEND_ANYWAY = "仍要发送"
CHANGE_IT = "我改一下"
REWRITE = "好的，还没有发出。改好后再回复一次那条消息。"
REMINDER = "法律咨询 {number} 您接了一天还没有答复，居民在等。答不了请转给下一位；明天还没有答复，会自动转出。"
TAKEN_BACK = "法律咨询 {number} 已经转给下一位了。"
OFFER_GUIDE = (
    "居民说 {number} 的答复有帮助。要不要整理成一条通用的解答，给下一位问的人看？"
    "个人情况会去掉，您可以改，另一位复核后才公开。"
)
MAKE_GUIDE = "整理成解答"


def sent(number: str, role: str, begins: datetime | None, now: datetime, ahead: int, place: str) -> str:
    """The receipt: who gets it, from when, and how many wait before."""
    said = when(begins, now) + (AHEAD.format(count=ahead) if ahead else "")
    said = f"{said.rstrip('，')}。" if said else ""
    return SENT.format(who=who(role, place), number=number, when=said)


def too_late(number: str, others: Sequence[str]) -> str:
    """What an adviser hears who writes after the asker took a question back; `others`: what they still have in hand."""
    return TOO_LATE.format(number=number) + (
        STILL_IN_HAND.format(others="、".join(others[:5])) if others else ASKS_SELF
    )


def noted(number: str, role: str, begins: datetime | None, now: datetime, place: str) -> str:
    """What is added while nobody has taken it: kept, and from when somebody looks at it."""
    said = when(begins, now)
    return NOTED.format(number=number, who=who(role, place), when=f"{said.rstrip('，')}。" if said else "")


def passed_on(number: str, role: str, begins: datetime | None, now: datetime, place: str) -> str:
    said = when(begins, now)
    return PASSED_ON.format(number=number, who=who(role, place), when=f"{said.rstrip('，')}。" if said else "")


def who(role: str, place: str = "") -> str:
    """Who a question goes to, of several; a community or village is called by its name."""
    guide = f"{place or '社区'}的法律明白人"
    return {"legal_guide": guide, "legal_adviser": "街道的法律顾问"}.get(role, "法律工作者")


def all_away(number: str, back: datetime, now: datetime) -> str:
    return ALL_AWAY.format(number=number, back=day(back, now))


def owner_away(role: str, back: datetime, now: datetime) -> str:
    return OWNER_AWAY.format(who=title(role), back=day(back, now))


def title(role: str) -> str:
    """What whoever has a question is called to the resident; never by name."""
    return ROLES.get(role, "法律工作者")


def when(begins: datetime | None, now: datetime) -> str:
    """When somebody on duty looks at it; empty: there is somebody now, or no roster tells."""
    if begins is None or begins <= now:
        return ""
    return LATER.format(when=f"{day(begins, now)} {begins:%H:%M} ")


def day(at: datetime, now: datetime) -> str:
    """A day to come, in the zone of `at`: 今天, 明天, 1月9日（周五）."""
    ahead = (at.date() - now.astimezone(at.tzinfo).date()).days
    return {0: "今天", 1: "明天"}.get(ahead, f"{at.month}月{at.day}日（周{NAMES[at.weekday()]}）")


def card(number: str, subject: Mapping[str, Any], place: str, ahead: int, more: int, hands: tuple[int, int]) -> str:
    side = SIDE.format(side=subject["side"]) if subject.get("side") else ""
    people, carried = hands
    queue = HANDS.format(people=people, carried=carried) if people else ""
    queue += (QUEUE.format(count=ahead) if ahead else "") + (MORE_SAID.format(count=more) if more else "")
    field = str(subject.get("field") or "其他")
    return CARD.format(
        number=number, field=field, place=place or "未定", side=side, queue=f"{queue}\n" if queue else ""
    )


def taken(load: int) -> str:
    return TAKEN.format(load=load)


def question(number: str, subject: Mapping[str, Any], lines: Sequence[tuple[str, str]]) -> str:
    """The question without what tells who asks, what was found, and what was said so far."""
    cited = "、".join(f"《{short_title(str(f['law']))}》{f['number']}" for f in subject.get("found") or ())
    found = FOUND.format(articles=cited) if cited else FOUND_NONE
    asked = QUESTION.format(number=number, question=scrubbed(str(subject.get("question", ""))), found=found)
    said = [SAID[author].format(text=scrubbed(text)) for author, text in lines if author in SAID]
    return "\n".join((asked, *said, HINT))


def answer(text: str, role: str) -> str:
    return ANSWER.format(role=title(role), text=text)
