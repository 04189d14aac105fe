"""An engine that remembers its last answers: people repeat themselves, and what they mean does not change meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlu.understanding import Engine, LocalService, Understanding

KEPT = 2048  # answers, in this process only
LONGEST = 200  # characters: longer messages are not said twice


class Remembering:
    """Fulfils `Engine`; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known = lru_cache(maxsize=KEPT)(self._understand)

    def understand(self, text: str, *, local_services: Sequence[LocalService] = ()) -> Understanding:
        """What the engine says, or said last time."""
        if len(text) > LONGEST:
            return self._engine.understand(text, local_services=local_services)
        return self._known(text, tuple(local_services))

    def _understand(self, text: str, local_services: tuple[LocalService, ...]) -> Understanding:
        return self._engine.understand(text, local_services=local_services)
