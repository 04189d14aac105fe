"""Who speaks on the chat page: a visitor, perhaps as one of the invented neighbours, or a signed-in member of staff."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.clock import Clock
from bot.console.sessions import Sessions
from storage import desk, desk_talk, web_lines
from storage.database import Database
from storage.web_lines import WebRoom

NEIGHBOURS = ("王阿姨", "李大爷", "小陈", "赵姐", "老周", "孙老师")  # invented; the demo lets a visitor be any of them
STAFF = "staff"  # what the page of staff says in `as`


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody with an address on the web platform, the name others see, and the groups open to them."""

    address: str
    name: str
    rooms: tuple[WebRoom, ...]
    staff: int | None = None

    @property
    def owner(self) -> str:
        """Whom limits count for: one browser, whoever it is at the moment."""
        return self.address.partition(".")[0]


def still(speaker: Speaker, conn: Connection) -> bool:
    """Whether a member of staff still is one, and of the same groups; visitors stay who they are."""
    if speaker.staff is None:
        return True
    who = desk.member(conn, speaker.staff)
    return who is not None and bool(who.posts) and tuple(desk_talk.rooms(conn, who)) == speaker.rooms


class Speakers:
    """Tells from a request's cookies and fields who speaks."""

    def __init__(self, database: Database, sessions: Sessions, clock: Clock, neighbours: Sequence[str]) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock
        self.neighbours = tuple(neighbours)

    async def of(self, request: Request, fields: Mapping[str, Any]) -> Speaker:
        """Raises HTTPException 401 for somebody without a cookie of ours."""
        if fields.get("as") == STAFF:
            session = self._sessions.staff(request)
            found = await asyncio.to_thread(self._member, session.staff) if session else None
            if found is None:
                raise HTTPException(401, "请重新登录工作台。")
            return found
        owner = self._sessions.visitor(request)
        if owner is None:
            raise HTTPException(401, "请刷新一下页面。")
        return await asyncio.to_thread(self._visitor, owner, str(fields.get("as", "0")))

    def _visitor(self, owner: str, number: str) -> Speaker:
        with self._database.read() as conn:
            rooms = tuple(web_lines.rooms(conn))
        if not self.neighbours:
            return Speaker(owner, f"居民{int(owner[:4], 16) % 100:02}", rooms)
        who = int(number) if number in {str(n) for n in range(len(self.neighbours))} else 0
        return Speaker(f"{owner}.{who}", self.neighbours[who], rooms)

    def _member(self, staff_id: int) -> Speaker | None:
        with self._database.read() as conn:
            who = desk.member(conn, staff_id)
            if who is None or not who.posts:  # as on the staff pages: the last role was taken away
                return None
            address, rooms = desk_talk.web_account(conn, staff_id), tuple(desk_talk.rooms(conn, who))
        if address is None:
            with self._database.write() as conn:
                address = desk_talk.open_web_account(conn, who, self._clock())
        return Speaker(address, who.name, rooms, staff_id)
