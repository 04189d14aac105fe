"""Who a legal question goes to: the next one who can take it, tier by tier, and what the resident is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flows.domain.thread import LEGAL, Thread, release
from flows.effects import (
    CardKey,
    ChangeThread,
    Effect,
    Lane,
    OnDuty,
    OpenThread,
    Option,
    Privately,
    Say,
    Schedule,
    Unschedule,
)
from flows.errors import NotAllowed
from flows.legal import desk_texts as texts

UP = timedelta(hours=4)  # of duty: a question nobody has taken goes on
LONGEST = timedelta(days=3)  # but so long nobody waits for a duty to begin
REMINDED = timedelta(hours=24)  # after taking it without an answer; twice, and it goes to the next
BACK = 0  # of times: those who could take it were all away until now
TIMES = 6  # that often those on duty hear of a question again


@dataclass(frozen=True, slots=True)
class GuideState:
    """The guide that was made of an answer, as it stands."""

    id: int
    version: int
    state: str


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a legal question. Staff are meant by id, persons by theirs; the asker is among no holders."""

    now: datetime
    staff: int | None  # who acts; None: the asker, or the clock
    person: int | None  # of the acting member of staff
    owner_person: int | None
    owner_gone: bool
    subject: Mapping[str, Any]
    place: str  # the community's name
    holders: Mapping[str, tuple[int, ...]]  # role: who holds it there and is not away
    lines: tuple[tuple[str, str], ...] = ()  # author, text
    doubts: tuple[str, ...] = ()  # what is wrong with citations in what is being said
    duty: Mapping[str, datetime | None] | None = None  # role: when its next duty begins; None: now, or no roster
    ahead: int = 0  # questions waiting before this one
    carried: Mapping[str, int] = field(default_factory=dict)  # role: what its holders have in hand together
    load: int = 0  # what the acting member of staff has taken already
    away: Mapping[int, datetime] = field(default_factory=dict)  # of its owner and who else could take it: until when
    guide: GuideState | None = None  # what was made of its answer; loaded for a correction only

    @property
    def answered(self) -> bool:
        return any(author == "staff" for author, _ in self.lines)

    def back(self, aside: tuple[int, ...]) -> datetime | None:
        """When the first of those who are away is there again, and has not stepped aside; None: nobody is away."""
        return min((until for one, until in self.away.items() if one not in aside), default=None)


def role_for(role: str, aside: tuple[int, ...], holders: Mapping[str, tuple[int, ...]]) -> str | None:
    """The role from this one upward that somebody holds who has not stepped aside; None: nobody is there at all."""
    for wanted in LEGAL[LEGAL.index(role) if role in LEGAL else 0 :]:
        if any(one not in aside for one in holders.get(wanted, ())):
            return wanted
    return None


def opened(thread: Thread, around: Around) -> tuple[Effect, ...]:
    """A new question: its receipt says truthfully who gets it and when, and those on duty hear of it."""
    if role_for(thread.role, thread.aside, around.holders) is None:
        return _nobody(thread, around, texts.NOBODY)
    told = texts.sent(thread.number, thread.role, _begins(thread, around), around.now, around.ahead, around.place)
    return (to_asker(thread, told, lane=Lane.REPLY), *announced(thread, around))


def _nobody(thread: Thread, around: Around, otherwise: str) -> tuple[Effect, ...]:
    """Nobody can take it now: it waits for the first who is back from leave, else it ends with what can be had."""
    back = around.back(thread.aside)
    if back is None:
        return (to_asker(thread, otherwise.format(number=thread.number), appointments(thread)),)
    subject = {"thread": thread.id, "times": BACK}
    due = Schedule("thread.waiting", f"thread.{thread.id}.waiting", back, subject)
    return (to_asker(thread, texts.all_away(thread.number, back, around.now), appointments(thread)), due)


def announced(thread: Thread, around: Around, *, times: int = 1) -> tuple[Effect, ...]:
    begins = _begins(thread, around) or around.now
    at = max(around.now, min(begins, around.now + LONGEST)) + UP
    subject = {"thread": thread.id, "times": times}
    due = Schedule("thread.waiting", f"thread.{thread.id}.waiting", at, subject)
    if thread.area is None:
        return (due,)
    heard = OnDuty(thread.area, thread.role, (*thread.aside, *around.away), stand_ins=False)
    return (replace(card(thread, around), to=heard), due)


def _begins(thread: Thread, around: Around) -> datetime | None:
    return (around.duty or {}).get(thread.role)


def card(thread: Thread, around: Around) -> Say:
    """The field, the area and the kind of other side; the question itself only for who has no conflict of interest."""
    waited = len([text for author, text in around.lines if author == "asker"])
    said = texts.card(thread.number, around.subject, around.place, around.ahead, waited, _hands(thread, around))
    args = {"thread": thread.id}
    row = (
        Option(texts.TAKE, "thread.claim", args, roles=LEGAL, area=thread.area),
        Option(texts.STEP_ASIDE, "thread.decline", args, roles=LEGAL, area=thread.area),
    )
    return Say(said, options=(row,), about=CardKey("thread", thread.id), lane=Lane.PUSH)


