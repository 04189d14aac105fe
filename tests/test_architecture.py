"""Imports point one way (bot → storage → flows → nlu), flows are pure, and one file asks the time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("nlu", "flows", "storage", "bot")  # each may import itself and what stands before it
IMPURE = frozenset(
    [
        "sqlalchemy",
        "httpx",
        "telegram",
        "asyncio",
        "starlette",
        "uvicorn",
        "apscheduler",
        "socket",
        "subprocess",
        "threading",
    ]
)


@cache
def files(package: str) -> list[Path]:
    return sorted(p for p in (ROOT / package).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


def imported(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("package", LAYERS)
def test_a_layer_imports_only_what_lies_below(package: str) -> None:
    above = LAYERS[LAYERS.index(package) + 1 :]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(package)
        for name in imported(path)
        if name.partition(".")[0] in (*above, "tests", "tools")
    ]
    assert not wrong


def test_flows_are_pure() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files("flows")
        for name in imported(path)
        if name.partition(".")[0] in IMPURE
    ]
    assert not wrong


def test_only_storage_writes_sql() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files("bot")
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom)
        and (node.module in ("storage.tables", "storage.conflict", "storage.upsert") or _states(node))
    ]
    assert not wrong


def _states(node: ast.ImportFrom) -> bool:
    """Whether it imports of SQLAlchemy more than what a transaction is called by."""
    return (node.module or "").startswith("sqlalchemy") and [name.name for name in node.names] != ["Connection"]


def test_flows_and_storage_never_ask_the_time() -> None:
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("flows", "storage")
        for path in files(package)
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "utcnow", "today")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date", "time")
    ]
    assert not calls


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    """All of them at once would be a tenth of a start. What nlu/ has, the first sentence needs."""
    found = []
    for path in (path for package in LAYERS[1:] for path in files(package)):
        functions = [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        inside = {id(node) for function in functions for node in ast.walk(function)}
        for node in nodes(path):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile" and id(node) not in inside:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found, f"nlu.late.regex compiles later: {found}"


def test_the_telegram_library_stays_in_its_files() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in files("bot")
        for name in imported(path)
        if name.partition(".")[0] == "telegram" and not path.name.startswith("telegram")
    ]
    assert not wrong


def test_the_wechat_library_stays_behind_its_guard_and_its_client_out() -> None:
    allowed = ("bot/channels/weixin/envelope.py", "bot/channels/wechat/parse.py", "bot/channels/wecom/parse.py")
    parts = ("wechatpy.crypto", "wechatpy.events", "wechatpy.messages", "wechatpy.work.messages")
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files("bot")
        for name in imported(path)
        if name.partition(".")[0] == "wechatpy"
        and (path.relative_to(ROOT).as_posix() not in allowed or name not in parts)
    ]
    assert not wrong


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for package in LAYERS
        for path in files(package)
        if (count := path.read_text("utf-8").count("\n")) > 300 and "versions" not in path.parts
    ]
    assert not long


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in LAYERS
        for path in files(package)
        if path.name != "__init__.py" and "versions" not in path.parts and not ast.get_docstring(tree(path))
    ]
    assert not silent


def test_what_is_written_for_groups_passes_the_gate() -> None:
    """Only these write what is to be sent: each must seal what others may read (bot/gate.py), or say fixed words."""
    fixed = {"bot/aside.py", "bot/elsewhere.py", "bot/flood.py", "bot/gathering.py", "bot/night.py"}
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in files("bot")
        if re.search(r"outbox\.put\(|broadcasts\.put\(", source := path.read_text("utf-8"))
        and "gate.for_others(" not in source
    ]
    assert set(wrong) == fixed
