"""Volunteering: finding a shift and signing up, giving a place back, and one's own sign-ups."""

from __future__ import annotations

import re

from flows.effects import CancelSignUp, Effect, Say, SignUp, Unschedule
from flows.errors import Unclear
from flows.facts import Query, ShiftView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, State, Turn, start
from flows.volunteer import texts
from flows.volunteer.desk import news_key, tell_later
from flows.volunteer.rules import (
    Wish,
    clash,
    fitting,
    full,
    my_shifts,
    names_something,
    no_reminders,
    open_shifts,
    reminders,
    wish,
)

SHOWN = 8  # shifts in one list
TELL = (
    Choice("yes", "告诉我", ("要", "好", "好的", "可以", "行", "嗯", "是")),
    Choice("no", "不用了", ("不", "不要", "不用")),
)
HOURS = ("时长", "小时", "钟头", "证", "星级", "嘉许", "时常", "榜")
GIVING = ("捐点", "捐款", "捐钱", "想捐", "捐衣", "捐物", "捐哪", "捐给", "赞助", "认领", "送给有需要")
SWAPPING = ("换", "改", "调")
NO_NEWS = re.compile(r"(?:不用|别|不要|取消|不想).{0,4}通知")


def join(state: State, turn: Turn) -> Outcome | Query:
    """Somebody wants to help; when and with what may stand in the sentence."""
    text = turn.said.understood.text
    if NO_NEWS.search(text):
        return _no_news(state, turn)
    if any(word in text for word in GIVING):
        return Outcome(state, (Say(texts.DONATE),))
    wanted = _wish(text, turn)
    hit = clash_meant(wanted, turn)
    if hit and not _free(turn):
        return Outcome(state, (Say(texts.filled(texts.PICK_ONLY_CLASH, hit, turn.zone)),))
    return start(FLOW, turn, state, {"do": "join", "wish": text[:200]})


def _no_news(state: State, turn: Turn) -> Outcome:
    """Somebody does not want to be told of new shifts any more."""
    return Outcome(state, (Unschedule(f"{news_key(turn.person)}:*"), Say(texts.NO_NEWS)))


def cancel(state: State, turn: Turn) -> Outcome | Query:
    """Somebody can't come."""
    if NO_NEWS.search(turn.said.understood.text):
        return _no_news(state, turn)
    if not my_shifts(turn.facts.shifts, turn.now):
        return Outcome(state, (Say(texts.NONE_MINE),))
    swap = any(word in turn.said.understood.text for word in SWAPPING)
    return start(FLOW, turn, state, {"do": "cancel", "swap": swap})


def record(state: State, turn: Turn) -> Outcome:
    """One's own sign-ups; hours are not kept yet, and it says so."""
    mine = my_shifts(turn.facts.shifts, turn.now)
    lines = "\n".join(texts.line(s, turn.zone) for s in mine)
    text = texts.RECORD.format(lines=lines) if mine else texts.RECORD_NONE
    if any(word in turn.said.understood.text for word in HOURS):
        text = f"{texts.HOURS}\n{text}"
    return Outcome(state, (Say(text),))


# -- signing up -----------------------------------------------------------------------------------------------------


def _wish(text: str, turn: Turn) -> Wish:
    return wish(text, turn.now.astimezone(turn.zone).date())


def _open(turn: Turn) -> tuple[ShiftView, ...]:
    return open_shifts(turn.facts.shifts, turn.now)


def _free(turn: Turn) -> tuple[ShiftView, ...]:
    """Open shifts at times the person has not promised already."""
    return tuple(s for s in _open(turn) if not clash(s, turn.facts.shifts))


def clash_meant(wanted: Wish, turn: Turn) -> ShiftView | None:
    """The own shift in the way, when all that a wish means clashes with what one has."""
    shifts = _open(turn)
    fit = fitting(shifts, wanted, turn.zone) if names_something(shifts, wanted) else shifts
    hits = [clash(s, turn.facts.shifts) for s in fit]
    return hits[0] if hits and all(hits) else None


