"""The running program: from its start to the first right reply, and what it holds in memory after many messages."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.bench.table import Row, spread
from tools.measure_start import once

SAYINGS = (
    "你好",
    "幸福里小区{n}号楼楼道灯坏了",
    "不留",
    "没有",
    "确认",
    "我的诉求",
    "我要报名",
    "返回",
    "取消",
    "谢谢",
)
RASA_START, RASA_MEMORY = 24.0, 1_610.0  # seconds, MB: docs/rasa.md says where these come from

PLAYS = """
import asyncio, json, sys, time
from pathlib import Path
from bot import playing, starting
from bot.app import DEMO
from bot.clock import now
from bot.player import Player
from tests.bench.program import SAYINGS, resident
with playing.stage(DEMO, f"sqlite:///{sys.argv[1]}", meaning=sys.argv[3] == "all") as world:
    world.warm()
    asyncio.run(starting.rest(world, asyncio.Event(), now, asyncio.Event(), after=0.0))
    async def go():
        player = Player(world, lambda line: None)
        player.begin()
        for n in range(int(sys.argv[2])):
            who, text = f"u{n // len(SAYINGS) % 1000}", SAYINGS[n % len(SAYINGS)].format(n=1 + n % 9)
            line = {"type": "message", "chat": f"private:{who}", "sender": who, "text": text, "id": str(n)}
            await player.take(n, json.dumps(line).encode())
    asyncio.run(go())
    print(resident())
"""


def resident(pid: int | str = "self") -> float:
    """MB of memory a process holds (its resident set)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory(messages: int, how: str) -> float:
    """MB held by one process after so many messages; `how`: plain, or all optional models."""
    with tempfile.TemporaryDirectory() as folder:
        given = [sys.executable, "-c", PLAYS, f"{folder}/linli.db", str(messages), how]
        done = subprocess.run(given, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def measure(messages: int, starts: int) -> list[Row]:
    """Start and memory, beside what was measured of Rasa."""
    with tempfile.TemporaryDirectory() as folder:
        took = [once(Path(folder) / f"data{n}") for n in range(starts)]
    plain, all_ = memory(messages, "plain"), memory(messages, "all")
    said = f"after {messages:,} messages"
    return [
        Row("from a cold start to the first right reply, s", f"Rasa's {RASA_START:.0f} s, a tenth", RASA_START / 10,
            median(took), spread(took, 1), most=True),
        Row("resident MB, optional models off", f"Rasa's {RASA_MEMORY:,.0f} MB, a tenth", RASA_MEMORY / 10, plain,
            f"{plain:,.0f} MB {said}", most=True),
        Row("resident MB, all models on", f"Rasa's {RASA_MEMORY:,.0f} MB, a quarter", RASA_MEMORY / 4, all_,
            f"{all_:,.0f} MB {said}", most=True),
    ]  # fmt: skip
