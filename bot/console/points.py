"""The staff pages of points: what waits for a second person or the panel, proposing, codes and corrections."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.bank import MAKERS
from bot.console.staff import Signed, StaffPages
from bot.filestore import NotAPhoto, clean_photo
from flows import refusals
from flows.domain.proposal import OFFICE, Action, Kind, State
from flows.facts import HouseholdLine
from flows.points import panel_texts
from storage import community, files, households, ledger, points, proposals

STEPS = (Action.APPROVE, Action.REFUSE, Action.UPHOLD, Action.DISMISS, Action.WITHDRAW)
OPEN = (State.PROPOSED, State.APPEALED, State.ANNOUNCED)


class PointsPages:
    """The routes of points below /staff."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/points", signed(self.waiting)),
            Route("/staff/points/propose", signed(self.propose), methods=["POST"]),
            Route("/staff/points/homes", signed(self.homes)),
            Route("/staff/points/homes/{id:int}/code", signed(self.code), methods=["POST"]),
            Route("/staff/points/homes/{id:int}/correct", signed(self.correct), methods=["POST"]),
            Route("/staff/points/{id:int}/act", signed(self.act), methods=["POST"]),
            Route("/staff/points/photo/{id:int}", signed(self.photo)),
        ]

    async def waiting(self, signed: Signed) -> Response:
        """What nobody has decided on yet, the oldest first; looking leaves a trace."""
        return await self._waiting(signed, typed={})

    async def _waiting(self, signed: Signed, **more: Any) -> Response:
        context = await self._staff.ask(self._found, _areas(signed))
        await self._staff.read(signed, "read_points", {"proposals": [p.id for p in context["proposals"]]})
        return self._staff.page(signed, "points.html", context | more)

    def _found(self, conn: Connection, areas: list[int]) -> dict[str, Any]:
        today = self._staff.clock().astimezone(community.time_zone(conn, areas[0])).date()
        around = sorted({id for area in areas for id in community.above(conn, area)})
        return {
            "proposals": proposals.undecided(conn, areas, OPEN),
            "rules": [rule for rule in points.rules(conn, around, today) if rule.per == "deed"],
            "texts": panel_texts,
        }

    async def act(self, signed: Signed) -> Response:
        """A step: exactly what the button in chat does."""
        id = signed.request.path_params["id"]
        form = await signed.request.form()
        action = str(form.get("action", ""))
        if action not in STEPS:
            raise HTTPException(400, refusals.NO_STEP)
        if not await self._staff.ask(proposals.within, id, _areas(signed)):
            raise HTTPException(404, "没有这一条，或者它不在您的片区。")
        note = str(form.get("note", "")).strip()[:500] or None
        said = await self._staff.act(signed, f"proposal.{action}", {"proposal": id}, note)
        return self._staff.back("/staff/points", said)

    async def propose(self, signed: Signed) -> Response:
        """An award or a deduction for the one household of this name."""
        form = await signed.request.form()
        name, rule = str(form.get("household", "")).strip()[:64], str(form.get("rule", ""))
        note = str(form.get("note", "")).strip()[:500]
        found = await self._staff.ask(households.named, name, _areas(signed))
        if len(found) != 1:
            places = "、".join(f"{line.name}（{line.place}）" for line in found)
            wrong = (
                f"叫这个名字的有几户：{places}。请在聊天里发「给{name}加分」来选。"
                if found
                else panel_texts.NO_HOUSEHOLD
            )
            return await self._waiting(signed, said=wrong, typed=dict(form))  # what was typed is not typed twice
        if len(note) < 4 or not rule.lstrip("-").isdecimal():
            return await self._waiting(signed, said=panel_texts.DEED_SHORT, typed=dict(form))
        kind = Kind.DEDUCTION if rule.startswith("-") else Kind.AWARD
        args = {"household": found[0].id, "rule": int(rule.lstrip("-")), "kind": kind.value}
        said = await self._staff.act(signed, "proposal.propose", args, note)
        return self._staff.back("/staff/points", said)

    async def homes(self, signed: Signed) -> Response:
        """The households of a name: a code for one more member, and entries that may be corrected."""
        name = signed.request.query_params.get("name", "").strip()[:64]
        return await self._homes(signed, name)

    async def _homes(self, signed: Signed, name: str, code: str = "") -> Response:
        rows = await self._staff.ask(_entries, name, _areas(signed)) if name else []
        if rows:
            await self._staff.read(signed, "read_households", {"households": [home.id for home, _, _ in rows]})
        return self._staff.page(signed, "homes.html", {"name": name, "rows": rows, "code": code})

    async def code(self, signed: Signed) -> Response:
        """A one-time code on a page of its own: never in an address, shown once, to be printed or written down."""
        id = signed.request.path_params["id"]
        form = await signed.request.form()
        said = await self._staff.act(signed, "proposal.code", {"household": id}, None)
        return await self._homes(signed, str(form.get("name", ""))[:64], said)

    async def correct(self, signed: Signed) -> Response:
        """A reversal is proposed; a second person decides on it."""
        id = signed.request.path_params["id"]
        form = await signed.request.form()
        note, transfer = str(form.get("note", "")).strip()[:500], str(form.get("transfer", ""))
        if len(note) < 4 or not transfer.isdecimal():
            return self._staff.back("/staff/points/homes", panel_texts.DEED_SHORT)
        args = {"household": id, "transfer": int(transfer), "kind": Kind.CORRECTION.value}
        said = await self._staff.act(signed, "proposal.propose", args, note)
        return self._staff.back("/staff/points", said)

    async def photo(self, signed: Signed) -> Response:
        """A photo of the evidence; without EXIF, whatever channel it came by."""
        file_id = signed.request.path_params["id"]
        proposal = await self._staff.ask(proposals.of_file, file_id)
        theirs = proposal is not None and await self._staff.ask(proposals.within, proposal, _areas(signed))
        row = await self._staff.ask(files.get, file_id) if theirs else None
        if row is None or row.kind != "photo":
            raise HTTPException(404, "没有这张照片。")
        await self._staff.read(signed, "read_photo", {"proposal": proposal, "file": file_id})
        try:
            data = await asyncio.to_thread(lambda: clean_photo((self._staff.files / row.path).read_bytes()))
        except (OSError, NotAPhoto) as error:
            raise HTTPException(404, "这张照片打不开了。") from error
        return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


def _entries(conn: Connection, name: str, areas: list[int]) -> list[tuple[HouseholdLine, int, list[Any]]]:
    """The households of a name with what they have, and the newest entries a second person may take back."""
    found = [(one, households.get(conn, one.id)) for one in households.named(conn, name, areas)]
    return [
        (
            one,
            ledger.balance(conn, home.account),
            [e for e in proposals.correctable(conn, home) if e.key.startswith(MAKERS)],
        )
        for one, home in found
    ]


def _areas(signed: Signed) -> list[int]:
    """The areas whose households a member of staff looks after."""
    held = sorted({r.area for r in signed.member.staff.roles if r.role in OFFICE})
    if not held:
        raise HTTPException(403, "积分由社区、网格和道德评议会的人来管。")
    return held
