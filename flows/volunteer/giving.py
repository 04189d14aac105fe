"""Giving a place back: which one, whether one is sure, or whether somebody else stands in."""

from __future__ import annotations

from flows.effects import Effect, Say
from flows.effects.volunteers import FindStandIn
from flows.errors import Unclear
from flows.facts import ShiftView
from flows.flow import Answers, Choice, Sense, Turn
from flows.volunteer import desk, texts
from flows.volunteer.rules import fitting, my_shifts, wish


def chosen(answers: Answers, turn: Turn) -> ShiftView | None:
    key = answers.get("mine" if answers.get("do") == "cancel" else "shift")
    return next((s for s in turn.facts.shifts if str(s.id) == key), None)


def cancelling(answers: Answers, turn: Turn) -> bool:
    return answers.get("do") == "cancel"


def mine(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    mine = my_shifts(turn.facts.shifts, turn.now)
    return tuple(Choice(str(s.id), texts.label_mine(s, turn.zone)) for s in mine)


def mine_meant(turn: Turn, answers: Answers) -> str | None:
    mine = my_shifts(turn.facts.shifts, turn.now)
    fit = fitting(mine, wish(turn.said.understood.plain, turn.now.astimezone(turn.zone).date()), turn.zone)
    return str(fit[0].id) if len(fit) == 1 else None


def mine_typed(turn: Turn, answers: Answers) -> str:
    meant = mine_meant(turn, answers)
    if meant is None:
        raise Unclear(texts.NOT_THAT)
    return meant


def sure_text(answers: Answers, turn: Turn) -> str:
    shift = chosen(answers, turn)
    if shift is None:
        return texts.ALREADY_LEFT
    text = texts.filled(texts.LEAVE_QUEUE if shift.mine == "waiting" else texts.LEAVE, shift, turn.zone)
    return f"{texts.SWAP}{text}" if answers.get("swap") else text


def sure_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """Not 确认 and 取消: a 取消 could be meant either way."""
    yes = ("退", "退了")
    no = Choice("no", texts.NO_LEAVE, ("不退", "不退了", "还去", "去吧", "还是去", "还是去吧", "我还是去"), Sense.NO)
    shift = chosen(answers, turn)
    held = shift is not None and shift.mine == "confirmed" and shift.starts_at > turn.now
    stand_in = (Choice("stand_in", texts.STAND_IN, ("找人替", "换人", "转给别人", "让给朋友")),) if held else ()
    return Choice("yes", texts.YES_LEAVE, yes, Sense.YES), *stand_in, no


def leave(shift: ShiftView | None, turn: Turn, sure: str) -> tuple[Effect, ...]:
    if sure == "no":
        return (Say(texts.KEPT),)
    if shift is None or not shift.mine:
        return (Say(texts.ALREADY_LEFT),)
    if sure == "stand_in":
        return (FindStandIn(shift.id, turn.person, texts.filled(texts.STAND_IN_CODE, shift, turn.zone)),)
    return desk.left(shift, turn.person, turn.zone)
