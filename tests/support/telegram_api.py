"""A small Bot API server with Telegram's limits and manners; its log is what a test believes, not what the bot says."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.server import serving

TOKEN = "1234567:a-token-of-the-tests"
BOT = {"id": 1234567, "is_bot": True, "first_name": "邻里", "username": "linli_test_bot"}

STRUCTURED = ("reply_markup", "reply_parameters", "link_preview_options", "allowed_updates", "commands", "entities")

Json = dict[str, Any]


class Refused(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters
        self.code = code


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class Chat:
    """A chat as Telegram knows it. A bot may write to a person only after they wrote, to a group while it is in it."""

    id: int
    started: bool = False
    blocked: bool = False
    kicked: bool = False
    moved_to: int | None = None
    times: deque[float] = field(default_factory=deque)

    @property
    def kind(self) -> str:
        return "private" if self.id > 0 else "supergroup" if self.id < -1_000_000_000_000 else "group"

    def json(self) -> Json:
        return {"id": self.id, "type": self.kind, **({"first_name": "某人"} if self.id > 0 else {"title": "网格群"})}


@dataclass
class TelegramApi:
    """The server's state and the verbs of people. Limits are those of Telegram's FAQ; `hurry` times faster in tests."""

    chats: dict[int, Chat] = field(default_factory=dict)
    shown: dict[tuple[int, int], Json] = field(default_factory=dict)  # (chat, message) -> what is there
    calls: list[tuple[str, Json]] = field(default_factory=list)
    answers: dict[str, Json] = field(default_factory=dict)  # to presses, by callback id
    callbacks: set[str] = field(default_factory=set)  # that may still be answered
    files: dict[str, bytes] = field(default_factory=dict)
    pending: dict[int, Json] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    faults: list[Callable[[str, Json], Response | Refused | float | None]] = field(default_factory=list)
    limited: int = 0  # how often it had to say 429
    per_second: int = 30
    per_minute_in_group: int = 20
    burst_in_chat: int = 5
    _all: deque[float] = field(default_factory=deque)
    _update: int = 100
    _message: int = 0
    _polling: int = 0

    # -- people ----------------------------------------------------------------------------------------------------

    def chat(self, id: int) -> Chat:
        return self.chats.setdefault(id, Chat(id))

    def update(self, **content: Any) -> Json:
        """Something happened: an update, waiting to be fetched."""
        self._update += 1
        found = {"update_id": self._update, **content}
        self.pending[self._update] = found
        return found

    def message(self, sender: int, chat: int | None = None, **content: Any) -> Json:
        """A person posts something; private unless a chat is named."""
        place = self.chat(chat if chat is not None else sender)
        place.started, place.blocked = True, False
        self._message += 1
        who = {"id": sender, "is_bot": False, "first_name": f"人{sender}"}
        body = {"message_id": self._message, "date": int(time.time()), "chat": place.json(), "from": who, **content}
        if place.id < 0:
            place.started = True
        return self.update(message=body)

    def says(self, sender: int, text: str, chat: int | None = None, **content: Any) -> Json:
        """A person writes; mentions and commands become entities, as the clients make them."""
        return self.message(sender, chat, text=text, entities=entities(text), **content)

    def presses(self, sender: int, message: Json, label: str) -> Json:
        """A person presses the button with this label under a message of `shown`."""
        rows = message["reply_markup"]["inline_keyboard"]
        button = next(b for row in rows for b in row if b["text"] == label)
        id = f"cb{len(self.callbacks) + len(self.answers) + 1}"
        self.callbacks.add(id)
        who = {"id": sender, "is_bot": False, "first_name": f"人{sender}"}
        query = {"id": id, "from": who, "message": message, "chat_instance": "1", "data": button["callback_data"]}
        return self.update(callback_query=query)

    def in_chat(self, chat: int) -> list[Json]:
        """What the bot's messages in a chat show now, in order."""
        return [message for (where, _), message in self.shown.items() if where == chat]

    # -- the bot's methods -----------------------------------------------------------------------------------------

    def call(self, method: str, given: Json) -> Any:
        """The result of a method; raises Refused."""
        self.calls.append((method, given))
        handler = getattr(self, f"do_{method}", None)
        if handler is None:
            raise Refused(404, "Not Found: method not found")
        return handler(given)

    def do_getMe(self, given: Json) -> Json:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    def do_setMyCommands(self, given: Json) -> bool:
        self.commands = given["commands"]
        return True

    def do_setWebhook(self, given: Json) -> bool:
        self.webhook = given
        return True

    def do_deleteWebhook(self, given: Json) -> bool:
        self.webhook = {}
        return True

    def do_sendMessage(self, given: Json) -> Json:
        text = given.get("text", "")
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        return self._post(given, {"text": text})

    def do_sendPhoto(self, given: Json) -> Json:
        if units(given.get("caption") or "") > 1024:
            raise Refused(400, "Bad Request: message caption is too long")
        id = f"photo{len(self.files)}"
        self.files[id] = given["photo"]
        size = {"file_id": id, "file_unique_id": id, "width": 90, "height": 90, "file_size": len(given["photo"])}
        caption = {"caption": given["caption"]} if given.get("caption") else {}
        return self._post(given, {"photo": [size], **caption})

    def do_editMessageText(self, given: Json) -> Json:
        return self._edit(given, "text")

    def do_editMessageCaption(self, given: Json) -> Json:
        return self._edit(given, "caption")

    def do_answerCallbackQuery(self, given: Json) -> bool:
        id = given["callback_query_id"]
        if id not in self.callbacks:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text") or "") > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        self.callbacks.remove(id)
        self.answers[id] = given
        return True

    def do_getFile(self, given: Json) -> Json:
        id = given["file_id"]
        if id not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return {"file_id": id, "file_unique_id": id, "file_size": len(self.files[id]), "file_path": f"photos/{id}"}

    # -- rules -----------------------------------------------------------------------------------------------------

    def _reachable(self, id: Any) -> Chat:
        chat = self.chats.get(int(id))
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.moved_to:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, description, migrate_to_chat_id=chat.moved_to)
        if chat.kicked:
            raise Refused(403, "Forbidden: bot was kicked from the group chat")
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat.id > 0 and not chat.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        self._within_limits(chat)
        return chat

    def _within_limits(self, chat: Chat) -> None:
        now = time.monotonic()
        _forget(self._all, now - 1)
        if len(self._all) >= self.per_second:
            self._too_many(1)
        _forget(chat.times, now - 60)
        if sum(t > now - self.burst_in_chat for t in chat.times) >= 2 * self.burst_in_chat:
            self._too_many(1)
        if chat.id < 0 and len(chat.times) >= self.per_minute_in_group:
            self._too_many(60 - int(now - chat.times[0]))
        self._all.append(now)
        chat.times.append(now)

    def _too_many(self, seconds: int) -> None:
        self.limited += 1
        raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _keyboard(self, given: Json) -> Json:
        markup = given.get("reply_markup")
        for row in (markup or {}).get("inline_keyboard", ()):
            for button in row:
                if "url" not in button and not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                    raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        return {"reply_markup": markup} if markup else {}

    def _post(self, given: Json, content: Json) -> Json:
        keyboard = self._keyboard(given)
        chat = self._reachable(given["chat_id"])
        replied = (given.get("reply_parameters") or {}).get("message_id")
        self._message += 1
        body = {"message_id": self._message, "date": int(time.time()), "chat": chat.json(), "from": BOT}
        if replied is not None and (chat.id, replied) in self.shown:
            body["reply_to_message"] = {
                k: v for k, v in self.shown[chat.id, replied].items() if k != "reply_to_message"
            }
        self.shown[chat.id, self._message] = body | content | keyboard
        return self.shown[chat.id, self._message]

    def _edit(self, given: Json, part: str) -> Json:
        place = (int(given["chat_id"]), int(given["message_id"]))
        keyboard = self._keyboard(given)
        self._reachable(given["chat_id"])
        there = self.shown.get(place)
        if there is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if part == "text" and "text" not in there:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        changed = {k: v for k, v in there.items() if k != "reply_markup"} | {part: given[part]} | keyboard
        if changed == there:
            raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
        self.shown[place] = changed
        return changed

    # -- the server ------------------------------------------------------------------------------------------------

    @contextmanager
    def running(self) -> Iterator[str]:
        """The root address at which this Bot API answers."""
        routes = [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/photos/{id}", self._download),
        ]
        with serving(Starlette(routes=routes)) as address:
            yield address

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != TOKEN:
            return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        given = await parameters(request)
        for fault in self.faults:
            answer = fault(method, given)
            if isinstance(answer, float):
                await asyncio.sleep(answer)
            elif isinstance(answer, Refused):
                return JSONResponse(answer.body, answer.code)
            elif answer is not None:
                return answer
        try:
            result = await self._updates(given) if method == "getUpdates" else self.call(method, given)
        except Refused as refused:
            return JSONResponse(refused.body, refused.code)
        return JSONResponse({"ok": True, "result": result})

    async def _updates(self, given: Json) -> list[Json]:
        if self.webhook.get("url"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self.calls.append(("getUpdates", given))
        for id in [id for id in self.pending if id < int(given.get("offset") or 0)]:
            del self.pending[id]
        self._polling += 1
        mine = self._polling
        until = time.monotonic() + float(given.get("timeout") or 0)
        while not self.pending and time.monotonic() < until:
            await asyncio.sleep(0.01)
            if mine != self._polling:
                raise Refused(409, "Conflict: terminated by other getUpdates request")
        return list(self.pending.values())[:100]

    async def _download(self, request: Request) -> Response:
        found = self.files.get(request.path_params["id"])
        return Response(found) if found is not None else Response(status_code=404)


async def parameters(request: Request) -> Json:
    """The parameters of a method, however they were sent; JSON inside of forms is read."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    found: Json = dict(request.query_params)
    async with request.form(max_part_size=20_000_000) as form:
        for name, value in form.multi_items():
            found[name] = value if isinstance(value, str) else await value.read()
    attached = {v.removeprefix("attach://") for v in found.values() if isinstance(v, str) and v.startswith("attach://")}
    for name, value in list(found.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            found[name] = found[value.removeprefix("attach://")]
        elif isinstance(value, str) and name in STRUCTURED:
            found[name] = json.loads(value)
        elif isinstance(value, str) and name.endswith(("_id", "timeout", "offset")) and value.lstrip("-").isdigit():
            found[name] = int(value)
    return {name: value for name, value in found.items() if name not in attached}


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()


def entities(text: str) -> list[Json]:
    """The entities a client makes of mentions and of a command at the beginning."""
    found: list[Json] = []
    at = 0
    for word in text.replace("\n", " ").split(" "):
        kind = "mention" if word.startswith("@") else "bot_command" if word.startswith("/") else ""
        if kind:
            found.append({"type": kind, "offset": at, "length": units(word)})
        at += units(word) + 1
    return found


def counts(api: TelegramApi) -> dict[str, int]:
    """How often each method was called."""
    found: defaultdict[str, int] = defaultdict(int)
    for method, _ in api.calls:
        found[method] += 1
    return dict(found)
