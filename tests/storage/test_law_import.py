"""`linli law import`, `search` and `check` on a database, as they are typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.law import app
from bot.community.load import import_text
from storage.database import Database
from tests.flows.legal.test_sources import CHARTER
from tests.storage.test_law_sources import VILLAGES

SECRET = "a secret of the tests, 32 characters"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LINLI_SECRET", SECRET)
    monkeypatch.delenv("LINLI_DATABASE_URL", raising=False)
    monkeypatch.setattr("storage.law_vectors.Sentences.installed", staticmethod(lambda: False))
    return tmp_path


def run(*words: str, said: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), input=said)
    return result.exit_code, result.output


def opened(home: Path) -> Database:
    (home / "data").mkdir()
    database = Database.open(f"sqlite:///{home / 'data' / 'linli.db'}", secret=SECRET.encode())
    database.upgrade()
    import_text(database, VILLAGES, "villages", datetime(2026, 1, 1, tzinfo=UTC))
    return database


def test_a_charter_is_imported_searched_and_checked(home: Path) -> None:
    opened(home).close()
    file = home / "charter.md"
    file.write_text(CHARTER.replace("smc", "upper"), "utf-8")
    code, output = run("import", str(file))
    assert code == 0, output
    assert "1 new, 0 changed" in output
    code, output = run(
        "search", "--words-only", "--top", "3", "--area", "upper-1", said='{"text":"渠水轮灌有规定吗"}\n'
    )
    first = json.loads(output)["articles"][0]
    assert (code, first["law"], first["kind"]) == (0, "石磨村村规民约", "charter")
    code, output = run("check")
    assert code == 0, output
    assert "0 sources changed since the last import" in output


def test_nothing_is_changed_when_a_file_of_a_folder_is_wrong(home: Path) -> None:
    database = opened(home)
    (home / "in").mkdir()
    (home / "in" / "a.md").write_text(CHARTER.replace("smc", "upper"), "utf-8")
    (home / "in" / "b.md").write_text(CHARTER.replace("石磨村村规民约", "另一个"), "utf-8")
    (home / "in" / "c.md").write_bytes(b"---\n\xff\n")
    code, output = run("import", str(home / "in"))
    assert code == 2
    assert "b.md:7: no area has the key smc" in output
    assert "c.md:2: not UTF-8" in output
    assert "Nothing was changed" in output
    from storage import law_sources

    with database.read() as conn:
        assert law_sources.articles(conn) == ()
    database.close()


def test_asking_makes_no_database(home: Path) -> None:
    code, _ = run("check")
    assert code == 0
    assert not (home / "data").exists()
