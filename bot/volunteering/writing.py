"""Effects of volunteering -> rows, and what follows from each."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot import casework
from bot.volunteering import needs, shifts, swapping, teams
from bot.world import World
from flows.domain.volunteering import STARS, masked, reached
from flows.effects import (
    CancelSignUp,
    CreditHours,
    Effect,
    Lane,
    Notice,
    Privately,
    Say,
    SignUp,
    TakeBackHours,
)
from flows.effects import volunteers as vx
from flows.errors import NotAllowed
from flows.volunteer import desk, register_texts, roll, texts
from flows.volunteer import roll_texts as said
from flows.volunteer.rules import late, no_reminders
from storage import (
    audit,
    codes,
    people,
    points,
    volunteers,
    volunteers_hours,
    volunteers_needs,
    volunteers_paper,
    volunteers_people,
)

if TYPE_CHECKING:
    from bot.effects import Here

STAND_IN_LIVES = timedelta(days=2)
STAR = "一二三四五"


def write(conn: Connection, world: World, here: Here, effect: vx.VolunteerEffect) -> list[Effect]:
    """Write one effect; what follows from it is returned, to be written next. Raises NotAllowed."""
    one = _FOLLOWED.get(type(effect))
    if one is not None:
        return one(conn, world, here, effect)
    _noted(conn, here, effect)
    return []


def _noted(conn: Connection, here: Here, effect: vx.VolunteerEffect) -> None:
    """Write an effect that nothing follows from."""
    now = here.now
    match effect:
        case vx.Register(person, area, skills, times):
            volunteers_people.register(conn, person, area, skills, times, now)
            people.settle_first(conn, person, area)
        case vx.BindVolunteer():
            _bind(conn, here, effect)
        case vx.ShowOnBoard(person, board):
            volunteers_people.show_on_board(conn, person, board)
        case vx.NoteNear(person, hours):
            volunteers_hours.told_near(conn, person, hours, now)
        case vx.OfferOneself(person, area, unit, offer):
            volunteers_needs.offer_oneself(conn, person, area, unit, offer, now)
            people.settle_first(conn, person, area)
        case _:
            raise TypeError(type(effect).__name__)


# -- places -----------------------------------------------------------------------------------------------------------


def signed_up(conn: Connection, world: World, here: Here, effect: SignUp) -> list[Effect]:
    """A place is taken, or waited for; the organiser's list of the start and of the end is set."""
    volunteers.sign_up_for(conn, effect.shift, effect.person, effect.state, here.now)
    view = volunteers.get(conn, effect.shift)
    assert view
    return [*shifts.due(view), *shifts.shown(conn, world, view)]


def cancelled(conn: Connection, world: World, here: Here, effect: CancelSignUp) -> list[Effect]:
    """A place is given back: who waits first is asked; the organiser hears of it when it is late."""
    was = volunteers.cancel(conn, effect.shift, effect.person)
    view = volunteers.get(conn, effect.shift)
    if view is None or was is None:
        return []
    zone = casework.zone(conn, world, view.area)
    waiting = volunteers.next_waiting(conn, effect.shift) if was in volunteers.HELD else None
    effects = list(desk.moved_up(view, waiting, here.now, zone)) if waiting else []
    if was == "confirmed" and late(view, here.now) and here.now < view.ends_at:
        names = volunteers_people.names(conn, [effect.person])
        who = names.get(effect.person, said.NEIGHBOUR)
        next_ = texts.NEXT_ASKED if effects else texts.NOBODY_NEXT
        text = texts.filled(texts.LATE_LEFT, view, zone, who=who, hours=view.cancel_hours, next=next_)
        effects.append(Say(text, to=shifts.organiser(conn, view.area, view.organiser), lane=Lane.PUSH))
    return [*effects, *shifts.shown(conn, world, view)]


