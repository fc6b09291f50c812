"""`vigie notify --test`: a trial message to a subscriber or to the operator, and what each channel answered.

`vigie preview`: what a subscriber would read, on made-up facts.
"""

from __future__ import annotations

import argparse
import json
from gettext import gettext as _
from typing import cast

from monitor import PROJECT_PAGE
from monitor.alerts.news.events import OPERATOR_KINDS, SUBSCRIBER_KINDS, EventKind
from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.outcome import Outcome, Sent
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.letters import trial
from monitor.alerts.text.samples import OFFICES, sample
from monitor.cli.asked import settings
from monitor.core.errors import UsageError
from monitor.run.deliver import TrialRequest, tried


def run(args: argparse.Namespace) -> int:
    """Send, and say what became of it."""
    request = TrialRequest(subscriber=args.subscriber, language="en" if args.lang == "en" else "fr")
    found = tried(request, settings(args))
    if args.json:
        print(json.dumps([{"channel": name, **_told(outcome)} for name, outcome in found], indent=1))
    else:
        for name, outcome in found:
            print(f"{name}: {_words(outcome)}")
    return 0 if all(isinstance(outcome, Sent) for _name, outcome in found) else 3


def _words(outcome: Outcome) -> str:
    if isinstance(outcome, Sent):
        return _("taken ({reference})").format(reference=outcome.reference) if outcome.reference else _("taken")
    return f"{type(outcome).__name__}: {outcome.why}"


def _told(outcome: Outcome) -> dict[str, str]:
    why = "" if isinstance(outcome, Sent) else outcome.why
    return {"outcome": type(outcome).__name__, "why": why}


KINDS = (*SUBSCRIBER_KINDS, *OPERATOR_KINDS)


def run_preview(args: argparse.Namespace) -> int:
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
