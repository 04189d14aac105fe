"""Points of the Moral Bank: binding the household, balance, statement, rules, and changing points for goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flows.domain.proposal import Kind
from flows.effects import (
    Effect,
    JoinRanking,
    Option,
    Say,
    ShowCodes,
    ShowNotice,
    ShowRanking,
)
from flows.errors import Unclear
from flows.facts import HouseholdView, Query, StatementLine
from flows.flow import Answers, Ask, Flow, Outcome, State, Turn, start
from flows.points import binding, gifts, office, others, panel_texts, proposing, redeeming, texts
from flows.points.explain import explained
from flows.points.notice import NOTICE, OBJECTION
from flows.points.phrases import meant
from flows.points.rules import asks_about_services, asks_for_money, limited, reserved
from nlu.late import regex

LIKE_CODE = regex(r"[A-Za-z0-9]{4,}")
LONE_CODE = regex(r"(?<!\d)\d{8}(?!\d)")
LINES = 10  # of a statement
RANK = ("排名", "排第", "第几名", "谁家", "最高", "别人家", "别家", "他家")
DISPUTE = ("扣", "错", "少了", "没加", "申诉", "凭啥", "凭什么", "为啥", "为什么", "不对", "漏", "没到")
GIVE_BACK = ("取消", "不换", "不要了", "退")
MY_OWN = ("我的兑换", "取货码", "换了什么", "换了啥", "我换的", "兑换记录", "领")


def balance(state: State, turn: Turn) -> Outcome | Query:
    """How many points the household has."""
    household = turn.facts.household
    if told := others.told(turn):
        return Outcome(state, (told,))
    if household is None:
        return start(FLOW, turn, state, {"do": "balance"})
    if any(word in turn.said.understood.plain for word in RANK):
        return ranking(state, turn)
    return Outcome(state, (Say(texts.balance(household)),))


def ranking(state: State, turn: Turn) -> Outcome:
    """Where the household stands among those that agreed to be counted; the others are nobody's business."""
    household = turn.facts.household
    if household is None:
        return Outcome(state, (Say(panel_texts.NOT_BOUND),))
    if household.ranked:
        return Outcome(state, (ShowRanking(household.id),))
    join = Option(texts.JOIN, "begin", {"flow": "points", "intent": "join_ranking"})
    return Outcome(state, (Say(texts.RANK, options=((join,),)),))


def join_ranking(state: State, turn: Turn) -> Outcome:
    return _ranked(state, turn, True)


def leave_ranking(state: State, turn: Turn) -> Outcome:
    return _ranked(state, turn, False)


def _ranked(state: State, turn: Turn, on: bool) -> Outcome:
    household = turn.facts.household
    if household is None:
        return Outcome(state, (Say(panel_texts.NOT_BOUND),))
    told = Say(texts.RANKED if on else texts.UNRANKED)
    return Outcome(state, (JoinRanking(household.id, on), *((told, ShowRanking(household.id)) if on else (told,))))


def statement(state: State, turn: Turn) -> Outcome | Query:
    """Where the points came from and went to: the last ten entries."""
    household = turn.facts.household
    if told := others.told(turn):
        return Outcome(state, (told,))
    if household is None:
        return start(FLOW, turn, state, {"do": "statement"})
    return Outcome(state, (_entries(household, turn),))


def _entries(household: HouseholdView, turn: Turn) -> Say:
    lines = sorted(household.statement, key=lambda line: line.at, reverse=True)
    text = texts.statement(lines[:LINES], turn.zone)
    if any(word in turn.said.understood.plain for word in DISPUTE):
        text = f"{text}\n{texts.DISPUTE}"
    return Say(text, options=earlier(lines))


def earlier(lines: Sequence[StatementLine]) -> tuple[tuple[Option, ...], ...]:
    """The button that goes on, when there is one line more than is shown."""
    more = len(lines) > LINES
    return ((Option(texts.EARLIER, "points.statement", {"before": lines[LINES - 1].id}),),) if more else ()


def rules(state: State, turn: Turn) -> Outcome:
    """What is worth how many points; nobody has to be bound to ask."""
    return Outcome(_without_code(state), (Say(explained(turn.said.understood.plain, turn.facts)),))


def _without_code(state: State) -> State:
    """Who only wants to know the rules is not asked for a code again and again."""
    waiting = state.suspended[:1]
    if waiting and (waiting[0].flow, waiting[0].asking) == (FLOW.name, "code"):
        return replace(state, suspended=state.suspended[1:])
    return state


def redeem(state: State, turn: Turn) -> Outcome | Query:
    """Points for goods; also what waits to be collected, and giving it back."""
    household, said = turn.facts.household, turn.said.understood.plain
    if asks_for_money(said) or asks_about_services(said):
        return Outcome(state, (Say(texts.NO_SERVICE if asks_about_services(said) else texts.NOT_MONEY),))
    if told := redeeming.for_all(turn):
        return Outcome(_without_code(state), (Say(told),))
    if household is None:
        return start(FLOW, turn, state, {"do": "redeem"})
    waiting = reserved(household.redemptions, turn.now)
    if any(word in said for word in GIVE_BACK) or redeeming.GIVES_BACK.fullmatch(said.strip(" 。，！!.,")):
        if waiting:
            return start(FLOW, turn, state, {"do": "return"})
        return Outcome(state, (Say(f"{texts.MINE_NONE}{texts.COLLECTED_ALREADY}"),))
    if any(word in said for word in MY_OWN):
        return show_codes(state, turn)
    if not any(g.stock for g in turn.facts.goods):
        return Outcome(state, (Say(texts.GOODS_NONE),))
    return start(FLOW, turn, state, {"do": "redeem"})


