"""Measure a start: from `linli run` to the first right reply on the chat page, the first time and after that.

Run: .venv/bin/python -m tools.measure_start [runs]. The figures in docs/running.md come from here.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

LINLI = Path(sys.executable).with_name("linli")
QUESTION, RIGHT = "幸福里小区3号楼楼道灯坏了", "手机号"


def started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """The running program and the address of its chat page."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_")}
    env |= {"LINLI_DATA_DIR": str(folder), "LINLI_PORT": "0", "PYTHONUNBUFFERED": "1", "LINLI_LOG_LEVEL": "error"}
    process = subprocess.Popen([str(LINLI), "run"], env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    for line in process.stdout:
        found = re.search(r"(http://\S+)/chat", line)
        if found:
            return process, found[1]
    raise SystemExit("it did not start")


def answered(base: str) -> None:
    """Say one sentence and wait for the right reply."""
    with httpx.Client(base_url=base, headers={"origin": base}, timeout=30) as client:
        client.get("/chat")
        client.post("/chat/send", json={"chat": "private", "id": "measure1", "text": QUESTION}).raise_for_status()
        for _ in range(3000):
            if RIGHT in client.get("/chat/lines", params={"chat": "private"}).text:
                return
            time.sleep(0.01)
    raise SystemExit("no right reply in 30 s")


def once(folder: Path) -> float:
    begun = time.perf_counter()
    process, base = started(folder)
    try:
        answered(base)
        return time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("runs", nargs="?", type=int, default=5)
    runs = args.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        first = once(Path(folder) / "data")
        after = [once(Path(folder) / "data") for _ in range(runs)]
    cores = os.cpu_count()
    print(f"{platform.machine()}, {cores} cores, Python {platform.python_version()}")
    print(f"first start (makes the database, loads the demo): {first:.2f} s")
    print(f"after that: median {statistics.median(after):.2f} s of {runs}, most {max(after):.2f} s")


if __name__ == "__main__":
    main()
