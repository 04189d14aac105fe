"""What staff are asked when a button needs a word more: the result of a case, who to pass it to, a reason."""

from __future__ import annotations

from typing import Any

from flows.complaint import texts
from flows.complaint.calling import FLOWS as CALLING
from flows.complaint.clocks import EXTENDED_BY
from flows.complaint.passing import INVITE, PASS_ON
from flows.domain.case import Ending
from flows.effects import ActOnCase, Effect
from flows.errors import Unclear
from flows.flow import Answers, Ask, Choice, Flow, Turn
from nlu.late import regex
from nlu.slots import numeral

ENDINGS = (
    Choice(Ending.SETTLED, "已办结", ("办好了", "修好了", "解决了")),
    Choice(Ending.ANSWERED, "已答复", ("答复了",)),
    Choice(Ending.IMPOSSIBLE, "客观无法解决", ("解决不了", "没法解决")),
)
SOME_DAYS = regex(r"(?:再|要|延|宽限|还|需)*(\d{1,2}|[一二两三四五六七八九十]{1,3})(?:天|日)")
DAYS = tuple(Choice(str(n), f"{n}天", (f"{n}日", str(n))) for n in (3, 7, 15, 30))


def _note(turn: Turn, _answers: Answers) -> dict[str, Any]:
    text = turn.said.text.strip()
    if len(text) < 2 and not turn.said.photos:
        raise Unclear(texts.RESULT_SHORT)
    return {"text": text[:500] or "见照片", "photos": list(turn.said.photos)}


def _days(turn: Turn, _answers: Answers) -> str:
    found = SOME_DAYS.search(turn.said.understood.plain)
    days = numeral(found[1]) if found else None
    if days is None or not 1 <= days <= EXTENDED_BY:
        raise Unclear(texts.WRONG_DAYS)
    return str(days)


def _reason(turn: Turn, answers: Answers) -> dict[str, Any] | None:
    """What stands beside the number of days: 管道要整体更换，再要5天."""
    rest = SOME_DAYS.sub("", turn.said.plain).strip(" ，,。.、") if "days" in answers and not turn.said.answer else ""
    return {"text": turn.said.text.strip()[:500], "photos": list(turn.said.photos)} if len(rest) >= 3 else None


def _sentence(turn: Turn, answers: Answers) -> str:
    return str(_note(turn, answers)["text"])


def _done(action: str) -> Any:
    def finish(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
        told = answers.get("note") or {"text": "", "photos": []}
        data = {k: v for k, v in answers.items() if k not in ("case", "note")}
        if answers.get("days"):
            data["days"] = int(answers["days"])
        return (ActOnCase(int(answers["case"]), action, {**data, "note": told["text"], "photos": told["photos"]}),)

    return finish


def _asks_note(question: str) -> Ask:
    return Ask("note", question, _note, free=True)


FLOWS = (
    Flow(
        "case_resolve",
        "",
        frozenset(),
        (
            Ask("ending", texts.ASK_ENDING, choices=lambda _a, _t: ENDINGS),
            _asks_note(texts.ASK_RESULT),
            Ask(
                "next_step",
                texts.ASK_NEXT,
                _sentence,
                when=lambda a, _t: a.get("ending") == Ending.IMPOSSIBLE,
                free=True,
            ),
        ),
        _done("resolve"),
    ),
    PASS_ON,
    INVITE,
    Flow("case_return", "", frozenset(), (_asks_note(texts.ASK_REASON_RETURN),), _done("return")),
    Flow("case_reject", "", frozenset(), (_asks_note(texts.ASK_REASON_REJECT),), _done("reject")),
    *CALLING,
    Flow("case_note", "", frozenset(), (_asks_note(texts.ASK_NOTE),), _done("note")),
    Flow("case_suspend", "", frozenset(), (_asks_note(texts.ASK_QUESTION),), _done("suspend")),
    Flow(
        "case_ask_time",
        "",
        frozenset(),
        (
            Ask("days", texts.ASK_DAYS, _days, choices=lambda _a, _t: DAYS),
            Ask("note", texts.ASK_REASON_TIME, _note, fill=_reason, free=True),
        ),
        _done("ask_time"),
    ),
)
