"""SQLite's log goes into the file on a thread of its own: a commit that did it would wait long for the disk."""

from __future__ import annotations

import sqlite3
import threading

MANY = 256  # commits, after which it is not put off
SOON = 1.0  # seconds after the first commit that is only in the log
_GO = "PRAGMA wal_checkpoint(PASSIVE)"
BACKSTOP = 16_000  # pages in the log (64 MB): then a commit does it all the same


class Checkpoints:
    """Begins with the first commit; until the next one it rests."""

    def __init__(self, path: str, one_writer: threading.RLock) -> None:
        self._path, self._one_writer = path, one_writer
        self._some, self._many = threading.Event(), threading.Event()
        self._commits = 0
        self._over = False
        self._thread: threading.Thread | None = None

    def committed(self) -> None:
        """Something more stands in the log. Called by one thread at a time."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
            self._thread.start()
        self._commits += 1
        if self._commits >= MANY:
            self._many.set()
        if not self._some.is_set():  # it is, but for the first commit of a second
            self._some.set()

    def close(self) -> None:
        """Leave the rest to whoever closes the file."""
        self._over = True
        self._many.set()
        self._some.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._over:
            self._some.wait()
            self._many.wait(SOON)
            self._some.clear()
            self._many.clear()
            self._commits = 0
            if not self._over:
                self._checkpoint()

    def _checkpoint(self) -> None:
        """Most of it while others write; then, while nobody does, the little that came meanwhile: once all of the log
        is in the file it begins anew, and to write over it is quicker than to make it longer."""
        try:
            conn = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            try:
                conn.execute(_GO).fetchone()
                with self._one_writer:
                    conn.execute(_GO).fetchone()
            finally:
                conn.close()
        except sqlite3.Error:  # full or locked: the next commit tells, and the next round tries again
            return
