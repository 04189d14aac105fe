"""The docs are true: written parts are current, links lead somewhere, named commands, options and settings exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer.main

from bot.cli import with_groups
from bot.settings import ELSEWHERE, Settings
from tools import docs

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\blinli ([a-z][^`\n|<>#]*)")
OF_TESTS = frozenset({"test_node_cache"})  # read by tests only

every_page = pytest.mark.parametrize("page", PAGES, ids=IDS)


def dead_links(page: Path) -> list[str]:
    targets = [t for t in LINK.findall(page.read_text("utf-8")) if not re.match(r"[a-z]+:|#", t)]
    return [target for target in targets if not (page.parent / target.partition("#")[0]).exists()]


def commands(text: str) -> Iterator[list[str]]:
    """The words after each `linli`: in code, the name is never written small otherwise."""
    for said in COMMAND.findall(text):
        yield said.split()


def wrong(words: list[str]) -> str | None:
    """What is not there of a command as the docs write it."""
    command: click.Command = typer.main.get_command(with_groups())
    path = "linli"
    for word in words:
        subcommands = getattr(command, "commands", None)
        if subcommands is not None and re.fullmatch(r"[a-z][a-z-]*[,.;:]?", word):
            name = word.rstrip(",.;:")
            if name not in subcommands:
                return f"{path} has no command {name}"
            command, path = subcommands[name], f"{path} {name}"
        elif word.lstrip("[").startswith("--"):
            option = word.strip("[],.;:").partition("=")[0]
            known = {o for parameter in command.params for o in parameter.opts} | {"--help"}
            if option not in known:
                return f"{path} has no option {option}"
    return None


def headings(page: Path) -> list[int]:
    """The level of each heading, in order; lines in fenced code are none."""
    plain = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", plain, flags=re.MULTILINE)]


def test_what_the_code_knows_best_is_current() -> None:
    assert not docs.stale(), "run `python -m tools.docs`"


def test_a_table_is_put_between_its_marks_and_nowhere_else() -> None:
    text = f"before\n{docs.BEGIN}\nold\n{docs.END}\nafter\n"
    assert docs.with_table(text, "new") == f"before\n{docs.BEGIN}\nnew\n{docs.END}\nafter\n"
    with pytest.raises(ValueError):
        docs.with_table("no marks", "new")


def test_every_setting_is_in_the_table_and_no_secret_is() -> None:
    table = docs.settings_table()
    assert [f"`LINLI_{name.upper()}`" in table for name in Settings.model_fields] == [True] * len(Settings.model_fields)
    assert "SecretStr" not in table and "****" not in table


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    assert not dead_links(page)


@every_page
def test_named_commands_and_options_exist(page: Path) -> None:
    found = [fault for words in commands(page.read_text("utf-8")) if (fault := wrong(words))]
    assert not found


@every_page
def test_named_settings_exist(page: Path) -> None:
    named = {name.lower() for name in re.findall(r"LINLI_([A-Z][A-Z_]*[A-Z])", page.read_text("utf-8"))}
    assert named <= {*Settings.model_fields, *ELSEWHERE, *OF_TESTS}


@every_page
def test_named_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", page.read_text("utf-8"))) <= targets


@every_page
def test_nothing_of_this_machine_is_named(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"/work/|/root/|/tmp/|\.\./shared|pypi\.org|registry\.npmjs", text)


def test_both_readmes_have_the_same_parts() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh.md"
    assert headings(english) == headings(chinese)
    assert blocks(english) == blocks(chinese)


def blocks(page: Path) -> list[str]:
    """What is written in code blocks, without what people say and without comments: the same in both languages."""
    code = re.findall(r"^```[a-z]*\n(.*?)^```", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s*#.*", "", block) for block in code]


def test_the_checks_notice_what_is_not_there(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[gone](gone.md) [there](page.md#part) [away](https://example.org) `linli nlu sing`", "utf-8")
    assert dead_links(page) == ["gone.md"]
    assert [wrong(words) for words in commands(page.read_text("utf-8"))] == ["linli nlu has no command sing"]
    assert wrong(["db", "backup", "--everywhere"]) == "linli db backup has no option --everywhere"
    assert wrong(["law", "search", "--top", "10"]) is None
