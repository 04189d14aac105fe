"""A Bot API server that was not written here (npm telegram-test-api), and the thin layer that adds what it lacks.

Messages, presses, edits, updates and the webhook go through the foreign server. The layer repairs what it says (see
docs/telegram.md) and answers itself only the methods the foreign server does not know.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.server import free_port, serving
from tests.support.telegram_api import BOT, Refused, TelegramApi, entities, parameters

PACKAGE, VERSION = "telegram-test-api", "4.2.1"
TOKEN = "666:a-token-of-the-journeys"  # the number is the foreign server's bot
START = """
const TelegramServer = require(process.argv[1]);
new TelegramServer({ host: "127.0.0.1", port: Number(process.argv[2]), storeTimeout: 3600 })
  .start().then(() => console.log("ready"));
"""

Json = dict[str, Any]


def install() -> Path:
    """Where the package lies; fetched once a machine. Skips the test, loudly, where npm or Node is not to be had."""
    home = Path(
        os.environ.get("LINLI_TEST_NODE_CACHE") or Path(tempfile.gettempdir()) / f"linli-test-node-{os.getuid()}"
    )
    there = home / "node_modules" / PACKAGE
    if (there / "package.json").is_file():
        return there
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip(f"SKIPPED LOUDLY: no Node here, so no {PACKAGE}: the journeys through Telegram did not run")
    with tempfile.TemporaryDirectory() as fresh:
        command = [
            npm,
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefix",
            fresh,
            f"{PACKAGE}@{VERSION}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"SKIPPED LOUDLY: npm could not install {PACKAGE}: {done.stderr[-300:]}")
        home.mkdir(parents=True, exist_ok=True)
        shutil.copytree(fresh, home, dirs_exist_ok=True)
    return there


class ForeignTelegram:
    """People's verbs at the foreign server, and the layer between it and the bot."""

    def __init__(self, foreign: str) -> None:
        self.foreign = httpx.Client(base_url=foreign, timeout=30)
        self.own = TelegramApi()  # for what the foreign server does not know: photos, files, commands
        self.own.chats.clear()
        self.hook: Json = {}
        self.notices: list[Json] = []
        self.pending: dict[int, Json] = {}
        self.extra: list[Json] = []  # updates of kinds the foreign server cannot make
        self.refused: list[int] = []  # what the bot's webhook answered that was not 2xx; 0: nobody was there
        self.passed = 0  # updates the bot's webhook took
        self._extra_number = 1_000_000
        self._here = ""

    # -- people ----------------------------------------------------------------------------------------------------

    def says(self, sender: int, text: str, chat: int | None = None, **content: Any) -> None:
        """A person writes, in private unless a chat is named."""
        self._post("/sendMessage", sender, chat, {"text": text, "entities": entities(text), **content})

    def sends(self, sender: int, chat: int | None = None, **content: Any) -> None:
        """A person posts something that is not text."""
        self._post("/sendMessage", sender, chat, content)

    def presses(self, sender: int, message: Json, label: str, *, data: str | None = None) -> None:
        """A person presses the button with this label; `data`: something no button had."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        found = [b["callback_data"] for row in rows for b in row if b["text"] == label]
        self._post("/sendCallback", sender, message["chat"]["id"], {"message": message, "data": data or found[0]})

    def joins(self, chat: int) -> None:
        """Somebody adds the bot to a group: a kind of update the foreign server does not know."""
        bot = {**BOT, "id": 666}
        member = {"chat": _chat(chat), "from": _person(1), "date": int(time.time())}
        left, here = {"user": bot, "status": "left"}, {"user": bot, "status": "member"}
        self.adds(my_chat_member={**member, "old_chat_member": left, "new_chat_member": here})

    def adds(self, **content: Any) -> None:
        """An update of a kind the foreign server does not know."""
        self._extra_number += 1
        self.extra.append({"update_id": self._extra_number, **content})

    def in_chat(self, chat: int) -> list[Json]:
        """The bot's messages in a chat as they are now, from the foreign server's own log."""
        history = self.foreign.post("/getUpdatesHistory", json={"token": TOKEN}).json()["result"]
        return [
            {k: v for k, v in said["message"].items() if k in ("text", "reply_markup", "reply_parameters")}
            | {"message_id": said["messageId"], "chat": _chat(chat)}
            for said in history
            if str(said.get("message", {}).get("chat_id")) == str(chat)
        ]

    def texts(self, chat: int) -> list[str]:
        return [message["text"] for message in self.in_chat(chat)]

    def waits(self, chat: int, words: str, *, seconds: float = 25) -> Json:
        """The newest message in a chat with these words, once it is there."""
        found: list[Json] = []

        def there() -> bool:
            found[:] = [message for message in self.in_chat(chat) if words in message["text"]]
            return bool(found)

        self.until(there, f"nobody said {words!r} in {chat}", seconds=seconds)
        return found[-1]

    def until(self, holds: Callable[[], bool], else_: str, *, seconds: float = 25) -> None:
        """Look again and again until it holds."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                said = {chat: self.texts(chat) for chat in (7, 8, 11, -100, -200)}
                raise AssertionError(f"{else_}: {said}")
            threading.Event().wait(0.05)

    def _post(self, where: str, sender: int, chat: int | None, content: Json) -> None:
        common = {"botToken": TOKEN, "from": _person(sender), "date": int(time.time())}
        place = {} if where == "/sendCallback" else {"chat": _chat(chat if chat is not None else sender)}
        passed = self.passed
        answer = self.foreign.post(where, json=common | place | content)
        answer.raise_for_status()
        if self.hook:  # the foreign server numbers the next update only when the webhook has taken this one
            self.until(lambda: self.passed > passed, "the webhook took nothing", seconds=60)

    # -- the layer -------------------------------------------------------------------------------------------------

    @contextmanager
    def running(self) -> Iterator[str]:
        """The address the bot talks to."""
        routes = [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/photos/{id}", self.own._download),
            Route("/hook", self._pass_on, methods=["POST"]),
        ]
        with serving(Starlette(routes=routes)) as address:
            self._here = address
            yield address

    async def _answer(self, request: Request) -> Response:
        method, body = request.path_params["method"], await request.body()
        if request.path_params["token"] != TOKEN:
            return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        given = await parameters(request)
        if method == "getUpdates":
            return JSONResponse({"ok": True, "result": await self._updates(given)})
        if method == "setWebhook":
            answer = await self._ask(method, json.dumps({"url": f"{self._here}/hook"}).encode(), "application/json")
            self.hook = given
            return answer
        if method in ("getMe", "sendMessage", "editMessageText", "answerCallbackQuery", "deleteWebhook"):
            if method == "answerCallbackQuery":
                self.notices.append(given)
            return await self._ask(method, body, request.headers.get("content-type", ""))
        try:
            return JSONResponse({"ok": True, "result": self.own.call(method, given)})
        except Refused as refused:
            return JSONResponse(refused.body, refused.code)

    async def _ask(self, method: str, body: bytes, kind: str) -> Response:
        """Ask the foreign server, and repair its answer."""
        async with httpx.AsyncClient(base_url=self.foreign.base_url) as client:
            answer = await client.post(f"/bot{TOKEN}/{method}", content=body, headers={"content-type": kind})
        said = answer.json()
        result = said.get("result")
        if method == "getMe":
            said["result"] = result | {"is_bot": True}
        elif method == "sendMessage":
            chat = _chat(int(result["chat"]["id"]))
            known = {k: result[k] for k in ("message_id", "text", "reply_markup") if result.get(k) is not None}
            said["result"] = known | {"chat": chat, "date": result["date"] // 1000, "from": {**BOT, "id": 666}}
        elif result is None:
            said["result"] = True
        return JSONResponse(said, answer.status_code)

    async def _updates(self, given: Json) -> list[Json]:
        """Long polling with offsets: the foreign server forgets an update as soon as it has said it once."""
        for id in [id for id in self.pending if id < int(given.get("offset") or 0)]:
            del self.pending[id]
        until = time.monotonic() + float(given.get("timeout") or 0)
        async with httpx.AsyncClient(base_url=self.foreign.base_url) as client:
            while True:
                answer = await client.post(f"/bot{TOKEN}/getUpdates")
                extra, self.extra = self.extra, []
                for update in [*answer.json()["result"], *extra]:
                    self.pending[update["update_id"]] = repaired(update)
                if self.pending or time.monotonic() > until:
                    return list(self.pending.values())
                await asyncio.sleep(0.05)

    async def _pass_on(self, request: Request) -> Response:
        """The foreign server's webhook call, handed to the bot as Telegram would: with the secret, again until it is
        taken. The foreign server itself would die of a refusal."""
        update = repaired(await request.json())
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.hook.get("secret_token", "")}
        async with httpx.AsyncClient(timeout=30) as client:
            for _ in range(200):
                answered = await _posted(client, self.hook["url"], update, headers)
                if 200 <= answered < 300:
                    break
                self.refused.append(answered)
                await asyncio.sleep(0.25)
        threading.Timer(0.05, self._has_passed).start()  # when the foreign server has read this answer
        return Response()

    def _has_passed(self) -> None:
        self.passed += 1


