"""The organiser's side of a shift: who has come, what each is credited with, corrections, commendation, calling off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.domain.scrub import scrubbed
from flows.domain.volunteering import STARS, nearly, reached, served, spoken
from flows.effects import CardKey, Effect, Lane, Option, Privately, Recipient, Room, Say, Unschedule
from flows.effects.volunteers import NoteNear, RecordHours
from flows.errors import NotAllowed
from flows.facts import ShiftView
from flows.volunteer import roll_texts as said
from flows.volunteer import texts
from flows.volunteer.desk import offer_key
from flows.volunteer.rules import no_reminders

ORGANISERS = ("volunteer_organiser", "community_staff", "administrator", "duty_leader")
LONGEST = 24 * 60  # minutes one entry may hold


@dataclass(frozen=True, slots=True)
class Present:
    """One person on the list of a shift, as the organiser sees it; `minutes`: confirmed already."""

    person: int
    name: str
    state: str
    came_at: datetime | None
    left_at: datetime | None
    forgot: bool
    minutes: int | None


def credit(shift: ShiftView, one: Present) -> int:
    """The minutes somebody is to be credited with; 0 for who did not come."""
    if one.came_at is None:
        return 0
    return served(shift.starts_at, shift.ends_at, one.came_at, one.left_at or shift.ends_at)


def missing(shift: ShiftView, people: Sequence[Present], zone: ZoneInfo) -> str:
    """应到未到 at the start; "" when all have come."""
    held = [p for p in people if p.state != "waiting"]
    late = [p.name for p in held if p.came_at is None]
    away = [name for name in late if name != said.NEIGHBOUR]
    if len(away) < len(late):
        away.append(said.UNNAMED.format(count=len(late) - len(away)))
    if not away:
        return ""
    return texts.filled(said.MISSING, shift, zone, due=len(held), here=len(held) - len(late), names="、".join(away))


def listed(shift: ShiftView, people: Sequence[Present], now: datetime, zone: ZoneInfo, to: Recipient) -> Say:
    """The list of a shift with what may be done with it."""
    lines = [texts.filled(said.LIST, shift, zone, taken=shift.taken, capacity=shift.capacity)]
    lines += [f"{i}. {one.name}，{state(shift, one, now)}" for i, one in enumerate(people, 1)]
    if not people:
        lines.append(said.NOBODY)
    return Say("\n".join(lines), to=to, options=_buttons(shift, people, now), lane=Lane.PUSH)


def unconfirmed(people: Iterable[Present]) -> bool:
    """Whether somebody came whose hours nobody has confirmed."""
    return any(p.came_at and p.minutes is None for p in people)


def short(shifts: Sequence[ShiftView], zone: ZoneInfo, to: Recipient, key: str) -> Say:
    """The evening before: what tomorrow's shifts still lack, each a button that shows its list."""
    lines = [texts.filled(said.LACKS, s, zone, taken=s.taken, capacity=s.capacity) for s in shifts]
    rows = tuple((_step(texts.label_mine(s, zone), "shift.roll", s, {"shift": s.id}),) for s in shifts)
    return Say("\n".join([said.SHORT, *lines, said.SHORT_WAYS]), to=to, options=rows, lane=Lane.PUSH, key=key)


def agenda(over: Sequence[ShiftView], coming: Sequence[ShiftView], zone: ZoneInfo) -> str:
    """What an organiser has to do, in words; "" for nothing."""
    parts = [said.TO_CONFIRM, *(f"· 「{s.title}」{texts.when(s, zone)}" for s in over)] if over else []
    if coming:
        parts += [said.COMING, *(texts.filled(said.LACKS, s, zone, taken=s.taken, capacity=s.capacity) for s in coming)]
    return "\n".join([*parts, said.AGENDA_WAYS]) if parts else ""


