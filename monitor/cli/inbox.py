"""`vigie inbox`: hear OUI-CODE and STOP-CODE."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.app.inbox import Answered, answer
from monitor.app.letters import CONSENT_TEXT
from monitor.cli.register import register
from monitor.cli.wiring import settings
from monitor.domain.errors import UsageError

if TYPE_CHECKING:
    from monitor.settings import Settings


def run(args: argparse.Namespace) -> int:
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
    from monitor.adapters.mailbox import MailboxAccount, mailbox

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
