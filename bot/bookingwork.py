"""An appointment in the shell: capacity checked in the transaction, the address kept encrypted, the rest decided."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot import casework
from bot.world import World
from flows import effects as fx
from flows.appointment import desk, texts
from flows.domain.booking import TAKERS, Booking, Part, Step, Window, windows
from flows.errors import NotAllowed
from storage import bookings, community, people, personal, sequence, threads

if TYPE_CHECKING:
    from bot.effects import Here


def write(conn: Connection, world: World, here: Here, effect: fx.BookingEffect) -> list[fx.Effect]:
    """Write one effect about an appointment; what follows from it."""
    match effect:
        case fx.Book():
            return _book(conn, world, here, effect)
        case fx.ActOnBooking(id, action):
            return _act(conn, world, here, id, action)
        case fx.ChangeBooking(id, version, state, owner):
            bookings.change(conn, id, version, state, owner)
    return []


def windows_of(conn: Connection, area: int) -> tuple[Window, ...]:
    """What a community takes appointments for."""
    return windows(community.options(conn, area).get("windows"))


def for_advice(conn: Connection, area: int | None, thread: int, kind: str) -> fx.BeginFlow | None:
    """What a legal question that nobody could take goes on with: a mediation, or an hour of legal aid where there is
    such a window; staff hear the field, not the question. None: there is none, and people arrange it."""
    field = str(threads.subject(conn, thread).get("field") or "")
    if kind == "mediation":
        known = FIELDS.get(field)
        return fx.BeginFlow("mediation", {"kind": known} if known else {})
    window = next((w for w in windows_of(conn, area) if LEGAL_AID in w.name), None) if area else None
    if window is None:
        return None
    return fx.BeginFlow("appointment", {"window": window.key, "note": texts.FIELD.format(field=field or "法律")})


LEGAL_AID = "法律援助"
FIELDS = {"劳动": "labour", "婚姻家庭": "family", "物业": "property", "邻里": "neighbours"}


def _book(conn: Connection, world: World, here: Here, effect: fx.Book) -> list[fx.Effect]:
    window = next((w for w in windows_of(conn, effect.area) if w.key == effect.window), None)
    if window is None:
        raise NotAllowed(texts.NONE)
    world.database.lock(conn, f"booking:{effect.area}:{window.key}")  # two for the last place: one gets it
    if effect.starts_at is not None:
        counted = {(key, at): number for _, key, at, number in bookings.taken(conn, here.now, effect.area)}
        if counted.get((window.key, effect.starts_at), 0) >= window.capacity:
            raise NotAllowed(texts.GONE)
    day = here.now.astimezone(casework.zone(conn, world, effect.area)).strftime("%y%m%d")
    made = bookings.book(
        conn,
        number=f"U{day}-{sequence.next_number(conn, f'U{day}')}",
        window=window.key,
        name=window.name,
        way=window.way,
        area_id=effect.area,
        person_id=effect.person,
        starts_at=effect.starts_at,
        proxy=effect.proxy,
        note=effect.note,
        now=here.now,
    )
    if people.area_of_person(conn, effect.person) is None:
        people.settle(conn, effect.person, effect.area)
    if effect.address:
        personal.keep(conn, effect.person, bookings.address_field(made.id), effect.address, here.now)
    receipt = fx.Say(effect.receipt.replace("{number}", made.number), options=(desk.cancelling(made),))
    return [receipt, *desk.opened(made, _around(conn, world, here, made))]


def _act(conn: Connection, world: World, here: Here, id: int, action: str) -> list[fx.Effect]:
    booking = bookings.load(conn, id)
    around = _around(conn, world, here, booking)
    if action == "remind":
        return list(desk.remind(booking, around))
    return list(desk.act(booking, Step(action), around))


def _around(conn: Connection, world: World, here: Here, booking: Booking) -> desk.Around:
    parts = _parts(conn, world, here, booking)
    owner = people.staff_by_id(conn, [booking.owner]) if booking.owner else []
    if not owner and here.staff and Part.STAFF in parts:
        owner = [here.staff]  # who is about to take it
    kept = personal.read(conn, booking.person)
    window = next((w for w in windows_of(conn, booking.area) if w.key == booking.window), None)
    return desk.Around(
        now=here.now,
        zone=casework.zone(conn, world, booking.area),
        parts=parts,
        staff=here.staff.id if here.staff else None,
        owner=owner[0].person if owner else None,
        taker=owner[0].name if owner else "",
        address=kept.get(bookings.address_field(booking.id), ""),
        needs=window.needs if window else "",
    )


def _parts(conn: Connection, world: World, here: Here, booking: Booking) -> frozenset[Part]:
    if here.actor == "clock":
        return frozenset({Part.CLOCK})
    found = {Part.ASKER} if here.person == booking.person else set()
    if here.staff:
        places = world.known(conn).places
        if here.staff.id == booking.owner:
            found.add(Part.OWNER)
        if any(
            (r.role in TAKERS and places.inside(booking.area, r.area)) or _within(world, conn, r, booking)
            for r in here.staff.roles
        ):
            found.add(Part.STAFF)
    return frozenset(found)


def _within(world: World, conn: Connection, held: people.StaffRole, booking: Booking) -> bool:
    """A grid worker takes appointments of the community the grid lies in."""
    return held.role in ("grid_worker", "grid_leader") and world.known(conn).places.inside(held.area, booking.area)


def facts(conn: Connection, area: int, community: int | None, person: int, now: datetime) -> dict[str, object]:
    """What the flow may look at: the windows of an area, what is taken there (or, not knowing where, anywhere)."""
    return {
        "windows": windows_of(conn, area),
        "booked": bookings.taken(conn, now, community),
        "bookings": bookings.mine(conn, person, now),
    }
