"""The conversation kernel: a flow is a list of questions; `start` and `advance` decide, and do nothing else."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from flows import changing
from flows.choosing import NUMBER, buttons, pick
from flows.declared import Ask, Flow
from flows.effects import Effect, Say
from flows.errors import Unclear
from flows.facts import Query
from flows.talk import Answers, Choice, Outcome, Said, Sense, State, Turn
from nlu.frozen import replace

__all__ = ["Answers", "Ask", "Choice", "Flow", "Outcome", "Said", "Sense", "State", "Turn"]
__all__ += ["advance", "back", "start", "stop"]

TRIES = 3  # unclear answers to one question before a person is called
ASIDE = 0.8  # how sure the understanding must be to leave an open question

CONFIRM = "confirm"
CHANGE = "change"
THANKS = ("谢谢", "谢谢啦", "谢谢了", "谢谢您", "谢谢你", "麻烦了", "麻烦您了", "麻烦你了", "辛苦了", "拜托了")
YES = Choice("yes", "确认", ("提交", "发吧", "交吧", "报吧", "报名", "登记吧", *THANKS), Sense.YES)
EDIT = Choice("edit", "修改", ("改", "不对", "改一下", "不是", "错了", "写错了", "有错", "要改"))
_NO = ("不要了", "我不要了", "不换了", "算了", "不用了", "不用", "不办了", "不提交", "不交了", "先不报")
NO = Choice("no", "取消", _NO)


def start(flow: Flow, turn: Turn, state: State, given: Answers | None = None) -> Outcome | Query:
    """Begin a flow; what the first message already says is not asked again."""
    answers = _told(flow, turn, given or {})
    return _next(flow, replace(state, flow=flow.name, answers=answers, tries=0, unclear=0), turn)


def _told(flow: Flow, turn: Turn, answers: Answers) -> Answers:
    """The answers, and those to other questions that one sentence gave too."""
    told = dict(answers)
    for ask in flow.asks:
        if ask.slot not in told and ask.fill and ask.when(told, turn) and (value := ask.fill(turn, told)) is not None:
            told[ask.slot] = value
    return told


def advance(flow: Flow, state: State, turn: Turn) -> Outcome | Query:
    """Take an answer to the question that was asked."""
    if state.asking in (CONFIRM, CHANGE):
        return _confirmed(flow, state, turn)
    ask = flow.ask(state.asking)
    if ask is None:  # a deploy removed the question: keep what was said, go on
        gone = Say("刚才那一步已经更新了，前面的内容都还在，我们接着来。")
        return _after(_next(flow, state, turn), gone)
    try:
        value = read(ask, state, turn)
    except Unclear as unclear:
        if not NUMBER.fullmatch(turn.said.plain) and pick((EDIT,), turn) and _changeable(flow, state, turn):
            return _question(flow, replace(state, asking=CHANGE, tries=0), turn)
        taken = _otherwise(flow, state, turn) or _passed(ask, flow, state, turn)
        return taken or _again(flow, state, turn, str(unclear))
    answers = _told(flow, turn, {**state.answers, ask.slot: value})
    return _next(flow, replace(state, answers=answers, tries=0), turn)


def read(ask: Ask, state: State, turn: Turn) -> Any:
    """The value of an answer; raises Unclear."""
    choices = ask.choices(state.answers, turn) if ask.choices else ()
    picked = pick(choices, turn, near=not ask.free)
    if picked is not None:
        return picked.key
    if ask.parse is None:
        raise Unclear("请从上面的选项里选一个，回复序号也可以。" if choices else "没看懂，请换个说法再发一次。")
    return ask.parse(turn, state.answers)


def back(flow: Flow, state: State, turn: Turn) -> Outcome | Query:
    """Ask the previous question again."""
    if state.asking == CHANGE and flow.confirm and not _open(flow, state, turn):
        return _question(flow, replace(state, asking=CONFIRM, tries=0), turn)
    before = takewhile(lambda a: a.slot != state.asking, flow.asks)
    here = state.answers, turn
    given = [a.slot for a in before if a.slot in state.answers and a.when(*here) and a.again(*here)]
    if not given:
        return _next(flow, state, turn)
    answers = {k: v for k, v in state.answers.items() if k != given[-1]}
    return _next(flow, replace(state, answers=answers, tries=0), turn)


def unlooked(flow: Flow, state: State, turn: Turn) -> Query | None:
    """What has to be looked up before the open question can be read or asked again."""
    ask = flow.ask(state.asking)
    query = flow.look(state.answers, turn) if ask and ask.looked and flow.look else None
    return query if query is not None and query not in turn.facts.answers else None


def picks(flow: Flow, state: State, turn: Turn) -> bool:
    """Whether what was said is one of the choices of the open question."""
    if state.asking == CONFIRM:
        return pick((YES, EDIT, NO), turn) is not None
    ask = flow.ask(state.asking)
    return bool(ask and ask.choices and pick(ask.choices(state.answers, turn), turn, near=not ask.free))


def reads(flow: Flow, state: State, turn: Turn) -> bool:
    """Whether what was said answers the open question, one that not just any words answer."""
    ask = flow.ask(state.asking)
    if ask is None:
        return picks(flow, state, turn)
    try:
        read(ask, state, turn)
    except Unclear:
        return False
    return not ask.free


def begun(flow: Flow, state: State) -> bool:
    """Whether the resident has answered anything yet: what is empty needn't be kept."""
    return any(flow.ask(slot) for slot in state.answers)


