"""The staff pages of cases: the list with its filters, one case with its history, photos and moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console import words
from bot.console.history import told
from bot.console.staff import Signed, StaffPages
from bot.filestore import VOICE_TYPES, NotAPhoto, clean_photo
from flows import refusals
from flows.complaint.desk import possible
from flows.complaint.rules import shade
from flows.domain.case import Action, Case, Role
from flows.errors import Refused
from storage import bars, cases, community, contact, desk, desk_list, files
from storage import parties as parties_of
from storage.colleagues import eligible
from storage.desk import CaseLine, Member
from storage.desk_list import After, Filters
from storage.people import Staff

RolesIn = Callable[[Connection, Staff, Case], frozenset[Role]]
"""What a member of staff is to a case."""

WAYS = {  # what a step asks for beside the button
    Action.RESOLVE: "ending",
    Action.ASSIGN: "colleague",
    Action.RETURN: "note",
    Action.MERGE: "number",
    Action.SPLIT: "number",
    Action.REJECT: "note",
    Action.CALL_OUT: "departments",
    Action.ASK_CALL: "departments",
    Action.INVITE: "helper",
    Action.NOTE: "note",
    Action.SUSPEND: "note",
    Action.ASK_TIME: "days",
    Action.SUPERVISE: "note",
}


class CasePages:
    """The routes of cases below /staff."""

    def __init__(self, staff: StaffPages, roles: RolesIn) -> None:
        self._staff = staff
        self._roles = roles

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff", signed(self.list)),
            Route("/staff/cases/{id:int}", signed(self.case)),
            Route("/staff/cases/{id:int}/act", signed(self.act), methods=["POST"]),
            Route("/staff/cases/{id:int}/contact", signed(self.contact), methods=["POST"]),
            Route("/staff/photo/{id:int}", signed(self.photo)),
            Route("/staff/voice/{id:int}", signed(self.voice)),
        ]

    async def list(self, signed: Signed) -> Response:
        """The cases of the areas a member of staff has a role in, most urgent first."""
        params = signed.request.query_params
        filters, after = _filters(params), _after(params)
        now = self._staff.clock()
        found, more = await self._staff.ask(desk_list.cases, signed.member, filters, now, after=after)
        context = {
            "cases": found,
            "filters": filters,
            "areas": await self._staff.ask(desk.areas, signed.member),
            "counts": await self._staff.ask(desk.counts, signed.member, now),
            "late": {line.id for line in found if _is_late(line, now)},
            "more": _page(params, more) if more else "",
            "first": _page(params),
            "paged": after is not None,
        }
        return self._staff.page(signed, "cases.html", context)

    async def case(self, signed: Signed) -> Response:
        """One case; looking at it leaves a trace."""
        return await self._shown(signed, signed.request.path_params["id"])

    async def _shown(self, signed: Signed, case_id: int, **more: Any) -> Response:
        context = await self._staff.ask(self._told, signed.member, case_id)
        await self._staff.read(signed, "read_case", {"case": case_id})
        return self._staff.page(signed, "case.html", {"again": {}} | context | more)

    def _told(self, conn: Connection, member: Member, case_id: int) -> dict[str, Any]:
        line = desk.case_line(conn, member, case_id)
        if line is None:
            raise HTTPException(404, "没有这件诉求，或者它不在您的网格里。")
        case = cases.load(conn, case_id)
        history = cases.history(conn, case_id)
        parties = len(cases.parties(conn, case_id))
        colour, reasons = shade(case, self._staff.clock(), parties - 1)
        moves = offered(case, self._roles(conn, member.staff, case))
        merged = _merged(conn, case_id)
        joined = merged or parties > 1 or case.merged_into is not None
        kept = {Action.TELL} if joined else {Action.TELL, Action.SPLIT}  # beside each note; nothing to take apart
        return {
            "line": line,
            "case": case,
            "where": desk.where(conn, case.area),
            "history": told(conn, history, member.id, case, Action.TELL in moves),
            "photos": [(row.id, purpose) for row, purpose in files.of_case(conn, case_id) if row.kind == "photo"],
            "voices": [row.id for row, _ in files.of_case(conn, case_id) if row.kind == "voice"],
            "contact": _phone(conn, member, case_id) is not None,
            "parties": parties,
            "about": bars.complained_of(conn, bars.of_case(conn, case_id)),
            "merged": [(one.number, one.description) for one in merged],
            "colour": colour,
            "reasons": reasons,
            "moves": [(move, WAYS.get(move, "")) for move in moves if move not in kept],
            "colleagues": colleagues(conn, case) if {Action.ASSIGN, Action.INVITE} & set(moves) else [],
            "departments": [d.name for d in community.departments(conn, case.area)] if case.area else [],
        }

    async def act(self, signed: Signed) -> Response:
        """A step taken: exactly what the button in chat does."""
        case_id = signed.request.path_params["id"]
        if await self._staff.ask(desk.case_line, signed.member, case_id) is None:
            raise HTTPException(404, "没有这件诉求，或者它不在您的网格里。")
        form = await signed.request.form()
        action = str(form.get("action", ""))
        if action not in set(Action):
            raise HTTPException(400, refusals.NO_STEP)
        note = str(form.get("note", "")).strip()[:500] or None
        args = {"case": case_id} | _given(action, form)
        said = await self._staff.act(signed, f"case.{action}", args, note)
        if isinstance(said, Refused):  # what was typed is not typed twice
            return await self._shown(signed, case_id, said=said, again=dict(form))
        return self._staff.back(f"/staff/cases/{case_id}", said)

    async def contact(self, signed: Signed) -> Response:
        """The phone the reporter left: for the owner only, while the consent stands; each look leaves a trace."""
        case_id = signed.request.path_params["id"]
        phone = await self._staff.ask(_phone, signed.member, case_id)
        if phone is None:
            raise HTTPException(404, "居民没有留电话，或者这件不归您办。")
        await self._staff.read(signed, "read_contact", {"case": case_id})
        said = f"居民留的电话：{phone}。只用来联系，请别转到群里。"
        return self._staff.show(signed.request, "told.html", {"words": said, "back": f"/staff/cases/{case_id}"})

    async def voice(self, signed: Signed) -> Response:
        """What a resident said aloud about a case, to be downloaded."""
        file_id = signed.request.path_params["id"]
        case_id = await self._staff.ask(desk.case_of_file, signed.member, file_id)
        row = await self._staff.ask(files.get, file_id) if case_id else None
        if row is None or row.kind != "voice":
            raise HTTPException(404, "没有这段录音。")
        await self._staff.read(signed, "read_voice", {"case": case_id, "file": file_id})
        ending = row.path.rpartition(".")[2]
        try:
            data = await asyncio.to_thread((self._staff.files / row.path).read_bytes)
        except OSError as error:
            raise HTTPException(404, "这段录音打不开了。") from error
        headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{file_id}.{ending}"'}
        return Response(data, media_type=VOICE_TYPES.get(ending, "application/octet-stream"), headers=headers)

    async def photo(self, signed: Signed) -> Response:
        """A photo of a case, by its file row; without EXIF, whatever channel it came by."""
        file_id = signed.request.path_params["id"]
        case_id = await self._staff.ask(desk.case_of_file, signed.member, file_id)
        row = await self._staff.ask(files.get, file_id) if case_id else None
        if row is None or row.kind != "photo":
            raise HTTPException(404, "没有这张照片。")
        await self._staff.read(signed, "read_photo", {"case": case_id, "file": file_id})
        try:
            data = await asyncio.to_thread(lambda: clean_photo((self._staff.files / row.path).read_bytes()))
        except (OSError, NotAPhoto) as error:
            raise HTTPException(404, "这张照片打不开了。") from error
        return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


def colleagues(conn: Connection, case: Case) -> list[tuple[int, str]]:
    """Whom the case can be given to: those that chat offers, by name and post."""
    found = eligible(conn, case.area, bars.of_case(conn, case.id), case.owner) if case.area else ()
    return [(one.id, f"{one.name}（{one.post}）" if one.post else one.name) for one in found]


def _phone(conn: Connection, member: Member, case_id: int) -> str | None:
    """The reporter's phone, as long as this member owns the case and the reporter lets it be given out."""
    if desk.case_line(conn, member, case_id) is None:
        return None
    case = cases.load(conn, case_id)
    return contact.phone(conn, case) if case.owner == member.id else None