@contextmanager
def foreign_telegram() -> Iterator[ForeignTelegram]:
    """The foreign server, started."""
    package, port = install(), free_port()
    node = shutil.which("node")
    assert node
    command = [node, "--unhandled-rejections=warn", "-e", START, str(package), str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout and server.stdout.readline().strip() == "ready"
        yield ForeignTelegram(f"http://127.0.0.1:{port}")
    finally:
        server.kill()
        server.wait(10)


def repaired(update: Json) -> Json:
    """An update with what the foreign server leaves out of presses."""
    query = update.get("callback_query")
    if query is not None:
        message = {"date": int(time.time()), **query["message"]}
        message.pop("reply_parameters", None)
        query |= {"chat_instance": "1", "message": message | {"from": {**BOT, "id": 666}}}
    return update


async def _posted(client: httpx.AsyncClient, url: str, update: Json, headers: dict[str, str]) -> int:
    try:
        return (await client.post(url, json=update, headers=headers)).status_code
    except httpx.TransportError:
        return 0


def _person(id: int) -> Json:
    return {"id": id, "is_bot": False, "first_name": f"人{id}"}


def _chat(id: int) -> Json:
    return (
        {"id": id, "type": "private", "first_name": f"人{id}"} if id > 0 else {"id": id, "type": "group", "title": "群"}
    )
