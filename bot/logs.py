"""How the program logs: one JSON line an event on standard error, ids only."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

_quiet: bool = False


class Log:
    """Says events to structlog, which is imported with the first that somebody hears: it takes a tenth of a start."""

    def __getattr__(self, method: str) -> Any:
        if _quiet and "structlog" not in sys.modules:
            if method in ("debug", "info", "warning"):
                return _unheard
            _say_errors()
        import structlog

        return getattr(structlog.get_logger(), method)


def _unheard(*_: Any, **__: Any) -> None:
    """Nobody hears it."""


def quiet_logs() -> None:
    """Only what goes wrong, on standard error: standard output is for the play."""
    global _quiet
    _quiet = True
    if "structlog" in sys.modules:
        _say_errors()


def _say_errors() -> None:
    import structlog

    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def configure_logs(level: str) -> None:
    """One JSON line an event on standard error, ids only; every event is counted, whatever level is printed."""
    import structlog

    from bot.metrics import count

    least = getattr(logging, level.upper())

    def printed(_logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if structlog.processors.NAME_TO_LEVEL[method] < least:
            raise structlog.DropEvent
        return event

    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            count,
            printed,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(min(least, logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
