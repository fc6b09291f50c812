"""`vigie subscribers nudge`: where a subscriber is told, in one sentence, that a message waits for them."""

from __future__ import annotations

import argparse
import json
import secrets
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.alerts.text.letters import HOURS
from monitor.cli.asked import typed_line
from monitor.cli.layout import say
from monitor.core.errors import UsageError

if TYPE_CHECKING:
    from monitor.alerts.people.nudges import Nudge
    from monitor.alerts.people.subscribers import Subscribers
    from monitor.settings.settings import Settings


def run(args: argparse.Namespace, _chosen: Settings, subscribers: Subscribers) -> int:
    """Take in its address, or forget it."""
    number = subscribers.get(args.number).to.id
    if args.remove:
        subscribers.nudges.remove(number)
        print(json.dumps({"number": number}) if args.json else _("subscriber {number}: no nudge any more").format(
            number=number
        ))  # fmt: skip
        return 0
    from monitor.alerts.send.knock import service_of

    url = typed_line(_("Address (ntfys://..., matrixs://... or tgram://...): "))
    try:
        service = service_of(url)
    except ValueError as error:
        raise UsageError(str(error)) from None
    subscribers.nudges.add(number, service, url, secrets.token_bytes(16), datetime.now(UTC))
    if args.json:
        print(json.dumps({"number": number, "nudge": {"service": service, "state": "pending"}}))
        return 0
    say(_("subscriber {number}: a code leaves there with the next `vigie run`").format(number=number))
    say(_("they answer with it by the e-mail or Signal they have; `vigie subscribers confirm` takes it by hand"))
    say(_("without an answer, this address is deleted after {hours} hours").format(hours=HOURS))
    return 0


def plain(one: Nudge | None) -> dict[str, Any] | None:
    """Everything but the address, as plain JSON values."""
    if one is None:
        return None
    return {
        "service": one.service,
        "state": "active" if one.confirmed else "pending",
        "failing": one.failing.isoformat(timespec="seconds") if one.failing else None,
    }


def told(one: dict[str, Any] | None) -> str:
    """The same, for people."""
    if one is None:
        return "-"
    name = {"ntfy": "ntfy", "matrix": "Matrix", "telegram": "Telegram"}[one["service"]]
    if one["state"] == "pending":
        return _("{service}, not confirmed").format(service=name)
    if one["failing"]:
        return _("{service}, takes nothing since {day}").format(service=name, day=one["failing"][:10])
    return name
