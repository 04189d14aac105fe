"""`linli demo`: a play file told in the terminal like a story, with what happens behind it."""

from __future__ import annotations

from pathlib import Path


def tell(script: Path | None, url: str | None) -> None:
    raise SystemExit("not yet")
