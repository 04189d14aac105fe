"""What holds for every test: journeys are marked, and nothing is reached but this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings

from tests.support.stage import Stage, on_stage

settings.register_profile("linli", deadline=None)  # a slow machine is no wrong answer
settings.load_profile("linli")
# The whole assistant, a server that is really asked, a long simulation, or all the text there is.
JOURNEYS = frozenset(
    {
        "journeys",
        "play",
        "web",
        "weixin",
        "channels",
        "delivery",
        "simulator",
        "test_city",
        "test_again",
        "test_originality",
    }
)
JOURNEYS |= {"test_digests", "test_rasa_http", "test_bench", "test_verify"}
JOURNEYS |= {"test_law", "test_law_library", "test_law_import", "test_law_sources", "test_law_stored"}  # every statute


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        path = Path(item.fspath)
        on_a_server = "[postgresql" in item.name  # the storage contract's second half
        fixtures = getattr(item, "fixturenames", ())
        on_stage = "stage" in fixtures or hasattr(getattr(item, "module", None), "on_stage")  # the whole, in process
        if path.stem in JOURNEYS or path.parent.name in JOURNEYS or on_a_server or on_stage:
            item.add_marker(pytest.mark.journey)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """The demo community, with nothing said yet."""
    with on_stage() as found:
        yield found


@pytest.fixture(autouse=True)
def _plain_logs() -> None:
    """A play before this test may have quietened the logs of the process."""
    structlog.reset_defaults()


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _nobody_else() -> Iterator[None]:
    """A connection to any other host fails at once, saying which."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        if not _is_here(address):
            raise OSError(f"a test tried to reach {address!r}; tests reach this machine only")
        connect(self, address)

    socket.socket.connect = only_here  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
