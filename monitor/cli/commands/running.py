"""Commands for who runs a monitor: settings."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.cli.parser import Add


def declare(add: Add) -> None:
    """Declare them."""
    config = add(
        "config",
        "config",
        _("check the settings and print what is in force, secrets masked"),
        "",
        ("vigie config check", "vigie config check --json"),
    )
    config.add_argument("action", choices=("check",), help=_("what to do"))