def _merged(conn: Connection, case_id: int) -> list[Case]:
    """The neighbours' own cases, which go on within this one."""
    return [cases.load(conn, one) for one in parties_of.merged_in(conn, case_id)]


def _filters(params: QueryParams) -> Filters:
    area = params.get("area", "")
    number = params.get("number", "").strip()[:16]
    status = params.get("status", "open")
    return Filters(
        status="all" if number and status == "open" else status,  # who asks for one by its number means it, over or not
        colour=params.get("colour", "") if params.get("colour") in ("red", "orange", "yellow") else "",
        overdue=params.get("overdue") == "1",
        area=int(area[:15]) if area.isdecimal() else None,
        number=number,
    )


def _after(params: QueryParams) -> After | None:
    at, _, last = params.get("after", "").partition("_")
    if not (at.isdecimal() and last.isdecimal()):
        return None
    try:
        return After(datetime.fromtimestamp(int(at) / 1_000_000, UTC), int(last[:17]))
    except (ValueError, OverflowError, OSError):
        return None


def _page(params: QueryParams, after: After | None = None) -> str:
    """The same list from there on, from its beginning without."""
    kept = {k: v for k, v in params.items() if k not in ("after", "said")}
    if after is not None:
        kept["after"] = f"{int(after.key.timestamp()) * 1_000_000 + after.key.microsecond}_{after.id}"
    return "/staff?" + urlencode(kept)


