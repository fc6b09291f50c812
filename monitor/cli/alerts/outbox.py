"""`vigie outbox`: what is still to be told, and what became of the rest. Recipients by number only.

`vigie inbox`: hear OUI-CODE and STOP-CODE.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.cli.asked import begin_log, settings
from monitor.run.deliver import inbox, outbox

if TYPE_CHECKING:
    from monitor.alerts.send.outbox import Waiting


def run(args: argparse.Namespace) -> int:
    """Show it; with `--send`, send what is due first. Exit 3: a channel did not take something."""
    begin_log(args)
    shown = outbox(settings(args), send=args.send)
    by_state, rows, unasked, sent = shown.counts, shown.waiting, shown.unasked, dict(shown.sent)
    if args.json:
        told = {"counts": by_state, "waiting": [_plain(one) for one in rows], "unasked": unasked, "sent": sent}
        print(json.dumps(told, indent=1))
    else:
        if sent:
            print(_("sent just now: {n} of {all}").format(n=sent.get("Sent", 0), all=sum(sent.values())))
        words = _words()
        for state, count in by_state.items():
            print(f"{words[state]}: {count}")
        if not by_state:
            print(_("nothing was ever to be told"))
        if unasked:
            print(_("subscribers whose question did not leave yet: {n}").format(n=unasked))
        for one in rows:
            print(_line(one))
    return 3 if set(sent) - {"Sent"} else 0


def _words() -> dict[str, str]:
    return {
        "due": _("still to be told"),
        "sent": _("taken by the channel"),
        "unknown": _("perhaps taken: no answer came"),
        "refused": _("refused"),
        "given_up": _("given up"),
        "dropped": _("no longer to be told"),
    }


def _line(one: Waiting) -> str:
    to = _("operator") if one.to <= 0 else str(one.to)
    tried = _("tried {n} times: {why}").format(n=one.attempts, why=one.reason) if one.attempts else ""
    return f"{_at(one.due)}  {one.kind}  {one.check}  → {to} ({one.channel})  {tried}".rstrip()


def _plain(one: Waiting) -> dict[str, object]:
    return {
        "kind": one.kind,
        "check": one.check,
        "subscriber": max(one.to, 0),
        "channel": one.channel,
        "made": _at(one.made),
        "due": _at(one.due),
        "attempts": one.attempts,
        "reason": one.reason,
    }


def _at(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def run_inbox(args: argparse.Namespace) -> int:
    """Read the mailbox once."""
    heard = inbox(settings(args))
    if args.json:
        told = {"confirmed": heard.confirmed, "stopped": heard.stopped, "unknown": heard.unknown}
        print(json.dumps(told))
    elif args.verbose or heard.confirmed or heard.stopped or heard.unknown:
        print(
            _("confirmed: {confirmed}; stopped: {stopped}; codes that nobody has: {unknown}").format(
                confirmed=len(heard.confirmed), stopped=len(heard.stopped), unknown=heard.unknown
            )
        )
    return 0
