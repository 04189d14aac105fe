"""For machines that watch the assistant: is it alive, can it work, and the figures for Prometheus."""

from __future__ import annotations

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.console.chat import LATER
from bot.metrics import text
from storage.database import Away, Database


def health_routes(database: Database, clock: Clock) -> list[Route]:
    """/healthz and /healthz/ready (503 while the database is away or takes nothing), /healthz/live, /metrics."""

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(_: Request) -> Response:
        try:
            await asyncio.to_thread(database.ping)
            why = await asyncio.to_thread(database.refused)
        except Away as error:
            why = str(error)
        if why:
            return JSONResponse({"live": True, "ready": False, "why": why}, 503, headers=LATER)
        return JSONResponse({"live": True, "ready": True})

    async def metrics(request: Request) -> Response:
        """To machines of the house only: who comes through a proxy from outside is refused."""
        if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
            return PlainTextResponse("ask the server itself\n", 403)
        return Response(await asyncio.to_thread(text, database, clock), headers={"content-type": CONTENT_TYPE_LATEST})

    return [
        Route("/healthz", ready),
        Route("/healthz/ready", ready),
        Route("/healthz/live", live),
        Route("/metrics", metrics),
    ]


def health_only(database: Database, clock: Clock) -> Starlette:
    """What a process without web pages answers."""
    return Starlette(routes=list(health_routes(database, clock)))