def _hands(thread: Thread, around: Around) -> tuple[int, int]:
    """How many people there are to take it, and how many questions they have in hand: nobody's own number is shown."""
    there = [one for one in around.holders.get(thread.role, ()) if one not in thread.aside]
    return len(there), around.carried.get(thread.role, 0)


def hand_on(thread: Thread, after: Thread, around: Around, *first: Effect) -> tuple[Effect, ...]:
    """It goes to the next one who can take it: of the same role, else of the next; where there is none, elsewhere."""
    role = role_for(after.role, after.aside, around.holders)
    gone = Unschedule(f"thread.{thread.id}.*")
    if role is None:
        return (change(thread, after), gone, *first, *_nobody(after, around, texts.NOBODY_ELSE))
    after = replace(after, role=role)
    begins = _begins(after, around)
    said = (
        texts.passed_on(thread.number, role, begins, around.now, around.place)
        if role != thread.role or thread.owner
        else ""
    )
    told_asker = (to_asker(thread, said),) if said else ()
    return (change(thread, after), gone, *first, *announced(after, around), *told_asker)


def appointments(thread: Thread) -> tuple[tuple[Option, ...], ...]:
    args = {"thread": thread.id}
    return (
        (
            Option(texts.LEGAL_AID, "thread.appoint", {**args, "kind": "legal_aid"}),
            Option(texts.MEDIATION, "thread.appoint", {**args, "kind": "mediation"}),
        ),
    )


def appoint(thread: Thread, kind: str, around: Around) -> tuple[Effect, ...]:
    """The resident wants an appointment: whoever arranges it hears the field, not the question."""
    if around.staff is not None:
        raise NotAllowed("这一步由居民自己选。")
    field = str(around.subject.get("field") or "")
    wanted = texts.APPOINTMENT[kind if kind in texts.APPOINTMENT else "legal_aid"].format(field=field or "法律")
    role = "mediator" if kind == "mediation" else "community_staff"
    ended: tuple[Effect, ...] = ()
    if thread.state == "open":
        after = replace(thread, state="closed")
        ended = (change(thread, after), Unschedule(f"thread.{thread.id}.*"))
    call = OpenThread("handover", thread.person, thread.area, role, {"question": wanted}, texts.APPOINTED)
    return (*ended, call)


def waiting(thread: Thread, times: int, around: Around) -> tuple[Effect, ...]:
    """Nobody has taken it in time: it goes up a tier; at the top the resident is offered an appointment as well."""
    if thread.state != "open" or thread.area is None or times > TIMES:
        return ()
    if times == BACK:
        return hand_on(thread, replace(thread, role=LEGAL[0]), around)
    higher = role_for(LEGAL[min(LEGAL.index(thread.role) + 1, len(LEGAL) - 1)], thread.aside, around.holders)
    after = replace(thread, role=higher or thread.role)
    if after.role != thread.role:
        return hand_on(thread, after, around)
    offered = (to_asker(thread, texts.STILL_WAITING.format(number=thread.number), appointments(thread)),)
    return (*announced(thread, around, times=times + 1), *(offered if times == 1 else ()))


def missed(thread: Thread, around: Around) -> tuple[Effect, ...]:
    """Those on duty have just gone on leave: the others hear of it, or the next tier."""
    return hand_on(thread, thread, around) if thread.state == "open" else ()


def unanswered(thread: Thread, times: int, around: Around) -> tuple[Effect, ...]:
    """Taken and not answered: its owner is reminded once, then it goes to the next."""
    if thread.state != "claimed" or thread.owner is None:
        return ()
    if around.owner_gone or times > 1 or thread.owner in around.away:
        after = replace(release(thread), aside=(*thread.aside, thread.owner))
        moved = texts.TAKEN_BACK.format(number=thread.number)
        told = (Say(moved, to=Privately(around.owner_person), lane=Lane.PUSH),) if around.owner_person else ()
        return (*hand_on(thread, after, around), *told)
    again = remind(thread, around.now, times=2)
    if around.owner_person is None:
        return (again,)
    reminder = texts.REMINDER.format(number=thread.number)
    return (again, Say(reminder, to=Privately(around.owner_person), about=CardKey("thread", thread.id), lane=Lane.PUSH))


def who_acts(around: Around) -> int:
    """Who acts, as a member of staff; nobody answers a question of their own."""
    if around.staff is None:
        raise NotAllowed("这是您自己的事，请同事来接。")
    return around.staff


def to_asker(thread: Thread, text: str, rows: tuple[tuple[Option, ...], ...] = (), *, lane: Lane = Lane.PUSH) -> Say:
    return Say(text, to=Privately(thread.person), options=rows, lane=lane)


def change(before: Thread, after: Thread, rating: int | None = None) -> ChangeThread:
    return ChangeThread(
        before.id, before.version, after.state, after.owner, after.role, after.area, rating, after.aside
    )


def remind(thread: Thread, now: datetime, *, times: int = 1) -> Schedule:
    """Whoever took it is reminded when nothing has been said for a day."""
    key = f"thread.{thread.id}.unanswered"
    return Schedule("thread.unanswered", key, now + REMINDED, {"thread": thread.id, "times": times})
