"""A WeChat server on loopback: tokens, windows, limits and errors as documented; its log is what a test believes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.server import serving

APP_ID, SECRET = "wx0123456789abcdef", "a-secret-of-the-tests-0123456789"
WINDOWS = {"message": (5, timedelta(hours=48)), "event": (3, timedelta(minutes=1))}


@dataclass
class Window:
    """So many messages until then."""

    left: int
    until: datetime


@dataclass
class WeChatApi:
    """The platform. `log` holds (how, person, text) of what people saw; `errors` what was refused, by code."""

    clock: Callable[[], datetime] = lambda: datetime(2026, 3, 2, 1, tzinfo=UTC)
    secret: str = SECRET
    may_push: bool = True  # the account has the customer-service interface
    quota: int = 1_000_000
    log: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    asked_tokens: int = 0
    tickets: int = 0
    tokens: dict[str, datetime] = field(default_factory=dict)
    windows: dict[str, dict[str, Window]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    menu: Any = None
    scenes: list[str] = field(default_factory=list)
    brief: dict[str, int] = field(default_factory=dict)  # those that end, after so many seconds
    once: list[int] = field(default_factory=list)  # codes the next calls are refused with
    refuse_texts: list[int] = field(default_factory=list)  # codes the next texts are refused with
    subscribed: set[str] = field(default_factory=set)  # who wants the subscription notice

    def acted(self, person: str, kind: str = "message") -> None:
        """A person wrote ("message"), or followed, scanned or pressed the menu ("event")."""
        messages, time = WINDOWS[kind]
        self.windows.setdefault(person, {})[kind] = Window(messages, self.clock() + time)

    def forget_tokens(self) -> None:
        """Somebody else asked for a token in the old way: ours is void."""
        self.tokens.clear()

    def saw(self, person: str) -> list[str]:
        return [text for _, who, text in self.log if who == person]

    def pushed(self, person: str) -> list[str]:
        return [text for how, who, text in self.log if who == person and how == "pushed"]

    # -- the interface -----------------------------------------------------------------------------------------------

    def app(self) -> Starlette:
        routes = {
            "/cgi-bin/message/custom/send": self._custom,
            "/cgi-bin/message/template/send": self._template,
            "/cgi-bin/message/subscribe/bizsend": self._subscription,
            "/cgi-bin/media/upload": self._upload,
            "/cgi-bin/menu/create": self._menu,
            "/cgi-bin/qrcode/create": self._qrcode,
        }
        return Starlette(
            routes=[
                Route("/cgi-bin/stable_token", self._token, methods=["POST"]),
                Route("/cgi-bin/media/get", self._get),
                Route("/cgi-bin/ticket/getticket", self._ticket),
                *(Route(path, self._guarded(work), methods=["POST"]) for path, work in routes.items()),
            ]
        )

    @contextmanager
    def running(self) -> Iterator[str]:
        with serving(self.app()) as root:
            yield root

    def _refuse(self, code: int, message: str) -> JSONResponse:
        self.errors.append(code)
        return JSONResponse({"errcode": code, "errmsg": f"{message} rid: 5f9e-{SECRET}"})

    async def _token(self, request: Request) -> Response:
        self.asked_tokens += 1
        asked = await request.json()
        if asked.get("appid") != APP_ID or asked.get("secret") != self.secret:
            return self._refuse(40001, f"invalid credential, secret {asked.get('secret')}")
        token = f"token-{self.asked_tokens:06d}-of-the-platform"
        self.tokens[token] = self.clock() + timedelta(hours=2)
        return JSONResponse({"access_token": token, "expires_in": 7200})

    async def _ticket(self, request: Request) -> Response:
        assert request.query_params["type"] == "jsapi"
        if (wrong := self._wrong(request)) is not None:
            return wrong
        self.tickets += 1
        return JSONResponse({"errcode": 0, "errmsg": "ok", "ticket": f"ticket-{self.tickets}", "expires_in": 7200})

    def _wrong(self, request: Request) -> Response | None:
        if self.once:
            return self._refuse(self.once.pop(0), "as the test wishes")
        until = self.tokens.get(request.query_params.get("access_token", ""))
        if until is None:
            return self._refuse(40001, "invalid credential, access_token is invalid or not latest")
        return self._refuse(42001, "access_token expired") if until <= self.clock() else None

    def _guarded(self, work: Callable[[Any], Response]) -> Callable[[Request], Any]:
        async def take(request: Request) -> Response:
            wrong = self._wrong(request)
            if wrong is not None:
                return wrong
            if request.headers.get("content-type", "").startswith("multipart/"):
                form = await request.form()
                media: Any = form["media"]
                return work(await media.read())
            return work(json.loads(await request.body()))

        return take

    def _custom(self, body: Any) -> Response:
        person = body["touser"]
        if not self.may_push:
            return self._refuse(48001, "api unauthorized")
        if person in self.gone:
            return self._refuse(43004, "require subscribe")
        if self.quota <= 0:
            return self._refuse(45009, "reach max api daily quota limit")
        if body["msgtype"] == "text" and self.refuse_texts:
            return self._refuse(self.refuse_texts.pop(0), "as the test wishes")
        text = body["text"]["content"] if body["msgtype"] == "text" else f"[image {body['image']['media_id']}]"
        if len(text.encode()) > 2048:
            return self._refuse(45002, "content size out of limit")
        open_now = [w for w in self.windows.get(person, {}).values() if w.until > self.clock()]
        if not open_now:
            return self._refuse(45015, "response out of time limit or subscription is canceled")
        usable = [w for w in open_now if w.left > 0]
        if not usable:
            return self._refuse(45047, "out of response count limit")
        usable[0].left -= 1
        self.quota -= 1
        self.log.append(("pushed", person, text))
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    def _template(self, body: Any) -> Response:
        self.log.append(("template", body["touser"], json.dumps(body.get("data"), ensure_ascii=False)))
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": len(self.log)})

    def _subscription(self, body: Any) -> Response:
        if body["touser"] not in self.subscribed:
            return self._refuse(43101, "user refuse to accept the msg")
        self.log.append(("subscription", body["touser"], json.dumps(body["data"], ensure_ascii=False)))
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    def _upload(self, data: bytes) -> Response:
        name = f"media-{len(self.media)}"
        self.media[name] = data
        return JSONResponse({"type": "image", "media_id": name, "created_at": 1})

    def _menu(self, body: Any) -> Response:
        self.menu = body
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    def _qrcode(self, body: Any) -> Response:
        scene = body["action_info"]["scene"]["scene_str"]
        assert 1 <= len(scene) <= 64 and body["action_name"] in ("QR_LIMIT_STR_SCENE", "QR_STR_SCENE")
        self.scenes.append(scene)
        if "expire_seconds" in body:
            assert body["action_name"] == "QR_STR_SCENE"
            self.brief[scene] = body["expire_seconds"]
        return JSONResponse({"ticket": "t", "url": f"http://weixin.example/q/{scene}"})

    async def _get(self, request: Request) -> Response:
        wrong = self._wrong(request)
        data = self.media.get(request.query_params.get("media_id", ""))
        if wrong is not None:
            return wrong
        return self._refuse(40007, "invalid media_id") if data is None else Response(data, media_type="image/jpeg")
