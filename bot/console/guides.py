"""The staff pages of answers that become guides: the list, the text with what is doubtful, every step of the chat."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bot.console.staff import Signed, StaffPages
from flows import refusals
from flows.legal.guide_texts import SAVED
from storage import law_drafts
from storage.law_drafts import DraftLine

STEPS = frozenset({"edit", "submit", "drop", "approve", "return", "withdraw"})
NOT_THERE = "没有这份解答，或者不归您看。"


class GuidePages:
    """The routes of answers that become guides below /staff."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/guides", signed(self.guides)),
            Route("/staff/guides/{id:int}", signed(self.guide)),
            Route("/staff/guides/{id:int}/act", signed(self.act), methods=["POST"]),
        ]

    async def guides(self, signed: Signed) -> Response:
        """What waits for a review, the person's own drafts, what is public where they advise."""
        found = await self._staff.ask(law_drafts.drafts, signed.member)
        return self._staff.page(signed, "guides.html", {"guides": found})

    async def guide(self, signed: Signed) -> Response:
        """One, with what the library says of its citations."""
        line = await self._one(signed)
        doubts = await self._staff.guide_doubts(line.id)
        mine = line.author_id == signed.member.id
        can: dict[str, Any] = {
            "write": mine and line.state == "draft",
            "review": not mine and line.state == "review",
            "withdraw": line.state == "published",
        }
        return self._staff.page(signed, "guide.html", {"line": line, "doubts": doubts, "mine": mine, "can": can})

    async def act(self, signed: Signed) -> Response:
        """Save, submit, approve, return, withdraw: exactly what the buttons in chat do."""
        line = await self._one(signed)
        form = await signed.request.form()
        step = str(form.get("step", ""))
        if step not in STEPS:
            raise HTTPException(400, refusals.NO_STEP)
        args = {"guide": line.id}
        if step in ("edit", "submit"):  # what is submitted is what stands in the fields
            said = await self._staff.act(signed, "guide.edit", args, _written(form))
            step = step if said == SAVED else "edit"
        if step != "edit":
            said = await self._staff.act(signed, f"guide.{step}", args, str(form.get("note", "")).strip()[:200] or None)
        left = not await self._staff.ask(law_drafts.drafts, signed.member, line.id)
        return self._staff.back("/staff/guides" if left else f"/staff/guides/{line.id}", said)

    async def _one(self, signed: Signed) -> DraftLine:
        found = await self._staff.ask(law_drafts.drafts, signed.member, signed.request.path_params["id"])
        if not found:
            raise HTTPException(404, NOT_THERE)
        return found[0]


def _written(form: FormData) -> str:
    """The question and the answer as a reply in chat would hold them."""
    return f"问：{str(form.get('question', '')).strip()[:400]}\n答：{str(form.get('answer', '')).strip()[:4_000]}"
