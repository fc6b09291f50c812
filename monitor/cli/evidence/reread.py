"""`vigie reread`: the pages that were kept, read again by the readers of today; what no longer holds counts no more."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from gettext import gettext as _
from gettext import ngettext
from typing import Any

from monitor.cli.asked import settings
from monitor.cli.layout import flow, say, table
from monitor.cli.show import observation_row, quoted
from monitor.core.errors import UsageError
from monitor.report.remarks import reading_now
from monitor.report.rereadings import REREADINGS
from monitor.run.reread import Refuted, RereadRequest, RereadResult, reread
from monitor.sweep.replay import Outcome

REFUTED, OPEN = 1, 3


def run(args: argparse.Namespace) -> int:
    """Exit 0: all are confirmed; 1: at least one no longer is; 3: none is refuted, some could not be read again."""
    chosen = settings(args)
    shown = sys.stderr.isatty() and not args.json
    done = reread(RereadRequest(since=_day(args.since)), chosen, progress=_progress if shown else lambda done, of: None)
    if shown and done.asked:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if args.json:
        print(json.dumps(_json(args, done), ensure_ascii=False, indent=1))
    else:
        _say(done, args.lang)
        if done.refuted:
            say(_("Kept in {path}; what was recorded and sealed is unchanged.").format(path=chosen.data / REREADINGS))
    if done.refuted:
        return REFUTED
    return OPEN if done.not_read else 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(_("{text} is not a day: write 2026-11-21").format(text=text)) from error


def _progress(done: int, of: int) -> None:
    if done % 25 == 0 or done == of:
        print(
            "\r\x1b[K" + _("read again: {done} of {of}").format(done=done, of=of), end="", file=sys.stderr, flush=True
        )


def _json(args: argparse.Namespace, done: RereadResult) -> dict[str, Any]:
    return {
        "since": args.since,
        "asked": done.asked,
        "confirmed": done.confirmed,
        "unconfirmed": [_refuted(one) for one in done.refuted],
        "not_read": dict(done.not_read),
    }


def _refuted(one: Refuted) -> dict[str, Any]:
    names = ("seq", "check", "started", "url", "reading", "seen", "first_day", "weak", "by_data", "detail")
    recorded = {name: value for name, value in one.record.items() if name in names}
    return {
        "recorded": recorded,
        "now": one.entry.now,
        "asks": one.entry.asks or None,
        "line_sha256": one.entry.line_sha256,
    }


def _say(done: RereadResult, lang: str) -> None:
    if not done.asked:
        say(_("No “slot shown” and no “no slot” was recorded in that time: there is nothing to read again."))
        return
    for one in done.refuted:
        table([(f"n° {one.record['seq']}", *observation_row(one.record, lang))])
        mark, now = reading_now(one.entry, lang)
        seen = quoted(one.entry.now["seen"]) if one.entry.now and one.entry.now.get("seen") else ""
        flow([f"{mark} {now}", seen], 4, hang=2)
    say(
        _("{asked} read again or tried: {confirmed} confirmed, {n} no longer confirmed, which count no more").format(
            asked=done.asked, confirmed=done.confirmed, n=len(done.refuted)
        )
    )
    why = _reasons()
    for outcome, n in sorted(done.not_read.items()):
        left = ngettext("{n} not read again: {why}", "{n} not read again: {why}", n)
        say(left.format(n=n, why=why.get(outcome, outcome)))


def _reasons() -> Mapping[Outcome, str]:
    return {
        "dropped": _("their bytes were removed, being older than is kept"),
        "damaged": _("their bytes are damaged"),
        "earlier": _("they rest on an answer of an earlier observation"),
        "drawn": _("they were read in a page as its script had made it, and only the bytes received are kept"),
        "unknown": _("this program no longer declares the desk, or does not know the record"),
        "moved": _("the declaration names another address today"),
        "no_answer": _("nothing was asked of the site"),
    }
