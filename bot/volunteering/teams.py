"""Teams behind the effects: joining and leaving, and telling everybody in one of what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import casework
from bot.volunteering import shifts
from bot.world import World
from flows.effects import Effect, Lane, Option, Privately, Say
from flows.effects.volunteers import JoinTeam, LeaveTeam
from flows.errors import NotAllowed
from flows.volunteer import roll_texts, texts
from flows.volunteer import team_texts as said
from storage import audit, volunteers, volunteers_people, volunteers_teams

if TYPE_CHECKING:
    from bot.effects import Here


def write(conn: Connection, world: World, here: Here, effect: JoinTeam | LeaveTeam) -> list[Effect]:
    """Raises NotAllowed when there is no such team, or the person is no volunteer."""
    if isinstance(effect, LeaveTeam):
        volunteers_teams.leave(conn, effect.person, effect.team)
        return []
    if volunteers_people.get(conn, effect.person) is None:
        raise NotAllowed(said.REGISTER_FIRST)
    new = volunteers_teams.join(conn, effect.team, effect.person, here.now)
    team = volunteers_teams.get(conn, effect.team, effect.person)
    if team is None:
        raise NotAllowed(said.GONE)
    if not new:
        return []
    who = volunteers_people.names(conn, [effect.person]).get(effect.person, roll_texts.NEIGHBOUR)
    told = said.TOLD_LEADER.format(who=who, name=team.name, count=team.members)
    return [Say(told, to=shifts.organiser(conn, team.area, team.leader), lane=Lane.PUSH)]


def own(conn: Connection, here: Here, id: int | None) -> int | None:
    """The team an activity is to be of; raises NotAllowed when whoever opens it doesn't lead it."""
    if id is None:
        return None
    team = volunteers_teams.get(conn, id)
    if team is None or here.staff is None or team.leader != here.staff.id:
        raise NotAllowed(said.GONE)
    return team.id


def news(conn: Connection, world: World, here: Here, activity: int) -> list[Effect]:
    """Everybody in the team hears of its next shift, with the button that signs up; the one who opened it knows."""
    row = volunteers.activity_of(conn, activity)
    team = volunteers_teams.get(conn, row.team_id) if row.team_id else None
    shift = volunteers.next_of(conn, activity, here.now)
    if team is None or shift is None:
        return []
    audit.record(conn, actor=here.actor, action="team_news", subject={"team": team.id}, now=here.now)
    text = said.TEAM_NEWS.format(name=team.name, detail=texts.detail(shift, casework.zone(conn, world, team.area)))
    join = ((Option(roll_texts.CARD_JOIN, "shift.join", {"shift": shift.id}),),)
    people = [one for one in volunteers_teams.members(conn, team.id) if one != here.person]
    return [Say(text, to=Privately(one), options=join, lane=Lane.BROADCAST) for one in people]
