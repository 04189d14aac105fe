"""A matter that was let be (取消, 算了不去了) and is taken up again after all (还是去吧)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flows import flow as kernel
from flows.assistant import texts
from flows.effects import Say
from flows.facts import Query
from flows.flow import Outcome, State, Turn
from flows.registry import Registry
from flows.words import word
from nlu.frozen import replace
from nlu.late import regex

LET_BE = "let_be"  # in what is remembered: the state as it stood
STILL = timedelta(minutes=30)
AFTER_ALL = regex(
    r"(?:那|我|想了想|想想|算了|不|等等|等一下|[,，。 ])*(?:还是|又想|要不还是|接着|继续)"
    r"(?:接着|继续|决定|要|想|得|帮我|给我|把它)*"
    r"(?:去|来|报|报名|参加|登记|办|弄|说|问|反映|投诉|举报|换|兑|兑换|刚才那个|刚才的|刚才那件)?(?:一下|了|名)*(?:吧|的|啊|呀|好了)*"
)


def let_be(state: State, turn: Turn) -> State:
    """The state after the open matter was let be; it is remembered for a while."""
    after = kernel.stop(state)
    if after.flow or not state.answers:
        return after
    kept = replace(state, suspended=(), last={}, later=()).to_json()
    return replace(after, last={**after.last, "flow": "", LET_BE: kept, "at": turn.now.isoformat()})


def flow_of(last: Mapping[str, Any]) -> str:
    """The flow of the matter that was let be: what it needs to know has to be loaded; "" when there is none."""
    return str(last.get(LET_BE, {}).get("flow", ""))


def again(flows: Registry, state: State, turn: Turn) -> Outcome | Query | None:
    """The matter as it stood, and its open question; None when nothing was let be, or this does not take it up."""
    open_flow, said = flows.get(flow_of(state.last)), turn.said
    if open_flow is None or said.answer or said.begin or not AFTER_ALL.fullmatch(word(said.text)):
        return None
    if turn.since(state.last["at"]) > STILL:
        return None
    taken = replace(State.from_json(state.last[LET_BE]), step=state.step, last={})
    if query := kernel.unlooked(open_flow, taken, turn):
        return query
    return kernel.resume(open_flow, taken, turn).after(Say(texts.TAKEN_UP))