def resume(flow: Flow, state: State, turn: Turn) -> Outcome:
    """Ask the open question once more, as it stood; one that a deploy removed gives way to the next open one."""
    if flow.ask(state.asking) is None and state.asking not in (CONFIRM, CHANGE):
        last = CONFIRM if flow.confirm else flow.asks[0].slot
        state = replace(state, asking=_open(flow, state, turn) or last, since=0)
    return _question(flow, state, turn, since=state.since)


def beneath(state: State, keeps: bool = True) -> State:
    """The state another matter begins in: the open one, if it `keeps`, waits beneath it, and one more beneath that."""
    suspended = (replace(state, suspended=()), *state.suspended)[:2] if keeps else state.suspended
    return State(step=state.step, suspended=suspended)


def stop(state: State) -> State:
    """The state after a flow has ended: whatever it interrupted is on top again."""
    if not state.suspended:
        return State(step=state.step, last=state.last)
    return replace(state.suspended[0], suspended=state.suspended[1:], step=state.step)


def _otherwise(flow: Flow, state: State, turn: Turn) -> Outcome | Query | None:
    """What was no answer may be another matter of the same flow: it is answered, then the question is asked again."""
    seen = turn.said.understood
    if turn.said.answer:
        return None
    taken = flow.otherwise(state, turn) if flow.otherwise else None
    entry = flow.entries.get(seen.intent)
    if taken or entry is None or seen.flow != flow.name or seen.confidence < ASIDE:
        return taken
    outcome = entry(beneath(state), turn)
    if outcome is None:
        return None
    ask = flow.ask(state.asking)
    again = isinstance(outcome, Outcome) and (outcome.state.flow, outcome.state.asking) == (state.flow, state.asking)
    if again and ask and not ask.choices:
        return None  # it would only ask what is being asked: the answer counts as unclear
    if isinstance(outcome, Outcome) and outcome.state.flow == flow.name and outcome.state.asking in state.answers:
        begun_with = {slot: value for slot, value in outcome.state.answers.items() if flow.ask(slot) is None}
        wish = {**outcome.state.answers, **state.answers, **begun_with}
        return _question(flow, replace(state, answers=wish), turn, since=state.since)  # what it needs is being asked
    if isinstance(outcome, Outcome) and outcome.state.flow:  # it asks something itself: the old question gives way
        return replace(outcome, state=replace(outcome.state, suspended=state.suspended))
    return outcome


def _passed(ask: Ask, flow: Flow, state: State, turn: Turn) -> Outcome | Query | None:
    """The question asked twice already gives way, where it has something to fall to."""
    if ask.falls_to is None or not state.tries:
        return None
    outcome = _next(flow, replace(state, answers={**state.answers, ask.slot: ask.falls_to}, tries=0), turn)
    return _after(outcome, Say("没关系，这一步先跳过，我们接着来。"))


def _again(flow: Flow, state: State, turn: Turn, why: str) -> Outcome:
    if state.tries + 1 >= TRIES:
        return Outcome(replace(state, tries=0), person_wanted=True)
    return _question(flow, replace(state, tries=state.tries + 1), turn, why, state.since)


def _open(flow: Flow, state: State, turn: Turn) -> str | None:
    """The first question that has no answer yet."""
    return next((a.slot for a in flow.asks if a.slot not in state.answers and a.when(state.answers, turn)), None)


def _next(flow: Flow, state: State, turn: Turn) -> Outcome | Query:
    query = flow.look(state.answers, turn) if flow.look else None
    if query is not None and query not in turn.facts.answers:
        return query
    slot = _open(flow, state, turn)
    if slot is not None:
        return _question(flow, replace(state, asking=slot), turn)
    if flow.confirm and not state.answers.get(CONFIRM) and flow.confirm(state.answers, turn):
        return _question(flow, replace(state, asking=CONFIRM), turn)
    return _ended(flow, state, turn)


