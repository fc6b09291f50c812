"""A subscriber as `vigie subscribers` shows one: never the address."""

from __future__ import annotations

from datetime import datetime
from gettext import gettext as _
from typing import Any

from monitor.domain.subscriptions import Holder


def words() -> dict[str, str]:
    """States and cadences, for people."""
    return {
        "pending": _("not confirmed"),
        "active": _("told"),
        "paused": _("paused"),
        "suspended": _("address refused"),
        "at_once": _("at once"),
        "daily": _("every morning"),
        "weekly": _("on Mondays"),
    }


def shown(value: object) -> str:
    """A value of `plain`, for people."""
    match value:
        case None | () | []:
            return "-"
        case bool():
            return _("yes") if value else _("no")
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def plain(one: Holder) -> dict[str, Any]:
    """Everything but the address, as plain JSON values."""

    def day(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "number": one.to.id,
        "state": one.to.state,
        **one.to.to_json(),
        "added": day(one.added),
        "asked": day(one.asked),
        "confirmed": day(one.confirmed),
        "consent_text": one.consent_text,
    }
