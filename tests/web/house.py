"""A web application with a real database behind it, and a neighbour at the other end who says everything back."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Connection, insert

from bot.channels.base import Act, Choice, Inbound, Kind, Outbound, Unavailable
from bot.channels.web import WebChannel
from bot.console.app import build_web
from bot.counter import Filed
from flows.domain.case import Case, Role
from flows.errors import Refused
from storage import codes, inbox
from storage.database import Away, Database
from storage.people import Staff
from storage.tables import area, chat, staff, staff_role
from tests.support.databases import SECRET

MORNING = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


class StoppedClock:
    """A clock that goes only when told to."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class Recorder:
    """A desk that writes down what it was asked to do."""

    def __init__(self) -> None:
        self.acts: list[tuple[int, str, dict[str, Any], str | None]] = []
        self.refusal = ""  # why it does nothing, if it refuses

    def act(self, *, staff_id: int, action: str, args: Mapping[str, Any], note: str | None, now: datetime) -> str:
        if self.refusal:
            return Refused(self.refusal)
        self.acts.append((staff_id, action, dict(args), note))
        return "已记下"

    def file(self, *, staff_id: int, fields: Mapping[str, str], now: datetime) -> Filed:
        return Filed(question="先不登记。")

    def doubts(self, *, thread_id: int, text: str, now: datetime) -> tuple[str, ...]:
        return ("《民法典》第九千条不存在。",) if "第九千条" in text else ()

    def guide_doubts(self, *, guide_id: int, now: datetime) -> tuple[str, ...]:
        return ()


def what_they_are(conn: Connection, member: Staff, case: Case) -> frozenset[Role]:
    """Enough of the real rule for the pages: the owner, and community staff."""
    community = {Role.COMMUNITY} if any(r.role == "community_staff" for r in member.roles) else set()
    return frozenset(community | ({Role.OWNER} if case.owner == member.id else set()))


class House:
    """Database, channel and application of one test."""

    def __init__(
        self,
        folder: Path,
        clock: Any = None,
        *,
        echo: bool = False,
        database: Database | None = None,
        desk: Any = None,
    ) -> None:
        self.clock = clock or StoppedClock()
        if database is None:
            database = Database.open(f"sqlite:///{folder / 'linli.db'}", durable=False, secret=SECRET)
            database.upgrade()
        self.database = database
        self.files = folder
        self.channel = WebChannel(self.database, uploads=folder / "web", store=folder, clock=self.clock)
        self.desk = desk or Recorder()
        self.heard: list[Inbound] = []
        self.scenes: list[str] = []  # codes that were to open the official account
        self.account: str | None = None  # where its QR codes lead; None: it gives none
        self.away = False
        self.echo = echo
        self._outbox = 1000
        self.app = build_web(
            self.channel,
            self.accept,
            self.desk,
            roles=what_they_are,
            secret="signs cookies in tests",
            files=folder,
            scene=self.scene,
            clock=self.clock,
        )

    async def scene(self, code: str) -> str | None:
        self.scenes.append(code)
        return self.account and f"{self.account}{code}"

    async def accept(self, update: Inbound) -> bool:
        """The inbox of the real program, without its turns."""
        if self.away:
            raise Unavailable
        new = await asyncio.to_thread(self._keep, update)
        if new:
            self.heard.append(update)
            if self.echo:
                await self._answer(update)
        return new

    def _keep(self, update: Inbound) -> bool:
        try:
            with self.database.write() as conn:
                return (
                    inbox.accept(
                        conn,
                        channel=update.channel,
                        key=update.key,
                        conversation=update.conversation,
                        payload=update.to_json(),
                        now=self.clock(),
                    )
                    is not None
                )
        except Away as error:
            raise Unavailable from error

    async def _answer(self, update: Inbound) -> None:
        self._outbox += 1
        if update.kind is Kind.PRESS:
            notice = Outbound(
                Act.NOTICE, update.chat, "这个按钮已经用过了。", callback=update.callback, to=update.sender
            )
            await self.channel.send(notice)
            return
        row = (Choice("yes-token", "确认"), Choice("no-token", "取消"))
        text = "您好，我是小邻。" if update.kind is Kind.START else f"听到了：{update.text}"
        if update.private or update.addressed:
            await self.channel.send(Outbound(Act.SAY, update.chat, text, choices=(row,), outbox=self._outbox))

    def say(self, chat: str, text: str, outbox: int, **more: Any) -> str:
        """The assistant says something."""
        return asyncio.run(self.channel.send(Outbound(Act.SAY, chat, text, outbox=outbox, **more))).message or ""

    # -- a small community ------------------------------------------------------------------------------------------

    def settle(self) -> Mapping[str, int]:
        """A community of two grids with a building each, and a residents' group; ids by key."""
        with self.database.write() as conn:
            ids: dict[str, int] = {}
            for key, above, level, name in (
                ("town", None, "subdistrict", "清河街道"),
                ("home", "town", "community", "柳湾社区"),
                ("g1", "home", "grid", "第一网格"),
                ("g2", "home", "grid", "第二网格"),
                ("b1", "g1", "building", "1号楼"),
                ("b2", "g2", "building", "2号楼"),
                ("far", "town", "community", "石桥社区"),
            ):
                row = {"key": key, "level": level, "name": name, "parent_id": ids.get(above or "")}
                ids[key] = conn.execute(insert(area).values(**row, path="").returning(area.c.id)).scalar_one()
                path = f"{ids.get(f'{above}/', '/')}{ids[key]}/"
                ids[f"{key}/"] = path  # type: ignore[assignment]
                conn.execute(area.update().where(area.c.id == ids[key]).values(path=path))
            conn.execute(insert(chat).values(channel="web", address="liuwan", kind="group", area_id=ids["g1"]))
        return {key: id for key, id in ids.items() if not key.endswith("/")}

    def hire(self, name: str, *roles: tuple[str, int, str | None]) -> int:
        """A member of staff with (role, area, department) each."""
        with self.database.write() as conn:
            id: int = conn.execute(insert(staff).values(key=name, name=name).returning(staff.c.id)).scalar_one()
            for role, where, department in roles:
                conn.execute(insert(staff_role).values(staff_id=id, role=role, area_id=where, department=department))
        return id

    def sign_in_code(self, staff_id: int) -> str:
        with self.database.write() as conn:
            return codes.issue(
                conn, kind="signin", subject={"staff": staff_id}, now=self.clock(), lifetime=timedelta(hours=1)
            )


class Served:
    """The application on a real port, in a thread of its own."""

    def __init__(self, house: House) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(house.app, log_level="warning", timeout_graceful_shutdown=1, lifespan="off")
        self._server = uvicorn.Server(config)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(10)

    def _run(self) -> None:
        async def serve() -> None:
            task = asyncio.create_task(self._server.serve([self._socket]))
            while not self._server.started and not task.done():
                await asyncio.sleep(0.01)
            self._started.set()
            await task

        asyncio.run(serve())

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
