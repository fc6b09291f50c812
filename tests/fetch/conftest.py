"""What the integration tests share."""

from __future__ import annotations

import pytest

from tests.support.loopback import TestCA


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> TestCA:
    """One certification authority a run: making keys is the slow part."""
    return TestCA(tmp_path_factory.mktemp("ca"))
