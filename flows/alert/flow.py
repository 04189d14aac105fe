"""Drafting an alert, in a member of staff's private chat: what kind, for whom, the words, until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flows.alert import texts
from flows.complaint.rules import scrubbed, spoken
from flows.effects import DraftAlert, Effect
from flows.errors import Unclear
from flows.flow import Answers, Ask, Choice, Flow, Turn

LONGEST = 500
UNTILS = (
    Choice("today", "今天之内"),
    Choice("day", "24小时"),
    Choice("days", "三天"),
)


def words(text: str) -> str:
    """The text of an alert as every group may read it; raises Unclear."""
    text = text.strip()
    if len(text) < 8:
        raise Unclear(texts.SHORT)
    if len(text) > LONGEST:
        raise Unclear(texts.LONG)
    if "［" in scrubbed(text) and "［" not in text:
        raise Unclear(texts.PRIVATE)
    return text


def expiry(until: str, turn: Turn) -> datetime:
    """When an alert ends; what ends today still has an hour late in the evening."""
    now = turn.now.astimezone(turn.zone)
    if until == "today":
        return max(now.replace(hour=23, minute=59, second=0, microsecond=0), now + timedelta(hours=1))
    return now + (timedelta(days=1) if until == "day" else timedelta(days=3))


def _areas(_answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(id), name) for id, name in turn.facts.alert_areas[:8])


def _area(turn: Turn, _answers: Answers) -> str:
    said = turn.said.text.strip()
    found = [id for id, name in turn.facts.alert_areas if name == said] if said else []
    if len(found) != 1:
        raise Unclear(texts.WHICH_AREA if turn.facts.alert_areas else texts.NO_AREA)
    return str(found[0])


def _only(turn: Turn, _answers: Answers) -> str | None:
    areas = turn.facts.alert_areas
    return str(areas[0][0]) if len(areas) == 1 else None


def _confirm(answers: Answers, turn: Turn) -> str:
    name = dict(turn.facts.alert_areas).get(int(answers["area"]), "")
    until = spoken(expiry(answers["until"], turn), turn.now, turn.zone)
    return texts.CONFIRM.format(kind=texts.KINDS[answers["kind"]], text=answers["text"], area=name, until=until)


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    kind: Any = answers["kind"]
    until = expiry(answers["until"], turn)
    return (DraftAlert(kind, answers["text"], int(answers["area"]), kind in texts.DANGER, until),)


FLOW = Flow(
    name="alert_draft",
    title="",
    intents=frozenset(),
    needs=frozenset({"alert_areas"}),
    asks=(
        Ask(
            "kind",
            texts.ASK_KIND,
            choices=lambda _a, _t: tuple(Choice(k, v) for k, v in texts.KINDS.items()),
            name="种类",
        ),
        Ask("area", texts.ASK_AREA, choices=_areas, parse=_area, fill=_only, name="范围"),
        Ask("text", texts.ASK_TEXT, parse=lambda turn, _a: words(turn.said.text), free=True, name="内容"),
        Ask("until", texts.ASK_UNTIL, choices=lambda _a, _t: UNTILS, name="有效期"),
    ),
    confirm=_confirm,
    finish=_finish,
)
