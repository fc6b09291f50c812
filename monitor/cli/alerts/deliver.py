"""What is sent, or would be: `vigie outbox`, `vigie inbox`, `vigie notify --test`, `vigie preview`.

Recipients are shown by number only.
"""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from difflib import get_close_matches
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, cast

from monitor import PROJECT_PAGE
from monitor.alerts.news.events import ALWAYS_TOLD, OPERATOR_KINDS, SUBSCRIBER_KINDS, EventKind
from monitor.alerts.people.inbox import NOTHING
from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.outcome import Outcome, Sent
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.samples import OFFICES, sample
from monitor.cli.alerts.subscribers import channels, events
from monitor.cli.asked import begin_log, settings
from monitor.cli.layout import say, table
from monitor.cli.show import machine
from monitor.core.errors import UsageError
from monitor.run.deliver import TrialRequest, inbox, outbox, tried

if TYPE_CHECKING:
    from monitor.alerts.send.outbox import Waiting


def run(args: argparse.Namespace) -> int:
    """Show it; with `--send`, send what is due first. Exit 3: a channel did not take something."""
    begin_log(args)
    shown = outbox(settings(args), send=args.send)
    by_state, rows, unasked, sent = shown.counts, shown.waiting, shown.unasked, dict(shown.sent)
    if args.json:
        told = {"counts": by_state, "waiting": [_plain(one) for one in rows], "unasked": unasked, "sent": sent}
        stopped = [(line.channel, _at(line.since), _at(line.until), line.why) for line in shown.stopped]
        told["stopped"] = [dict(zip(("channel", "since", "until", "why"), one, strict=True)) for one in stopped]
        print(json.dumps(told, indent=1))
    else:
        if sent:
            say(_("sent just now: {n} of {all}").format(n=sent.get("Sent", 0), all=sum(sent.values())))
        words = _words()
        for state, count in by_state.items():
            say(f"{words[state]}: {count}")
        if not by_state:
            say(_("nothing was ever to be told"))
        if unasked:
            say(_("subscribers whose question did not leave yet: {n}").format(n=unasked))
        for line in shown.stopped:
            form = _("no message leaves by {channel} since {since}, it is asked again from {until}: {why}")
            said = {
                "channel": line.channel,
                "since": _at(line.since),
                "until": _at(line.until),
                "why": machine(line.why),
            }
            say(form.format(**said) + " " + _("Once it is mended: `vigie outbox --send`."))
        for one in rows:
            say(_line(one))
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
    tries = ngettext("tried {n} time: {why}", "tried {n} times: {why}", one.attempts)
    tried = tries.format(n=one.attempts, why=machine(one.reason)) if one.attempts else ""
    what = events().get(one.kind, machine(one.kind))
    return f"{_at(one.due)}  {what}  {one.check}  → {to} ({channels().get(one.channel, one.channel)})  {tried}".rstrip()


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
        told = {
            "confirmed": heard.confirmed, "stopped": heard.stopped, "nudged": heard.nudged, "unknown": heard.unknown,
            "unclear": heard.unclear, "came": heard.came, "refused": heard.refused,
        }  # fmt: skip
        print(json.dumps(told))
    elif args.verbose or heard != NOTHING:
        say(
            _("confirmed: {confirmed}; stopped: {stopped}; codes that nobody has: {unknown}").format(
                confirmed=len(heard.confirmed), stopped=len(heard.stopped), unknown=heard.unknown
            )
        )
        if heard.nudged:
            say(_("nudges confirmed: {n}").format(n=len(heard.nudged)))
        if heard.refused:
            say(_("suspended, as a message came back or was called unwanted: {count}").format(count=len(heard.refused)))
        if heard.came:
            say(_("wrote first, and are asked or told: {count}").format(count=heard.came))
        if heard.unclear:
            say(
                ngettext(
                    "{count} answer is neither a plain yes nor a plain stop: it stays unseen, for you to read",
                    "{count} answers are neither a plain yes nor a plain stop: they stay unseen, for you to read",
                    heard.unclear,
                ).format(count=heard.unclear)
            )
    return 0


def run_notify(args: argparse.Namespace) -> int:
    """Send, and say what became of it."""
    request = TrialRequest(subscriber=args.subscriber, language="en" if args.lang == "en" else "fr")
    found = tried(request, settings(args))
    if args.json:
        print(json.dumps([{"channel": name, **_answer_json(outcome)} for name, outcome in found], indent=1))
    else:
        for name, outcome in found:
            say(f"{name}: {_answer(outcome)}")
    return 0 if all(isinstance(outcome, Sent) for _name, outcome in found) else 3


def _answer(outcome: Outcome) -> str:
    if isinstance(outcome, Sent):
        return _("taken ({reference})").format(reference=outcome.reference) if outcome.reference else _("taken")
    return _("not taken: {why}").format(why=machine(outcome.why))


def _answer_json(outcome: Outcome) -> dict[str, str]:
    why = "" if isinstance(outcome, Sent) else outcome.why
    return {"outcome": type(outcome).__name__, "why": why}


KINDS = (*SUBSCRIBER_KINDS, *ALWAYS_TOLD, *OPERATOR_KINDS)


def run_preview(args: argparse.Namespace) -> int:
    """Print it."""
    if args.event == "list":
        said = events()
        table([(machine(kind), said.get(kind, "")) for kind in KINDS])
        return 0
    if args.event not in KINDS:
        near = get_close_matches(args.event, KINDS, 1)
        words = (
            _('no event is called "{event}"; the nearest is {near}; `vigie preview list` names them')
            if near
            else _('no event is called "{event}"; `vigie preview list` names them')
        )
        raise UsageError(words.format(event=args.event, near=", ".join(near)))
    language: Language = args.language or ("en" if args.lang == "en" else "fr")
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
        say(_("Subject: {subject}").format(subject=message.subject) + "\n\n" + message.text.rstrip("\n"))
    return 0
