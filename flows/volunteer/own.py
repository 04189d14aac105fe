"""What somebody asks for oneself: hours, coming and leaving, a certificate, the leaderboard, standing in."""

from __future__ import annotations

from flows.domain.volunteering import EARLY, GRACE, masked, spoken
from flows.effects import Consent, Effect, Option, Say, Unschedule, WithdrawConsent
from flows.effects.volunteers import ActOnShift, Certify, ShowOnBoard, Unregister
from flows.errors import Unclear
from flows.facts import Query, ShiftView
from flows.flow import Answers, Ask, Choice, Flow, Outcome, Sense, State, Turn, start
from flows.volunteer import own_texts as said
from flows.volunteer import texts
from flows.volunteer.desk import news_key
from flows.volunteer.register import FLOW as REGISTER
from flows.volunteer.register import TEXT_VERSION
from flows.volunteer.rules import my_shifts
from nlu.late import regex

OF_MINE = regex(  # of what one signed up for
    r"集合|(?:地点|地址|活动|那场|那天).{0,4}(?:在哪|哪里|是什么地方)|几点(?:集合|开始|到)|^在哪"
)
DIGITS = regex(r"(?<!\d)\d{4}(?!\d)")
LEAST = 30  # minutes below which a certificate says nothing
HELD = ("confirmed", "offered")
REGISTER_NOW = ((Option(said.REGISTER, "begin", {"flow": "volunteer", "intent": "register_volunteer"}),),)


def record(state: State, turn: Turn) -> Outcome:
    """One's own sign-ups and hours."""
    mine = my_shifts(turn.facts.shifts, turn.now)
    lines = "\n".join(texts.line(s, turn.zone) for s in mine)
    parts = [texts.RECORD.format(lines=lines) if mine else texts.RECORD_NONE]
    known = turn.facts.volunteering
    if known.latest:
        rows = "\n".join(said.line(h, turn.zone) for h in known.latest)
        parts.insert(0, said.HOURS.format(total=spoken(known.minutes), lines=rows))
    elif any(word in turn.said.understood.plain for word in said.ABOUT_HOURS):
        parts.insert(0, said.NO_HOURS)
    return Outcome(state, (Say("\n".join(parts)),))


# -- registering ------------------------------------------------------------------------------------------------------


def register(state: State, turn: Turn) -> Outcome | Query:
    return start(REGISTER, turn, state)


def unregister(state: State, turn: Turn) -> Outcome | Query:
    """No volunteer any more; asked once, since places are given back."""
    if turn.facts.volunteering.me is None:
        return Outcome(state, (Say(said.NOT_REGISTERED),))
    return start(LEAVE, turn, state)


def _left(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    if answers["sure"] == "no":
        return (Say(said.STAYED),)
    return (
        Unregister(turn.person),
        WithdrawConsent(turn.person, "volunteer"),
        WithdrawConsent(turn.person, "volunteer_guardian"),
        Unschedule(f"{news_key(turn.person)}:*"),
        Say(said.UNREGISTERED),
    )


LEAVE = Flow(
    name="volunteer_leave",
    title="注销志愿者",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"volunteering"}),
    asks=(
        Ask(
            "sure",
            said.UNREGISTER_SURE,
            choices=lambda a, t: (
                Choice("yes", "注销", (), Sense.YES),
                Choice("no", "先不注销", (), Sense.NO),
            ),
        ),
    ),
    finish=_left,
)


# -- coming and leaving -----------------------------------------------------------------------------------------------


def here_now(turn: Turn) -> tuple[ShiftView, ...]:
    """The person's shifts that are on now, or nearly."""
    return tuple(
        s
        for s in turn.facts.shifts
        if s.mine in HELD and s.starts_at - EARLY <= turn.now <= s.ends_at + GRACE and s.left_at is None
    )


def check_in(state: State, turn: Turn) -> Outcome | Query:
    on = tuple(s for s in here_now(turn) if s.came_at is None)
    if not on:
        came = any(s.came_at for s in here_now(turn))
        return Outcome(state, (Say(said.CAME_ALREADY if came else _why_not(turn)),))
    return start(PLACE, turn, state, {"do": "in"})


def scan(state: State, turn: Turn) -> Outcome | Query:
    """The QR code at the place: who has come already leaves."""
    came = any(s.came_at for s in here_now(turn)) and not any(s.came_at is None for s in here_now(turn))
    return check_out(state, turn) if came else check_in(state, turn)


def check_out(state: State, turn: Turn) -> Outcome | Query:
    if not any(s.came_at for s in here_now(turn)):
        return Outcome(state, (Say(said.NOT_CAME),))
    return start(PLACE, turn, state, {"do": "out"})


