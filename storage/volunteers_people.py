"""Who is a volunteer, with which skills and times; names and birth dates are personal fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, or_, select, update

from flows.domain.volunteering import Candidate
from storage import personal
from storage.conflict import insert
from storage.tables import account, area, certificate, check_in, need, need_offer, person, team_member, volunteer

FIELDS = ("display_name", "birth", "guardian", "guardian_phone")


def register(
    conn: Connection, person_id: int, area_id: int | None, skills: Sequence[str], times: Sequence[str], now: datetime
) -> None:
    """A person is a volunteer; again: with other skills and times."""
    row = {"area_id": area_id, "skills": list(skills), "times": list(times)}
    made = insert(volunteer).values(person_id=person_id, at=now, **row)
    conn.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=row))


def unregister(conn: Connection, person_id: int) -> None:
    """No volunteer any more: the row and the personal fields go."""
    conn.execute(delete(volunteer).where(volunteer.c.person_id == person_id))
    conn.execute(delete(team_member).where(team_member.c.person_id == person_id))
    personal.forget(conn, person_id, FIELDS)


def forget(conn: Connection, person_id: int) -> None:
    """What a person is and said as a volunteer goes; hours and certificates' numbers stay, without a name."""
    unregister(conn, person_id)
    conn.execute(delete(check_in).where(check_in.c.person_id == person_id))
    conn.execute(update(certificate).where(certificate.c.person_id == person_id).values(masked="*"))
    asked = (need.c.asker_id == person_id, need.c.state.in_(("open", "promised")))
    conn.execute(update(need).where(*asked).values(state="withdrawn"))
    conn.execute(update(need).where(need.c.asker_id == person_id).values(about=""))


_GET = select(volunteer).where(volunteer.c.person_id == bindparam("person"))


def get(conn: Connection, person_id: int) -> Any | None:
    """The row of a volunteer (area_id, skills, times, board)."""
    return conn.execute(_GET, {"person": person_id}).first()


def home(conn: Connection, person_id: int) -> int | None:
    """The area somebody serves in as a volunteer, else the one they live in."""
    found = select(func.coalesce(volunteer.c.area_id, person.c.area_id))
    joined = found.select_from(person.outerjoin(volunteer, volunteer.c.person_id == person.c.id))
    return conn.execute(joined.where(person.c.id == person_id)).scalar()


def show_on_board(conn: Connection, person_id: int, board: str) -> None:
    conn.execute(update(volunteer).where(volunteer.c.person_id == person_id).values(board=board))


def names(conn: Connection, people: Iterable[int]) -> dict[int, str]:
    """The display names of those who gave one."""
    found = ((one, personal.read(conn, one).get("display_name")) for one in people)
    return {one: name for one, name in found if name}


def candidates(conn: Connection, area_id: int, since: datetime, without: Iterable[int]) -> list[Candidate]:
    """Volunteers of an area's community and around it, with how near they are and how often asked since."""
    asked = (
        select(func.count())
        .where(need_offer.c.person_id == volunteer.c.person_id, need_offer.c.at >= since)
        .scalar_subquery()
    )
    path = str(conn.execute(select(area.c.path).where(area.c.id == area_id)).scalar_one())
    home = func.coalesce(person.c.area_id, volunteer.c.area_id)
    rows = conn.execute(
        select(volunteer.c.person_id, volunteer.c.skills, volunteer.c.times, area.c.path, asked.label("asked"))
        .join(person, person.c.id == volunteer.c.person_id)
        .join(area, area.c.id == home)
        .where(or_(area.c.path.startswith(_upper(path)), area.c.id == area_id))
        .where(exists().where(account.c.person_id == volunteer.c.person_id))  # on paper only: nobody to ask
    )
    gone = set(without)
    return [
        Candidate(r.person_id, frozenset(r.skills), frozenset(r.times), _apart(path, r.path), r.asked)
        for r in rows
        if r.person_id not in gone
    ]


def _upper(path: str) -> str:
    """The path of what lies around: /1/4/9/ → /1/4/."""
    parts = path.strip("/").split("/")
    return f"/{'/'.join(parts[:-1])}/" if len(parts) > 1 else path


def _apart(one: str, other: str) -> int:
    """How many levels of the first path the second does not share."""
    a, b = one.strip("/").split("/"), other.strip("/").split("/")
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return len(a) - shared