def _joining(answers: Answers, turn: Turn) -> bool:
    return answers.get("do", "join") == "join" and bool(_free(turn) or "shift" in answers)


def _nothing_open(answers: Answers, turn: Turn) -> bool:
    return answers.get("do", "join") == "join" and "shift" not in answers and not _free(turn)


def _offered(answers: Answers, turn: Turn) -> tuple[ShiftView, ...]:
    """What is offered: the shifts that fit the first sentence, when there are at least two; else all."""
    free = _free(turn)
    fit = _fit(str(answers.get("wish", "")), turn)
    return fit if len(fit) > 1 else free


def _fit(text: str, turn: Turn) -> tuple[ShiftView, ...]:
    free, wanted = _free(turn), _wish(text, turn)
    return fitting(free, wanted, turn.zone) if names_something(free, wanted) else ()


def _choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    return tuple(Choice(str(s.id), texts.label(s, turn.zone)) for s in _offered(answers, turn)[:SHOWN])


def _list_text(answers: Answers, turn: Turn) -> str:
    offered, wanted = _offered(answers, turn), _wish(str(answers.get("wish", "")), turn)
    hit = clash_meant(wanted, turn)
    text = texts.PICK
    if hit:
        text = texts.filled(texts.PICK_CLASH, hit, turn.zone)
    elif _fit(str(answers.get("wish", "")), turn):
        text = texts.PICK_FITTING
    elif wanted.days or wanted.part:
        text = texts.PICK_OTHER
    more = len(offered) - SHOWN
    return f"{text}\n{texts.MORE.format(count=more)}" if more > 0 else text


def _meant(turn: Turn, answers: Answers) -> str | None:
    """The one shift a first sentence can only mean."""
    free, text = _free(turn), turn.said.understood.text
    fit = _fit(text, turn)
    wanted = _wish(text, turn)
    if len(free) == 1 and not fit and not (wanted.days or wanted.part) and not clash_meant(wanted, turn):
        return str(free[0].id)
    return str(fit[0].id) if len(fit) == 1 else None


def _typed(turn: Turn, answers: Answers) -> str:
    """A shift out of a typed answer; raises Unclear with the reason."""
    wanted = _wish(turn.said.understood.text, turn)
    hit = clash_meant(wanted, turn) if names_something(_open(turn), wanted) else None
    if hit:
        raise Unclear(texts.filled(texts.CLASH, hit, turn.zone))
    fit = _fit(turn.said.understood.text, turn)
    if len(fit) == 1:
        return str(fit[0].id)
    raise Unclear(texts.SEVERAL if fit else texts.NOT_FOUND)


def _narrower(state: State, turn: Turn) -> Outcome | Query | None:
    """A sentence that fits several shifts, but not all, gets a shorter list."""
    fit = _fit(turn.said.understood.text, turn) if state.asking == "shift" else ()
    if 1 < len(fit) < len(_offered(state.answers, turn)):
        return start(FLOW, turn, state, {"do": "join", "wish": turn.said.understood.text[:200]})
    return None


# -- giving a place back --------------------------------------------------------------------------------------------


def _cancelling(answers: Answers, turn: Turn) -> bool:
    return answers.get("do") == "cancel"


