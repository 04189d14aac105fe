"""The staff pages of conversations with residents: legal questions, calls for a person, alarms; never who asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from bot.console.words import KIND
from flows import refusals
from flows.domain.thread import TIERS
from flows.legal.correcting import ANSWERS
from storage import desk_talk, threads
from storage.desk import Member

STEPS = frozenset({"claim", "decline", "pass", "reply", "close", "recheck", "correct"})
SAYING = ("reply", "correct")


class ThreadPages:
    """The routes of threads below /staff."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/queue/{kind}", signed(self.queue)),
            Route("/staff/threads/{id:int}", signed(self.thread)),
            Route("/staff/threads/{id:int}/act", signed(self.act), methods=["POST"]),
        ]

    async def queue(self, signed: Signed) -> Response:
        """What waits, what is being answered, what ended lately."""
        kind = signed.request.path_params["kind"]
        if kind not in KIND:
            raise HTTPException(404, "没有找到这一页。")
        number = signed.request.query_params.get("number", "").strip().upper()[:16]
        found = await self._staff.ask(desk_talk.threads, signed.member, kind, self._staff.clock(), number=number)
        context: dict[str, Any] = {"kind": kind, "threads": found, "number": number}
        if kind == "legal":
            context["waiting"] = await self._staff.ask(desk_talk.waiting, signed.member)
            context["loads"] = await self._staff.ask(desk_talk.loads, signed.member)
        return self._staff.page(signed, "threads.html", context)

    async def thread(self, signed: Signed) -> Response:
        """One conversation with the articles found for it; looking at it leaves a trace."""
        id = signed.request.path_params["id"]
        context = await self._staff.ask(self._told, signed.member, id)
        await self._staff.read(signed, "read_thread", {"thread": id})
        return self._staff.page(signed, "thread.html", context)

    def _told(self, conn: Connection, member: Member, id: int) -> dict[str, Any]:
        line = desk_talk.thread_line(conn, member, id)
        if line is None:
            raise HTTPException(404, "没有这件咨询，或者不归您答。")
        subject = threads.subject(conn, id)
        mine = line.owner_id == member.id
        legal = line.kind == "legal"
        hidden = legal and not mine  # shown to who has said that there is no conflict of interest
        answers = (line.state == "open" and not legal) or mine
        return {
            "line": line,
            "mine": mine,
            "hidden": hidden,
            "said_lines": [] if hidden else _numbered(threads.lines(conn, id)),
            "draft": "",
            "correcting": None,
            "articles": [] if hidden else [_article(found) for found in subject.get("found") or ()],
            "can": {
                "claim": line.state == "open",
                "decline": legal and line.state == "open",
                "reply": line.state != "closed" and answers,
                "pass": line.state != "closed" and line.role in TIERS and mine,
                "close": line.state == "claimed" and mine,
                "recheck": legal and line.state == "closed" and not mine,
                "correct": legal and mine,
            },
        }

    async def act(self, signed: Signed) -> Response:
        """Claim, answer, pass on or end: exactly what the buttons in chat do."""
        id = signed.request.path_params["id"]
        line = await self._staff.ask(desk_talk.thread_line, signed.member, id)
        if line is None:
            raise HTTPException(404, "没有这件咨询，或者不归您答。")
        form = await signed.request.form()
        action, text = str(form.get("action", "")), str(form.get("text", "")).strip()[:4_000]
        if action not in STEPS:
            raise HTTPException(400, refusals.NO_STEP)
        args: dict[str, Any] = {"thread": id} | ({"text": text} if action in SAYING else {})
        which = str(form.get("answer", ""))
        if action == "correct" and which.isdecimal() and len(which) < 5:
            args["answer"] = int(which)
        if action in SAYING and form.get("anyway"):
            args["anyway"] = True
        elif action in SAYING and line.kind == "legal":
            doubts = await self._staff.doubts(id, text)
            if doubts:  # nothing goes out yet; what was written stays in its field
                written = {"doubts": doubts, "draft": text, "correcting": args.get("answer")}
                context = await self._staff.ask(self._told, signed.member, id)
                return self._staff.page(signed, "thread.html", context | written)
        said = await self._staff.act(signed, f"thread.{action}", args, text or None)
        left = action in ("decline", "pass")  # it is not theirs to see any more
        return self._staff.back(f"/staff/queue/{line.kind}" if left else f"/staff/threads/{id}", said)


def _numbered(lines: Iterable[tuple[str, str, datetime]]) -> list[tuple[str, str, datetime, int]]:
    """What was said, each with how many answers stood before it: so an answer is named when it is corrected."""
    shown, answers = [], 0
    for author, text, at in lines:
        shown.append((author, text, at, answers))
        answers += author in ANSWERS
    return shown


def _article(found: object) -> dict[str, str]:
    """An article as the thread keeps it: its citation, or its parts."""
    if not isinstance(found, dict):
        return {"law": "", "number": str(found), "text": ""}
    return {key: str(found.get(key) or "") for key in ("law", "number", "text")}
