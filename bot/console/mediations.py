"""The staff pages of mediations: what goes on, how far it is, and the steps; a side's words for the mediator alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from flows import refusals
from flows.domain.mediation import MOVES, Event, Mediation, Part, Step
from flows.mediation import texts
from storage import desk, mediations
from storage.desk import Member, Post

DESK = frozenset({"community_staff", "duty_leader", "supervisor", "administrator"})
HIGH = frozenset({"duty_leader", "supervisor", "administrator"})
WAYS = {  # the steps of staff, in this order, and what each asks for beside the button
    Step.TAKE: "",
    Step.PROPOSE: "time",
    Step.RECORD: "agreement",
    Step.PLAN: "plan",
    Step.ASK_PLAN: "",
    Step.OFFER_HAND_OVER: "office",
    Step.FAIL: "",
    Step.RECUSE: "",
}
OFFICES = ("派出所", "司法所")
NOT_THERE = "没有这件调解，或者不归您管。"


class MediationPages:
    """The routes of mediations below /staff."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/mediations", signed(self.list)),
            Route("/staff/mediations/{id:int}", signed(self.one)),
            Route("/staff/mediations/{id:int}/act", signed(self.act), methods=["POST"]),
        ]

    async def list(self, signed: Signed) -> Response:
        found = await self._staff.ask(_list, signed.member)
        return self._staff.page(signed, "mediations.html", {"found": found, "texts": texts})

    async def one(self, signed: Signed) -> Response:
        """One mediation; looking at it leaves a trace."""
        id = signed.request.path_params["id"]
        context = await self._staff.ask(_one, signed.member, id)
        await self._staff.read(signed, "read_mediation", {"mediation": id})
        return self._staff.page(signed, "mediation.html", {**context, "texts": texts, "offices": OFFICES})

    async def act(self, signed: Signed) -> Response:
        """A step taken: exactly what the button in chat does."""
        id = signed.request.path_params["id"]
        await self._staff.ask(_one, signed.member, id)
        form = await signed.request.form()
        action = str(form.get("action", ""))
        if action not in WAYS:
            raise HTTPException(400, refusals.NO_STEP)
        path = f"/staff/mediations/{id}"
        args: dict[str, Any] = {"mediation": id}
        if action == Step.PROPOSE:
            at = signed.time.sent(str(form.get("at", "")))
            if at is None or at <= self._staff.clock():
                return self._staff.back(path, "请选一个还没到的时间。")
            args["at"] = at.isoformat()
        if action == Step.OFFER_HAND_OVER:
            args["office"] = str(form.get("office", ""))
        note = str(form.get("note", "")).strip()[:1000]
        said = await self._staff.act(signed, f"mediation.{action}", args, note)
        return self._staff.back(path, said)


def _paths(member: Member) -> list[str]:
    return [post.path for post in member.posts if post.role in DESK | {"mediator"}]


def _list(conn: Connection, member: Member) -> list[tuple[Mediation, str]]:
    seen = mediations.seen_from(conn, _paths(member), member.id)
    found = [(mediations.load(conn, id), name) for id, name in seen]
    return [(m, name) for m, name in found if not _is_side(conn, m.id, member)]


def _is_side(conn: Connection, id: int, member: Member) -> bool:
    """Who is a side has the chat for it, and no look at the desk's page."""
    return member.staff.person is not None and member.staff.person in mediations.parties(conn, id).values()


def _one(conn: Connection, member: Member, id: int) -> dict[str, Any]:
    seen = dict(mediations.seen_from(conn, _paths(member), member.id, only=id))
    if id not in seen or _is_side(conn, id, member):
        raise HTTPException(404, NOT_THERE)
    m = mediations.load(conn, id)
    written = mediations.written(conn, id)
    path = mediations.path_of(conn, id)
    parts = _parts(m, member, [post for post in member.posts if path.startswith(post.path)])
    mine = m.mediator == member.id
    history = mediations.history(conn, id)
    names = desk.names(conn, [int(e.actor[6:]) for e in history if e.actor.startswith("staff:")])
    return {
        "m": m,
        "area": seen[id],
        "mine": mine,
        "mediator": desk.names(conn, [m.mediator]).get(m.mediator, "") if m.mediator else "",
        "written": written if mine or parts & {Part.DESK, Part.SUBDISTRICT} else None,
        "history": [(texts.STEPS.get(Step(e.kind), e.kind), e.at, _who(e, names)) for e in history],
        "can": [(step, way) for step, way in WAYS.items() if _may(m, step, parts)],
    }


def _may(m: Mediation, step: Step, parts: frozenset[Part]) -> bool:
    move = MOVES.get((m.state, step))
    return move is not None and bool(move[1] & parts)


def _parts(m: Mediation, member: Member, near: list[Post]) -> frozenset[Part]:
    """Which buttons are shown; whether a step may be made is decided when it is."""
    roles = {post.role for post in near}
    found = {
        Part.MEDIATOR: m.mediator == member.id,
        Part.CANDIDATE: "mediator" in roles and not m.office and member.id not in m.recused,
        Part.DESK: bool(roles & DESK) or m.opener == member.id,
        Part.SUBDISTRICT: bool(roles & HIGH),
        Part.OFFICE: bool(m.office) and any(post.department == m.office for post in near),
    }
    return frozenset(part for part, holds in found.items() if holds)


def _who(event: Event, names: dict[int, str]) -> str:
    if event.data.get("side") in texts.SIDES and event.data["side"]:
        return texts.SIDES[str(event.data["side"])]
    if event.actor.startswith("staff:"):
        return names.get(int(event.actor[6:]), "工作人员")
    return "系统" if event.actor == "clock" else "居民"
