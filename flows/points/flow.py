"""Points of the Moral Bank: binding the household, balance, statement, rules, and changing points for goods."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flows.domain.proposal import Kind
from flows.effects import Effect, EndRedemption, Option, Reserve, Say, ShowCodes, UseCode
from flows.errors import Unclear
from flows.facts import GoodsView, Query, RedemptionView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start
from flows.points import office, proposing, texts
from flows.points.explain import explained
from flows.points.phrases import meant
from flows.points.rules import asks_about_services, asks_for_money, find_goods, kept_until, limited, offered, reserved

SHOWN = 8  # goods in one list
LIKE_CODE = re.compile(r"[A-Za-z0-9]{4,}")
LINES = 10  # of a statement
RANK = ("排名", "排第", "第几名", "谁家", "最高", "别人家", "别家", "他家")
DISPUTE = ("扣", "错", "少了", "没加", "申诉", "凭啥", "凭什么", "为啥", "为什么", "不对", "漏", "没到")
GIVE_BACK = ("取消", "不换", "不要了", "退")
MY_OWN = ("我的兑换", "取货码", "换了什么", "换了啥", "我换的", "兑换记录", "领")

AGAIN = (
    Option("看积分", "begin", {"flow": "points", "intent": "ask_balance"}),
    Option("换东西", "begin", {"flow": "points", "intent": "redeem"}),
)


def balance(state: State, turn: Turn) -> Outcome | Query:
    """How many points the household has."""
    household = turn.facts.household
    if household is None:
        return start(FLOW, turn, state, {"do": "balance"})
    text = texts.balance(household)
    if any(word in turn.said.understood.text for word in RANK):
        text = f"{texts.RANK}\n{text}"
    return Outcome(state, (Say(text),))


def statement(state: State, turn: Turn) -> Outcome | Query:
    """Where the points came from and went to: the last ten entries."""
    household = turn.facts.household
    if household is None:
        return start(FLOW, turn, state, {"do": "statement"})
    latest = sorted(household.statement, key=lambda line: line.at, reverse=True)[:LINES]
    text = texts.statement(latest, turn.zone)
    if any(word in turn.said.understood.text for word in DISPUTE):
        text = f"{text}\n{texts.DISPUTE}"
    return Outcome(state, (Say(text),))


def rules(state: State, turn: Turn) -> Outcome:
    """What is worth how many points; nobody has to be bound to ask."""
    return Outcome(_without_code(state), (Say(explained(turn.said.understood.text, turn.facts)),))


def _without_code(state: State) -> State:
    """Who only wants to know the rules is not asked for a code again and again."""
    waiting = state.suspended[:1]
    if waiting and (waiting[0].flow, waiting[0].asking) == (FLOW.name, "code"):
        return replace(state, suspended=state.suspended[1:])
    return state


def redeem(state: State, turn: Turn) -> Outcome | Query:
    """Points for goods; also what waits to be collected, and giving it back."""
    household, said = turn.facts.household, turn.said.understood.text
    if asks_for_money(said) or asks_about_services(said):
        return Outcome(state, (Say(texts.NO_SERVICE if asks_about_services(said) else texts.NOT_MONEY),))
    if household is None:
        return start(FLOW, turn, state, {"do": "redeem"})
    waiting = reserved(household.redemptions, turn.now)
    if any(word in said for word in GIVE_BACK):
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


def bind(state: State, turn: Turn) -> Outcome | Query:
    """Connect the person with the household, by a code of the community."""
    household = turn.facts.household
    if household:
        return Outcome(state, (Say(texts.ALREADY_BOUND.format(name=household.name)),))
    return start(FLOW, turn, state, {"do": "bind"})


# -- the questions --------------------------------------------------------------------------------------------------


def _unbound(answers: Answers, turn: Turn) -> bool:
    return turn.facts.household is None


def _code(turn: Turn, answers: Answers) -> Any:
    """The code of a household, as the shell found it valid; raises Unclear."""
    code = _code_said(turn, answers)
    if code is None:
        raise Unclear(texts.WRONG_CODE if LIKE_CODE.search(turn.said.text) else texts.NO_CODE)
    return code


def _code_text(answers: Answers, turn: Turn) -> str:
    """From the menu, what this is about comes first."""
    return texts.ASK_CODE if answers.get("do") else f"{texts.ABOUT}\n{texts.ASK_CODE_FIRST}"


def _code_said(turn: Turn, answers: Answers) -> Any:
    facts = turn.facts
    return {"id": facts.code, "name": facts.code_name or ""} if facts.code is not None else None


def _redeeming(answers: Answers, turn: Turn) -> bool:
    return answers.get("do") == "redeem" and turn.facts.household is not None


def _goods(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(g.id), texts.goods_label(g)) for g in offered(turn.facts.goods)[:SHOWN])


def _goods_text(answers: Answers, turn: Turn) -> str:
    assert turn.facts.household
    lines = [texts.GOODS.format(points=turn.facts.household.balance)]
    more = len(turn.facts.goods) - SHOWN
    if more > 0:
        lines.append(texts.GOODS_MORE.format(count=more))
    lines += [texts.session(s, turn.zone) for s in turn.facts.sessions[:1]]
    return "\n".join(lines)


def _goods_said(turn: Turn, answers: Answers) -> str | None:
    found = find_goods(turn.said.understood.text, turn.facts.goods)
    return str(found[0].id) if len(found) == 1 else None


def _goods_typed(turn: Turn, answers: Answers) -> str:
    named = _goods_said(turn, answers)
    if named is None:
        raise Unclear(texts.GOODS_NOT_FOUND)
    return named


def _returning(answers: Answers, turn: Turn) -> bool:
    return answers.get("do") == "return" and turn.facts.household is not None


def _waiting(turn: Turn) -> tuple[RedemptionView, ...]:
    return reserved(turn.facts.household.redemptions, turn.now) if turn.facts.household else ()


def _waiting_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(r.id), texts.redemption_label(r)) for r in _waiting(turn))


def _only_waiting(turn: Turn, answers: Answers) -> str | None:
    waiting = _waiting(turn)
    return str(waiting[0].id) if len(waiting) == 1 else None


def _pick_again(turn: Turn, answers: Answers) -> str:
    raise Unclear(texts.PICK_FROM_LIST)


def _sure_text(answers: Answers, turn: Turn) -> str:
    back = _given_back(answers, turn)
    return texts.CONFIRM_RETURN.format(title=back.title, points=back.points) if back else texts.NOT_RESERVED


def _sure_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """Not 确认 and 取消: a 取消 could be meant either way."""
    yes = ("退", "退回", "不要了", "确认", "是", "好", "好的", "对", "嗯", "行", "可以", "确定")
    return Choice("yes", texts.YES_RETURN, yes), Choice("no", texts.NO_RETURN, ("要", "还要", "不退", "不退了", "算了"))


# -- confirming and doing -------------------------------------------------------------------------------------------


def _chosen(answers: Answers, turn: Turn) -> GoodsView | None:
    return next((g for g in turn.facts.goods if str(g.id) == answers.get("goods")), None)


def _given_back(answers: Answers, turn: Turn) -> RedemptionView | None:
    return next((r for r in _waiting(turn) if str(r.id) == answers.get("redemption")), None)


def _confirm(answers: Answers, turn: Turn) -> str:
    """What is about to be done; "" when nothing is, because something is in the way (said at the end)."""
    household = turn.facts.household
    if household is None:
        return texts.CONFIRM_CODE.format(name=answers["code"]["name"]) if "code" in answers else ""
    goods = _chosen(answers, turn)
    if goods and goods.stock and goods.price <= household.balance and not limited(goods):
        left = household.balance - goods.price
        return texts.CONFIRM_GOODS.format(title=goods.title, price=goods.price, shop=goods.shop, left=left)
    return ""


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    household = turn.facts.household
    if household is None:
        code = answers["code"]
        return (UseCode(code["id"], turn.person), Say(texts.BOUND.format(name=code["name"]), options=(AGAIN,)))
    if answers.get("do") == "return":
        return _give_back(answers, turn)
    if answers.get("do") == "redeem":
        return _reserve(answers, turn)
    return (Say(texts.balance(household), options=(AGAIN[1:],)),)


def _give_back(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    back = _given_back(answers, turn)
    if back is None:
        return (Say(texts.NOT_RESERVED),)
    if answers["sure"] == "no":
        return (Say(texts.KEPT),)
    ended = EndRedemption(back.id, "cancelled", f"person:{turn.person}")
    return (ended, Say(texts.RETURNED.format(title=back.title, points=back.points)))


def _reserve(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    household, goods = turn.facts.household, _chosen(answers, turn)
    assert household
    if goods is None:
        return (Say(texts.GOODS_NONE),)
    if not goods.stock:
        return (Say(texts.SOLD_OUT.format(title=goods.title)),)
    if limited(goods):
        return (Say(texts.LIMIT.format(title=goods.title, limit=goods.limit)),)
    left = household.balance - goods.price
    if left < 0:
        short = {"title": goods.title, "price": goods.price, "points": household.balance, "missing": -left}
        return (Say(texts.SHORT.format(**short)),)
    until = kept_until(turn.now, turn.zone)
    receipt = texts.RESERVED.format(
        title=goods.title, price=goods.price, left=left, shop=goods.shop, day=texts.day(until, turn.zone)
    )
    return (Reserve(goods.id, household.id, turn.person, goods.price, until, receipt),)


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
    },
    asks=(
        Ask("code", _code_text, parse=_code, fill=_code_said, when=_unbound, name="绑定码"),
        Ask("goods", _goods_text, _goods_typed, _goods, when=_redeeming, fill=_goods_said, name="东西"),
        Ask("redemption", texts.PICK_RETURN, _pick_again, _waiting_choices, _returning, _only_waiting),
        Ask("sure", _sure_text, choices=_sure_choices, when=_returning),
    ),
    confirm=_confirm,
    finish=_finish,
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
)
