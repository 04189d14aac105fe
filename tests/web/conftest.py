"""A house for each test, and visitors of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.house import House, Served
from tests.web.office import office

__all__ = ["office"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def visit(house: House) -> Callable[[], TestClient]:
    """A new browser that has opened the chat page."""

    def arrive() -> TestClient:
        client = TestClient(house.app, headers={"x-linli": "1"})
        assert client.get("/chat").status_code == 200
        return client

    return arrive


@pytest.fixture
def visitor(visit: Callable[[], TestClient]) -> TestClient:
    return visit()


@pytest.fixture
def served(house: House) -> Iterator[Served]:
    running = Served(house)
    yield running
    running.stop()
