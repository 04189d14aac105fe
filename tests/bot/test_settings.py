"""Settings: from the environment or one TOML file, and every fault is named with what to do."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot import settings
from bot.app import open_database
from bot.errors import Wrong


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [*settings.names(), "LINLI_CONFIG"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_need_nothing() -> None:
    found = settings.load()
    assert found.database == "sqlite:///.linli/linli.db"
    assert found.port == 8080


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "linli.toml").write_text('port = 9001\nhost = "0.0.0.0"\n', "utf-8")
    monkeypatch.setenv("LINLI_PORT", "9002")
    found = settings.load()
    assert (found.port, found.host) == (9002, "0.0.0.0")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LINLI_PORT", "eighty", "LINLI_PORT"),
        ("LINLI_PORT", "70000", "LINLI_PORT"),
        ("LINLI_NLU", "magic", "embedded, rasa, chain"),
        ("LINLI_DATABASE_URL", "mysql://x", "postgresql://"),
        ("LINLI_COMMUNITY", "nowhere.yml", "nowhere.yml"),
        ("LINLI_PUBLIC_URL", "linli.example", "https://"),
        ("LINLI_PROT", "80", "LINLI_PROT: there is no such setting"),
        ("LINLI_CONFIG", "gone.toml", "gone.toml"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Wrong, match=said):
        settings.load()


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "linli.toml").write_text("prot = 1\n", "utf-8")
    with pytest.raises(Wrong, match="no setting 'prot'"):
        settings.load()
    (tmp_path / "linli.toml").write_text("port = \n", "utf-8")
    with pytest.raises(Wrong, match=r"linli\.toml: not valid TOML"):
        settings.load()


def test_the_webhook_needs_its_secret_and_a_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TELEGRAM_TOKEN", "12345:very-secret-token")
    monkeypatch.setenv("LINLI_TELEGRAM_MODE", "webhook")
    with pytest.raises(Wrong, match="LINLI_TELEGRAM_WEBHOOK_SECRET") as wrong:
        settings.load()
    assert "very-secret-token" not in str(wrong.value)


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TELEGRAM_TOKEN", "12345:very-secret-token")
    monkeypatch.setenv("LINLI_SECRET", "a very long secret indeed")
    found = settings.load()
    assert "very" not in repr(found)


def test_the_secret_is_made_once_for_the_owner_only(tmp_path: Path) -> None:
    first = settings.secret_of(settings.load())
    assert settings.secret_of(settings.load()) == first
    assert stat.S_IMODE((tmp_path / ".linli" / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize("secret", ["", "x" * 32])
def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secret: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path / "file" / "below"))
    monkeypatch.setenv("LINLI_SECRET", secret)
    with pytest.raises(Wrong, match=r"LINLI_DATA_DIR: .*below cannot be written: Not a directory; name a folder"):
        open_database(settings.load(), settings.secret_of(settings.load()))


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_SECRET", "short")
    with pytest.raises(Wrong, match="LINLI_SECRET"):
        settings.secret_of(settings.load())
