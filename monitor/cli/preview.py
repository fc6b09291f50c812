"""`vigie preview`: what a subscriber would read, on made-up facts."""

from __future__ import annotations

import argparse
import json
from gettext import gettext as _
from typing import cast

from monitor.app.alert_samples import OFFICES, sample
from monitor.app.messages import Letterhead, compose
from monitor.cli.wiring import PROJECT_PAGE, settings
from monitor.domain.errors import UsageError
from monitor.domain.events import OPERATOR_KINDS, SUBSCRIBER_KINDS, EventKind
from monitor.domain.subscriptions import Language, Subscription

KINDS = (*SUBSCRIBER_KINDS, *OPERATOR_KINDS)


def run(args: argparse.Namespace) -> int:
    """Print it."""
    if args.event == "list":
        print("\n".join(KINDS))
        return 0
    if args.event not in KINDS:
        from monitor.settings.readers import nearest

        raise UsageError(
            _("no event is called {event}; the nearest is {near}; `vigie preview list` names them").format(
                event=args.event, near=nearest(args.event, KINDS)
            )
        )
    language: Language = "en" if args.lang == "en" else "fr"
    to = Subscription(
        id=0, channel="email", state="active", prefectures=("95",), language=language, discreet=args.discreet
    )
    operator = settings(args).operator
    head = Letterhead(operator=operator.name, contact=operator.contact, offices=OFFICES, project=PROJECT_PAGE)
    message = compose([sample(cast(EventKind, args.event))], to, head)
    if args.json:
        told = {
            "subject": message.subject,
            "headers": dict(message.headers),
            "text": message.text,
            "html": message.html,
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif args.html:
        print(message.html, end="")
    else:
        print(_("Subject: {subject}").format(subject=message.subject) + "\n\n" + message.text, end="")
    return 0
