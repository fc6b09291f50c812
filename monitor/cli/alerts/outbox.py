"""`vigie outbox`: what is still to be told, and what became of the rest. Recipients by number only.

`vigie inbox`: hear OUI-CODE and STOP-CODE.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.alerts.people.inbox import Answered, answer
from monitor.alerts.send.outbox import counts, waiting
from monitor.alerts.text.letters import CONSENT_TEXT
from monitor.core.errors import UsageError
from monitor.run.accounts import register
from monitor.run.wiring import catalogue, settings

if TYPE_CHECKING:
    from monitor.alerts.send.outbox import Waiting
    from monitor.settings.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Show it; with `--send`, send what is due first. Exit 3: a channel did not take something."""
    chosen = settings(args)
    sent: dict[str, int] = {}
    if args.send:
        from monitor.fetch.clock import SystemClock
        from monitor.run.alerting import Alerting
        from monitor.settings import logs

        logs.begin(args)
        sent = dict(Alerting(chosen, catalogue(args), SystemClock(chosen.simulation.time_scale)).send())
    with register(chosen) as (db, subscribers):
        by_state, rows, unasked = counts(db), waiting(db), len(subscribers.unasked())
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
    chosen = settings(args)
    if not chosen.inbox.server:
        raise UsageError(_("no [inbox] is set: run `vigie subscribers confirm` and `vigie subscribers remove` by hand"))
    heard = listen(chosen)
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


def listen(chosen: Settings) -> Answered:
    """Read the mailbox and act on what it holds. Raises MailboxError when it cannot be read."""
    from monitor.alerts.people.inbox import MailboxAccount, mailbox

    inbox = chosen.inbox
    account = MailboxAccount(
        server=inbox.server,
        port=inbox.port,
        user=inbox.user,
        password=inbox.password.reveal() if inbox.password else "",
        folder=inbox.folder,
    )
    with register(chosen) as (_db, subscribers), mailbox(account) as box:
        return answer(box, subscribers, CONSENT_TEXT, datetime.now(UTC))
