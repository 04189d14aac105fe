"""The staff page of 双报到: what is needed and promised, what units offer, opening, confirming and withdrawing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from flows import refusals
from flows.volunteer import need_texts
from flows.volunteer.roll import ORGANISERS
from storage import community, volunteers_needs

KINDS = ("need", "post")
STATES = {"open": "等人认领", "promised": "有人认领", "done": "报了完成，等确认"}
STEPS = frozenset({"confirm", "refuse", "withdraw"})
PAGE = "/staff/volunteers/needs"


class NeedPages:
    """The routes of needs, posts and resources below /staff/volunteers."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route(PAGE, signed(self.needs)),
            Route(f"{PAGE}/open", signed(self.open), methods=["POST"]),
            Route(f"{PAGE}/{{id:int}}/act", signed(self.act), methods=["POST"]),
        ]

    async def needs(self, signed: Signed) -> Response:
        """What stands open where the person organises, the oldest first, and what units offer there."""
        context = await self._staff.ask(_found, _areas(signed))
        return self._staff.page(signed, "needs.html", context | {"states": STATES, "kinds": need_texts.KINDS})

    async def open(self, signed: Signed) -> Response:
        """A new need or post for the list."""
        form = await signed.request.form()
        said = {name: " ".join(str(form.get(name, "")).split()) for name in ("area", "kind", "title", "about")}
        if said["kind"] not in KINDS or said["area"] not in {str(a) for a in _areas(signed)}:
            raise HTTPException(400, "没有这一类，或者不归您组织。")
        if not 2 <= len(said["title"]) <= 60:
            return self._staff.back(PAGE, "名称请写2到60个字。")
        args = {**said, "area": int(said["area"]), "about": said["about"][:200]}
        return self._staff.back(PAGE, await self._staff.act(signed, "need.open", args, None))

    async def act(self, signed: Signed) -> Response:
        """The same steps as the buttons in chat."""
        form = await signed.request.form()
        step = str(form.get("step", ""))
        if step not in STEPS:
            raise HTTPException(400, refusals.NO_STEP)
        args = {"need": signed.request.path_params["id"], "time": str(form.get("time", ""))}
        return self._staff.back(PAGE, await self._staff.act(signed, f"need.{step}", args, None))


def _areas(signed: Signed) -> list[int]:
    """Where somebody organises."""
    held = sorted({r.area for r in signed.member.staff.roles if r.role in ORGANISERS})
    if not held:
        raise HTTPException(403, "需求和岗位由志愿组织者来管。")
    return held


def _found(conn: Connection, areas: list[int]) -> dict[str, Any]:
    needs = {row.id: row for area in areas for row in volunteers_needs.listed(conn, area, KINDS, tuple(STATES))}
    units = dict.fromkeys(unit for area in areas for unit in volunteers_needs.resources(conn, area))
    places = [(area, community.name_of(conn, area)) for area in areas]
    return {"needs": sorted(needs.values(), key=lambda row: row.id), "units": list(units), "places": places}
