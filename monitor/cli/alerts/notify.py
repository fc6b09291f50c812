"""`vigie notify --test`: a trial message to a subscriber or to the operator, and what each channel answered.

`vigie preview`: what a subscriber would read, on made-up facts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, cast

from monitor.alerts.news.events import OPERATOR_KINDS, SUBSCRIBER_KINDS, EventKind
from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.outcome import Outcome, Sent
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.letters import trial
from monitor.alerts.text.samples import OFFICES, sample
from monitor.core.errors import UsageError
from monitor.run.accounts import letterhead, mailbox_address, notifier, operator_urls, register
from monitor.run.wiring import PROJECT_PAGE, catalogue, settings

if TYPE_CHECKING:
    from monitor.alerts.text.compose import Letterhead
    from monitor.settings.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Send, and say what became of it."""
    chosen = settings(args)
    head = letterhead(chosen, catalogue(args), mailbox_address(chosen))
    found = (
        [_subscriber(args.subscriber, chosen, head)]
        if args.subscriber is not None
        else list(_operator(args, chosen, head))
    )
    if args.json:
        print(json.dumps([{"channel": name, **_told(outcome)} for name, outcome in found], indent=1))
    else:
        for name, outcome in found:
            print(f"{name}: {_words(outcome)}")
    return 0 if all(isinstance(outcome, Sent) for _name, outcome in found) else 3


def _subscriber(number: int, chosen: Settings, head: Letterhead) -> tuple[str, Outcome]:
    """Only who said yes: before, nothing but the question is sent."""
    with register(chosen) as (_db, subscribers):
        to = subscribers.get(number).to
        if to.state != "active":
            raise UsageError(_("subscriber {number} is {state}: nothing is sent").format(number=number, state=to.state))
        _yes, stop = subscribers.codes(number)
        message = trial(to, head, at=datetime.now(UTC), stop=stop)
        outcome = notifier(chosen).send(to.channel, subscribers.address(number), message)
    return _("subscriber {number}").format(number=number), outcome


def _operator(args: argparse.Namespace, chosen: Settings, head: Letterhead) -> Iterator[tuple[str, Outcome]]:
    """The operator's own address, then each plain URL, by its place in the list: the URL itself is a secret."""
    urls, contact = operator_urls(chosen), chosen.operator.contact
    by_mail = bool(chosen.mail.server) and "@" in contact
    if not by_mail and not urls:
        raise UsageError(
            _("nothing to try: set [mail] and an e-mail address as [operator] contact, or [operator_alerts] urls")
        )
    me = Subscription(
        id=0, channel="email", state="active", prefectures=(), language="en" if args.lang == "en" else "fr"
    )
    if by_mail:
        message = trial(me, replace(head, mailbox=""), at=datetime.now(UTC))
        yield _("e-mail to the operator"), notifier(chosen).send("email", contact, message)
    for number, url in enumerate(urls, start=1):
        from monitor.alerts.send.channels import tell
        from monitor.alerts.send.outcome import plain
        from monitor.alerts.text.compose import compose
        from monitor.alerts.text.samples import sample

        event = sample("sweep_missing")
        notice = plain((event,), compose([event], me, head))
        yield _("[operator_alerts] address {number}").format(number=number), tell(url, notice)


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
