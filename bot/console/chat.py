"""The routes of the residents' chat page: what is said goes to the inbox, what is shown are the web channel's lines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from sse_starlette import EventSourceResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.channels.base import Accept, SendError, Unavailable
from bot.channels.web import Posted, WebChannel
from bot.clock import Clock
from bot.console import feed, posts
from bot.console.guard import Pace
from bot.console.sessions import Sessions
from bot.console.speakers import STAFF, Speaker, Speakers, still
from bot.filestore import NotAPhoto, clean_photo
from storage import web_lines
from storage.web_lines import WebRoom

MOST_PHOTOS = 3
LARGEST_PHOTO = 10 * 1_048_576  # bytes
MOST_STREAMS = 8  # a visitor's open pages
LATER = {"retry-after": "3"}


class ChatPages:
    """The routes under /chat."""

    def __init__(
        self,
        channel: WebChannel,
        accept: Accept,
        sessions: Sessions,
        templates: Jinja2Templates,
        speakers: Speakers,
        clock: Clock,
    ) -> None:
        self._speakers = speakers
        self._channel = channel
        self._accept = accept
        self._sessions = sessions
        self._templates = templates
        self._pace = Pace(clock, burst=20, rate=0.7)
        self._crowd = Pace(clock, burst=600, rate=20)  # one address of the net: a whole office may sit behind it
        self._feed = feed.Feed(channel, clock)
        self._streams: dict[str, int] = {}
        self._kitchen = asyncio.Semaphore(2)  # photos worked on at once

    def routes(self) -> list[Route]:
        return [
            Route("/chat", self.page),
            Route("/staff/chat", self.staff_page),
            Route("/chat/lines", self.lines),
            Route("/chat/stream", self.stream),
            Route("/chat/photo/{handle}", self.photo),
            Route("/chat/send", self.send, methods=["POST"]),
            Route("/chat/press", self.press, methods=["POST"]),
            Route("/chat/start", self.start, methods=["POST"]),
        ]

    # -- reading ----------------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """The page itself; a new visitor gets an id."""
        community, rooms = await asyncio.to_thread(self._place)
        response = self._show(
            request, {"community": community, "rooms": rooms, "neighbours": self._speakers.neighbours}
        )
        if self._sessions.visitor(request) is None:
            self._sessions.welcome(response)
        return response

    async def staff_page(self, request: Request) -> Response:
        """The same page for a member of staff: their private chat, and the work groups with their cards."""
        try:
            speaker = await self._speakers.of(request, {"as": STAFF})
        except HTTPException:
            return RedirectResponse("/staff/signin", 303)
        return self._show(request, {"community": speaker.name, "rooms": speaker.rooms, "staff": True})

    def _place(self) -> tuple[str, list[WebRoom]]:
        with self._channel.database.read() as conn:
            return web_lines.community_name(conn), web_lines.rooms(conn)

    def _show(self, request: Request, context: dict[str, Any]) -> Response:
        return self._templates.TemplateResponse(request, "chat.html", context, headers={"cache-control": "no-store"})

    async def lines(self, request: Request) -> Response:
        """The newest lines of a chat, or those before a line; `cursor` is what the stream goes on from."""
        speaker = await self._speakers.of(request, request.query_params)
        chat, _ = self._chat(speaker, request.query_params.get("chat", ""))
        before = request.query_params.get("before", "")
        found = await asyncio.to_thread(
            self._feed.history, speaker.address, chat, int(before) if before.isdecimal() else None
        )
        return JSONResponse(found, headers={"cache-control": "no-store"})

    async def stream(self, request: Request) -> Response:
        """Everything new or changed in the visitor's chats, from the last event they saw on."""
        speaker = await self._speakers.of(request, request.query_params)
        if self._streams.get(speaker.owner, 0) >= MOST_STREAMS:
            raise _refusal(429, "打开的页面有点多，请关掉几个再试。")
        cursor = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return EventSourceResponse(self._counted(speaker, cursor), ping=15)

    async def _counted(self, speaker: Speaker, cursor: str) -> Any:
        owner, chats = speaker.owner, {"private": speaker.address} | {r.address: r.address for r in speaker.rooms}
        self._streams[owner] = self._streams.get(owner, 0) + 1
        try:
            async for event in self._feed.events(speaker.address, chats, cursor, partial(still, speaker)):
                yield event
        finally:
            self._streams[owner] -= 1
            if not self._streams[owner]:
                del self._streams[owner]

    async def photo(self, request: Request) -> Response:
        """A photo of a line, by its handle (which nobody can guess)."""
        if self._sessions.visitor(request) is None and self._sessions.staff(request) is None:
            raise HTTPException(404)
        try:
            path = self._channel.photo_path(request.path_params["handle"])
        except SendError as error:
            raise HTTPException(404) from error
        if not path.exists():
            raise HTTPException(404)
        return FileResponse(path, media_type="image/jpeg", headers={"cache-control": "private, max-age=31536000"})

    # -- saying -----------------------------------------------------------------------------------------------------

    async def send(self, request: Request) -> Response:
        """A message, as JSON, or as a form with `message` (the JSON) and up to MOST_PHOTOS `photos`."""
        fields, files = await _read(request)
        speaker = await self._speakers.of(request, fields)
        self._slow_down(request, speaker)
        try:
            post = posts.message(fields)
        except ValueError as error:
            raise _refusal(400, str(error)) from error
        chat, private = self._chat(speaker, post.chat)
        photos = await self._photos(speaker, post.id, files)
        said = Posted(
            speaker.address,
            speaker.name,
            post.id,
            chat,
            private,
            text=post.text,
            reply_to=post.reply_to,
            photos=photos,
            location=post.location if private else None,
        )
        line = await self._channel.hear(said, self._accept)
        return JSONResponse({"id": line.id})

    async def _photos(self, speaker: Speaker, post: str, files: list[UploadFile]) -> tuple[str, ...]:
        handles: list[str] = []
        for number, upload in enumerate(files[:MOST_PHOTOS]):
            if (upload.size or 0) > LARGEST_PHOTO:
                raise _refusal(413, "照片太大了，请换一张小一点的。")
            async with self._kitchen:
                try:
                    data = await asyncio.to_thread(clean_photo, await upload.read())
                except NotAPhoto as error:
                    raise _refusal(415, str(error)) from error
                handle = self._sessions.digest("photo", speaker.address, post, str(number))
                try:
                    handles.append(await asyncio.to_thread(self._channel.keep_photo, data, handle))
                except OSError as error:  # the disk is full
                    raise Unavailable from error
        return tuple(handles)

    async def press(self, request: Request) -> Response:
        """A button pressed: the answer comes over the stream."""
        fields, _ = await _read(request)
        speaker = await self._speakers.of(request, fields)
        self._slow_down(request, speaker)
        try:
            press = posts.press(fields)
        except ValueError as error:
            raise _refusal(400, str(error)) from error
        chat, private = self._chat(speaker, press.chat)
        posted = Posted(speaker.address, speaker.name, press.id, chat, private)
        await self._channel.press(posted, message=press.message, choice=press.choice, accept=self._accept)
        return JSONResponse({})

    async def start(self, request: Request) -> Response:
        """The private chat opened, the first time or through a link."""
        fields, _ = await _read(request)
        speaker = await self._speakers.of(request, fields)
        self._slow_down(request, speaker)
        try:
            post_id, token = posts.start(fields)
        except ValueError as error:
            raise _refusal(400, str(error)) from error
        posted = Posted(speaker.address, speaker.name, post_id, speaker.address, True)
        await self._channel.start(posted, token=token, accept=self._accept)
        return JSONResponse({})

    # -- where and how fast -----------------------------------------------------------------------------------------

    def _chat(self, speaker: Speaker, named: str) -> tuple[str, bool]:
        if named == "private":
            return speaker.address, True
        if named not in {room.address for room in speaker.rooms}:
            raise _refusal(404, "没有找到这个群。")
        return named, False

    def _slow_down(self, request: Request, speaker: Speaker) -> None:
        host = request.client.host if request.client else ""
        refused = self._pace.take(speaker.owner) or self._crowd.take(host)
        if refused:
            error = "您发得有点快，歇几秒再发，内容已经替您留着。" if refused.first else ""
            raise _refusal(429, error, {"retry-after": str(refused.wait)})


async def _read(request: Request) -> tuple[Mapping[str, Any], list[UploadFile]]:
    """The JSON fields of a POST, and the photos beside them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _fields(await request.body()), []
    if kind != "multipart/form-data":
        raise _refusal(415, "这种格式收不了。")
    form = await request.form(max_files=MOST_PHOTOS, max_fields=4, max_part_size=2 * 1_048_576)
    return _fields(str(form.get("message", ""))), [f for f in form.getlist("photos") if isinstance(f, UploadFile)]


def _fields(text: str | bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refusal(400, "内容没有收全，请再发一次。") from error
    if not isinstance(fields, dict):
        raise _refusal(400, "内容没有收全，请再发一次。")
    return fields


def _refusal(status: int, error: str, headers: Mapping[str, str] | None = None) -> HTTPException:
    return HTTPException(status, error, dict(headers) if headers else None)