def call(shift: ShiftView, zone: ZoneInfo, chat: int, day: str) -> Say:
    """In a residents' group, once a day: people are short, and one tap signs up."""
    join = Option(said.CARD_JOIN, "shift.join", {"shift": shift.id})
    text = texts.filled(said.CALL, shift, zone, missing=shift.capacity - shift.taken)
    key = f"shift.call:{shift.id}:{day}"
    return Say(text, to=Room(chat), options=((join,),), about=CardKey("shift", shift.id), key=key, lane=Lane.PUSH)


def state(shift: ShiftView, one: Present, now: datetime) -> str:
    """How it stands with one person on the list."""
    if one.state in ("waiting", "offered"):
        return said.STATES[one.state]
    if one.minutes is not None:
        return said.CREDITED.format(time=spoken(one.minutes))
    if one.came_at is None:
        return said.STATES["absent" if shift.starts_at <= now else "confirmed"]
    if one.left_at is None:
        return said.STATES["here"]
    how = said.FORGOT if one.forgot else ""
    return said.SERVED.format(time=spoken(credit(shift, one)), how=how)


def _buttons(shift: ShiftView, people: Sequence[Present], now: datetime) -> tuple[tuple[Option, ...], ...]:
    one = {"shift": shift.id}
    if shift.state != "open":
        return ()
    rows: list[tuple[Option, ...]] = []
    if now < shift.ends_at:
        rows.append((_step(said.CODE, "shift.code", shift, one),))
        if now < shift.starts_at and shift.taken < shift.capacity:
            rows.append((_step(said.RECRUIT, "shift.recruit", shift, one),))
        if people:
            rows.append((_step(said.TELL, "shift.tell", shift, one),))
        rows.append((_step(said.MOVE, "shift.move", shift, one), _step(said.CALL_OFF, "shift.call_off", shift, one)))
    else:
        if any(p.left_at and p.minutes is None for p in people):
            rows.append((_step(said.CONFIRM, "shift.confirm", shift, one),))
        rows += [
            (_step(said.FIX.format(number=i, name=p.name), "shift.fix", shift, {**one, "person": p.person}),)
            for i, p in enumerate(people, 1)
            if p.state == "confirmed"
        ][:20]
    return tuple(rows)


def _step(label: str, action: str, shift: ShiftView, args: Mapping[str, int]) -> Option:
    return Option(label, action, args, roles=ORGANISERS, area=shift.area)


def credits(shift: ShiftView, people: Iterable[Present], by: str) -> tuple[RecordHours, ...]:
    """The hours of everybody who came and has none yet. Raises NotAllowed before the end, and when there is nothing."""
    found = tuple(
        _hours(shift, one.person, credit(shift, one), by, 1, said.NOTE_FORGOT if one.forgot else "")
        for one in people
        if one.came_at and one.left_at and one.minutes is None and credit(shift, one) > 0
    )
    if not found:
        raise NotAllowed(said.NOTHING_TO_CONFIRM)
    return found


def corrected(
    shift: ShiftView, person: int, standing: RecordHours | None, id: int | None, minutes: int, by: str, count: int
) -> tuple[RecordHours, ...]:
    """An entry is taken back by a reversal, and the right one is added; nothing is ever edited."""
    if not 0 <= minutes <= LONGEST:
        raise NotAllowed(said.ODD_TIME)
    if standing is not None and standing.minutes == minutes:
        raise NotAllowed(said.SAME_TIME)
    rows: list[RecordHours] = []
    if standing is not None:
        back = _hours(shift, person, -standing.minutes, by, count + 1, said.NOTE_BACK, reverses=id)
        rows.append(back)
    if minutes:
        rows.append(_hours(shift, person, minutes, by, count + 1 + len(rows), said.NOTE_FIXED if standing else ""))
    if not rows:
        raise NotAllowed(said.SAME_TIME)
    return tuple(rows)