def show_codes(state: State, turn: Turn) -> Outcome | Query:
    """What waits to be collected, with the codes once more."""
    household = turn.facts.household
    if household is None:
        return start(FLOW, turn, state, {"do": "redeem"})
    waiting = reserved(household.redemptions, turn.now)
    return Outcome(state, (ShowCodes(household.id) if waiting else Say(texts.MINE_NONE),))


def collect_for(state: State, turn: Turn) -> Outcome | Query:
    """Whether somebody else may collect: whoever has the code."""
    household = turn.facts.household
    if household is None or not reserved(household.redemptions, turn.now):
        return Outcome(state, (Say(texts.COLLECT_FOR),))
    return Outcome(state, (Say(texts.COLLECT_FOR), ShowCodes(household.id)))


def notice(state: State, turn: Turn) -> Outcome | Query:
    """What was given and taken in the community last month, names masked."""
    household = turn.facts.household
    where = household.area if household else turn.facts.community
    if where is None and turn.facts.communities:
        return start(NOTICE, turn, state)
    if where is None:
        return Outcome(state, (Say(texts.RULES_UNPLACED),))
    return Outcome(state, (ShowNotice(where, turn.person),))


def bind(state: State, turn: Turn) -> Outcome | Query:
    """Connect the person with the household, by a code of the community."""
    household = turn.facts.household
    if household:
        return Outcome(state, (Say(texts.ALREADY_BOUND.format(name=household.name)),))
    begun = start(FLOW, turn, state, {"do": "bind"})
    if turn.facts.code is None and LONE_CODE.search(turn.said.plain) and isinstance(begun, Outcome):
        return replace(begun, effects=(Say(texts.WRONG_CODE),))  # one was given, and does not count
    return begun


# -- the questions --------------------------------------------------------------------------------------------------


def _unbound(answers: Answers, turn: Turn) -> bool:
    return turn.facts.household is None


def _code(turn: Turn, answers: Answers) -> Any:
    """The code of a household, as the shell found it valid; raises Unclear."""
    code = {} if turn.facts.household else _code_said(turn, answers)
    if code is None:
        raise Unclear(texts.WRONG_CODE if LIKE_CODE.search(turn.said.plain) else texts.NO_CODE)
    return code


def _code_text(answers: Answers, turn: Turn) -> str:
    """From the menu, what this is about comes first."""
    return texts.ASK_CODE if answers.get("do") else f"{texts.ABOUT}\n{texts.ASK_CODE_FIRST}"


def _code_said(turn: Turn, answers: Answers) -> Any:
    facts = turn.facts
    return {"id": facts.code, "name": facts.code_name or ""} if facts.code is not None else None


def _confirm(answers: Answers, turn: Turn) -> str:
    """What is about to be done; "" when nothing is, because something is in the way (said at the end)."""
    household = turn.facts.household
    if household is None:
        return texts.CONFIRM_CODE.format(name=answers["code"]["name"]) if "code" in answers else ""
    goods = redeeming.chosen(answers, turn)
    if goods and goods.stock and goods.price <= household.balance and not limited(goods):
        left = household.balance - goods.price
        return texts.CONFIRM_GOODS.format(title=goods.title, price=goods.price, shop=goods.shop, left=left)
    return ""


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    household = turn.facts.household
    if household is None:
        return binding.bound(answers, turn)
    if answers.get("do") == "return":
        return redeeming.give_back(answers, turn)
    if answers.get("do") == "redeem":
        return redeeming.reserve(answers, turn)
    if answers.get("do") == "statement":
        return (_entries(household, turn),)
    return (Say(texts.balance(household), options=(binding.AGAIN[1:],)),)


FLOW = Flow(
    name="points",
    title="道德银行",
    words=meant,
    intents=frozenset({"ask_balance", "ask_statement", "ask_rules", "redeem", "bind_household"}),
    needs=frozenset({"household", "code", "office"}),
    entries={
        "ask_balance": balance,
        "ask_statement": statement,
        "ask_rules": rules,
        "redeem": redeem,
        "bind_household": bind,
        "give_code": office.give_code,
        "propose_award": proposing.entry(Kind.AWARD),
        "propose_deduction": proposing.entry(Kind.DEDUCTION),
        "propose_correction": office.correct,
        "pending": office.pending,
        "move_household": office.move,
        "leave_household": office.leave,
        "appeal": office.appeal,
        "show_codes": show_codes,
        "collect_for": collect_for,
        "ranking": ranking,
        "join_ranking": join_ranking,
        "leave_ranking": leave_ranking,
        "send_gift": gifts.send,
        "gift_code": gifts.code,
        "notice": notice,
    },
    asks=(
        Ask("code", _code_text, parse=_code, fill=_code_said, when=_unbound, name="绑定码"),
        *redeeming.ASKS,
    ),
    confirm=_confirm,
    finish=_finish,
    otherwise=binding.instead,
    keeps=redeeming.collects,
    goes_on=redeeming.afterwards,
)
FLOWS = (
    FLOW,
    proposing.PROPOSAL,
    *proposing.REASONS,
    proposing.APPEAL,
    proposing.CORRECTION,
    office.CODE,
    office.ENTRIES,
    office.MOVE,
    office.LEAVE,
    gifts.GIFT,
    NOTICE,
    OBJECTION,
)
