"""Volunteering: finding a shift and signing up, giving a place back, and one's own sign-ups."""

from __future__ import annotations

from flows.effects import Effect, Say, SignUp, Unschedule
from flows.errors import Unclear
from flows.facts import Query, ShiftView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Sense, State, Turn, start
from flows.volunteer import between, binding, giving, more, needs, organise, own, register, swapping, teams, texts
from flows.volunteer.desk import news_key, tell_later
from flows.volunteer.rules import (
    Hindrance,
    Wish,
    clash,
    fitting,
    full,
    hindrance,
    my_shifts,
    names_something,
    open_shifts,
    reminders,
    unskilled,
    wish,
)
from flows.volunteer.words import phrase
from nlu.late import regex

SHOWN = 8  # shifts in one list
TELL = (Choice("yes", "告诉我", (), Sense.YES), Choice("no", "不用了", (), Sense.NO))
ABLE = (Choice("yes", "会", ("我会", "会的"), Sense.YES), Choice("no", "不会", ("不太会", "不行"), Sense.NO))
OWN = (  # what is asked in words the set phrases do not hold
    (regex(r"注销志愿者|退出(志愿队|服务队|志愿者)|退队|不想当志愿者"), own.unregister),
    (regex(r"不想?上.{0,4}榜|名字从榜上"), own.leave_board),
    (regex(r"达人榜|排行榜"), own.board),
    (regex(r"证明|证书"), own.certificate),
)
GIVING = ("捐点", "捐款", "捐钱", "想捐", "捐衣", "捐物", "捐哪", "捐给", "赞助", "送给有需要")
SWAPPING = ("换", "改", "调", "替")
NO_NEWS = regex(r"(?:不用|别|不要|取消|不想).{0,4}通知")


def join(state: State, turn: Turn) -> Outcome | Query:
    """Somebody wants to help; when and with what may stand in the sentence."""
    text = turn.said.understood.plain
    if NO_NEWS.search(text):
        return _no_news(state, turn)
    if any(word in text for word in GIVING):
        return Outcome(state, (Say(texts.DONATE),))
    if between.COMPANION.search(text) and my_shifts(turn.facts.shifts, turn.now):
        return Outcome(state, (Say(texts.COMPANION),))
    wanted = _wish(text, turn)
    if own.OF_MINE.search(text) and fitting(my_shifts(turn.facts.shifts, turn.now), wanted, turn.zone):
        return own.record(state, turn)
    hit = clash_meant(wanted, turn)
    if hit and not _free(turn):
        return Outcome(state, (Say(texts.filled(texts.PICK_ONLY_CLASH, hit, turn.zone)),))
    return between.minor(text, start(FLOW, turn, state, {"do": "join", "wish": text[:200]}))


def _no_news(state: State, turn: Turn) -> Outcome:
    """Somebody does not want to be told of new shifts any more."""
    return Outcome(state, (Unschedule(f"{news_key(turn.person)}:*"), Say(texts.NO_NEWS)))


def cancel(state: State, turn: Turn) -> Outcome | Query:
    """Somebody can't come."""
    if NO_NEWS.search(turn.said.understood.plain):
        return _no_news(state, turn)
    if OWN[0][0].search(turn.said.understood.plain):
        return own.unregister(state, turn)
    if not my_shifts(turn.facts.shifts, turn.now):
        return between.given_up(FLOW, state) or Outcome(state, (Say(texts.NONE_MINE),))
    swap = any(word in turn.said.understood.plain for word in SWAPPING)
    return start(FLOW, turn, state, {"do": "cancel", "swap": swap})


def record(state: State, turn: Turn) -> Outcome | Query:
    """What somebody asks of oneself: the board, a certificate, else sign-ups and hours."""
    text = turn.said.understood.plain
    return next((answer for pattern, answer in OWN if pattern.search(text)), own.record)(state, turn)


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
    free, text = _free(turn), turn.said.understood.plain
    fit, wanted = _fit(text, turn), _wish(text, turn)
    if len(free) == 1 and not fit and not (wanted.days or wanted.part) and not clash_meant(wanted, turn):
        return str(free[0].id)
    return str(fit[0].id) if len(fit) == 1 else None


def _typed(turn: Turn, answers: Answers) -> str:
    """A shift out of a typed answer; raises Unclear with the reason."""
    wanted = _wish(turn.said.understood.plain, turn)
    hit = clash_meant(wanted, turn) if names_something(_open(turn), wanted) else None
    if hit:
        raise Unclear(texts.filled(texts.CLASH, hit, turn.zone))
    fit = _fit(turn.said.understood.plain, turn)
    if len(fit) == 1:
        return str(fit[0].id)
    raise Unclear(texts.SEVERAL if fit else texts.NOT_FOUND)


def _narrower(state: State, turn: Turn) -> Outcome | Query | None:
    """A sentence that fits several shifts, but not all, gets a shorter list; a child who comes too, a word about it."""
    if told := between.child(FLOW, state, turn):
        return told
    fit = _fit(turn.said.understood.plain, turn) if state.asking == "shift" else ()
    if 1 < len(fit) < len(_offered(state.answers, turn)):
        return start(FLOW, turn, state, {"do": "join", "wish": turn.said.understood.plain[:200]})
    return None


