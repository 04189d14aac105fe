"""The staff page at the counter: a case for a walk-in, and the code the walk-in takes home."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.console import words
from bot.console.staff import Signed, StaffPages
from bot.counter import Filed

FIELDS = ("description", "place", "service", "contact", "which", "community", "about")


class CounterPages:
    """The routes of the counter below /staff."""

    def __init__(self, staff: StaffPages) -> None:
        self._staff = staff

    def routes(self) -> list[Route]:
        signed = self._staff.signed
        return [
            Route("/staff/counter", signed(self.form)),
            Route("/staff/counter", signed(self.file), methods=["POST"]),
            Route("/staff/counter/filed", signed(self.filed)),
        ]

    async def form(self, signed: Signed) -> Response:
        """An empty form."""
        return self._staff.page(signed, "counter.html", {"fields": {}, "filed": None, "services": _services()})

    async def file(self, signed: Signed) -> Response:
        """Open the case, or show what is still asked. A page that is read again files nothing again; the code stands on
        the page that follows alone, in no address."""
        form = await signed.request.form()
        fields = {name: str(form.get(name, "")).strip()[:2000] for name in FIELDS}
        filed = await self._staff.file(signed, fields)
        if filed.receipt:
            return self._staff.handed_on("/staff/counter/filed", filed.receipt, signed)
        context = {"fields": fields, "filed": filed, "services": _services()}
        return self._staff.page(signed, "counter.html", context)

    async def filed(self, signed: Signed) -> Response:
        """The receipt, for a few minutes; later an empty form."""
        receipt = self._staff.handed(signed)
        if not receipt:
            return RedirectResponse("/staff/counter", 303)
        context = {"fields": {}, "filed": Filed(receipt), "services": _services()}
        return self._staff.page(signed, "counter.html", context)


def _services() -> list[tuple[str, str]]:
    return sorted(
        ((key, f"{category}：{name}") for key, (category, name) in words.services().items()), key=lambda s: s[1]
    )
