"""Builds the web application: the residents' chat page, the staff pages, health, and whatever routes are handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.channels.base import Accept, Unavailable
from bot.channels.web import WebChannel
from bot.clock import Clock, now
from bot.console.alerts import AlertPages
from bot.console.bookings import BookingPages
from bot.console.burden import BurdenPages
from bot.console.cases import CasePages, RolesIn
from bot.console.certificates import CertificatePages
from bot.console.chat import LATER, ChatPages
from bot.console.counter import CounterPages
from bot.console.guard import Guard
from bot.console.guides import GuidePages
from bot.console.health import health_routes
from bot.console.mediations import MediationPages
from bot.console.needs import NeedPages
from bot.console.points import PointsPages
from bot.console.sessions import Sessions
from bot.console.speakers import NEIGHBOURS, Speakers
from bot.console.staff import Desk, StaffPages
from bot.console.threads import ThreadPages
from bot.console.volunteering import Scene, VolunteerPages
from storage.database import Away

Told = Callable[[Request, Exception], Awaitable[Response]]

PLAIN = {400: "内容没有收全，请再发一次。", 404: "没有找到这一页。", 405: "这里不能这样操作。"}
KEPT = "系统正忙，内容已经替您留着，马上再试。"  # the chat page holds what it sends until it is taken
AWAY = {
    "GET": "系统正忙，这一页暂时打不开，请过几分钟再刷新；一直不行，请告诉管理员。",
    "POST": "系统正忙，刚才这一步没有记上。请返回上一页，过几分钟再试；一直不行，请告诉管理员。",
}
HERE = Path(__file__).parent
STAFF = (
    CounterPages,
    ThreadPages,
    GuidePages,
    PointsPages,
    MediationPages,
    BookingPages,
    AlertPages,
    BurdenPages,
    NeedPages,
)


def build_web(
    channel: WebChannel,
    accept: Accept,
    desk: Desk,
    *,
    roles: RolesIn,
    secret: str,
    files: Path,
    public_url: str = "",
    neighbours: Sequence[str] = NEIGHBOURS,
    routes: Sequence[BaseRoute] = (),
    scene: Scene | None = None,
    clock: Clock = now,
) -> Starlette:
    """The application. `roles` says what staff are to a case; `secret` signs the cookies; stored photos lie below
    `files`; `public_url` is where people reach it (https makes the cookies secure); `neighbours` are the
    invented people a visitor of the demo may be (none: everybody is themselves); `routes` are webhooks; `scene` makes a
    QR code open a platform's chat instead of ours."""
    templates = Jinja2Templates(directory=HERE / "templates")
    sessions = Sessions(secret, clock, secure=public_url.startswith("https://"))
    speakers = Speakers(channel.database, sessions, clock, neighbours)
    chat_pages = ChatPages(channel, accept, sessions, templates, speakers, clock)
    staff = StaffPages(channel.database, desk, sessions, templates, files, clock)
    told = _told(templates)
    return Starlette(
        routes=[
            Route("/", lambda _: RedirectResponse("/chat")),
            *chat_pages.routes(),
            *staff.routes(),
            *CasePages(staff, roles).routes(),
            *(route for pages in STAFF for route in pages(staff).routes()),
            *VolunteerPages(staff, secret.encode(), public_url, scene).routes(),
            *CertificatePages(channel.database, templates, public_url, clock).routes(),
            *health_routes(channel.database, clock),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            *routes,
        ],
        middleware=[Middleware(Guard, public_url=public_url)],
        exception_handlers={HTTPException: told, Away: told, Unavailable: told},
    )


def _told(templates: Jinja2Templates) -> Told:
    async def told(request: Request, error: Exception) -> Response:
        """A refusal in words a person can read: a page for who asked for one, else JSON."""
        page = "text/html" in request.headers.get("accept", "")
        status, words, headers = 503, AWAY.get(request.method, AWAY["GET"]) if page else KEPT, LATER
        if isinstance(error, HTTPException):
            status, words, headers = error.status_code, error.detail, dict(error.headers or {})
        if words.isascii() and words:  # the framework's own
            words = PLAIN.get(status, "这个操作没有成功，请刷新后再试。")
        if page:
            return templates.TemplateResponse(request, "told.html", {"words": words}, status, headers)
        return JSONResponse({"error": words}, status, headers=headers)

    return told
