"""What is needed and who promised it; units that checked in; neighbours' requests and to whom they were offered."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from flows.errors import NotAllowed
from storage.conflict import insert
from storage.tables import area, check_in, need, need_offer


def offer_oneself(conn: Connection, person_id: int, area_id: int, unit: str, offer: str, now: datetime) -> None:
    """Check in to a community; again: with another unit or offer."""
    row = {"unit": unit, "offer": offer, "at": now}
    made = insert(check_in).values(person_id=person_id, area_id=area_id, **row)
    conn.execute(made.on_conflict_do_update(index_elements=["person_id", "area_id"], set_=row))


_UNIT_OF = select(check_in.c.unit).where(
    check_in.c.person_id == bindparam("person"), check_in.c.area_id == bindparam("area")
)


def unit_of(conn: Connection, person_id: int, area_id: int) -> str | None:
    """With which unit a person checked in to a community."""
    return conn.execute(_UNIT_OF, {"person": person_id, "area": area_id}).scalar()


def resources(conn: Connection, area_id: int) -> list[tuple[str, str]]:
    """(unit, what it offers) of those that checked in to a community."""
    query = select(check_in.c.unit, check_in.c.offer).where(check_in.c.area_id == area_id).order_by(check_in.c.id)
    return [(str(u), str(o)) for u, o in conn.execute(query)]


def open_need(conn: Connection, **values: Any) -> int:
    """A new need; its id. `key` may be given (a file's), else it is made."""
    row = {"key": f"chat/{secrets.token_hex(8)}", **values}
    return int(conn.execute(insert(need).values(row).returning(need.c.id)).scalar_one())


def get(conn: Connection, id: int, *, lock: bool = False) -> Any:
    """The row of a need. Raises NotAllowed when there is none."""
    query = select(need).where(need.c.id == id)
    found = conn.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotAllowed("这一项已经不在了。")
    return found


def change(conn: Connection, id: int, state: str, **values: Any) -> None:
    conn.execute(update(need).where(need.c.id == id).values(state=state, **values))


def listed(conn: Connection, area_id: int, kinds: tuple[str, ...], states: tuple[str, ...]) -> list[Any]:
    """Needs of an area, its parts and what it lies in, oldest first."""
    here = select(area.c.path).where(area.c.id == area_id).scalar_subquery()
    near = select(area.c.id).where(or_(area.c.path.startswith(here), here.startswith(area.c.path)))
    query = select(need).where(need.c.area_id.in_(near), need.c.kind.in_(kinds), need.c.state.in_(states))
    return list(conn.execute(query.order_by(need.c.at, need.c.id).limit(50)))


def promised_by(conn: Connection, person_id: int) -> list[Any]:
    """What a person has promised and not finished."""
    query = select(need).where(need.c.person_id == person_id, need.c.state.in_(("promised", "done")))
    return list(conn.execute(query.order_by(need.c.id)))


def asked_by(conn: Connection, person_id: int) -> list[Any]:
    """A neighbour's own requests that are not finished."""
    query = select(need).where(need.c.asker_id == person_id, need.c.state.in_(("open", "promised", "done")))
    return list(conn.execute(query.order_by(need.c.id)))


def offered(conn: Connection, need_id: int, people: tuple[int, ...], now: datetime) -> None:
    rows = [{"need_id": need_id, "person_id": one, "state": "offered", "at": now} for one in people]
    if rows:
        conn.execute(insert(need_offer).on_conflict_do_nothing(), rows)


def offers(conn: Connection, need_id: int) -> dict[int, str]:
    """To whom a request was offered, and what became of it."""
    query = select(need_offer.c.person_id, need_offer.c.state).where(need_offer.c.need_id == need_id)
    return {row.person_id: row.state for row in conn.execute(query)}


def answered(conn: Connection, need_id: int, person_id: int, state: str) -> None:
    own = (need_offer.c.need_id == need_id) & (need_offer.c.person_id == person_id)
    conn.execute(update(need_offer).where(own).values(state=state))
