"""`linli play`: a player over standard input, on a database of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO

from bot import starting
from bot.app import build_world, embedded_engine
from bot.channels.play import START, dumps
from bot.errors import Wrong, out_of_reach
from bot.logs import quiet_logs
from bot.player import Player
from bot.world import World
from storage.database import Away, Database

SECRET = b"a play keeps no secrets"


@contextmanager
def stage(community_file: Path | None, url: str | None, *, meaning: bool = True) -> Iterator[World]:
    """A world to play in: a fresh temporary database, or the one at `url`, with a community loaded if one is named.

    `meaning=False`: understanding and law search do without sentence vectors.
    """
    try:
        database = Database.open(url or "sqlite://", durable=bool(url), secret=SECRET)
    except ValueError as error:
        raise Wrong(f"--database: {error}") from None
    try:
        database.upgrade()
        if community_file is not None:
            load(database, community_file)
        with on(database, meaning=meaning) as world:
            yield world
    except Away as error:
        raise Wrong(f"--database: {out_of_reach(database.address, error)}") from None
    finally:
        database.close()


@contextmanager
def on(database: Database, *, meaning: bool = True) -> Iterator[World]:
    """A world to play in on a database that is ready; its files are gone afterwards."""
    quiet_logs()
    with tempfile.TemporaryDirectory(prefix="linli-play-") as folder:
        world = build_world(database, embedded_engine(second=meaning), SECRET, Path(folder), meaning=meaning)
        starting.stands()
        yield world


def load(database: Database, path: Path) -> None:
    """Import a community file. Raises Wrong."""
    from bot.community.load import Broken, import_text

    try:
        import_text(database, path.read_bytes(), str(path), START)
    except OSError as error:
        raise Wrong(f"--community: {path}: {error.strerror}; give the path of a community file") from None
    except Broken as error:
        raise Wrong(str(error)) from None


def play_lines(stream: BinaryIO, community_file: Path | None, url: str | None) -> None:
    """Play a stream of JSON lines; every output line is ASCII-escaped JSON on standard output."""
    gone = False  # whoever read the lines, as in `linli play | head`: no fault of a message

    def out(line: dict[str, Any]) -> None:
        nonlocal gone
        try:
            if not gone:
                sys.stdout.write(dumps(line) + "\n")
            if not gone and line["type"] == "done":
                sys.stdout.flush()
        except BrokenPipeError:
            gone = True
            nobody_reads()

    with stage(community_file, url) as world:
        run(world, takewhile(lambda _line: not gone, stream), out)
        sys.stdout.flush()


def nobody_reads() -> None:
    """Standard output leads nowhere from now on: what is left of it is no fault at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(world: World, stream: Iterable[bytes], out: Callable[[dict[str, Any]], None]) -> None:
    asyncio.run(Player(world, out).play(_lines(stream)))


def _lines(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Lines split on \\n only."""
    for line in stream:
        yield bytes(line).removesuffix(b"\n")