def _hours(
    shift: ShiftView, person: int, minutes: int, by: str, number: int, note: str, reverses: int | None = None
) -> RecordHours:
    return RecordHours(
        key=f"shift:{shift.id}:{person}:{number}",
        person=person,
        area=shift.area,
        minutes=minutes,
        on=shift.starts_at,
        by=by,
        shift=shift.id,
        note=note,
        reverses=reverses,
    )


def credited(
    entry: RecordHours, title: str, total: int, told: Iterable[int], stars: Sequence[int] = STARS
) -> tuple[Effect, ...]:
    """What a person hears of confirmed hours: the time, all together, and that a commendation is near or reached."""
    name = f"「{title}」" if title else ""
    if entry.minutes < 0:
        text = said.TAKEN_BACK.format(title=name, time=spoken(-entry.minutes), total=spoken(total))
        return (Say(text, to=Privately(entry.person), lane=Lane.PUSH),)
    text = said.YOURS.format(title=name, time=spoken(entry.minutes), total=spoken(total))
    near = nearly(total, stars)
    effects: list[Effect] = []
    if near and near not in set(told):
        text = f"{text}{said.NEAR.format(left=spoken(near * 60 - total), hours=near)}"
        effects.append(NoteNear(entry.person, near))
    for hours in reached(total, stars):
        if total - entry.minutes < hours * 60:
            text = f"{text}{said.REACHED.format(hours=hours)}"
    return (Say(text, to=Privately(entry.person), lane=Lane.PUSH), *effects)


def to_commend(entry: RecordHours, name: str, total: int, stars: Sequence[int], to: Recipient) -> tuple[Effect, ...]:
    """Who passes a threshold is put before an organiser: a commendation is granted by a person."""
    passed = [h for h in reached(total, stars) if total - entry.minutes < h * 60]
    args = {"person": entry.person, "hours": passed[-1] if passed else 0}
    grant = Option(said.GRANT, "volunteer.commend", args, roles=ORGANISERS, area=entry.area)
    text = said.ASK_GRANT.format(name=name, hours=args["hours"])
    return (Say(text, to=to, options=((grant,),), lane=Lane.PUSH),) if passed else ()


def called_off(shift: ShiftView, people: Iterable[Present], reason: str, zone: ZoneInfo) -> tuple[Effect, ...]:
    """Everybody on the list is told; nobody is reminded any more."""
    why = f"（{reason}）" if reason else ""
    text = texts.filled(said.OFF, shift, zone, why=why)
    effects: list[Effect] = []
    for one in people:
        effects.append(Say(text, to=Privately(one.person), lane=Lane.PUSH))
        effects.append(no_reminders(shift.id, one.person))
        effects.append(Unschedule(offer_key(shift.id, one.person)))
    return tuple(effects)


def notice(shift: ShiftView, people: Sequence[Present], words: str, zone: ZoneInfo, at: datetime | None) -> list[Say]:
    """What the organiser says to everybody on the list, each in private, at once or `at` a time."""
    if shift.state != "open":
        raise NotAllowed(said.OFF_ALREADY)
    if not people:
        raise NotAllowed(said.TELL_NOBODY)
    text = texts.filled(said.TOLD, shift, zone, words=scrubbed(words))
    return [Say(text, to=Privately(one.person), lane=Lane.PUSH, not_before=at) for one in people]


def card(shift: ShiftView, names: Sequence[str], zone: ZoneInfo, chat: int) -> Say:
    """A shift in a residents' group: one tap signs up; only the names of those who want theirs shown."""
    lines = [said.CARD_OFF if shift.state != "open" else said.CARD, texts.detail(shift, zone)]
    lines += [told] if (told := texts.full(shift)) and shift.state == "open" else []
    if names:
        lines.append(said.CARD_NAMES.format(names="、".join(names)))
    join = Option(said.CARD_JOIN, "shift.join", {"shift": shift.id})
    options = ((join,),) if shift.state == "open" else ()
    return Say("\n".join(lines), to=Room(chat), options=options, card=CardKey("shift", shift.id), lane=Lane.PUSH)
