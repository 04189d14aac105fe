"""The staff page at the counter: a case for a walk-in, and the code the walk-in takes home."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from bot.console import words
from bot.console.staff import Signed, StaffPages

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
        ]

    async def form(self, signed: Signed) -> Response:
        """An empty form."""
        return self._staff.page(signed, "counter.html", {"fields": {}, "filed": None, "services": _services()})

    async def file(self, signed: Signed) -> Response:
        """Open the case, or show what is still asked. The code stands on this page alone, in no address."""
        form = await signed.request.form()
        fields = {name: str(form.get(name, "")).strip()[:2000] for name in FIELDS}
        filed = await self._staff.file(signed, fields)
        context = {"fields": fields, "filed": filed, "services": _services()}
        return self._staff.page(signed, "counter.html", context)


def _services() -> list[tuple[str, str]]:
    return sorted(
        ((key, f"{category}：{name}") for key, (category, name) in words.services().items()), key=lambda s: s[1]
    )
