"""Authorities shared by the tests of a module: making certificates is the slow part."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.authority import Tsa
from tests.support.ledger import Hand


@pytest.fixture
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    """An authority of 2026 whose clock follows the sweeps it stamps."""
    until = datetime(2027, 1, 1, tzinfo=UTC)
    return Tsa(
        tmp_path_factory.mktemp("tsa") / "tsa", since=datetime(2026, 1, 1, tzinfo=UTC), until=until, clock=Hand()
    )
