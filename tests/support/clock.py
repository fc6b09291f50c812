"""One instant for tests that need any."""

from datetime import UTC, datetime

AT = datetime(2026, 11, 23, 8, 14, 5, tzinfo=UTC)
