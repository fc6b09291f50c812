"""`vigie subscribers invite`: help desks that subscribe people face to face; without a name, how many each brought."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from gettext import gettext as _

from monitor.alerts.people.requests import HelpDesks
from monitor.cli.asked import settings
from monitor.cli.layout import say, table
from monitor.core.errors import UsageError
from monitor.run.accounts import register


def run(args: argparse.Namespace) -> int:
    """One of the three; exit 0."""
    chosen, now = settings(args), datetime.now(UTC)
    if args.name and not chosen.web.address:
        raise UsageError(_("set [web] address first: a help desk subscribes people on its pages"))
    with register(chosen) as (db, people):
        desks = HelpDesks(db, people)
        if args.end is not None:
            desks.end(args.end, now)
            say(_("help desk {number}: its code no longer works").format(number=args.end))
        elif args.name:
            lasts = timedelta(days=max(args.days, 1))
            code = desks.invite(args.name, now, lasts)
            page = f"{chosen.web.address.rstrip('/')}/{chosen.web.languages[0]}/a/{code}"
            words = _("Give this address to the help desk alone; it works until {day}, and is not shown again:")
            told = {"address": page, "until": (now + lasts).isoformat(timespec="seconds")}
            say(json.dumps(told) if args.json else f"{words.format(day=(now + lasts).date())}\n{page}")
        else:
            _listed(desks, as_json=args.json)
    return 0


def _listed(desks: HelpDesks, *, as_json: bool) -> None:
    every = desks.all()
    if as_json:
        fields = ("number", "name", "brought", "active")
        print(json.dumps([{**{k: getattr(d, k) for k in fields}, "until": d.until.isoformat()} for d in every]))
    elif not every:
        say(_("No help desk has a code."))
    else:
        rows = [(str(d.number), d.name, str(d.until.date()), str(d.brought), str(d.active)) for d in every]
        table(rows, (_("NUMBER"), _("help desk"), _("until"), _("subscribed"), _("receive messages")))
