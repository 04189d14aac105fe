"""A WeCom server on loopback: tokens, cards, groups, robots, limits that drop and say 0; its log is the oracle."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.server import serving

TASK = re.compile(r"[A-Za-z0-9_@-]{1,128}")  # of a card (document 90236)
CORP_ID, AGENT_ID, SECRET = "ww0123456789abcdef", 1000002, "a-secret-of-the-app-0123456789abc"
MEMBER = ((timedelta(minutes=1), 30), (timedelta(hours=1), 1000))
ROBOT = ((timedelta(minutes=1), 20),)
GROUPS = ((timedelta(minutes=1), 20_000), (timedelta(hours=1), 300_000))


class Counted:
    """What went within each of these times; over it nothing goes, and nobody is told."""

    def __init__(self) -> None:
        self._times: dict[str, deque[tuple[datetime, int]]] = defaultdict(deque)

    def takes(self, name: str, limits: tuple[tuple[timedelta, int], ...], amount: int, now: datetime) -> bool:
        times = self._times[name]
        while times and times[0][0] <= now - timedelta(hours=1):
            times.popleft()
        for within, most in limits:
            if sum(n for at, n in times if at > now - within) + amount > most:
                return False
        times.append((now, amount))
        return True


@dataclass
class WeComApi:
    """The platform. `log` holds (to, kind, text) of what people saw, `dropped` what was taken and thrown away."""

    clock: Callable[[], datetime] = lambda: datetime(2026, 3, 2, 1, tzinfo=UTC)
    members: set[str] = field(default_factory=lambda: {"w1", "w2", "7"})
    unlicensed: set[str] = field(default_factory=set)
    groups: dict[str, int] = field(default_factory=dict)  # chat id: persons
    robots: set[str] = field(default_factory=set)
    log: list[tuple[str, str, str]] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    cards: dict[str, Any] = field(default_factory=dict)  # task id: the card as people see it now
    held: dict[str, list[str]] = field(default_factory=dict)  # task id: who has it
    codes: dict[str, str] = field(default_factory=dict)  # code: task id, good for one change
    errors: list[int] = field(default_factory=list)
    asked_tokens: int = 0
    tokens: set[str] = field(default_factory=set)
    media: dict[str, bytes] = field(default_factory=dict)
    made: list[Any] = field(default_factory=list)  # groups that were asked for
    mentions: set[str] = field(default_factory=set)  # codes by which a bot may still answer, once
    down: int = 0  # so many calls find no server
    no_pictures: bool = False  # a robot's are refused
    bot_cards: Callable[[dict[str, Any]], str] = lambda card: str(card["main_title"]["title"])
    files: dict[str, bytes] = field(default_factory=dict)  # what the bot was sent, by its address
    _counted: Counted = field(default_factory=Counted)
    _codes: int = 0

    def app(self) -> Starlette:
        work = {
            "/cgi-bin/message/send": self._send,
            "/cgi-bin/message/update_template_card": self._update,
            "/cgi-bin/appchat/send": self._group,
            "/cgi-bin/appchat/create": self._create,
            "/cgi-bin/media/upload": self._upload,
        }
        return Starlette(
            routes=[
                Route("/cgi-bin/gettoken", self._token),
                Route("/cgi-bin/webhook/send", self._robot, methods=["POST"]),
                Route("/cgi-bin/aibot/response", self._answered, methods=["POST"]),
                Route("/cgi-bin/media/get", self._get),
                Route("/files/{name}", self._file),
                Route("/cgi-bin/appchat/get", self._group_of),
                *(Route(path, self._guarded(each), methods=["POST"]) for path, each in work.items()),
            ]
        )

    @contextmanager
    def running(self) -> Iterator[str]:
        with serving(self.app()) as root:
            yield root

    def saw(self, to: str) -> list[str]:
        return [text for who, _, text in self.log if to in who.split("|")]

    def press(self, task: str) -> str:
        """Somebody presses a button of a card: the code that comes with it."""
        self._codes += 1
        self.codes[f"code-{self._codes}"] = task
        return f"code-{self._codes}"

    def _refuse(self, code: int, message: str) -> JSONResponse:
        self.errors.append(code)
        return JSONResponse({"errcode": code, "errmsg": f"{message}, hint: [1700000000_{SECRET}]"})

    async def _token(self, request: Request) -> Response:
        self.asked_tokens += 1
        if request.query_params.get("corpsecret") != SECRET or request.query_params.get("corpid") != CORP_ID:
            return self._refuse(40001, "invalid credential")
        self.tokens.add(f"token-{self.asked_tokens:06d}-of-the-platform")
        token = f"token-{self.asked_tokens:06d}-of-the-platform"
        return JSONResponse({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200})

    def _guarded(self, work: Callable[[Any], Response]) -> Callable[[Request], Any]:
        async def take(request: Request) -> Response:
            if request.query_params.get("access_token") not in self.tokens:
                return self._refuse(40014, "invalid access_token")
            if request.headers.get("content-type", "").startswith("multipart/"):
                form: Any = await request.form()
                return work(await form["media"].read())
            return work(json.loads(await request.body()))

        return take

    def _send(self, body: Any) -> Response:
        assert body["agentid"] == AGENT_ID
        wanted = body["touser"].split("|")
        known = [one for one in wanted if one in self.members]
        if not known:
            return self._refuse(81013, "user & party & tag all invalid")
        reached = [one for one in known if one not in self.unlicensed]
        kind, text = body["msgtype"], _shown(body)
        taken = [one for one in reached if self._counted.takes(f"m{one}", MEMBER, 1, self.clock())]
        self.dropped += [(one, text) for one in reached if one not in taken]
        if taken:
            self.log.append(("|".join(taken), kind, text))
        answer = {"errcode": 0, "errmsg": "ok", "msgid": f"msg{len(self.log)}"}
        if wanted != known:
            answer["invaliduser"] = "|".join(one.lower() for one in wanted if one not in known)
        if reached != known:
            answer["unlicenseduser"] = "|".join(one for one in known if one not in reached)
        if kind == "template_card":
            card = body["template_card"]
            assert card["card_type"] == "button_interaction" and 1 <= len(card["button_list"]) <= 6
            assert TASK.fullmatch(card["task_id"]) and card["task_id"] not in self.cards
            self.cards[card["task_id"]] = card
            self.held[card["task_id"]] = taken
            answer["response_code"] = self.press(card["task_id"])
        return JSONResponse(answer)

    def _update(self, body: Any) -> Response:
        task = self.codes.pop(body["response_code"], None)
        if task is None:
            return self._refuse(60140, "invalid response_code")
        card = body["template_card"]
        assert card["card_type"] == "button_interaction" or card["card_action"]["type"] == 1
        self.cards.pop(task)  # the one changed last is the newest
        self.cards[task] = card
        self.log.append(("|".join(body["userids"]), "update", _shown({**body, "msgtype": "template_card"})))
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    def _group(self, body: Any) -> Response:
        if body["chatid"] not in self.groups:
            return self._refuse(86003, "chatid not exists")
        text = _shown(body)
        if not self._counted.takes("groups", GROUPS, self.groups[body["chatid"]], self.clock()):
            self.dropped.append((body["chatid"], text))
        else:
            self.log.append((body["chatid"], body["msgtype"], text))
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def _group_of(self, request: Request) -> Response:
        chat = request.query_params.get("chatid", "")
        if chat not in self.groups:
            return self._refuse(86003, "chatid not exists")
        people = [f"p{n}" for n in range(self.groups[chat])]
        return JSONResponse({"errcode": 0, "chat_info": {"chatid": chat, "userlist": people}})

    def _create(self, body: Any) -> Response:
        if body["chatid"] in self.groups:
            return self._refuse(86215, "chatid existed")
        assert 2 <= len(body["userlist"]) <= 500 and body["owner"] in body["userlist"]
        self.made.append(body)
        self.groups[body["chatid"]] = len(body["userlist"])
        return JSONResponse({"errcode": 0, "errmsg": "ok", "chatid": body["chatid"]})

    async def _robot(self, request: Request) -> Response:
        key, body = request.query_params.get("key", ""), json.loads(await request.body())
        if key not in self.robots:
            return self._refuse(93000, "invalid webhook url")
        if self.no_pictures and body["msgtype"] == "image":
            return self._refuse(40009, "invalid image size")
        if not self._counted.takes(f"r{key}", ROBOT, 1, self.clock()):
            self.dropped.append((key, _shown(body)))
        else:
            self.log.append((key, "robot", _shown(body)))
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def _answered(self, request: Request) -> Response:
        code, body = request.query_params.get("response_code", ""), json.loads(await request.body())
        if self.down:
            self.down -= 1
            raise httpx.ConnectError("no route to host")
        if code not in self.mentions:
            return self._refuse(60140, "response_code is used or expired")
        self.mentions.discard(code)
        if body["msgtype"] == "template_card":
            self.log.append((code, "card", self.bot_cards(body["template_card"])))
        else:
            self.log.append((code, "answer", body["markdown"]["content"]))
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def _file(self, request: Request) -> Response:
        data = self.files.get(request.path_params["name"])
        return Response("gone", 404) if data is None else Response(data, media_type="application/octet-stream")

    def _upload(self, data: bytes) -> Response:
        self.media[f"media-{len(self.media)}"] = data
        return JSONResponse({"errcode": 0, "type": "image", "media_id": f"media-{len(self.media) - 1}"})

    async def _get(self, request: Request) -> Response:
        data = self.media.get(request.query_params.get("media_id", ""))
        return self._refuse(40007, "invalid media_id") if data is None else Response(data, media_type="image/jpeg")


def _shown(body: Any) -> str:
    kind = body["msgtype"]
    if kind == "text":
        assert len(body["text"]["content"].encode()) <= 2048
        return str(body["text"]["content"])
    if kind == "template_card":
        card = body["template_card"]
        return "\n".join(part for part in (card["main_title"]["title"], card["sub_title_text"]) if part)
    if kind == "image" and "base64" in body["image"]:
        picture = base64.b64decode(body["image"]["base64"])
        assert body["image"]["md5"] == hashlib.md5(picture, usedforsecurity=False).hexdigest()
        assert len(picture) <= 2 * 1024 * 1024
        return f"[{picture.decode('latin-1')}]"
    return f"[{kind}]"
