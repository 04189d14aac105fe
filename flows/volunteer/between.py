"""What is said while a shift is being chosen and is no choice: a sentence that fits several, a child who comes too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flows.domain.names import like_a_name
from flows.effects import Option, Say
from flows.facts import Query
from flows.flow import CONFIRM, Answers, Flow, Outcome, State, Turn, resume
from flows.volunteer import texts
from flows.volunteer.rules import my_shifts
from nlu.late import regex

CHILD = regex(
    r"孩子|小孩|娃|女儿|儿子|闺女|宝宝|孙子|孙女|外孙|未成年|[小中]学生|初[中一二三]|高[中一二三]|(?<![0-9])(?:[0-9]|1[0-7]|[一二三四五六七八九]|十[一二三四五六七]?)(?:周?岁)"
)
_KIN = "老公|老婆|爱人|对象|媳妇|家里?人|朋友|同事|同学|邻居|爸|妈|老伴|室友|孩子|女儿|儿子|孙"
COMPANION = regex(
    rf"(?:我|我们)家?的?(?:{_KIN}).{{0,3}}(?:想|要|能|可以|愿意)(?:一起)?(?:去|来|参加|报)"
    rf"|(?:能|可以|想|要)(?:不能|不可以)?(?:再)?(?:多)?[带叫约](?:上|着)?(?:我|我家|我们家)?的?(?:几|[一二两三四五])?个?(?:{_KIN})"
    rf"|^(?:那|我)*(?:和|跟|与)?(?:我|我家|我们家)?的?(?:{_KIN})(?:也|能|想)?(?:一起|一块|同去|参加)"
    r"|^(?:我们?|就|一共|总共|报)*(?:[两俩二三四五2-5]个?人|夫妻俩|[两俩]口子|俩)(?:一起|都|去|来|报|参加)*[吧啊呢]?$"
    rf"|(?:带|叫|约|拉|和|跟)(?:上|着)?(?:我|我家|我们家|几个|一个)?的?(?:{_KIN}).{{0,4}}(?:一起|一块|也|去|来)"
)
MINOR = regex(  # of oneself
    r"(?:我|本人)(?:今年|才|刚|是|现在)*(?:满)?(?:(?<![0-9])1[0-7]|十[一二三四五六七])(?:周?岁|(?=$|[,，。！!了、 ]))"
    r"|我(?:是|还是)?(?:一个|个|名)?(?:[初高]中|[中小]学)生|我(?:还)?(?:上|读|念)(?:[初高][中一二三]|中学|小学)"
)
ELDER = regex(
    r"(?:[6-9]\d|[六七八九]十[一二三四五六七八九]?)多?(?:周?岁|了|的人)|年纪大|岁数大|上了?(?:年纪|岁数)|老(?:头|太太?|人家)"
)
MAY = regex(r"[吗么]|能不能|可不可以|行不行|要不要|能|可以|行|收|嫌")
DETAIL = regex(
    r"(?:几点|啥时候|什么时候|多久|多长时间|在哪|哪里?集合|什么地方|怎么去|做什么|干什么|干啥|带(?:什么|啥|东西|水|工具|手套|饭)|穿(?:什么|啥)|准备(?:什么|啥))"
)
_RAIN = regex(r"下雨|下雪|天气不好|刮风|台风")
_LATE = regex(r"迟到|晚到|晚点到|晚一[点会]|早走|提前走")
_CHANGES = regex(
    r"(?:换|改)(?:成|到|个|一|为|去)?(?:.{0,4})(?:周|星期|礼拜|天|时间|场|下午|上午|晚上|日子|别的|第[一二三四五六七八\d]个)"
)
_CANNOT = regex(r"来不了|去不了|没空|没时间|走不开|(?:要|得)(?:上班|加班|出差|看店|带孩子|去医院)|有事(?!找|问|请)")
GIVE_UP = Option("取消报名", "begin", {"flow": "volunteer", "intent": "cancel_shift", "text": "取消报名"})
_REMIND = regex(r"提醒|别忘了|通知我")
LONGEST = 30
STILL = timedelta(minutes=30)  # so long a short question goes on with the sign-up


def minor(text: str, begun: Outcome | Query) -> Outcome | Query:
    """Who is under age hears first what has to be done."""
    if MINOR.search(text) and isinstance(begun, Outcome):
        return begun.after(Say(texts.MINOR))
    return begun


def none_open(_answers: Answers, turn: Turn) -> str:
    """Why there is nothing to choose from."""
    return texts.ALL_MINE if my_shifts(turn.facts.shifts, turn.now) else texts.NONE_OPEN


def signed_up(answers: Answers, _turn: Turn) -> Answers:
    """That somebody signed up: what is asked next may be about it."""
    return {"shift": answers["shift"]} if answers.get("do", "join") == "join" and "shift" in answers else {}


def afterwards(turn: Turn, last: Answers) -> Say | None:
    """What is asked after a sign-up: rain, a reminder."""
    text = turn.said.understood.plain
    if len(text) > LONGEST or turn.since(last["at"]) > STILL:
        return None
    if _RAIN.search(text):
        return Say(texts.RAIN)
    if _LATE.search(text):
        return Say(texts.LATE)
    if _CHANGES.search(text):
        other = Option(texts.SEE_OTHERS, "begin", {"flow": "volunteer", "intent": "join_activity", "text": text})
        return Say(texts.CHANGE_SHIFT, options=((other, GIVE_UP),))
    if _CANNOT.search(text):
        return Say(texts.CANNOT_COME, options=((GIVE_UP,),))
    return Say(texts.WILL_REMIND) if _REMIND.search(text) else None


def given_up(flow: Flow, state: State) -> Outcome | None:
    """Somebody who is being asked whether to sign up does not come after all."""
    if not state.suspended or (state.suspended[0].flow, state.suspended[0].asking) != (flow.name, CONFIRM):
        return None
    return Outcome(replace(state, suspended=state.suspended[1:]), (Say(texts.NOT_JOINED),))


def child(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """A child or somebody else comes too: who signs up, and who has to agree; then the open question again."""
    text = turn.said.understood.plain
    if state.asking not in ("shift", CONFIRM) or turn.said.answer or len(text) > LONGEST:
        return None
    told = _aside(state, text)
    return resume(flow, state, turn).after(Say(told)) if told else None


def _aside(state: State, text: str) -> str:
    if state.asking == CONFIRM and (like_a_name(text) or (text.isdecimal() and len(text) > 6)):
        return texts.NO_NEED
    told = texts.CHILD if CHILD.search(text) else texts.COMPANION if COMPANION.search(text) else ""
    if not told and ELDER.search(text) and MAY.search(text):
        return texts.ELDER
    if not told and _RAIN.search(text):
        return texts.RAIN
    if not told and state.asking == CONFIRM and DETAIL.search(text):
        return texts.TOLD_BELOW
    return told
