"""What follows from a step of an appointment: the card in the staff group, news to who asked, reminders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.appointment import texts
from flows.complaint.rules import spoken
from flows.domain.booking import LIVE, TAKERS, Booking, Part, State, Step, check
from flows.effects import (
    CardKey,
    ChangeBooking,
    Effect,
    Lane,
    Notice,
    Option,
    Privately,
    Say,
    Schedule,
    StaffRoom,
    Unschedule,
)

HELD = (State.CONFIRMED, State.DONE)  # states in which the card says who has it
WAIT = timedelta(days=3)  # for somebody to take what has no time of its own


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds an appointment. `address` is for the one who takes it alone."""

    now: datetime
    zone: ZoneInfo
    parts: frozenset[Part]
    staff: int | None = None
    owner: int | None = None  # person
    taker: str = ""  # how who has it, or is about to, is called
    address: str = ""
    needs: str = ""

    def when(self, booking: Booking) -> str:
        return spoken(booking.starts_at, self.now, self.zone) if booking.starts_at else texts.NO_TIME

    def bring(self) -> str:
        return texts.NEEDS.format(needs=self.needs) if self.needs else ""


def what(booking: Booking) -> str:
    return texts.LABEL.format(way=booking.way, name=booking.name)


def opened(booking: Booking, around: Around) -> tuple[Effect, ...]:
    """A new one: its card goes to the staff group; nobody takes it in time: who asked is told."""
    return (card(booking, around), _lapse(booking, around))


def _lapse(booking: Booking, around: Around) -> Schedule:
    at = booking.starts_at or around.now + WAIT
    return Schedule("booking.lapse", f"booking.{booking.id}.lapse", at, _subject(booking))


def _subject(booking: Booking) -> dict[str, int]:
    return {"booking": booking.id, "area": booking.area}


def act(booking: Booking, step: Step, around: Around) -> tuple[Effect, ...]:
    """Everything that follows from a step; raises NotAllowed and changes nothing."""
    state = check(booking, step, around.parts)
    owner = {Step.CONFIRM: around.staff, Step.RELEASE: None}.get(step, booking.owner)
    after = replace(booking, state=state, owner=owner)
    change = ChangeBooking(booking.id, booking.version, state, owner)
    gone: tuple[Effect, ...] = (Unschedule(f"booking.{booking.id}.lapse"),)
    if state not in LIVE:
        gone = (Unschedule(f"booking.{booking.id}.*"),)
    return (change, *gone, *FOLLOWS[step](after, around), card(after, around))


def card(booking: Booking, around: Around) -> Say:
    """What the staff group sees: what and when, by what right it is asked for somebody else; no address, no name."""
    more = texts.MORE_PROXY.format(proxy=booking.proxy) if booking.proxy else ""
    more += texts.CARD_NOTE.format(note=booking.note) if booking.note else ""
    said = texts.CARD.format(
        state=texts.STATE[booking.state],
        taker=texts.TAKER.format(name=around.taker) if around.taker and booking.state in HELD else "",
        number=booking.number,
        what=what(booking),
        when=around.when(booking),
        more=more,
    )
    steps = {
        State.ASKED: ((texts.TAKE, "confirm"), (texts.DECLINE, "decline")),
        State.CONFIRMED: ((texts.DONE, "finish"), (texts.DECLINE_LATE, "decline")),
    }.get(booking.state, ())
    row = tuple(
        Option(label, f"booking.{step}", {"booking": booking.id}, roles=TAKERS, area=booking.area)
        for label, step in steps
    )
    key = CardKey("booking", booking.id)
    return Say(said, to=StaffRoom(booking.area), options=(row,) if row else (), card=key, lane=Lane.PUSH)


def _tell(text: str, person: int | None, *rows: tuple[Option, ...]) -> tuple[Effect, ...]:
    return (Say(text, to=Privately(person), options=rows, lane=Lane.PUSH, neutral=""),) if person else ()


def cancelling(booking: Booking) -> tuple[Option, ...]:
    return (Option(texts.CANCEL, "booking.cancel", {"booking": booking.id}, person=booking.person),)


Follow = Callable[[Booking, Around], tuple[Effect, ...]]


def _confirmed(booking: Booking, around: Around) -> tuple[Effect, ...]:
    at = {"number": booking.number, "what": what(booking), "when": around.when(booking)}
    told = texts.TAKEN_TOLD.format(**at, needs=around.bring())
    where = _tell(texts.ADDRESS_FOR.format(**at, address=around.address), around.owner) if around.address else ()
    return (
        Notice(texts.TAKEN),
        *_tell(told, booking.person, cancelling(booking)),
        *where,
        *_reminders(booking, around.now),
    )


def _reminders(booking: Booking, now: datetime) -> tuple[Effect, ...]:
    if booking.starts_at is None:
        return ()
    before = (("day", timedelta(days=1)), ("soon", timedelta(hours=1)))
    return tuple(
        Schedule("booking.remind", f"booking.{booking.id}.remind.{name}", at, _subject(booking))
        for name, ahead in before
        if (at := booking.starts_at - ahead) > now + timedelta(minutes=30)
    )


def _declined(booking: Booking, around: Around) -> tuple[Effect, ...]:
    told = texts.DECLINED_TOLD.format(number=booking.number, what=what(booking))
    return (Notice(texts.DECLINED), *_tell(told, booking.person))


def _lapsed(booking: Booking, around: Around) -> tuple[Effect, ...]:
    told = texts.LAPSED.format(number=booking.number, what=what(booking))
    room = Say(texts.LAPSED_STAFF.format(number=booking.number), to=StaffRoom(booking.area), lane=Lane.PUSH)
    return (*_tell(told, booking.person), room)


def _cancelled(booking: Booking, around: Around) -> tuple[Effect, ...]:
    told = texts.CANCELLED_TOLD.format(number=booking.number, what=what(booking), when=around.when(booking))
    return (Say(texts.CANCELLED), *_tell(told, around.owner))


def _finished(booking: Booking, _around: Around) -> tuple[Effect, ...]:
    told = texts.FINISHED_TOLD.format(what=what(booking), number=booking.number)
    return (Notice(texts.FINISHED), *_tell(told, booking.person))


def _released(booking: Booking, around: Around) -> tuple[Effect, ...]:
    """Nobody has it any more: somebody else has to take it, or the asker hears at its time that it came to nothing."""
    said = texts.RELEASED.format(number=booking.number, what=what(booking), when=around.when(booking))
    told = Say(said, to=StaffRoom(booking.area), about=CardKey("booking", booking.id), lane=Lane.PUSH)
    return (Unschedule(f"booking.{booking.id}.remind.*"), _lapse(booking, around), told)


FOLLOWS: Mapping[Step, Follow] = {
    Step.CONFIRM: _confirmed,
    Step.DECLINE: _declined,
    Step.CANCEL: _cancelled,
    Step.FINISH: _finished,
    Step.LAPSE: _lapsed,
    Step.RELEASE: _released,
}


def remind(booking: Booking, around: Around) -> tuple[Effect, ...]:
    """What a due reminder comes to: one line to each of the two."""
    if booking.state is not State.CONFIRMED:
        return ()
    at = {"number": booking.number, "what": what(booking), "when": around.when(booking)}
    mine = _tell(texts.REMIND.format(**at, needs=around.bring()), booking.person, cancelling(booking))
    where = texts.WHERE.format(address=around.address) if around.address else ""
    return (*mine, *_tell(texts.REMIND_STAFF.format(**at, where=where), around.owner))
