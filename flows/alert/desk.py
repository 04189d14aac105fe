"""What follows when somebody does something with an alert: drafted, approved, told, acknowledged, over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.alert import texts
from flows.alert.cascade import again, cascade, silent
from flows.alert.reach import reach_text
from flows.complaint.rules import spoken
from flows.domain.alert import Alert, AreaRooms, Branch, Holder, Part, State, Step, check
from flows.effects import (
    Audit,
    Broadcast,
    CallOff,
    CardKey,
    ChangeAlert,
    Effect,
    Lane,
    MarkBranches,
    Notice,
    Option,
    Privately,
    Say,
    Schedule,
    StaffRoom,
    Unschedule,
)
from flows.errors import NotAllowed

REMINDED = timedelta(minutes=30)  # so long nobody may decide about a draft; half of its life, if that is shorter
WAIT = {True: timedelta(minutes=15), False: timedelta(hours=2)}  # danger or not: so long a branch may be silent


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds an alert: who acts and what they are to it, the tree below it, how far it has come."""

    now: datetime
    zone: ZoneInfo
    area: str
    actor: str  # "staff:7", "clock"
    staff: int | None
    parts: frozenset[Part]
    drafter: Holder
    approvers: tuple[Holder, ...] = ()
    rooms: tuple[AreaRooms, ...] = ()
    holders: tuple[Holder, ...] = ()
    branches: tuple[Branch, ...] = ()
    quiet: Callable[[int], datetime | None] = field(default=lambda _area: None)  # until when an area wants its rest

    def until(self, at: datetime) -> str:
        return spoken(at, self.now, self.zone)


def drafted(alert: Alert, around: Around) -> tuple[Effect, ...]:
    """A new draft: those who may approve it are asked, privately. Raises NotAllowed when there is nobody."""
    if not around.approvers:
        raise NotAllowed(texts.NO_APPROVER)
    back = Option(texts.BACK, "alert.withdraw", {"alert": alert.id}, person=around.drafter.person)
    return (
        Audit(around.actor, "alert.draft", {"alert": alert.id}),
        Notice(texts.DRAFTED.format(number=alert.number)),
        *_to_drafter(texts.DRAFTED.format(number=alert.number), around, ((back,),)),
        *_ask(texts.TO_APPROVE, alert, around),
        _reminder(alert, around),
        Schedule("alert.expire", f"alert.{alert.id}.expire", alert.expires_at, {"alert": alert.id}),
    )


def _ask(line: str, alert: Alert, around: Around) -> tuple[Effect, ...]:
    """Those who may approve it, each once and in private."""
    said = line.format(number=alert.number, drafter=around.drafter.name, area=around.area, **_what(alert, around))
    asked = []
    for person in dict.fromkeys(h.person for h in around.approvers if h.person):
        row = (_option(texts.YES, alert, "approve", person), _option(texts.NO, alert, "refuse", person))
        asked.append(Say(said, to=Privately(person), options=(row,), lane=Lane.PUSH))
    return tuple(asked)


def _reminder(alert: Alert, around: Around) -> Schedule:
    at = around.now + min(REMINDED, (alert.expires_at - around.now) / 2)
    return Schedule("alert.remind", f"alert.{alert.id}.remind", at, {"alert": alert.id})


def act(alert: Alert, step: Step, around: Around, areas: tuple[int, ...] = ()) -> tuple[Effect, ...]:
    """Everything that follows from a step; raises NotAllowed and changes nothing."""
    state = check(alert, step, around.parts)
    change: tuple[Effect, ...] = ()
    if state is not alert.state:
        approver = around.staff if step is Step.APPROVE else None
        change = (ChangeAlert(alert.id, alert.version, state, approver),)
        if around.staff:
            change += (Audit(around.actor, f"alert.{step}", {"alert": alert.id}),)
    return (*change, *FOLLOWS[step](alert, around, areas))


def _option(label: str, alert: Alert, step: str, person: int | None) -> Option:
    return Option(label, f"alert.{step}", {"alert": alert.id}, person=person)


def _what(alert: Alert, around: Around) -> dict[str, str]:
    return {"kind": texts.KINDS[alert.kind], "text": alert.text, "until": around.until(alert.expires_at)}


def _to_drafter(text: str, around: Around, options: tuple[tuple[Option, ...], ...] = ()) -> tuple[Effect, ...]:
    person = around.drafter.person
    return (Say(text, to=Privately(person), options=options, lane=Lane.PUSH),) if person else ()


Follow = Callable[[Alert, Around, tuple[int, ...]], tuple[Effect, ...]]


