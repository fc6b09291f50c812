"""Commands about subscribers and what is sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.cli.parser import Add


def declare(add: Add) -> None:
    """Declare them."""
