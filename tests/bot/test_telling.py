"""What `linli demo` prints: Chinese broken anywhere, but no button, number or stop torn away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.telling import wrapped


def test_lines_are_as_long_as_they_may_be_and_tear_nothing() -> None:
    text = "已登记，编号 260105-1。明天 09:00 前会有人接手（不用等在家里）。\n[确认]　[修改]"
    assert wrapped(text, 24).splitlines() == [
        "已登记，编号 260105-1。",
        "明天 09:00 前会有人接手",
        "（不用等在家里）。",
        "[确认]　[修改]",
    ]
    assert wrapped("", 24) == "" and wrapped("一二三", 1) == "一\n二\n三"


def test_the_story_ends_with_whoever_reads_it(tmp_path: Path) -> None:
    script = tmp_path / "day.jsonl"
    script.write_text('{"type":"message","from":"u1","text":"你好"}\n' * 200)
    code = f"import sys; from bot import cli; sys.argv = ['linli', 'demo', '--script', {str(script)!r}]; cli.main()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as told:
        assert told.stdout and told.stderr
        assert told.stdout.readline()
        told.stdout.close()  # as in `linli demo | head -1`
        assert (told.stderr.read(), told.wait()) == (b"", 0)
