"""How a start ends that cannot be: what is wrong stays wrong (2), what is only away is tried again (75)."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from bot import app
from bot.cli import guarded, run
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