def _is_late(line: CaseLine, now: datetime) -> bool:
    due = line.resolve_due if line.owner else line.acknowledge_due or line.resolve_due
    return line.status in ("submitted", "accepted", "assigned", "called_out") and due is not None and due < now


def offered(case: Case, roles: frozenset[Role]) -> list[Action]:
    """What a button stands for, in the order of the page; who may call out need not ask for it."""
    found = set(possible(case, roles))
    if Action.CALL_OUT in found:
        found.discard(Action.ASK_CALL)
    return sorted(found, key=words.ORDER.index)


def _given(action: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says beside the note, as the step wants it."""
    if action == Action.RESOLVE:
        then = str(form.get("next_step", "")).strip()[:500]
        return {"ending": str(form.get("ending", ""))} | ({"next_step": then} if then else {})
    if action == Action.ASK_TIME and str(form.get("days", "")).isdecimal():
        return {"days": int(str(form["days"])[:3])}
    if action == Action.ASSIGN and str(form.get("owner", "")).isdecimal():
        return {"owner": int(str(form["owner"])[:15])}
    if action == Action.TELL and str(form.get("of", "")).isdecimal():
        return {"of": int(str(form["of"])[:9])}
    if action in (Action.MERGE, Action.SPLIT):
        return {"number": str(form.get("number", "")).strip()[:16]}
    if action == Action.INVITE and str(form.get("helper", "")).isdecimal():
        return {"helper": int(str(form["helper"])[:15])}
    if action in (Action.CALL_OUT, Action.ASK_CALL):
        named = str(form.get("departments", "")).replace("，", "、").replace(",", "、")
        return {"departments": [part.strip()[:32] for part in named.split("、") if part.strip()][:10]}
    return {}
