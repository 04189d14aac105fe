"""How the program logs: one JSON line an event on standard error, ids only; every event is counted."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

from bot.clock import ticks

SILENT = 10.0  # seconds after a line about an outage
_quiet: bool = False
_outages: dict[tuple[str, str], float] = {}
_made: tuple[Any, Any, Any, Any] = (None, None, None, None)  # how structlog was set up, and the logger made for that


class Log:
    """Says events to structlog, which is imported with the first that somebody hears: a quiet start needs it not."""

    def __getattr__(self, method: str) -> Any:
        if _quiet and "structlog" not in sys.modules:
            if method in ("debug", "info", "warning"):
                return _unheard
            _say_errors()
        return getattr(_logger(), method)

    def outage(self, event: str, why: str) -> None:
        """A warning of something that goes on for a while and is met again and again: a line now and then."""
        if ticks() - _outages.get((event, why), -SILENT) >= SILENT:
            _outages[event, why] = ticks()
            self.warning(event, why=why)


def _logger() -> Any:
    """As structlog is set up now; made once for that, which takes longer than to say a line that nobody hears."""
    import structlog

    global _made
    told = structlog.get_config()
    setup = (told["processors"], told["wrapper_class"], told["logger_factory"])
    if any(now is not then for now, then in zip(setup, _made[:3], strict=True)):
        _made = (*setup, structlog.get_logger().bind())
    return _made[3]


def _unheard(*_: Any, **__: Any) -> None:
    """Nobody hears it."""


class Plain(logging.Formatter):
    """How libraries' own lines are printed: as ours are."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        told = {"event": record.name, "said": record.getMessage(), "level": record.levelname.lower()}
        told["timestamp"] = f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
        if record.exc_info:
            told["exception"] = _told(record.exc_info)
        return json.dumps(told)


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
    global _quiet
    _quiet = True
    _hear_libraries()
    if "structlog" in sys.modules:
        _say_errors()


def _hear_libraries() -> None:
    libraries = logging.StreamHandler()
    libraries.setFormatter(Plain())
    logging.basicConfig(level=logging.WARNING, handlers=[libraries])
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that takes longer than to the next is no warning


def _say_errors() -> None:
    _say([], logging.ERROR)


def _say(before: list[Any], least: int) -> None:
    """Have structlog print events from this level on, each through `before`."""
    import structlog

    structlog.configure(
        processors=[
            *before,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.ExceptionRenderer(_told),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def configure_logs(level: str) -> None:
    """Print what is at least of this level; every event is counted, whatever level is printed."""
    import structlog

    from bot.metrics import count

    least = getattr(logging, level.upper())

    def printed(_logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if structlog.processors.NAME_TO_LEVEL[method] < least:
            raise structlog.DropEvent
        return event

    _hear_libraries()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    _say([count, printed], min(least, logging.INFO))
