"""A backup taken while rows come in holds everything committed before it began, and is whole."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from storage import inbox, ledger
from storage.backup import backup
from storage.database import Database
from storage.tables import inbox as rows
from storage.tables import transfer
from storage.verify import verify
from tests.support.databases import SECRET

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Load:
    """Writes a message and an award in each transaction until it is stopped, and knows what is committed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.committed: list[int] = []
        self.some = threading.Event()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        n = 0
        while not self.stop.is_set():
            with self.database.write() as conn:
                inbox.accept(conn, channel="t", key=str(n), conversation=f"t:{n % 7}", payload={"text": "灯"}, now=NOW)
                ledger.post(conn, key=str(n), source="issuer:a", target=f"household:{n % 5}", points=5, by="x", now=NOW)
            self.committed.append(n)
            n += 1
            if n == 20:
                self.some.set()


def test_a_backup_under_load_loses_nothing_that_was_committed_before(database: Database, tmp_path: Path) -> None:
    load = Load(database)
    load.thread.start()
    try:
        assert load.some.wait(60)
        before = len(load.committed)
        backup(database, tmp_path / "copy.db")
        during = len(load.committed)
    finally:
        load.stop.set()
        load.thread.join(60)
    restored = Database.open(f"sqlite:///{tmp_path / 'copy.db'}", secret=SECRET)
    with restored.read() as conn:
        said = sorted(int(key) for key in conn.execute(select(rows.c.key)).scalars())
        paid = sorted(int(key) for key in conn.execute(select(transfer.c.key)).scalars())
        assert verify(conn) == []
    assert said == paid == list(range(len(said)))  # whole transactions, none left out between
    assert before <= len(said) <= during + 1
    assert restored.check() == []
    restored.close()
