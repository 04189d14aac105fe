"""The running program and a browser, one of each for all the journeys of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.web import Program, browsing, running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def program(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Not started where there is no browser to look at it."""
    with running(tmp_path_factory.mktemp("linli")) as found:
        yield found
