"""How a command ends that cannot be: what is wrong stays wrong (2), what is only away is tried again (75)."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import app
from bot.cli import guarded, run, with_groups
from bot.errors import Wrong
from bot.serving import listen
from storage.database import Away, Database
from tests.support.databases import SECRET


def ends(work: object) -> int:
    with pytest.raises(SystemExit) as ended:
        guarded(work)  # type: ignore[arg-type]
    return int(ended.value.code or 0)


@pytest.mark.parametrize(("url", "code"), [("postgresql://nobody@127.0.0.1:1/x", 75), ("mysql://x", 2)])
def test_a_database_that_is_away_is_no_mistake_of_the_settings(
    url: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_DATABASE_URL", url)
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path))
    assert ends(run) == code


def test_a_database_that_goes_away_at_the_start_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def away(*_: object) -> None:
        raise Away("AdminShutdown")

    opened = Database.open("sqlite://", durable=False, secret=SECRET)
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(app, "open_database", lambda *_: opened)
    monkeypatch.setattr(app, "engine_for", lambda *_: None)
    monkeypatch.setattr(app, "load_community", away)
    assert ends(run) == 75
    assert "went away at the start (AdminShutdown)" in capsys.readouterr().err


def test_after_an_update_a_package_that_is_missing_is_said_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    def imports(name: str) -> object:
        return lambda: import_module(name)

    assert ends(imports("a_new_dependency.of.this_release")) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert ends(imports("xml.a_part_that_an_older_release_has_not")) == 2
    assert "xml is not here as this release needs it: say `make setup`" in capsys.readouterr().err
    with pytest.raises(ModuleNotFoundError):
        guarded(imports("bot.a_module_we_forgot"))  # type: ignore[arg-type]


def told(*words: str) -> str:
    """What a command says is wrong."""
    wrong = CliRunner().invoke(with_groups(), words).exception
    assert isinstance(wrong, Wrong), wrong
    return str(wrong)


@pytest.mark.parametrize(
    "command", ["db check", "db upgrade", "community import notes.yml", "law import notes.yml", "play"]
)
@pytest.mark.parametrize(("url", "said"), [("sqlite:///notes.yml", "no SQLite database"), ("notes.yml", "no address")])
def test_what_is_no_database_is_said_to_be_none_and_left_alone(
    command: str, url: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.yml").write_text("areas: []\n" * 10)
    assert said in told(*command.split(), "--database", url)
    assert Path("notes.yml").read_text() == "areas: []\n" * 10


def test_an_empty_file_may_become_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.db").touch()
    done = CliRunner().invoke(with_groups(), ["db", "upgrade", "--database", "sqlite:///empty.db"])
    assert (done.exit_code, done.exception) == (0, None)


@pytest.mark.parametrize("command", ["law eval", "law tune --out x.json", "nlu eval", "nlu bench"])
@pytest.mark.parametrize("line", ["{no json", "3"])
def test_a_labelled_line_of_another_form_is_named(
    command: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gold.jsonl").write_text(f"\n{line}\n")
    assert "gold.jsonl, line 2: needs" in told(*command.split(), "gold.jsonl")


@pytest.mark.parametrize("line", ['{"text": "x"}', '{"text": 1, "articles": []}', '{"text": "x", "articles": [1]}'])
def test_a_question_of_law_needs_its_articles(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gold.jsonl").write_text(line)
    assert "gold.jsonl, line 1: needs" in told("law", "eval", "gold.jsonl")


def test_nothing_to_measure_weights_that_are_not_there_and_no_status_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("none.jsonl").touch()
    Path("one.jsonl").write_text('{"text": "路灯坏了", "flow": "complaint"}')
    assert "no question" in told("law", "eval", "none.jsonl")
    assert "heads.json is missing" in told("nlu", "eval", "one.jsonl", "--before", str(tmp_path))
    assert "'done' is none of submitted," in told("export", "cases", "--status", "done")


def test_it_is_said_which_setting_keeps_the_door_shut() -> None:
    with listen("127.0.0.1", 0) as used, pytest.raises(Wrong, match=r"LINLI_PORT: .*set another port"):
        listen("127.0.0.1", used.getsockname()[1])
    with pytest.raises(Wrong, match=r"LINLI_HOST: .*an address of this machine"):
        listen("192.0.2.1", 0)
