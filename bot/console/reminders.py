"""The page on which people agree to be told on WeChat that something waits: WeChat's own button, signed for it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.channels.base import SendError
from bot.channels.weixin.api import ApiError
from bot.clock import Clock
from bot.console.app import HERE
from bot.logs import Log
from bot.reminders import PATH

# The button (wx-open-subscribe) is drawn by WeChat's own script, in frames of its own.
POLICY = (
    "default-src 'none'; script-src 'self' https://res.wx.qq.com; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: https:; connect-src 'self' https://*.qq.com; frame-src https://*.qq.com; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
AWAY = "现在连不上微信，请过一会儿再打开这一页。"

log = Log()


def signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """What WeChat's script is shown for a page (JS-SDK, 附录1): of its whole address, without what follows a #."""
    said = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(said.encode()).hexdigest()  # noqa: S324 - their protocol


class ReminderPage:
    """The page. `ticket` gives what it is signed with; `base` is where people reach us."""

    def __init__(
        self, ticket: Callable[[], Awaitable[str]], app_id: str, template: str, base: str, clock: Clock
    ) -> None:
        self._ticket = ticket
        self._app_id = app_id
        self._template = template
        self._base = base
        self._clock = clock
        self._templates = Jinja2Templates(directory=HERE / "templates")

    def routes(self) -> list[Route]:
        return [Route(PATH, self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """The page, signed for the address it was opened by."""
        try:
            ticket = await self._ticket()
        except (ApiError, SendError) as error:
            log.warning("wechat.no_ticket", reason=str(error))
            return self._templates.TemplateResponse(request, "told.html", {"words": AWAY}, 503)
        query = request.url.query
        url = f"{self._base}{PATH}" + (f"?{query}" if query else "")
        nonce, timestamp = secrets.token_hex(8), int(self._clock().timestamp())
        signed = {"app": self._app_id, "template": self._template, "nonce": nonce, "timestamp": timestamp}
        given = signed | {"signature": signature(ticket, nonce, timestamp, url)}
        headers = {"content-security-policy": POLICY, "cache-control": "no-store"}
        return self._templates.TemplateResponse(request, "reminder.html", given, headers=headers)
