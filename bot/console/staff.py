"""What the staff pages share: signing in with a one-time link, the session, reading, acting, showing."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.clock import Clock
from bot.console import words
from bot.console.guard import Pace
from bot.console.localtime import LocalTime
from bot.console.sessions import Sessions, StaffSession
from bot.counter import Filed
from flows.domain.scrub import scrubbed
from flows.errors import NotAllowed, Refused, Unclear
from storage import audit, codes, desk, desk_talk
from storage.database import Database
from storage.desk import Member

Result = TypeVar("Result")
NO_STORE = {"cache-control": "no-store"}


class Desk(Protocol):
    """Does for the staff page what a pressed button does in chat."""

    def act(self, *, staff_id: int, action: str, args: Mapping[str, Any], note: str | None, now: datetime) -> str: ...

    def file(self, *, staff_id: int, fields: Mapping[str, str], now: datetime) -> Filed:
        """Open a case for somebody at the counter, or say what is still asked."""
        ...

    def doubts(self, *, thread_id: int, text: str, now: datetime) -> tuple[str, ...]:
        """What is doubtful about the citations of an answer."""
        ...

    def guide_doubts(self, *, guide_id: int, now: datetime) -> tuple[str, ...]:
        """The same of an answer on its way to becoming a guide."""
        ...


@dataclass(frozen=True, slots=True)
class Signed:
    """A request of a signed-in member of staff."""

    request: Request
    session: StaffSession
    member: Member
    waits: Mapping[str, int]  # by kind of thread: how many nobody has taken yet
    time: LocalTime


Page = Callable[[Signed], Awaitable[Response]]


class StaffPages:
    """What every staff page needs: the session, the templates, the database, the desk."""

    def __init__(
        self,
        database: Database,
        actions: Desk,
        sessions: Sessions,
        templates: Jinja2Templates,
        files: Path,
        clock: Clock,
    ) -> None:
        self.database = database
        self.files = files
        self.clock = clock
        self._actions = actions
        self._sessions = sessions
        self._templates = templates
        self._guesses = Pace(clock, burst=10, rate=1 / 30)
        templates.env.globals["words"] = words
        templates.env.filters["scrubbed"] = scrubbed

    def routes(self) -> list[Route]:
        return [
            Route("/staff/signin", self.sign_in_page),
            Route("/staff/signin", self.sign_in, methods=["POST"]),
            Route("/staff/signout", self.signed(self.sign_out), methods=["POST"]),
        ]

    # -- the session ------------------------------------------------------------------------------------------------

    async def sign_in_page(self, request: Request) -> Response:
        """Shows a button: opening the link alone uses nothing up, since chat programs look into links beforehand."""
        return self.show(request, "signin.html", {"code": request.query_params.get("code", "")})

    async def sign_in(self, request: Request) -> Response:
        """Uses the code up and opens a session."""
        host = request.client.host if request.client else ""
        if self._guesses.take(host):
            raise HTTPException(429, "试得太多了，请过几分钟再来。", {"retry-after": "120"})
        code = str((await request.form()).get("code", "")).strip()
        staff = await asyncio.to_thread(self._use, code[:64])
        if staff is None:
            context = {"code": "", "wrong": "这个登录链接用过了或者过期了，请向管理员要一个新的。"}
            return self.show(request, "signin.html", context, 403)
        response = RedirectResponse(await self.ask(_first_page, staff), 303)
        self._sessions.sign_in(response, staff)
        return response

    def _use(self, code: str) -> int | None:
        now = self.clock()
        with self.database.write() as conn:
            found = codes.find(conn, code, kind="signin", now=now)
            if found is None or not codes.use(conn, found.id, now):
                return None
            staff = int(found.subject["staff"])
            member = desk.member(conn, staff)
            if member is None or not member.posts:
                return None
            audit.record(conn, actor=f"staff:{staff}", action="sign_in", subject={}, now=now)
            return staff

    async def sign_out(self, signed: Signed) -> Response:
        response = RedirectResponse("/staff/signin", 303)
        self._sessions.sign_out(response)
        return response

    def signed(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """The page for those who are signed in and still are staff; a form must carry the session's token."""

        async def guarded(request: Request) -> Response:
            session = self._sessions.staff(request)
            member, waits = await self.ask(_at_work, session.staff) if session else (None, {})
            if session is None or member is None or not member.posts:  # the last role was taken away
                return RedirectResponse("/staff/signin", 303)
            if request.method == "POST":
                given = str((await request.form(max_files=0, max_fields=20)).get("csrf", ""))
                if not hmac.compare_digest(given.encode(), session.csrf.encode()):
                    raise HTTPException(403, "页面放得太久了，请刷新后再点。")
            return await page(Signed(request, session, member, waits, LocalTime(member.zone, self.clock())))

        return guarded

    # -- what pages use ---------------------------------------------------------------------------------------------

    async def ask(self, query: Callable[..., Result], *args: Any, **named: Any) -> Result:
        """A read query, off the loop."""

        def run() -> Result:
            with self.database.read() as conn:
                return query(conn, *args, **named)

        return await asyncio.to_thread(run)

    async def read(self, signed: Signed, action: str, subject: Mapping[str, Any]) -> None:
        """Keep the trace that something sensitive was looked at."""

        def run() -> None:
            with self.database.write() as conn:
                actor = f"staff:{signed.member.id}"
                audit.record(conn, actor=actor, action=action, subject=subject, now=self.clock())

        await asyncio.to_thread(run)

    async def act(self, signed: Signed, action: str, args: Mapping[str, Any], note: str | None) -> str:
        """Do it; the short answer, which is the reason when it may not be done."""

        def run() -> str:
            return self._actions.act(staff_id=signed.member.id, action=action, args=args, note=note, now=self.clock())

        try:
            return await asyncio.to_thread(run)
        except (NotAllowed, Unclear) as refusal:
            return Refused(refusal)

    async def file(self, signed: Signed, fields: Mapping[str, str]) -> Filed:
        """Open a case for somebody at the counter; a refusal is what is shown."""
        try:
            return await asyncio.to_thread(
                lambda: self._actions.file(staff_id=signed.member.id, fields=fields, now=self.clock())
            )
        except NotAllowed as refusal:
            return Filed(question=str(refusal))

    async def doubts(self, thread_id: int, text: str) -> tuple[str, ...]:
        """What is doubtful about the citations of an answer, off the loop."""
        return await asyncio.to_thread(lambda: self._actions.doubts(thread_id=thread_id, text=text, now=self.clock()))

    async def guide_doubts(self, guide_id: int) -> tuple[str, ...]:
        """What is doubtful about the citations of a guide's draft, off the loop."""
        return await asyncio.to_thread(lambda: self._actions.guide_doubts(guide_id=guide_id, now=self.clock()))

    def back(self, path: str, said: str) -> Response:
        """Back to a page, which says what came of it; signed, so that no link can put words into it."""
        return RedirectResponse(f"{path}?{urlencode({'said': self._sessions.seal(said)})}" if said else path, 303)

    def handed_on(self, path: str, text: str, signed: Signed) -> Response:
        """On to a page that shows a text once more; the text travels in a cookie, not in the address."""
        response = RedirectResponse(path, 303)
        self._sessions.hand_on(response, signed.member.id, text)
        return response

    def handed(self, signed: Signed) -> str:
        """What was handed on to this page, for a few minutes."""
        return self._sessions.handed(signed.request, signed.member.id)

    def page(self, signed: Signed, name: str, context: Mapping[str, Any]) -> Response:
        """A page of the signed-in."""
        roles = sorted({words.ROLE.get(post.role, post.role) for post in signed.member.posts})
        common = {"member": signed.member, "roles": "、".join(roles), "csrf": signed.session.csrf, "time": signed.time}
        common["pages"] = words.pages({post.role for post in signed.member.posts})
        common["waits"] = signed.waits
        common["said"] = self._sessions.unseal(signed.request.query_params.get("said", ""))
        return self.show(signed.request, name, common | dict(context))

    def show(self, request: Request, name: str, context: dict[str, Any], status: int = 200) -> Response:
        return self._templates.TemplateResponse(request, name, context, status_code=status, headers=NO_STORE)


def _at_work(conn: Connection, staff: int) -> tuple[Member | None, Mapping[str, int]]:
    """A member of staff, and what waits for them."""
    member = desk.member(conn, staff)
    return member, desk_talk.waits(conn, member) if member else {}


def _first_page(conn: Connection, staff: int) -> str:
    """Where somebody's work begins: the first page that concerns their roles."""
    member = desk.member(conn, staff)
    return words.pages({post.role for post in member.posts})[0][2] if member else "/staff"
