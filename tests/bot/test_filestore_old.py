"""What the web chat showed long ago is deleted; what is newer, and the photos of cases, stay."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.filestore import forget_uploads


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
