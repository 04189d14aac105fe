"""The memory of a process."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Freed memory to the system: indexing the statutes leaves well over 100 MB of it, which glibc would keep; others
    have no such function."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
