"""A Rasa server to ask in tests: it obeys slashes as the real one does, and logs what it is asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.server import serving

LONGEST = 30_000  # characters from which the real one raises
COMMAND = re.compile(r"^/(?P<name>[^{@]+)(@[0-9.]+)?({.+})?.*", re.DOTALL)  # as Rasa 3.6 reads it
Ranking = list[tuple[str, float]]
REPORT: Ranking = [("report_problem", 0.9), ("chatter", 0.1)]


@dataclass
class FakeRasa:
    """What it answers and what it was asked. `broken` is answered instead of an understanding; `hangs` for ever."""

    ranking: Ranking = field(default_factory=lambda: list(REPORT))
    broken: Response | None = None
    hangs: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def parse(self, request: Request) -> Response:
        text = (await request.json())["text"]
        self.asked.append(text)
        if self.hangs:
            await asyncio.sleep(3600)  # the client leaves first
        if self.broken is not None:
            return self.broken
        if len(text) > LONGEST:
            return Response("too long", 500)
        command = COMMAND.match(text.strip())
        ranking = [(command["name"], 1.0)] if command else self.ranking
        rows = [{"name": name, "confidence": confidence} for name, confidence in ranking]
        return JSONResponse({"text": text, "intent": rows[0] if rows else None, "intent_ranking": rows})


@contextmanager
def fake_rasa() -> Iterator[FakeRasa]:
    """A fake that answers on a port of its own until the block ends."""
    fake = FakeRasa()
    with serving(Starlette(routes=[Route("/model/parse", fake.parse, methods=["POST"])])) as url:
        fake.url = url
        yield fake
