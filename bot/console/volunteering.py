"""The staff pages of volunteering: shifts with their lists, the code of the place, confirming, calling off, tables."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from bot.volunteering import sheet, shifts
from flows import refusals
from flows.domain.volunteering import EARLY, place_codes
from flows.facts import ShiftView
from flows.volunteer.roll import ORGANISERS, state
from storage import volunteers
from storage.desk import Member

STEPS = frozenset({"confirm", "move", "call_off", "tell", "correct"})
FIELDS = ("person", "time")
TIMES = ("start", "end")
PAST, AHEAD = timedelta(days=31), timedelta(days=92)
NOT_THERE = "没有这场活动，或者不归您组织。"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


Scene = Callable[[str], Awaitable[str | None]]
"""What a QR code says that opens a platform's chat with a code; None: there is none now."""


class VolunteerPages:
    """The routes of volunteering below /staff."""

    def __init__(self, staff: StaffPages, secret: bytes, public_url: str, scene: Scene | None = None) -> None:
        self._staff = staff
        self._secret = secret
        self._public_url = public_url
        self._scene = scene

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/volunteers", signed(self.shifts)),
            Route("/staff/volunteers/{id:int}", signed(self.shift)),
            Route("/staff/volunteers/{id:int}/act", signed(self.act), methods=["POST"]),
            Route("/staff/volunteers/{id:int}/code.svg", signed(self.code)),
            Route("/staff/volunteers/table.{form}", signed(self.table)),
        ]

    async def shifts(self, signed: Signed) -> Response:
        """What took place lately and what is to come, where the person organises."""
        found = await self._staff.ask(self._organised, signed.member)
        return self._staff.page(signed, "volunteers.html", {"shifts": found})

    def _organised(self, conn: Connection, member: Member) -> list[ShiftView]:
        now = self._staff.clock()
        areas = [held.area for held in member.staff.roles if held.role in ORGANISERS]
        return volunteers.organised(conn, areas, now - PAST, now + AHEAD) if areas else []

    def _one(self, conn: Connection, member: Member, id: int) -> dict[str, Any]:
        shift = next((s for s in self._organised(conn, member) if s.id == id), None)
        if shift is None:
            raise HTTPException(404, NOT_THERE)
        people = shifts.present(conn, id)
        now = self._staff.clock()
        on = shift.starts_at - EARLY <= now <= shift.ends_at
        rows = [(one, state(shift, one, now)) for one in people]
        code = place_codes(self._secret, id, now)[0] if on else ""
        return {"shift": shift, "rows": rows, "code": code, "over": now >= shift.ends_at}

    async def shift(self, signed: Signed) -> Response:
        """One shift with everybody on its list; looking at the names leaves a trace."""
        id = signed.request.path_params["id"]
        context = await self._staff.ask(self._one, signed.member, id)
        await self._staff.read(signed, "read_roster", {"shift": id})
        return self._staff.page(signed, "volunteer_shift.html", context)

    async def act(self, signed: Signed) -> Response:
        id = signed.request.path_params["id"]
        form = await signed.request.form()
        step = str(form.get("step", ""))
        if step not in STEPS:
            raise HTTPException(400, refusals.NO_STEP)
        args = {"shift": id, **{name: str(form[name]) for name in FIELDS if name in form}}
        sent = {name: signed.time.sent(str(form[name])) for name in TIMES if name in form}
        args |= {name: at.isoformat() for name, at in sent.items() if at}
        said = await self._staff.act(signed, f"shift.{step}", args, str(form.get("note", ""))[:200])
        return self._staff.back(f"/staff/volunteers/{id}", said)

    async def code(self, signed: Signed) -> Response:
        """The QR code of the place: it opens the chat people here have with us and says the number there, for a few
        minutes: the official account's where there is one, else ours."""
        id = signed.request.path_params["id"]
        await self._staff.ask(self._one, signed.member, id)
        token = await asyncio.to_thread(self._token, id)
        base = self._public_url or str(signed.request.base_url).rstrip("/")
        address = await self._scene(token) if self._scene else None
        data = await asyncio.to_thread(_qr, address or f"{base}/chat?start={token}")
        return Response(data, media_type="image/svg+xml", headers={"cache-control": "no-store"})

    def _token(self, id: int) -> str:
        with self._staff.database.write() as conn:
            return shifts.token(conn, self._secret, id, self._staff.clock())

    async def table(self, signed: Signed) -> Response:
        """The same list as a table to take along, CSV or XLSX."""
        form = signed.request.path_params["form"]
        if form not in ("csv", "xlsx"):
            raise HTTPException(404, "没有找到这一页。")
        header, rows = await self._staff.ask(lambda conn: sheet.of_shifts(conn, self._organised(conn, signed.member)))
        data = await asyncio.to_thread(sheet.xlsx if form == "xlsx" else sheet.csv_bytes, header, rows)
        kind = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
        headers = {"content-disposition": f'attachment; filename="shifts.{form}"', "cache-control": "no-store"}
        return Response(data, media_type=kind, headers=headers)


def _qr(text: str) -> bytes:
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=6, xmldecl=False, border=2)
    return out.getvalue()
