"""What the web chat showed long ago is deleted; what is newer, and the photos of cases, stay."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.filestore import forget_uploads, put


def test_old_uploads_go(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    for place, days in (("uploads/ab/old.jpg", 31), ("uploads/ab/new.jpg", 29), ("photos/ab/old.jpg", 31)):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        at = (now - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    assert forget_uploads(tmp_path, now - timedelta(days=30)) == 1
    left = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.jpg"))
    assert left == ["photos/ab/old.jpg", "uploads/ab/new.jpg"]


def test_half_a_file_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    put(tmp_path / "a" / "x.jpg", b"1")
    put(tmp_path / "a" / "x.jpg", b"2")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(tmp_path / "a" / "y.jpg", b"3")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "a").iterdir()] == [("x.jpg", b"1")]
