"""The same words on SQLite and on PostgreSQL: the same answers, no bug on either."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database
from storage.verify import verify
from tests.support.databases import drop_postgresql, fresh_postgresql

pytestmark = pytest.mark.journey

DEMO = Path(__file__).parents[2] / "bot" / "demo" / "community.yml"
CODE = re.compile(rb"play:[\w-]{22}")  # of a private link: random each time
PRIVATE = (
    "幸福里小区3号楼楼道灯坏了",
    "不留",
    "没有",
    "确认",
    "帮助",
    "我的诉求",
    "物业不管怎么办",
    "都不是",
    "取消",
    "我想当志愿者",
    "1",
    "1",
    "确认",
    "我家积分有多少",
    "人工",
    "在吗",
    "取消",
    "\x00\ud800👨‍👩‍👧" + "长" * 5000,
    "/start",
)


def lines() -> bytes:
    """Two residents in private, talk and danger in a group, three days of the clock."""
    said = [{"type": "message", "chat": "private", "from": f"u{u}", "text": text} for text in PRIVATE for u in (1, 2)]
    for text in ("3号楼的路灯又坏了", "着火了快来人", "今晚吃啥"):
        said.append({"type": "message", "chat": "group:g1", "from": "u3", "text": text, "addressed": False})
    said += [{"type": kind, "chat": "group:g1", "from": "u3"} for kind in ("voice", "leave", "join")]
    said += [{"type": "tick", "at": f"2026-01-0{day}T12:00:00+08:00"} for day in (6, 7, 8)]
    return "".join(json.dumps(line) + "\n" for line in said).encode()


def play(url: str, folder: Path) -> list[dict[str, object]]:
    linli = Path(sys.executable).with_name("linli")
    done = subprocess.run(
        [str(linli), "play", "--community", str(DEMO), "--database", url],
        input=lines(),
        capture_output=True,
        cwd=folder,
        timeout=600,
        check=True,
    )
    assert b"failed" not in done.stderr and b"Traceback" not in done.stderr, done.stderr[-2000:].decode()
    return [json.loads(CODE.sub(b"play:CODE", line)) for line in done.stdout.splitlines()]


def test_both_databases_give_the_same_answers(tmp_path: Path) -> None:
    other = fresh_postgresql()
    here = f"sqlite:///{tmp_path / 'linli.db'}"
    try:
        answers = play(here, tmp_path)
        assert play(other, tmp_path) == answers
        assert len([line for line in answers if line["type"] == "done"]) == len(lines().splitlines())
        assert len([line for line in answers if line["type"] == "say"]) > len(PRIVATE)
        for url in (here, other):
            database = Database.open(url)
            with database.read() as conn:
                assert verify(conn) == []
            database.close()
    finally:
        drop_postgresql(other)