def _skill_open(answers: Answers, turn: Turn) -> bool:
    shift = giving.chosen(answers, turn) if answers.get("do", "join") == "join" else None
    return shift is not None and unskilled(shift, turn.facts.volunteering.me)


def _skill_text(answers: Answers, turn: Turn) -> str:
    shift = giving.chosen(answers, turn)
    return texts.needs_skill(shift) if shift else texts.GONE


# -- confirming and doing -------------------------------------------------------------------------------------------


def _confirm(answers: Answers, turn: Turn) -> str:
    shift = giving.chosen(answers, turn)
    if shift is None or answers.get("do") == "cancel" or answers.get("skilled") == "no":
        return ""
    if hindrance(shift, turn.facts.volunteering.me, turn.zone):
        return ""
    text = texts.JOIN_WAITING if full(shift) else texts.JOIN
    if turn.facts.volunteering.me is None:
        text = f"{text}{texts.ADULTS}"
    return text.format(detail=texts.detail(shift, turn.zone), turn=shift.waiting + 1)


def _finish(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if "tell" in answers:
        if answers["tell"] == "yes":
            return (tell_later(turn.person, turn.facts.community, turn.now, turn.zone), Say(texts.TELL))
        return (Say(texts.DONT_TELL),)
    shift = giving.chosen(answers, turn)
    if answers.get("do") == "cancel":
        return giving.leave(shift, turn, str(answers["sure"]))
    if answers.get("skilled") == "no":
        return (Say(texts.UNSKILLED),)
    return _sign_up(shift, turn)


def _sign_up(shift: ShiftView | None, turn: Turn) -> tuple[Effect, ...]:
    if shift is None:
        return (Say(texts.GONE),)
    if shift.starts_at <= turn.now:
        return (Say(texts.STARTED),)
    if shift.mine:
        return (Say(texts.MINE_ALREADY),)
    why = hindrance(shift, turn.facts.volunteering.me, turn.zone)
    if why is Hindrance.UNKNOWN:
        return (Say(texts.filled(texts.UNKNOWN_AGE, shift, turn.zone, age=shift.min_age), options=own.REGISTER_NOW),)
    if why is Hindrance.TOO_YOUNG:
        return (Say(texts.filled(texts.TOO_YOUNG, shift, turn.zone, age=shift.min_age)),)
    hit = clash(shift, turn.facts.shifts)
    if hit:
        return (Say(texts.filled(texts.CLASH, hit, turn.zone)),)
    if full(shift):
        return (SignUp(shift.id, turn.person, "waiting"), Say(texts.filled(texts.QUEUED, shift, turn.zone)))
    due = reminders(shift, turn.person, turn.now, turn.zone)
    said = texts.filled(texts.JOINED, shift, turn.zone, remind=texts.JOINED_REMIND if due else "")
    if turn.facts.volunteering.me is None:
        said = f"{said}{texts.FIRST_TIME}"
    return (SignUp(shift.id, turn.person, "confirmed"), *due, Say(said))


FLOW = Flow(
    name="volunteer",
    title="志愿活动",
    intents=frozenset({"join_activity", "cancel_shift", "volunteer_record"}),
    needs=frozenset({"shifts", "volunteering"}),
    words=phrase,
    entries={
        "join_activity": join,
        "cancel_shift": cancel,
        "volunteer_record": record,
        "check_in": own.check_in,
        "check_out": own.check_out,
        "scan": own.scan,
        "stand_in": swapping.stand_in,
        "swap": swapping.swap,
        "register_volunteer": own.register,
        "unregister_volunteer": own.unregister,
        "volunteer_certificate": own.certificate,
        "volunteer_board": own.board,
        "join_board": own.join_board,
        "leave_board": own.leave_board,
        "join_team": teams.join_team,
        "my_teams": teams.my_teams,
        "leave_team": teams.leave_team,
        "bind_volunteer": binding.bind,
        "add_shifts": more.add_shifts,
        **needs.ENTRIES,
    },
    asks=(
        Ask("tell", between.none_open, choices=lambda answers, turn: TELL, when=_nothing_open),
        Ask("shift", _list_text, choices=_choices, parse=_typed, fill=_meant, when=_joining, name="活动", late=True),
        Ask("skilled", _skill_text, choices=lambda answers, turn: ABLE, when=_skill_open, name="会不会"),
        Ask(
            "mine",
            texts.PICK_MINE,
            choices=giving.mine,
            parse=giving.mine_typed,
            fill=giving.mine_meant,
            when=giving.cancelling,
        ),
        Ask("sure", giving.sure_text, choices=giving.sure_choices, when=giving.cancelling),
    ),
    confirm=_confirm,
    finish=_finish,
    otherwise=_narrower,
    keeps=between.signed_up,
    goes_on=between.afterwards,
)
FLOWS = (
    FLOW,
    register.FLOW,
    own.LEAVE,
    own.PLACE,
    swapping.STAND_IN,
    swapping.SWAP,
    *organise.FLOWS,
    more.MORE,
    binding.BIND,
    teams.JOIN,
    teams.LEAVE,
    *needs.FLOWS,
)