def _mine(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    mine = my_shifts(turn.facts.shifts, turn.now)
    return tuple(Choice(str(s.id), texts.label_mine(s, turn.zone)) for s in mine)


def _mine_meant(turn: Turn, answers: Answers) -> str | None:
    mine = my_shifts(turn.facts.shifts, turn.now)
    fit = fitting(mine, _wish(turn.said.understood.text, turn), turn.zone)
    return str(fit[0].id) if len(fit) == 1 else None


def _mine_typed(turn: Turn, answers: Answers) -> str:
    meant = _mine_meant(turn, answers)
    if meant is None:
        raise Unclear(texts.NOT_THAT)
    return meant


def _sure_text(answers: Answers, turn: Turn) -> str:
    shift = _shift(answers, turn)
    if shift is None:
        return texts.ALREADY_LEFT
    text = texts.filled(texts.LEAVE_QUEUE if shift.mine == "waiting" else texts.LEAVE, shift, turn.zone)
    return f"{texts.SWAP}{text}" if answers.get("swap") else text


def _sure_choices(answers: Answers, turn: Turn) -> tuple[Choice, ...]:
    """Not 确认 and 取消: a 取消 could be meant either way."""
    yes = ("退", "退了", "确认", "是", "好", "好的", "对", "嗯", "行", "可以", "确定")
    return Choice("yes", texts.YES_LEAVE, yes), Choice("no", texts.NO_LEAVE, ("不退", "不退了", "不", "算了", "不用"))


# -- confirming and doing -------------------------------------------------------------------------------------------


def _shift(answers: Answers, turn: Turn) -> ShiftView | None:
    chosen = answers.get("mine" if answers.get("do") == "cancel" else "shift")
    return next((s for s in turn.facts.shifts if str(s.id) == chosen), None)


def _confirm(answers: Answers, turn: Turn) -> str:
    shift = _shift(answers, turn)
    if shift is None or answers.get("do") == "cancel":
        return ""
    text = texts.JOIN_WAITING if full(shift) else texts.JOIN
    return text.format(detail=texts.detail(shift, turn.zone), turn=shift.waiting + 1)


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if "tell" in answers:
        if answers["tell"] == "yes":
            return (tell_later(turn.person, turn.facts.community, turn.now, turn.zone), Say(texts.TELL))
        return (Say(texts.DONT_TELL),)
    shift = _shift(answers, turn)
    if answers.get("do") == "cancel":
        return _leave(shift, turn) if answers["sure"] == "yes" else (Say(texts.KEPT),)
    return _sign_up(shift, turn)


def _sign_up(shift: ShiftView | None, turn: Turn) -> tuple[Effect, ...]:
    if shift is None:
        return (Say(texts.GONE),)
    if shift.starts_at <= turn.now:
        return (Say(texts.STARTED),)
    if shift.mine:
        return (Say(texts.MINE_ALREADY),)
    hit = clash(shift, turn.facts.shifts)
    if hit:
        return (Say(texts.filled(texts.CLASH, hit, turn.zone)),)
    if full(shift):
        return (SignUp(shift.id, turn.person, "waiting"), Say(texts.filled(texts.QUEUED, shift, turn.zone)))
    due = reminders(shift, turn.person, turn.now, turn.zone)
    said = texts.filled(texts.JOINED, shift, turn.zone, remind=texts.JOINED_REMIND if due else "")
    return (SignUp(shift.id, turn.person, "confirmed"), *due, Say(said))


def _leave(shift: ShiftView | None, turn: Turn) -> tuple[Effect, ...]:
    if shift is None or not shift.mine:
        return (Say(texts.ALREADY_LEFT),)
    text = texts.LEFT_QUEUE if shift.mine == "waiting" else texts.LEFT
    gone: tuple[Effect, ...] = (CancelSignUp(shift.id, turn.person), no_reminders(shift.id, turn.person))
    return (*gone, Say(texts.filled(text, shift, turn.zone)))


def _none_text(answers: Answers, turn: Turn) -> str:
    return texts.ALL_MINE if my_shifts(turn.facts.shifts, turn.now) else texts.NONE_OPEN


FLOW = Flow(
    name="volunteer",
    title="志愿活动",
    intents=frozenset({"join_activity", "cancel_shift", "volunteer_record"}),
    needs=frozenset({"shifts"}),
    entries={"join_activity": join, "cancel_shift": cancel, "volunteer_record": record},
    asks=(
        Ask("tell", _none_text, choices=lambda answers, turn: TELL, when=_nothing_open),
        Ask("shift", _list_text, choices=_choices, parse=_typed, fill=_meant, when=_joining, name="活动"),
        Ask("mine", texts.PICK_MINE, choices=_mine, parse=_mine_typed, fill=_mine_meant, when=_cancelling),
        Ask("sure", _sure_text, choices=_sure_choices, when=_cancelling),
    ),
    confirm=_confirm,
    finish=_finish,
    otherwise=_narrower,
)
