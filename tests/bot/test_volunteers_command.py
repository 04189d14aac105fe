"""`linli volunteers …` at the command line: what cannot be read or written is told in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.volunteers import app
from bot.errors import Wrong


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize("command", ["import", "enrol"])
def test_a_table_that_is_not_there(command: str, tmp_path: Path) -> None:
    with pytest.raises(Wrong, match=r"can't be read: No such file.*\nNothing was changed"):
        CliRunner().invoke(app, [command, str(tmp_path / "none.csv")], catch_exceptions=False)


def test_an_export_says_how_much_it_wrote_or_why_it_could_not(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["export", str(tmp_path / "out.csv")], catch_exceptions=False)
    assert told.output.endswith("out.csv: 0 shifts\n")
    with pytest.raises(Wrong, match="can't be written: No such file"):
        CliRunner().invoke(app, ["export", str(tmp_path / "none" / "out.csv")], catch_exceptions=False)
