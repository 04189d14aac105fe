"""What staff are asked when a button needs a word more: the result of a case, who to pass it to, a reason."""

from __future__ import annotations

from typing import Any

from flows.complaint import texts
from flows.complaint.calling import FLOWS as CALLING
from flows.complaint.passing import INVITE, PASS_ON
from flows.domain.case import Ending
from flows.effects import ActOnCase, Effect
from flows.errors import Unclear
from flows.flow import Answers, Ask, Choice, Flow, Turn

ENDINGS = (
    Choice(Ending.SETTLED, "已办结", ("办好了", "修好了", "解决了")),
    Choice(Ending.ANSWERED, "已答复", ("答复了",)),
    Choice(Ending.IMPOSSIBLE, "客观无法解决", ("解决不了", "没法解决")),
)
DAYS = tuple(Choice(str(n), f"{n}天", (f"{n}日", str(n))) for n in (3, 7, 15, 30))


def _note(turn: Turn, _answers: Answers) -> dict[str, Any]:
    text = turn.said.text.strip()
    if len(text) < 2 and not turn.said.photos:
        raise Unclear(texts.RESULT_SHORT)
    return {"text": text[:500] or "见照片", "photos": list(turn.said.photos)}


def _sentence(turn: Turn, answers: Answers) -> str:
    return str(_note(turn, answers)["text"])


def _impossible(answers: Answers, _turn: Turn) -> bool:
    return answers.get("ending") == Ending.IMPOSSIBLE


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
        (Ask("days", texts.ASK_DAYS, choices=lambda _a, _t: DAYS), _asks_note(texts.ASK_REASON_TIME)),
        _done("ask_time"),
    ),
)
