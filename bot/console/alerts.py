"""The staff pages of alerts: drafting, approving, and how far each branch was reached."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from flows import refusals
from flows.alert import texts
from flows.alert.flow import words as fit_for_groups
from flows.alert.reach import by_branch, total
from flows.domain.alert import DRAFTERS, State, Step
from flows.errors import Unclear
from storage import alerts, desk
from storage.desk import Member

STEPS = frozenset({Step.APPROVE, Step.REFUSE, Step.WITHDRAW, Step.END})
HOURS = {"6": "6小时", "24": "24小时", "72": "三天"}


class AlertPages:
    """The routes of alerts below /staff."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/alerts", signed(self.list)),
            Route("/staff/alerts/draft", signed(self.draft), methods=["POST"]),
            Route("/staff/alerts/{id:int}", signed(self.alert)),
            Route("/staff/alerts/{id:int}/act", signed(self.act), methods=["POST"]),
        ]

    async def list(self, signed: Signed) -> Response:
        context = await self._staff.ask(_list, signed.member)
        return self._staff.page(signed, "alerts.html", {**context, "texts": texts, "hours": HOURS})

    async def alert(self, signed: Signed) -> Response:
        context = await self._staff.ask(_one, signed.member, signed.request.path_params["id"])
        return self._staff.page(signed, "alert.html", {**context, "texts": texts})

    async def draft(self, signed: Signed) -> Response:
        """A draft goes the same way as one written in chat."""
        form = await signed.request.form()
        kind, area, hours = (str(form.get(name, "")) for name in ("kind", "area", "hours"))
        if kind not in texts.KINDS or not area.isdecimal() or hours not in HOURS:
            raise HTTPException(400, "请把种类、范围和有效期选好。")
        try:
            said = fit_for_groups(str(form.get("text", "")))
        except Unclear as unclear:
            return self._staff.back("/staff/alerts", str(unclear))
        until: datetime = self._staff.clock() + timedelta(hours=int(hours))
        args = {"kind": kind, "area": int(area[:15]), "danger": kind in texts.DANGER, "until": until.isoformat()}
        return self._staff.back("/staff/alerts", await self._staff.act(signed, "alert.draft", args, said))

    async def act(self, signed: Signed) -> Response:
        id = signed.request.path_params["id"]
        await self._staff.ask(_one, signed.member, id)
        action = str((await signed.request.form()).get("action", ""))
        if action not in STEPS:
            raise HTTPException(400, refusals.NO_STEP)
        said = await self._staff.act(signed, f"alert.{action}", {"alert": id}, None)
        return self._staff.back(f"/staff/alerts/{id}", said)


def _list(conn: Connection, member: Member) -> dict[str, Any]:
    paths = [post.path for post in member.posts]
    held = [role.area for role in member.staff.roles if role.role in DRAFTERS]
    return {
        "alerts": alerts.seen_from(conn, paths, member.id),
        "areas": desk.areas_from(conn, held) if held else [],
    }


def _one(conn: Connection, member: Member, id: int) -> dict[str, Any]:
    seen = alerts.seen(conn, id, [post.path for post in member.posts if post.role in DRAFTERS], member.id)
    if seen is None:
        raise HTTPException(404, "没有这条预警，或者它不在您的区域里。")
    alert, area = seen
    branches = alerts.branches(conn, id)
    own = [b for b in branches if b.area != alert.area]
    can = {
        State.DRAFTED: [Step.WITHDRAW] if alert.drafter == member.id else [Step.APPROVE, Step.REFUSE],
        State.RUNNING: [Step.END],
    }
    return {
        "alert": alert,
        "area": area,
        "drafter": desk.names(conn, [alert.drafter]).get(alert.drafter, ""),
        "all": total(branches),
        "asked": total(own),
        "rows": by_branch(own, alert.area),
        "silent": [b for b in own if b.received_at is None][:100],
        "can": can.get(alert.state, []),
    }