def _find_stand_in(conn: Connection, world: World, here: Here, effect: vx.FindStandIn) -> list[Effect]:
    """A code for whoever stands in, told to the one who asked."""
    subject = {"shift": effect.shift, "person": effect.person}
    code = codes.issue(conn, kind="stand_in", subject=subject, now=here.now, lifetime=STAND_IN_LIVES, digits=6)
    return [Say(effect.receipt.replace("{code}", code), to=Privately(effect.person))]


def _bind(conn: Connection, here: Here, effect: vx.BindVolunteer) -> None:
    row = points.code_by_id(conn, effect.code)
    if row is None or row.kind != volunteers_paper.CODE or not codes.use(conn, row.id, here.now):
        raise NotAllowed(register_texts.WRONG_CODE)
    if volunteers_people.get(conn, effect.person) is not None:
        raise NotAllowed(register_texts.REGISTERED_ALREADY)
    paper = int(row.subject["person"])
    volunteers_paper.bind(conn, paper, effect.person, here.now)
    audit.record(conn, actor=here.actor, action="bind_volunteer", subject={"paper": paper}, now=here.now)


def _unregister(conn: Connection, world: World, here: Here, effect: vx.Unregister) -> list[Effect]:
    """What has not begun is given back, then the row and the personal fields go."""
    person = effect.person
    coming = [s for s in volunteers.of_person(conn, person, here.now) if s.starts_at > here.now]
    volunteers_people.unregister(conn, person)
    gone: list[Effect] = []
    for shift in coming:
        gone += [CancelSignUp(shift.id, person), no_reminders(shift.id, person)]
    return gone


def _open_activity(conn: Connection, world: World, here: Here, effect: vx.OpenActivity) -> list[Effect]:
    """The rows, and a card for the first shifts in each residents' group of the area."""
    shifts.check_organiser(conn, world, here, effect.area)
    key = f"chat/{secrets.token_hex(6)}"
    values = {"area_id": effect.area, "title": effect.title, "place": effect.place, "about": effect.about}
    more = {"organiser_id": effect.organiser, "min_age": effect.min_age, "risk": effect.risk, "active": True}
    wanted: dict[str, Any] = {"skills": list(effect.skills) or None, "deadline_hours": effect.deadline_hours}
    more["team_id"] = teams.own(conn, here, effect.team)
    activity = volunteers.add_activity(conn, key=key, **values, **more, **wanted)
    audit.record(conn, actor=here.actor, action="open_activity", subject={"activity": activity}, now=here.now)
    opened = vx.OpenShifts(activity, effect.times, effect.capacity, effect.announce)
    return [*_add(conn, world, activity, key, opened), *teams.news(conn, world, here, activity)]


def _open_shifts(conn: Connection, world: World, here: Here, effect: vx.OpenShifts) -> list[Effect]:
    """More of an activity there is, told to the one who opened them. Raises NotAllowed when all are there already."""
    row = volunteers.activity_of(conn, effect.activity)
    if row is None or not row.active:
        raise NotAllowed("这项活动已经结束了，要再办请发「发布活动」。")
    shifts.check_organiser(conn, world, here, row.area_id, row.organiser_id)
    audit.record(conn, actor=here.actor, action="open_shifts", subject={"activity": row.id}, now=here.now)
    return [*_add(conn, world, row.id, row.key, effect), *teams.news(conn, world, here, row.id)]


def _add(conn: Connection, world: World, activity: int, key: str, effect: vx.OpenShifts) -> list[Effect]:
    found = (
        volunteers.add_shift(conn, f"{key}/{secrets.token_hex(6)}", activity, start, end, effect.capacity)
        for start, end in effect.times
        if not volunteers.begins(conn, activity, start)
    )
    made = [id for id in found if id is not None]
    if not made:
        raise NotAllowed("这些时间的场次已经有了，没有重复开。")
    area = volunteers.activity_of(conn, activity).area_id
    rooms = volunteers.residents_rooms(conn, area) if effect.announce else []
    return [shifts.card(conn, world, made[0], room) for room in rooms]


