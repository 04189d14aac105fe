"""A stage for tests: people say and press things to the whole assistant in one process, on a simulated clock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot import playing
from bot.app import DEMO
from bot.player import Player
from bot.world import World
from storage.database import Database

Line = dict[str, Any]

LAMP = "幸福里小区3号楼楼道灯坏了三天了"
ROOM = "group:staff-xfl-1"  # where its card goes


class Stage:
    """Everything said so far is in `lines`; `since` what the last step caused."""

    def __init__(self, player: Player, lines: list[Line]) -> None:
        self.player = player
        self.world = player.world
        self.lines = lines
        self.number = 0
        self.mark = 0
        player.begin()

    def step(self, **line: Any) -> list[Line]:
        """Feed one input line; what came out."""
        self.mark = len(self.lines)
        self.number += 1
        asyncio.run(self.player.take(self.number, json.dumps(line).encode()))
        return self.since

    @property
    def since(self) -> list[Line]:
        return [line for line in self.lines[self.mark :] if line["type"] != "done"]

    def say(self, who: str, text: str, chat: str = "private", **more: Any) -> list[Line]:
        return self.step(type="message", chat=chat, text=text, **{"from": who}, **more)

    def tell(self, who: str, *lines: str) -> str:
        """What the last of these lines is answered with in private."""
        for line in lines:
            self.say(who, line)
        return texts(self.since, f"private:{who}")

    def tick(self, at: str) -> list[Line]:
        return self.step(type="tick", at=at)

    def press(self, who: str, label: str, chat: str | None = None, *, channel: str = "play") -> list[Line]:
        """Press the newest button of this label that is shown in the chat (default: the person's private chat)."""
        where = chat or (f"private:{who}" if channel == "play" else f"{channel}:private:{who}")
        more = {} if channel == "play" else {"channel": channel}
        for line in reversed(self.lines):
            if line.get("chat") == where:
                for choice in line.get("choices", ()):
                    if choice["label"] == label and "url" not in choice:
                        here = "private" if chat is None else chat
                        return self.step(
                            type="press", chat=here, message=line["id"], choice=choice["id"], **{"from": who}, **more
                        )
        raise AssertionError(f"no button {label!r} in {where}: {self.shown(where)}")

    def report(self, who: str = "u1", text: str = LAMP) -> str:
        """Report a matter to its end, with no phone and no photo; its number, "" where it is the second of one."""
        self.say(who, text)
        for label in ("不留", "没有照片", "确认"):
            told = texts(self.press(who, label), f"private:{who}")
        return told.partition("编号 ")[2].partition("。")[0]

    def withdraw(self, who: str) -> list[Line]:
        """Withdraw the newest case from the list of one's cases, which asks once more."""
        self.say(who, "我的诉求")
        for _ in range(2):
            since = self.press(who, next(one for one in self.buttons(f"private:{who}") if one.startswith("撤回")))
        return since

    def follow(self, who: str, chat: str) -> list[Line]:
        """Open the private chat through the newest link shown in a group."""
        for line in reversed(self.lines):
            if line.get("chat") == chat:
                for choice in line.get("choices", ()):
                    if "url" in choice:
                        return self.step(type="start", chat="private", token=choice["url"], **{"from": who})
        raise AssertionError(f"no link in {chat}")

    def shown(self, chat: str) -> list[str]:
        """Every text a chat has been shown, oldest first."""
        return [line["text"] for line in self.lines if line.get("chat") == chat]

    def last(self, chat: str) -> Line:
        return next(line for line in reversed(self.lines) if line.get("chat") == chat)

    def buttons(self, chat: str) -> list[str]:
        return [choice["label"] for choice in self.last(chat).get("choices", ())]


@cache
def _ready(community: Path | None) -> bytes:
    """A database with a community in it, as its bytes: importing it anew for each test would take half a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ready.db"
        database = Database.open(f"sqlite:///{path}", durable=False, secret=playing.SECRET)
        try:
            database.upgrade()
            if community is not None:
                playing.load(database, community)
        finally:
            database.close()
        return path.read_bytes()


@contextmanager
def ready(community: Path | None, meaning: bool) -> Iterator[World]:
    """A world on a database with a community in it."""
    with TemporaryDirectory(prefix="linli-stage-") as folder:
        path = Path(folder) / "linli.db"
        path.write_bytes(_ready(community))
        database = Database.open(f"sqlite:///{path}", durable=False, secret=playing.SECRET)
        try:
            with playing.on(database, meaning=meaning) as world:
                yield world
        finally:
            database.close()


@contextmanager
def on_stage(community: Path | None = DEMO, url: str | None = None, *, meaning: bool = False) -> Iterator[Stage]:
    """The assistant with the demo community, ready to be talked to."""
    lines: list[Line] = []
    with playing.stage(community, url, meaning=meaning) if url else ready(community, meaning) as world:
        yield Stage(Player(world, lines.append), lines)


def texts(lines: list[Line], chat: str) -> str:
    return "\n".join(line["text"] for line in lines if line.get("chat") == chat)


def told(line: Line) -> str:
    """A line as a person would read it, for looking at a play by hand."""
    choices = " ".join(f"[{c['label']}{' → ' + c['url'] if 'url' in c else ''}]" for c in line.get("choices", ()))
    where = line.get("chat") or line.get("to")
    return f"{line['type']:6} {line['at'][11:16]} {where:18} {line.get('text') or line.get('message')} {choices}"
