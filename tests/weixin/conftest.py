"""What the tests of both platforms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.wecom_office import Office, opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from opened(tmp_path)
