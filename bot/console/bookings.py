"""The staff pages of appointments: what is asked for, who has taken what, the address for the one who goes there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from flows import refusals
from flows.appointment import texts
from flows.domain.booking import MOVES, TAKERS, Booking, Part, State, Step
from storage import bookings, desk, personal
from storage.desk import Member

LABELS = {Step.CONFIRM: texts.TAKE, Step.DECLINE: texts.DECLINE, Step.FINISH: texts.DONE}
NOT_THERE = "没有这个预约，或者不归您管。"


class BookingPages:
    """The routes of appointments below /staff."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/bookings", signed(self.list)),
            Route("/staff/bookings/{id:int}", signed(self.one)),
            Route("/staff/bookings/{id:int}/act", signed(self.act), methods=["POST"]),
        ]

    async def list(self, signed: Signed) -> Response:
        context = await self._staff.ask(_list, signed.member)
        return self._staff.page(signed, "bookings.html", {**context, "texts": texts})

    async def one(self, signed: Signed) -> Response:
        """One appointment; looking at it leaves a trace."""
        id = signed.request.path_params["id"]
        context = await self._staff.ask(_one, signed.member, id)
        await self._staff.read(signed, "read_booking", {"booking": id})
        return self._staff.page(signed, "booking.html", {**context, "texts": texts})

    async def act(self, signed: Signed) -> Response:
        id = signed.request.path_params["id"]
        await self._staff.ask(_one, signed.member, id)
        action = str((await signed.request.form()).get("action", ""))
        if action not in LABELS:
            raise HTTPException(400, refusals.NO_STEP)
        said = await self._staff.act(signed, f"booking.{action}", {"booking": id}, None)
        return self._staff.back(f"/staff/bookings/{id}", said)


def _seen(conn: Connection, member: Member, only: int | None = None) -> list[tuple[Booking, str]]:
    """A grid's people take the appointments of the community around them, too."""
    return bookings.seen_from(conn, [post.path for post in member.posts if post.role in TAKERS], only=only)


def _list(conn: Connection, member: Member) -> dict[str, Any]:
    found = _seen(conn, member)
    return {"found": found, "names": desk.names(conn, [b.owner for b, _ in found if b.owner])}


def _one(conn: Connection, member: Member, id: int) -> dict[str, Any]:
    seen = _seen(conn, member, id)
    if not seen:
        raise HTTPException(404, NOT_THERE)
    ((booking, area),) = seen
    mine = booking.owner == member.id
    parts = {Part.STAFF} | ({Part.OWNER} if mine else set())
    kept = personal.read(conn, booking.person) if mine else {}
    return {
        "booking": booking,
        "area": area,
        "owner": desk.names(conn, [booking.owner]).get(booking.owner, "") if booking.owner else "",
        "address": kept.get(bookings.address_field(id), "") if booking.state is State.CONFIRMED else "",
        "can": [(s, label) for s, label in LABELS.items() if (m := MOVES.get((booking.state, s))) and m[1] & parts],
    }
