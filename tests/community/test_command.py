"""`linli community …` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select
from typer.testing import CliRunner

from bot.commands.community import app
from bot.community import reading
from bot.community.load import check_text, demo
from storage.database import Database
from storage.tables import area
from tests.community.support import NOW, SMALL


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LINLI_SECRET", "a secret of the tests, 32 characters")
    monkeypatch.delenv("LINLI_DATABASE_URL", raising=False)
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_import_writes_and_says_what(home: Path) -> None:
    file = home / "c.yml"
    file.write_text(SMALL, "utf-8")
    code, output = run("import", str(file))
    assert code == 0, output
    assert "areas" in output
    database = Database.open(f"sqlite:///{home / 'data' / 'linli.db'}", secret="x" * 32)
    with database.read() as conn:
        assert "grid1" in conn.execute(select(area.c.key)).scalars().all()
    database.close()


def test_a_broken_file_exits_with_2_and_names_the_line(home: Path) -> None:
    file = home / "c.yml"
    file.write_text(SMALL.replace("area: grid1}", "area: grid2}").replace("play: g1", "play: s1"), "utf-8")
    for command in ("import", "check"):
        code, output = run(command, str(file))
        assert code == 2
        assert f"{file}:16: unknown area 'grid2'" in output
        assert f"{file}:13: the address" in output
    assert not (home / "data" / "linli.db").exists() or "Nothing was changed" in run("import", str(file))[1]


def test_a_file_that_is_not_there_exits_with_2(home: Path) -> None:
    code, output = run("check", str(home / "no.yml"))
    assert code == 2
    assert "no.yml" in output
    assert run("check", str(home))[0] == 2  # a directory


def test_the_example_is_valid_and_so_is_the_schema(home: Path) -> None:
    code, example = run("example")
    assert code == 0
    result = check_text(example.encode(), NOW)
    assert result.file is not None
    assert result.problems == ()
    file = home / "e.yml"
    file.write_text(example, "utf-8")
    assert run("check", str(file))[0] == 0
    code, schema = run("schema")
    validator = Draft202012Validator(json.loads(schema))
    for text in (example.encode(), demo()):
        assert list(validator.iter_errors(reading.read(text).data)) == []
    assert list(validator.iter_errors({"linli": 1, "areas": [{"key": "a"}]}))
