"""The staff page of what the work costs: each their own weeks, leaders the sums of communities; nothing is ranked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from storage import burden
from storage.desk import Member

LEADERS = frozenset({"duty_leader", "supervisor", "administrator", "community_staff"})


class BurdenPages:
    """The one route."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        return [Route("/staff/burden", self._staff.signed(self.page))]

    async def page(self, signed: Signed) -> Response:
        context = await self._staff.ask(self._read, signed.member)
        return self._staff.page(signed, "burden.html", context)

    def _read(self, conn: Connection, member: Member) -> dict[str, Any]:
        this = burden.monday(self._staff.clock())
        paths = [post.path for post in member.posts if post.role in LEADERS]
        weeks = (this, this - timedelta(days=7))
        return {
            "own": burden.own(conn, member.id),
            "leads": bool(paths),
            "fewest": burden.FEWEST,
            "weeks": [(week, burden.of_areas(conn, paths, week)) for week in weeks] if paths else [],
        }
