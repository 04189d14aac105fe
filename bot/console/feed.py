"""Lines as the chat page is given them: the newest at first, then everything new or changed as it comes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection

from bot.channels.web import WebChannel
from bot.clock import Clock
from storage import web_lines
from storage.database import Away
from storage.web_lines import ASSISTANT, NOTICE, WebLine

MAY_LAST = 600.0  # seconds of one stream: then the page comes back and is asked again who it is
POLL = 2.0  # seconds: how late a line written by another process may appear
QUOTE = 40  # characters of the line replied to


class Feed:
    """Reads the web channel's lines for one visitor at a time."""

    def __init__(self, channel: WebChannel, clock: Clock) -> None:
        self._channel = channel
        self._clock = clock

    def history(self, me: str, chat: str, before: int | None) -> dict[str, Any]:
        """The lines of a chat, oldest first, and the cursor from which its stream goes on."""
        with self._channel.database.read() as conn:
            lines, cursor = web_lines.latest(conn, chat, before=before)
            return {"lines": _shown(conn, me, chat, lines), "cursor": cursor}

    async def events(
        self, me: str, chats: Mapping[str, str], cursor: str, still: Callable[[Connection], bool]
    ) -> AsyncIterator[dict[str, str]]:
        """Events for sse-starlette, for MAY_LAST seconds, or until there is something new and these chats are `still`
        not the listener's any more. `chats` maps the page's names of its chats to addresses; an event's id names how
        far each chat was read, so that the next stream goes on exactly there."""
        places = await asyncio.to_thread(self._places, chats, cursor)
        with self._channel.bells.listen(tuple(chats.values())) as bell:
            loop = asyncio.get_running_loop()
            end = loop.time() + MAY_LAST
            while loop.time() < end:
                bell.clear()
                found: list[tuple[str, int, dict[str, Any]]] = []
                with suppress(Away):  # the page keeps its stream and hears the rest when the database is back
                    found = await asyncio.to_thread(self._news, me, chats, places)
                    if found and not await asyncio.to_thread(self._asked, still):
                        return
                for tab, changed, line in found:
                    places[tab] = changed
                    data = json.dumps({"chat": tab, "line": line}, ensure_ascii=False)
                    yield {"event": "line", "id": urlencode(places), "data": data}
                if not found:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(bell.wait(), POLL)

    def _asked(self, still: Callable[[Connection], bool]) -> bool:
        with self._channel.database.read() as conn:
            return still(conn)

    def _places(self, chats: Mapping[str, str], cursor: str) -> dict[str, int]:
        given = {tab: int(n) for tab, n in parse_qsl(cursor) if n.isdecimal() and len(n) < 17}
        with self._channel.database.read() as conn:
            ends = {tab: web_lines.latest(conn, chat, limit=0)[1] for tab, chat in chats.items() if tab not in given}
        return {tab: given[tab] if tab in given else ends[tab] for tab in chats}

    def _news(
        self, me: str, chats: Mapping[str, str], places: Mapping[str, int]
    ) -> list[tuple[str, int, dict[str, Any]]]:
        with self._channel.database.read() as conn:
            news = []
            for tab, chat in chats.items():
                lines = web_lines.since(conn, chat, places[tab], self._clock())
                shown = _shown(conn, me, chat, lines)
                news += [(tab, line.changed, body) for line, body in zip(lines, shown, strict=True)]
            return news


def _shown(conn: Connection, me: str, chat: str, lines: Sequence[WebLine]) -> list[dict[str, Any]]:
    replies = [line.body["reply_to"] for line in lines if line.body.get("reply_to")]
    quotes = web_lines.quoted(conn, chat, replies)
    return [_view(me, line, quotes) for line in lines]


def _view(me: str, line: WebLine, quotes: Mapping[int, WebLine]) -> dict[str, Any]:
    """A line without anything that would tell one visitor another's id."""
    view = {k: v for k, v in line.body.items() if k != "reply_to"}
    view |= {"id": line.id, "version": line.version, "at": line.at.isoformat(), "name": line.name}
    view["by"] = {ASSISTANT: "bot", NOTICE: "notice", me: "me"}.get(line.author, "other")
    if view["by"] == "me":
        view["key"] = line.key.partition(":")[2]
    if view["by"] == "other":
        view["hue"] = hashlib.sha256(line.author.encode()).digest()[0] % 6
        view.pop("location", None)
    quote = quotes.get(line.body.get("reply_to", 0))
    if quote is not None:
        said = str(quote.body.get("text", ""))
        view["quote"] = {"name": quote.name or "小邻", "text": said[:QUOTE] + ("…" if len(said) > QUOTE else "")}
    return view
