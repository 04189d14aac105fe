"""`linli demo`: a play file told in the terminal like a story, with how far it has come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import DEMO
from bot.channels.play import BadLine
from bot.errors import Wrong
from bot.player import Player
from bot.playing import nobody_reads, stage
from nlu.late import regex

DAY = Path(__file__).parent / "demo" / "day.jsonl"
MARGIN = 14
# What is not torn at the end of a line: a button, a word or number, brackets and what they hold on to, a stop.
PIECE = regex(r"[（「《“]*(?:\[[^\]]*\]|[!-~]+|.)[，。；：！？、）」》”]*")
COLOURS = {"group:staff": "yellow", "group:": "green", "private:": "cyan"}


def tell(script: Path | None, url: str | None) -> None:
    """Play a file with the demo community and print it as a story."""
    from rich.console import Console

    class Pipe(Console):
        """Whoever reads may have seen enough, as in `linli demo | head`: the story ends there."""

        def on_broken_pipe(self) -> None:
            self.quiet = True
            nobody_reads()

    path = script or DAY
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise Wrong(f"--script: {path}: {error.strerror}; give the path of a play file") from None
    console = Pipe(highlight=False)
    with stage(DEMO, url) as world:
        story = Story(console)
        player = Player(world, story.heard)
        asyncio.run(_play(player, story, [line for line in lines if line.strip()], lambda: console.quiet))


async def _play(player: Player, story: Story, lines: list[bytes], over: Callable[[], bool]) -> None:
    player.begin()
    for number, line in enumerate(lines, start=1):
        if over():
            return
        row = _parsed(line)
        story.begins(number, len(lines), row)
        if row.get("at"):  # what the clock does until then is told before what is said then
            await player.take(number, json.dumps({"type": "tick", "at": row["at"]}).encode())
        story.said(row | {"text": _words(player, row)})
        await player.take(number, line)
    await player.end()
    story.end()


def _words(player: Player, row: dict[str, Any]) -> str:
    """What somebody says, with the code they were given in it."""
    try:
        return player.channel.words(row)
    except BadLine:
        return str(row.get("text", ""))


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most `width` columns; Chinese is broken anywhere, as it is written."""
    from rich.cells import cell_len

    lines = []
    for line in text.splitlines():
        now = ""
        for piece in PIECE.findall(line):
            if now and cell_len(now) + cell_len(piece) > width:
                lines.append(now.rstrip())
                now = ""
            now += piece if now else piece.lstrip()
        lines.append(now)
    return "\n".join(lines)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


class Story:
    """Prints what people say and what the assistant says to whom."""

    def __init__(self, console: Any) -> None:
        self._console = console
        self._texts: dict[str, str] = {}  # what each message says, to tell only what is new in it
        self._told: set[str] = set()  # what this line of the file has caused: the same in many places is told once

    def begins(self, number: int, total: int, row: dict[str, Any]) -> None:
        """The narration of a line of the play file."""
        self._told.clear()
        if row.get("tell"):
            self._console.print(f"\n[bold]{number:>2}/{total}  {row['tell']}[/bold]")

    def said(self, row: dict[str, Any]) -> None:
        """What somebody says or presses."""
        who = row.get("name") or row.get("from", "")
        if row.get("text"):
            self._print(who, row.get("chat", "private"), row["text"], row.get("at", ""))
        elif row.get("label"):
            self._print(who, row.get("chat", "private"), f"按下「{row['label']}」", row.get("at", ""))

    def heard(self, line: dict[str, Any]) -> None:
        """A line the assistant gave out."""
        if line["type"] in ("say", "edit", "notice"):
            mark = {"say": "小邻", "edit": "小邻改", "notice": "小邻提示"}[line["type"]]
            text = self._new(line)
            if line["type"] != "edit" and line.get("choices"):
                text += "\n" + "　".join(f"[{c['label']}]" for c in line["choices"])
            if text and text not in self._told:
                self._told.add(text)
                self._print(mark, line.get("chat") or line.get("to", ""), text, line["at"])
        elif line["type"] == "error":
            self._console.print(f"[red]line {line['event']}: {line['message']}[/red]")

    def _new(self, line: dict[str, Any]) -> str:
        """The text; of an edited message only the lines it did not have before."""
        text: str = line["text"]
        before = self._texts.get(line.get("id", ""), "").splitlines()
        if "id" in line:
            self._texts[line["id"]] = text
        return "\n".join(one for one in text.splitlines() if one not in before) if line["type"] == "edit" else text

    def end(self) -> None:
        self._console.print("\n[bold]完。[/bold]  想自己试试：make run")

    def _print(self, who: str, chat: str, text: str, at: str) -> None:
        from rich.markup import escape
        from rich.padding import Padding

        shown = wrapped(text, self._console.width - MARGIN)
        colour = next((c for prefix, c in COLOURS.items() if chat.startswith(prefix)), "white")
        clock = datetime.fromisoformat(at).strftime("%m-%d %H:%M") if at else " " * 11
        self._console.print(f"[dim]{clock}[/dim] [{colour}]{escape(chat)}[/{colour}] {escape(who)}：")
        self._console.print(Padding(escape(shown), (0, 0, 0, MARGIN)))
