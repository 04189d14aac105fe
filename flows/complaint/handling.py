"""What staff are asked when a button needs a word more: the result of a case, who to pass it to, a reason."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from flows.complaint import texts
from flows.complaint.calling import FLOWS as CALLING
from flows.complaint.clocks import EXTENDED_BY
from flows.complaint.passing import INVITE, PASS_ON
from flows.complaint.rules import spoken
from flows.domain.case import Ending
from flows.effects import ActOnCase, Effect
from flows.errors import Unclear, WrongAnswer
from flows.flow import Answers, Ask, Choice, Flow, Turn
from nlu.dates.told import when_told
from nlu.dates.values import When
from nlu.late import regex
from nlu.normalize import normalize
from nlu.slots import numeral

ENDINGS = (
    Choice(Ending.SETTLED, "已办结", ("办好了", "修好了", "解决了")),
    Choice(Ending.ANSWERED, "已答复", ("答复了",)),
    Choice(Ending.IMPOSSIBLE, "客观无法解决", ("解决不了", "没法解决")),
)
SOME_DAYS = regex(  # 再要5天, 两周, 半个月; 1月20日 and 到20日 are days of the calendar
    r"(?:再|要|延|宽限|还|需)*(?:(?<![\d月到至一二两三四五六七八九十])(\d{1,2}|[一二两三四五六七八九十]{1,3})"
    r"个?(天|日(?![之以]?前)|周(?![一二三四五六日天末])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])|(?<=个)月)|(半个月))"
)
UNIT = {"周": 7, "星期": 7, "礼拜": 7, "月": 30}
PARTS = regex(r"[,，。;；、\s]+")
UP_TO = regex(r"(?:我|再|要|得|可能|大概|估计|恐怕|最快|最早|只能|需要?|申请|延期?|等|拖|推迟?|宽限|放|到|至|了)*+")
DONE_BY = regex(r"(?:[之以]?前|左右|才|就|能|可以|行|好|完|办[完好结]|修[完好]|弄好|到货?|吧|了|呢)*+")
DAYS = tuple(Choice(str(n), f"{n}天", (f"{n}日", str(n))) for n in (3, 7, 15, 30))


def _note(turn: Turn, _answers: Answers) -> dict[str, Any]:
    text = turn.said.text.strip()
    if len(text) < 2 and not turn.said.photos:
        raise Unclear(texts.RESULT_SHORT)
    return {"text": text[:500] or "见照片", "photos": list(turn.said.photos)}


def _ask_days(answers: Answers, turn: Turn) -> str:
    due = _due(answers)
    return texts.ASK_DAYS_FROM.format(due=spoken(due, turn.now, turn.zone)) if due else texts.ASK_DAYS


def _due(answers: Answers) -> datetime | None:
    return datetime.fromisoformat(str(answers["due"])) if answers.get("due") else None


def _days(turn: Turn, answers: Answers) -> str:
    """For how many days, or until which day, counted from when it is due now."""
    found = SOME_DAYS.search(turn.said.understood.plain)
    days = _counted(found) if found else _until(turn, answers)
    if days is None:
        raise Unclear(texts.WRONG_DAYS)
    if not 1 <= days <= EXTENDED_BY:
        raise WrongAnswer(texts.WRONG_DAYS)
    return str(days)


def _counted(found: re.Match[str]) -> int | None:
    number = numeral(found[1]) if found[1] else None
    return number * UNIT.get(found[2], 1) if number else 15 if found[3] else None


def _until(turn: Turn, answers: Answers) -> int | None:
    """要等到周五, 下周三前, 1月20日: how many days later that is. Raises WrongAnswer."""
    part, day = _day_named(turn)
    if not part:
        return None
    due = max(_due(answers) or turn.now, turn.now).astimezone(turn.zone)
    days = (day - due.date()).days
    if days < 1:
        raise WrongAnswer(texts.NO_LATER.format(due=spoken(due, turn.now, turn.zone)))
    return days


def _day_named(turn: Turn) -> tuple[str, date]:
    """The part of a line that says until when and nothing else, and the last day it names; "" without one."""
    local = turn.now.astimezone(turn.zone)
    for part in PARTS.split(normalize(turn.said.text)):
        told = when_told(part, local, future=True)
        if told and isinstance(told.found, When) and told.found.start:
            before, _, after = part.partition(told.words)
            if UP_TO.fullmatch(before) and DONE_BY.fullmatch(after):
                ends = told.found.end or told.found.start
                return part, (ends - timedelta(microseconds=1)).date() if told.found.end else ends.date()
    return "", local.date()


def _reason(turn: Turn, answers: Answers) -> dict[str, Any] | None:
    """What stands beside the number of days: 管道要整体更换，再要5天."""
    if "days" not in answers or turn.said.answer:
        return None
    said = SOME_DAYS.sub("", turn.said.plain).replace(_day_named(turn)[0], "").strip(" ，,。.、")
    return {"text": turn.said.text.strip()[:500], "photos": list(turn.said.photos)} if len(said) >= 3 else None


def _sentence(turn: Turn, answers: Answers) -> str:
    return str(_note(turn, answers)["text"])


def _done(action: str) -> Any:
    def finish(answers: Answers, _turn: Turn) -> tuple[Effect, ...]:
        told = answers.get("note") or {"text": "", "photos": []}
        data = {k: v for k, v in answers.items() if k not in ("case", "note", "due")}
        if answers.get("days"):
            data["days"] = int(answers["days"])
        return (ActOnCase(int(answers["case"]), action, {**data, "note": told["text"], "photos": told["photos"]}),)

    return finish


def _asks_note(question: str) -> Ask:
    return Ask("note", question, _note, free=True, passed_on=True)


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
            Ask("days", _ask_days, _days, choices=lambda _a, _t: DAYS),
            Ask("note", texts.ASK_REASON_TIME, _note, fill=_reason, free=True),
        ),
        _done("ask_time"),
    ),
)
