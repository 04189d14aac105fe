"""Volunteers who agreed on paper and have no chat yet: kept as written down, bound later by a one-time code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, insert, select, update

from storage import codes, people, personal, volunteers_people, volunteers_teams
from storage.tables import account, consent, person, team_member, volunteer

CODE = "volunteer"
LIVES = timedelta(days=365)
DIGITS = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """One form as it was filled in: `fields` are the personal ones (display_name, birth, guardian, guardian_phone)."""

    area: int
    fields: Mapping[str, str]
    skills: Sequence[str]
    times: Sequence[str]
    purposes: Sequence[str]  # agreed to
    version: str  # of the text
    signed: datetime
    team: int | None = None


def enrol(conn: Connection, form: Paper, now: datetime) -> str | None:
    """Keep a form; the code that binds it to a chat, or None when the same name and birth date is there already."""
    if known(conn, form.area, form.fields["display_name"], form.fields["birth"]) is not None:
        return None
    made = insert(person).values(created_at=now, area_id=form.area).returning(person.c.id)
    who = int(conn.execute(made).scalar_one())
    volunteers_people.register(conn, who, form.area, form.skills, form.times, now)
    for field, value in form.fields.items():
        personal.keep(conn, who, field, value, now)
    for purpose in form.purposes:
        people.agreed(conn, who, purpose, form.version, form.signed)
    if form.team is not None:
        volunteers_teams.join(conn, form.team, who, now)
    return codes.issue(conn, kind=CODE, subject={"person": who}, now=now, lifetime=LIVES, digits=DIGITS)


def known(conn: Connection, area_id: int, name: str, birth: str) -> int | None:
    """The volunteer of an area with this name and birth date, with a chat or without."""
    same = set(personal.find(conn, "display_name", name)) & set(personal.find(conn, "birth", birth))
    query = select(volunteer.c.person_id).where(volunteer.c.person_id.in_(same), volunteer.c.area_id == area_id)
    return conn.execute(query).scalars().first()


def waiting(conn: Connection, person_id: int) -> bool:
    """Whether somebody is a volunteer on paper only."""
    chat = exists().where(account.c.person_id == volunteer.c.person_id)
    query = select(volunteer.c.id).where(volunteer.c.person_id == person_id, ~chat)
    return conn.execute(query).first() is not None


def bind(conn: Connection, paper: int, person_id: int, now: datetime) -> None:
    """What stood on paper is this person's from now on; the one on paper is nobody any more."""
    for field, value in personal.read(conn, paper).items():
        personal.keep(conn, person_id, field, value, now)
    for table in (volunteer, consent, team_member):
        conn.execute(update(table).where(table.c.person_id == paper).values(person_id=person_id))
    area = conn.execute(select(person.c.area_id).where(person.c.id == paper)).scalar()
    people.settle_first(conn, person_id, area)
    personal.erase(conn, paper, now)
