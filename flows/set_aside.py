"""What was set aside for another matter and is taken up before that one ended: by name, or because it is answered."""

from __future__ import annotations

from dataclasses import replace

from flows import flow as kernel
from flows.assistant import texts
from flows.effects import Say
from flows.facts import Query
from flows.flow import Flow, Outcome, State, Turn
from flows.registry import Registry
from flows.words import word
from flows.yesno import core_of, sense_of
from nlu.late import regex

KEPT = 2  # matters that wait at most
BARE = 2  # characters of a yes or no that might answer anything
ANSWERED = frozenset({"legal"})  # whoever leaves its last question has their answer: nothing of it waits
_RETURNS = regex(
    r"(?:那|好的?|行|嗯|哦|知道了|明白了?|谢谢|还是|我们?|咱们?|算了|[,，。!！ ])*"
    r"(?P<lets_be>(?:这个|先|就|暂时)?(?:不|别)(?:想|要)?"
    r"(?:报名?|参加|去|换|兑换?|预?约|问|弄|办|要)[了吧啦]{0,2}[,，。 ]{1,2})?+(?:我|还是|先|那)?"
    r"(?:回到|说回|接着[说办弄来登记报]*|继续[说办弄登记报]*|先[说办弄把登记报]+完?|还是[说办弄]+)"
    r"(?:刚才?|之前|前面|原来|上一?个|那个?|这个?|的|说的|一?[件下]|没[办说弄登记]+完的)*"
    r"(?P<what>[一-龥]{0,8}?)(?:的|那个?|这个?|件|事情?|问题)*[吧啊呀了]*"
)
_CALLED = {  # what people call it, besides its words
    "complaint": "投诉 登记 诉求 反映 报修 举报",
    "volunteer": "报名 志愿 活动",
    "points": "积分 兑换 换东西",
    "legal": "法律 咨询",
    "mediation": "调解",
    "appointment": "预约",
}


def taken(flows: Registry, state: State, turn: Turn) -> tuple[State, bool]:
    """The state with the matter that is meant on top, and whether it has to be asked again; else the state as it is."""
    said = turn.said
    here = flows.get(state.flow)
    if not state.suspended or here is None or said.answer or said.begin:
        return state, False
    returns = _RETURNS.fullmatch(word(said.text))
    lets_be = returns is not None and bool(returns["lets_be"])
    if not lets_be and kernel.picks(here, state, turn):
        return state, False
    for place, below in enumerate(state.suspended):
        open_flow = flows.get(below.flow)
        if open_flow is None:
            continue
        if returns and _named(open_flow, below, returns["what"]):
            return _on_top(flows, state, place, lets_be), True
        if not returns and place == 0 and _answered(here, open_flow, state, turn):
            return _on_top(flows, state, place), False
    return state, False


def asked_again(flows: Registry, state: State, turn: Turn) -> Outcome | Query:
    """The question of the matter that has been taken up by name."""
    open_flow = flows.get(state.flow)
    assert open_flow
    if query := kernel.unlooked(open_flow, state, turn):
        return query
    return kernel.resume(open_flow, state, turn).after(Say(texts.BACK_TO.format(title=open_flow.title)))


def _named(open_flow: Flow, below: State, what: str) -> bool:
    """Whether the matter is called by its kind or by a word of it; nothing said means the last one."""
    told = below.answers.get("description", below.answers.get("question", ""))
    words = f"{open_flow.title} {_CALLED.get(open_flow.name, '')} {told['text'] if isinstance(told, dict) else told}"
    return not what or any(what[i : i + 2] in words for i in range(max(1, len(what) - 1)))


def _answered(here: Flow, below: Flow, state: State, turn: Turn) -> bool:
    """Whether what was said is no answer here, and a clear one to the question that waits: a phone, 没有照片."""
    said = word(turn.said.text)
    if turn.said.photos or (sense_of(said) and len(core_of(said)) <= BARE):
        return False
    return not kernel.reads(here, state, turn) and kernel.reads(below, state.suspended[0], turn)


def _on_top(flows: Registry, state: State, place: int, lets_be: bool = False) -> State:
    """What is open now waits in its place, where anything of it was answered and it is not let be."""
    here, below = flows.get(state.flow), state.suspended[place]
    others = (*state.suspended[:place], *state.suspended[place + 1 :])
    keeps = not lets_be and here is not None and here.title and here.name not in ANSWERED and kernel.begun(here, state)
    waiting = (*((replace(state, suspended=()),) if keeps else ()), *others)[:KEPT]
    return replace(below, suspended=waiting, step=state.step, later=(*below.later, *state.later)[:5])