# -- hours ------------------------------------------------------------------------------------------------------------


def _record(conn: Connection, world: World, here: Here, entry: vx.RecordHours) -> list[Effect]:
    """A row is added; the person is told, and an organiser when a commendation is due."""
    row = volunteers_hours.record(conn, entry, here.now)
    if row is None:
        return []
    action = "reverse_hours" if entry.minutes < 0 else "confirm_hours"
    audit.record(conn, actor=here.actor, action=action, subject={"hours": row}, now=here.now)
    total = volunteers_hours.total(conn, entry.person)
    view = volunteers.get(conn, entry.shift) if entry.shift else None
    told = [hours for hours, (at, _) in volunteers_hours.commendations(conn, entry.person).items() if at]
    effects = list(roll.credited(entry, view.title if view else entry.note, total, told))
    if entry.reverses:
        volunteers_hours.revoke(conn, entry.person, here.now, above=total)
        return [*effects, TakeBackHours(volunteers_hours.key_of(conn, entry.reverses))]
    effects.append(CreditHours(entry.key, entry.person, entry.minutes, view.title if view else entry.note))
    if any(total - entry.minutes < h * 60 for h in reached(total)):
        name = volunteers_people.names(conn, [entry.person]).get(entry.person, said.NEIGHBOUR)
        to = shifts.organiser(conn, entry.area, view.organiser if view else None)
        effects += roll.to_commend(entry, name, total, STARS, to)
    return effects


def _certify(conn: Connection, world: World, here: Here, effect: vx.Certify) -> list[Effect]:
    """A certificate of what stands confirmed now, and a link to it that lasts a week."""
    minutes = volunteers_hours.total(conn, effect.person)
    id, number = volunteers_hours.certify(conn, effect.person, masked(effect.name), minutes, here.now)
    week = timedelta(days=7)
    code = codes.issue(conn, kind="certificate", subject={"certificate": id}, now=here.now, lifetime=week)
    link = f"{world.public_url}/certificate/{code}"
    text = effect.receipt.replace("{number}", number).replace("{link}", link)
    return [Say(text, to=Privately(effect.person))]


def _commend(conn: Connection, world: World, here: Here, effect: vx.Commend) -> list[Effect]:
    person, hours = effect.person, effect.hours
    if reached(volunteers_hours.total(conn, person))[-1:] < (hours,):
        raise NotAllowed("时长更正后还不到这一档，先不授予。")
    volunteers_hours.commend(conn, person, hours, effect.staff, here.now)
    audit.record(conn, actor=here.actor, action="commend", subject={"person": person, "hours": hours}, now=here.now)
    who = here.staff.name if here.staff else "社区"
    star = f"{STAR[STARS.index(hours)]}星志愿者" if hours in STARS else ""
    text = said.GRANTED.format(hours=hours, who=who, star=star)
    return [Say(text, to=Privately(person), lane=Lane.PUSH), Notice(said.GRANTED_STAFF)]


_FOLLOWED: Mapping[type, Callable[[Connection, World, Here, Any], list[Effect]]] = {
    SignUp: signed_up,
    CancelSignUp: cancelled,
    vx.ActOnShift: shifts.act,
    vx.ActOnNeed: needs.write,
    vx.OpenNeed: needs.write,
    vx.RecordHours: _record,
    vx.Unregister: _unregister,
    vx.FindStandIn: _find_stand_in,
    vx.TakeOver: swapping.take_over,
    vx.AskSwap: swapping.ask,
    vx.Swap: swapping.swap,
    vx.OpenActivity: _open_activity,
    vx.OpenShifts: _open_shifts,
    vx.JoinTeam: teams.write,
    vx.LeaveTeam: teams.write,
    vx.Certify: _certify,
    vx.Commend: _commend,
}
