"""A report that is a quarrel about rights as well: the law is offered beside it, and where it is asked for."""

from __future__ import annotations

from flows.complaint import texts
from flows.effects import Option, Say
from flows.flow import Answers, Flow, Outcome, State, Turn, resume
from nlu.late import regex

LAW_TOO = frozenset(  # services whose matters are as often asked of the law
    {"rental", "consumer_dispute", "wage_arrears", "labor_rights", "work_injury", "developer_dispute"}
    | {"medical_dispute", "neighbor_conflict", "family_dispute"}
)
LONGEST = 16  # characters of a question that names no matter
_RIGHTS = regex(
    "赔|押金|拖欠|欠[我了薪钱]|违约|不退|退[钱款货]|能告|告[他她]|起诉|(?:违法|犯法|合法)[吗么]|合不合法|法律|咬[了伤]|撞[了伤我]"
)
_ASKS = regex(
    r"^(?:那|我们?|[他她]们?|老板|对方|这种?|可以|要|该|应该|是不是|还)*"
    r"(?:去哪里?|到哪里?|在哪里?|怎么|咋|找谁|向谁|能不能|可不可以|能|可以|要不要)(?:去|来)?"
    r"(?:告|起诉|打官司|申请仲裁|仲裁|索赔|维权|讨薪|要回来)(?:[他她]们?|老板|对方)?[吗呢啊呀]*$"
    r"|^[^,，。]{0,8}(?:赔偿?|判|罚|坐牢)(?:多少|几|谁|不赔|得了|到)[^,，。]{0,4}$|^[^,，。]{0,8}(?:赔|判|坐牢|违法|犯法|合法|犯罪)[吗么不]?呢?[?？]?$"
    r"|多少钱(?:合适|合理|算合)|^(?:那|这|他|这种)*(?:算不算|违不违|犯不犯|合不合)|法律上?(?:怎么|咋)(?:说|规定|算)|谁的责任|谁(?:来)?(?:负责|赔)"
)


def law_first(answers: Answers, _turn: Turn) -> tuple[Option, ...]:
    """A button beside the question of where: 房东不退押金."""
    told = str(answers["description"]["text"])
    if answers.get("phone") or not (answers.get("service") in LAW_TOO or _RIGHTS.search(told)):
        return ()
    return (_law_of(told),)


def asks_law(text: str) -> bool:
    """Whether a short question is one of the law: 去哪告, 那全楼都赔吗. `text`: as patterns read it."""
    return len(text) <= LONGEST and _ASKS.search(text) is not None


def aside(flow: Flow, state: State, turn: Turn) -> Outcome | None:
    """The law of what is being reported, one tap away; then the open question again."""
    told = state.answers.get("description")
    if not isinstance(told, dict) or not asks_law(turn.said.plain.strip(" 。.!！?？")):
        return None
    option = _law_of(f"{told['text']}\n{turn.said.text.strip()}")
    return resume(flow, state, turn).after(Say(texts.LAW_BESIDE, options=((option,),)))


def _law_of(told: str) -> Option:
    return Option(texts.LAW_FIRST, "begin", {"flow": "legal", "text": told[-500:]})
