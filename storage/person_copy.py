"""Everything that is held of a person, as one value to be read or taken along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage import cases, personal
from storage.tables import (
    account,
    activity,
    area,
    booking,
    case,
    case_party,
    consent,
    file,
    goods,
    household,
    household_member,
    mediation,
    mediation_party,
    person,
    redemption,
    shift,
    sign_up,
    team,
    team_member,
    thread,
    thread_line,
)

TOLD = frozenset(
    {"open", "add", "suspend", "extend", "resolve", "reject", "rate", "tell"}
)  # whose words the person knows
ALL_TOLD = frozenset({"resolve", "tell"})  # and which every neighbour knows


def by_number(conn: Connection, number: str) -> list[int]:
    """Who reported the case, or asked in the thread, of this number."""
    mine = [conn.execute(select(t.c.person_id).where(t.c.number == number)).scalar() for t in (case, thread)]
    return [person_id for person_id in mine if person_id is not None]


def everything(conn: Connection, person_id: int) -> dict[str, Any]:
    """All of it, in plain values (JSON). Raises LookupError when there is no such person."""
    known = conn.execute(
        select(person.c.created_at, person.c.script, area.c.name.label("area"), person.c.erased_at)
        .join(area, area.c.id == person.c.area_id, isouter=True)
        .where(person.c.id == person_id)
    ).first()
    if known is None:
        raise LookupError(f"no person {person_id}")
    return {
        "person": {"id": person_id, **_plain(known._mapping)},
        "personal": personal.read(conn, person_id),
        "consents": consents(conn, person_id),
        "accounts": _all(conn, select(account.c.channel, account.c.address).where(account.c.person_id == person_id)),
        "cases": [_case(conn, id, person_id) for id in _cases(conn, person_id)],
        "threads": [_thread(conn, row) for row in conn.execute(_threads(person_id))],
        "sign_ups": _all(conn, _sign_ups(person_id)),
        "teams": _all(conn, _teams(person_id)),
        "households": _all(conn, _households(person_id)),
        "bookings": _all(conn, _bookings(person_id)),
        "mediations": _all(conn, _mediations(person_id)),
        "redemptions": _all(conn, _redemptions(person_id)),
        "photos": conn.execute(select(func.count()).where(file.c.person_id == person_id)).scalar_one(),
    }


def consents(conn: Connection, person_id: int) -> list[dict[str, Any]]:
    """What the person agreed to, in which version of its text, from when to when."""
    columns = (consent.c.purpose, consent.c.text_version, consent.c.at, consent.c.withdrawn_at)
    return _all(conn, select(*columns).where(consent.c.person_id == person_id).order_by(consent.c.id))


def _cases(conn: Connection, person_id: int) -> list[int]:
    query = select(case_party.c.case_id).where(case_party.c.person_id == person_id).order_by(case_party.c.case_id)
    return list(conn.execute(query).scalars())


def _case(conn: Connection, id: int, person_id: int) -> dict[str, Any]:
    """A case as its reporter may see it; a neighbour who joined gets what is told to every neighbour."""
    row = conn.execute(select(case).where(case.c.id == id)).one()
    mine = row.person_id == person_id
    told = {"number": row.number, "service": row.service, "status": row.status, "opened_at": row.opened_at}
    known = TOLD if mine else ALL_TOLD  # what colleagues write for each other stays with them
    history = cases.history(conn, id)
    if mine:
        told |= {"description": row.description, "place": row.place}
        told |= {name: history[0].data[name] for name in ("when", "happened") if history[0].data.get(name)}
    steps = [
        {"at": e.at, "step": e.kind, "note": str(e.data.get("note") or "") if e.kind in known else ""} for e in history
    ]
    return _plain({**told, "role": "reporter" if mine else "neighbour"}) | {"history": [_plain(s) for s in steps]}


def _threads(person_id: int) -> Select[Any]:
    return select(thread).where(thread.c.person_id == person_id).order_by(thread.c.id)


def _thread(conn: Connection, row: Any) -> dict[str, Any]:
    lines = select(thread_line.c.at, thread_line.c.author, thread_line.c.text).where(thread_line.c.thread_id == row.id)
    told = {"number": row.number, "kind": row.kind, "state": row.state, "opened_at": row.opened_at}
    question = str(row.subject.get("question") or "")
    return _plain(told) | {"question": question, "lines": _all(conn, lines.order_by(thread_line.c.id))}


def _sign_ups(person_id: int) -> Select[Any]:
    return (
        select(activity.c.title, shift.c.starts_at, shift.c.ends_at, sign_up.c.state)
        .join(shift, shift.c.id == sign_up.c.shift_id)
        .join(activity, activity.c.id == shift.c.activity_id)
        .where(sign_up.c.person_id == person_id)
        .order_by(shift.c.starts_at)
    )


def _teams(person_id: int) -> Select[Any]:
    return (
        select(team.c.name, team_member.c.at)
        .join(team, team.c.id == team_member.c.team_id)
        .where(team_member.c.person_id == person_id)
        .order_by(team_member.c.id)
    )


def _households(person_id: int) -> Select[Any]:
    return (
        select(household.c.name, household_member.c.since, household_member.c.until)
        .join(household, household.c.id == household_member.c.household_id)
        .where(household_member.c.person_id == person_id)
        .order_by(household_member.c.id)
    )


def _bookings(person_id: int) -> Select[Any]:
    said = (booking.c.proxy, booking.c.note)
    return (
        select(booking.c.number, booking.c.way, booking.c.name, booking.c.starts_at, booking.c.state, *said)
        .where(booking.c.person_id == person_id)
        .order_by(booking.c.id)
    )


def _mediations(person_id: int) -> Select[Any]:
    """What they told the mediator and what was agreed; never the other side's words, nor what staff wrote of both."""
    known = (mediation.c.number, mediation.c.kind, mediation.c.opened_at, mediation.c.state, mediation.c.agreement)
    return (
        select(*known, mediation_party.c.words)
        .join(mediation, mediation.c.id == mediation_party.c.mediation_id)
        .where(mediation_party.c.person_id == person_id)
        .order_by(mediation.c.id)
    )


def _redemptions(person_id: int) -> Select[Any]:
    return (
        select(goods.c.title, redemption.c.points, redemption.c.state, redemption.c.at)
        .join(goods, goods.c.id == redemption.c.goods_id)
        .where(redemption.c.person_id == person_id)
        .order_by(redemption.c.id)
    )


def _all(conn: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [_plain(row._mapping) for row in conn.execute(query)]


def _plain(row: Any) -> dict[str, Any]:
    return {str(k): v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()}