def _approved(alert: Alert, around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    quiet = (lambda _area: None) if alert.danger else around.quiet
    posts = cascade(alert, around.rooms, around.holders, around.until(alert.expires_at), quiet)
    groups = sum(1 for post in posts if not isinstance(post.to, Privately))
    told = texts.APPROVED_TOLD.format(number=alert.number, groups=groups)
    return (
        Notice(texts.APPROVED.format(groups=groups)),
        Broadcast(alert.id, posts, Lane.BROADCAST, alert.expires_at, tuple(room.id for room in around.rooms)),
        MarkBranches(alert.id, (alert.area,), "passed", around.staff),  # its own level has approved it
        _card(alert, State.RUNNING, around, told),
        *_to_drafter(told, around, _watching(alert, around.drafter.person)),
        Unschedule(f"alert.{alert.id}.remind"),
        _next_check(alert, around),
    )


def _card(alert: Alert, state: State, around: Around, reach: str) -> Say:
    """How it stands, in the staff group of the alert's own area."""
    said = texts.CARD.format(
        number=alert.number, state=texts.STATE[state], area=around.area, reach=reach, **_what(alert, around)
    )
    see = Option(texts.SEE, "alert.reach", {"alert": alert.id}, roles=WATCHING, area=alert.area)
    end = Option(texts.END, "alert.end", {"alert": alert.id}, roles=WATCHING, area=alert.area)
    rows = ((see, end),) if state is State.RUNNING else ((see,),)
    return Say(said, to=StaffRoom(alert.area), options=rows, card=CardKey("alert", alert.id), lane=Lane.PUSH)


WATCHING = ("community_staff", "grid_leader", "duty_leader", "supervisor", "administrator")


def _watching(alert: Alert, person: int | None) -> tuple[tuple[Option, ...], ...]:
    return ((_option(texts.SEE, alert, "reach", person), _option(texts.END, alert, "end", person)),)


def _next_check(alert: Alert, around: Around) -> Schedule:
    at = min(around.now + WAIT[alert.danger], alert.expires_at)
    kind = "alert.urge" if alert.danger else "alert.check"  # the latter keeps quiet at night
    return Schedule(kind, f"alert.{alert.id}.check", at, {"alert": alert.id, "area": alert.area})


def _reminded(alert: Alert, around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    return _ask(texts.STILL_TO_APPROVE, alert, around)


def _refused(alert: Alert, around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    told = _to_drafter(texts.REFUSED_TOLD.format(number=alert.number), around)
    return (Notice(texts.REFUSED), *told, Unschedule(f"alert.{alert.id}.*"))


def _withdrawn(alert: Alert, _around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    return (Notice(texts.WITHDRAWN), Unschedule(f"alert.{alert.id}.*"))


def _received(alert: Alert, around: Around, areas: tuple[int, ...]) -> tuple[Effect, ...]:
    new = tuple(b.area for b in around.branches if b.area in areas and b.received_at is None)
    if not new:
        return (Notice(texts.AGAIN_RECEIVED),)
    return (MarkBranches(alert.id, new, "received", around.staff), Notice(texts.RECEIVED))


def _passed(alert: Alert, around: Around, areas: tuple[int, ...]) -> tuple[Effect, ...]:
    new = tuple(b.area for b in around.branches if b.area in areas and b.passed_at is None)
    if not new:
        return (Notice(texts.AGAIN_RECEIVED),)
    return (MarkBranches(alert.id, new, "passed", around.staff), Notice(texts.PASSED))


def _reach(alert: Alert, around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    return (Say(reach_text(alert, around.branches, detailed=True)),)


def _checked(alert: Alert, around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    """The silent are asked once more; who stays silent, or can't be reached, is named to the level above."""
    found = silent(around.branches, around.now, WAIT[alert.danger])
    effects: list[Effect] = []
    if found.ask:
        areas = tuple(b.area for b in found.ask)
        posts = again(alert, around.rooms, around.holders, around.until(alert.expires_at), frozenset(areas))
        effects += [
            Broadcast(alert.id, posts, Lane.BROADCAST, alert.expires_at),
            MarkBranches(alert.id, areas, "asked"),
        ]
    if found.name:
        effects += _named(alert, around, found.name)
        effects.append(MarkBranches(alert.id, tuple(b.area for b in found.name), "named"))
    if found.ask or found.wait:
        effects.append(_next_check(alert, around))
    return (*effects, _card(alert, alert.state, around, reach_text(alert, around.branches)))


def _named(alert: Alert, around: Around, found: tuple[Branch, ...]) -> list[Effect]:
    """One message to each level above: where nothing was heard, and who answers for it there."""
    names: dict[int, list[str]] = {}
    for holder in around.holders:
        names.setdefault(holder.area, []).append(holder.name)
    above: dict[int, list[str]] = {}
    for branch in found:
        parent = branch.place[-2]
        who = "、".join(dict.fromkeys(names.get(branch.area, ()))) or texts.NOBODY
        above.setdefault(parent, []).append(texts.SILENT.format(area=branch.name, names=who))
    said: list[Effect] = []
    for parent, lines in above.items():
        more = [texts.MORE.format(more=len(lines) - 20)] if len(lines) > 20 else []
        text = texts.NAMED.format(number=alert.number, count=len(lines), lines="\n".join([*lines[:20], *more]))
        said.append(Say(text, to=StaffRoom(parent), lane=Lane.PUSH))
    return said


def _ended(alert: Alert, around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    reach = reach_text(alert, around.branches)
    gone = (CallOff(alert.id), Unschedule(f"alert.{alert.id}.*"))
    return (*gone, Notice(texts.ENDED), _card(alert, State.ENDED, around, reach))


def _expired(alert: Alert, around: Around, _areas: tuple[int, ...]) -> tuple[Effect, ...]:
    gone = (CallOff(alert.id), Unschedule(f"alert.{alert.id}.*"))
    if alert.state is State.DRAFTED:
        return (*gone, *_to_drafter(texts.LAPSED.format(number=alert.number), around))
    reach = reach_text(alert, around.branches)
    over = texts.OVER.format(number=alert.number, reach=reach)
    return (*gone, _card(alert, State.EXPIRED, around, reach), *_to_drafter(over, around))


FOLLOWS: Mapping[Step, Follow] = {
    Step.APPROVE: _approved,
    Step.REFUSE: _refused,
    Step.WITHDRAW: _withdrawn,
    Step.REMIND: _reminded,
    Step.RECEIVE: _received,
    Step.PASS_ON: _passed,
    Step.REACH: _reach,
    Step.CHECK: _checked,
    Step.END: _ended,
    Step.EXPIRE: _expired,
}