def _why_not(turn: Turn) -> str:
    soon = next((s for s in my_shifts(turn.facts.shifts, turn.now) if s.mine in HELD), None)
    if soon is None:
        return said.NO_SHIFT
    opens = (soon.starts_at - EARLY).astimezone(turn.zone)
    return texts.filled(said.TOO_EARLY, soon, turn.zone, opens=f"{texts.day(opens)} {texts.hour(opens)}")


def _number(turn: Turn, answers: Answers) -> int:
    """The shift whose number was said; raises Unclear."""
    coming = answers.get("do") == "in"
    fit = [s.id for s in here_now(turn) if s.id in turn.facts.volunteering.here and (s.came_at is None) == coming]
    if not fit:
        raise Unclear(said.WRONG_NUMBER if DIGITS.search(turn.said.text) else said.NO_NUMBER)
    return fit[0]


def _number_said(turn: Turn, answers: Answers) -> int | None:
    try:
        return _number(turn, answers)
    except Unclear:
        return None


def _ask_number(answers: Answers, turn: Turn) -> str:
    """Who said a number with the word 签到 already hears that it was wrong."""
    if DIGITS.search(turn.said.text) and not turn.facts.volunteering.here:
        return said.WRONG_NUMBER
    return said.ASK_NUMBER if answers.get("do") == "in" else said.ASK_NUMBER_OUT


def _noted(answers: Answers, turn: Turn) -> tuple[Effect, ...]:
    shift = next((s for s in turn.facts.shifts if s.id == answers["shift"]), None)
    if shift is None:
        return (Say(texts.GONE),)
    if answers["do"] == "in":
        end = texts.hour(shift.ends_at.astimezone(turn.zone))
        return (ActOnShift(shift.id, "came", turn.person), Say(said.CAME.format(title=shift.title, end=end)))
    return (ActOnShift(shift.id, "left", turn.person), Say(said.LEFT.format(title=shift.title)))


PLACE = Flow(
    name="volunteer_place",
    title="签到签退",
    intents=frozenset(),
    aside=True,
    needs=frozenset({"shifts", "volunteering"}),
    asks=(Ask("shift", _ask_number, parse=_number, fill=_number_said),),
    finish=_noted,
)


# -- certificate and board --------------------------------------------------------------------------------------------


CHECKED = regex(r"核[实对验查]|验证|真假|真伪|真的|假的|作假|编号.{0,4}(?:查|验|看)")
MISNAMED = regex(r"(?:名字?|姓名|称呼).{0,6}(?:错|不对|不是|改)|改.{0,4}名")


def certificate(state: State, turn: Turn) -> Outcome:
    """A certificate of what was confirmed, free (志愿服务条例 art. 19); or how one is checked, or put right."""
    known, asked = turn.facts.volunteering, turn.said.understood.plain
    if CHECKED.search(asked):
        return Outcome(state, (Say(said.CERTIFICATE_CHECK),))
    if MISNAMED.search(asked):
        return Outcome(state, (Say(said.CERTIFICATE_NAME),))
    if known.minutes < LEAST:
        return Outcome(state, (Say(said.NOTHING_TO_CERTIFY),))
    if known.me is None or not known.me.name:
        return Outcome(state, (Say(said.CERTIFY_WHO, options=REGISTER_NOW),))
    return Outcome(state, (Certify(turn.person, known.me.name, known.minutes, said.CERTIFIED),))


def board(state: State, turn: Turn) -> Outcome:
    """Those who chose to be shown, of this community this month (or year)."""
    rows = turn.facts.volunteering.board
    if not rows:
        return Outcome(state, (Say(said.BOARD_EMPTY),))
    period = said.YEAR if "年" in turn.said.understood.plain else said.MONTH
    lines = "\n".join(said.BOARD_LINE.format(rank=r, name=n, hours=spoken(m)) for r, m, n in rows)
    head = said.BOARD.format(place=turn.facts.community_name or said.HERE, period=period)
    return Outcome(state, (Say(f"{head}\n{lines}\n{said.BOARD_FOOT}"),))


def join_board(state: State, turn: Turn) -> Outcome:
    me = turn.facts.volunteering.me
    if me is None:
        return Outcome(state, (Say(said.BOARD_WHO, options=REGISTER_NOW),))
    how = "masked" if "打码" in turn.said.understood.plain else "shown"
    name = masked(me.name) if how == "masked" else me.name
    agreed = Consent(turn.person, "volunteer_board", TEXT_VERSION)
    return Outcome(state, (agreed, ShowOnBoard(turn.person, how), Say(said.ON_BOARD.format(name=name))))


def leave_board(state: State, turn: Turn) -> Outcome:
    gone = WithdrawConsent(turn.person, "volunteer_board")
    return Outcome(state, (gone, ShowOnBoard(turn.person, "off"), Say(said.OFF_BOARD)))