def _ended(flow: Flow, state: State, turn: Turn) -> Outcome | Query:
    """The flow has what it needs; another matter of the same message begins at once."""
    assert flow.finish
    effects = flow.finish(state.answers, turn)
    if flow.keeps and (kept := flow.keeps(state.answers, turn)):
        state = replace(state, last={**kept, "flow": flow.name, "at": turn.now.isoformat()})
    if not flow.then or (given := flow.then(state.answers, turn)) is None:
        return Outcome(stop(state), effects)
    return _after(start(flow, turn, state, given), *effects)


def _after(outcome: Outcome | Query, *effects: Effect) -> Outcome | Query:
    """What comes after these effects; what has to be looked up first is asked for alone."""
    return outcome.after(*effects) if isinstance(outcome, Outcome) else outcome


def _question(flow: Flow, state: State, turn: Turn, why: str = "", since: int = 0) -> Outcome:
    """Ask what is asking; `since`: the question stands as it did."""
    state = replace(state, step=state.step + 1, since=since or state.step + 1)
    ask = flow.ask(state.asking)
    if ask is not None:
        text = ask.text if isinstance(ask.text, str) else ask.text(state.answers, turn)
        choices = ask.choices(state.answers, turn) if ask.choices else ()
    elif state.asking == CHANGE:
        text, choices = "要改哪一项？", _changeable(flow, state, turn)
    else:
        assert flow.confirm
        text, choices = flow.confirm(state.answers, turn), (YES, EDIT, NO)
    beside = tuple((option,) for option in ask.beside(state.answers, turn)) if ask and ask.beside else ()
    return Outcome(state, (Say(why or text, options=(*buttons(choices, state), *beside)),))


def _changeable(flow: Flow, state: State, turn: Turn) -> tuple[Choice, ...]:
    return tuple(
        Choice(a.slot, a.name, a.also)
        for a in flow.asks
        if a.name and a.slot in state.answers and a.when(state.answers, turn)
    )


def _without(flow: Flow, state: State, slot: str) -> dict[str, Any]:
    """The answers without one, and without those that depend on it: what it drops, and the unnamed ones after it."""
    after = flow.asks[1 + next(i for i, a in enumerate(flow.asks) if a.slot == slot) :]
    changed = flow.ask(slot)
    gone = {slot, *(changed.drops if changed else ()), *(a.slot for a in takewhile(lambda a: not a.name, after))}
    return {k: v for k, v in state.answers.items() if k not in gone}


def _changed(flow: Flow, state: State, turn: Turn, slot: str) -> Outcome | Query:
    return _next(flow, replace(state, answers=_without(flow, state, slot), tries=0), turn)


def _late(flow: Flow, state: State, turn: Turn) -> dict[str, Any]:
    """The answers with what is added at the confirmation, say a photo or another place; {}: nothing is."""
    for ask in flow.asks:
        parse = ask.fill if ask.free else ask.parse
        if ask.late and parse and not turn.said.answer:
            try:
                value = parse(turn, state.answers)
            except Unclear:
                continue
            if value is not None:
                return {**_without(flow, state, ask.slot), ask.slot: value}
    return {}


def _wished(flow: Flow, state: State, turn: Turn) -> Outcome | Query | None:
    """The confirmation with what was put right in a word; asked for where only the name of it was said."""
    late = _late(flow, state, turn)
    if not late and (named := changing.named(flow, state, turn)):
        slot, value = named
        if value is None:
            return _changed(flow, state, turn, slot)
        late = {**_without(flow, state, slot), slot: value}
    return _next(flow, replace(state, answers=late, tries=0), turn) if late else None


def _confirmed(flow: Flow, state: State, turn: Turn) -> Outcome | Query:
    if state.asking == CHANGE:
        picked = pick(_changeable(flow, state, turn), turn)
        if picked is None:
            wished = _wished(flow, state, turn) or _otherwise(flow, state, turn)
            return wished or _again(flow, state, turn, "请选要改的那一项。")
        return _changed(flow, state, turn, picked.key)
    counted = turn.said.plain.startswith(("第", "选"))  # of a list that was shown before
    picked = None if counted else pick((YES, EDIT, NO), turn)
    if picked == YES:
        return _ended(flow, state, turn)
    changeable = _changeable(flow, state, turn)
    if picked == EDIT and len(changeable) == 1:
        return _changed(flow, state, turn, changeable[0].key)
    if picked == EDIT:
        return _question(flow, replace(state, asking=CHANGE, tries=0), turn)
    if picked == NO:
        return Outcome(stop(state), (Say("好的，这件先不办了。"),))
    if changing.wished(turn) and (changed := _wished(flow, state, turn)):
        return changed
    taken = _otherwise(flow, state, turn)
    late = {} if taken else _late(flow, state, turn)
    if late:
        return _next(flow, replace(state, answers=late, tries=0), turn)
    return taken or _again(flow, state, turn, "回复「确认」就提交，要改就回复「修改」。")
