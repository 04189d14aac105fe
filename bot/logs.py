"""How the program logs: one JSON line an event on standard error, ids only; every event is heard by who counts them."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

from bot import clock

Listener = Callable[[object, str, MutableMapping[str, Any]], object]
LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "exception": logging.ERROR,
}

_least = logging.INFO  # what is less is heard, but not printed
_listener: Listener | None = None


class Log:
    """Says events. By hand: structlog took a sixteenth of a start, and more time for a line than it takes to write."""

    def debug(self, event: str, **more: Any) -> None:
        _say("debug", event, more)

    def info(self, event: str, **more: Any) -> None:
        _say("info", event, more)

    def warning(self, event: str, **more: Any) -> None:
        _say("warning", event, more)

    def error(self, event: str, **more: Any) -> None:
        _say("error", event, more)

    def exception(self, event: str, **more: Any) -> None:
        """An error with where it happened."""
        _say("exception", event, {"exc_info": sys.exc_info()[1], **more})


def _say(method: str, event: str, more: dict[str, Any]) -> None:
    if _listener is None and LEVELS[method] < _least:
        return
    told = {"event": event, **more}
    if _listener is not None:
        _listener(None, method, told)
    if LEVELS[method] >= _least:
        sys.stderr.write(_line(method, told))
        sys.stderr.flush()


def _line(method: str, told: dict[str, Any]) -> str:
    error = told.pop("exc_info", None)
    told |= {"level": logging.getLevelName(LEVELS[method]).lower(), "timestamp": f"{clock.now():%Y-%m-%dT%H:%M:%S.%fZ}"}
    if isinstance(error, BaseException):
        told["exception"] = _told((type(error), error, error.__traceback__))
    return json.dumps(told, default=repr) + "\n"


def listen(listener: Listener | None) -> Listener | None:
    """Have `listener` called with every event, whatever is printed; who was called before."""
    global _listener
    before, _listener = _listener, listener
    return before


def print_from(least: int) -> None:
    """Print what is at least of this level of `logging`."""
    global _least
    _least = least


class Plain(logging.Formatter):
    """How libraries' own lines are printed: their errors as ours are."""

    def formatException(self, ei: Any) -> str:
        return _told(ei)


def _told(exc_info: Any) -> str:
    """Where an error came from, through what, and of which kind it and those that led to it are."""
    error, lines = exc_info[1], list[str]()
    if error is None:  # logged outside of any
        return ""
    led = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if led is not None:
        lines += [_told((type(led), led, led.__traceback__)), "which led to:"]
    lines += ["Traceback (most recent call last):", *map(str.rstrip, traceback.format_tb(error.__traceback__))]
    lines.append(f"{type(error).__name__}: {_said(error)}")
    for one in getattr(error, "exceptions", ()):
        lines.append(_told((type(one), one, one.__traceback__)))
    return "\n".join(lines)


def _said(error: BaseException) -> str:
    """What may be said of an error. A database repeats whole rows (PostgreSQL's DETAIL) and Python what it could not
    read: people's words are Chinese, ours for errors are not, and no phone is shorter than seven digits."""
    database: Any = getattr(error, "orig", None) or error
    if state := getattr(database, "sqlstate", None):
        diag = getattr(database, "diag", None)
        about = [getattr(diag, name, None) for name in ("table_name", "column_name", "constraint_name")]
        return " ".join([state, *(name for name in about if name)])
    said = re.sub(r"\d{7,}", "[digits]", str(error))
    return said if said.isascii() else "(words left out)"


def quiet_logs() -> None:
    """Only what goes wrong, on standard error: standard output is for the play."""
    print_from(logging.ERROR)
    _hear_libraries()


def _hear_libraries() -> None:
    libraries = logging.StreamHandler()
    libraries.setFormatter(Plain(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[libraries])


def configure_logs(level: str) -> None:
    """Print what is at least of this level; every event is counted."""
    from bot.metrics import count

    print_from(getattr(logging, level.upper()))
    _hear_libraries()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    listen(count)
