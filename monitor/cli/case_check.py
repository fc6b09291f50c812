"""`vigie case check`: what is proven, what is missing, the next useful step. Warnings for a lawyer."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from gettext import gettext as _
from zoneinfo import ZoneInfo

from monitor.adapters.case_rules import case_rules
from monitor.app.case_report import lines, spreads_json, to_json
from monitor.domain.case_check import check
from monitor.domain.case_model import Facts
from monitor.domain.case_spread import by_procedure, spread_of
from monitor.domain.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Check a case, or attempts listed in a file."""
    if bool(args.attempts) == bool(args.case):
        raise UsageError(_("say what to check: a CASE, or --attempts FILE"))
    rules = case_rules()
    if args.attempts:
        from monitor.cli.case import json_file
        from monitor.domain.case_reading import attempts_from

        facts = _facts(args)
        attempts = attempts_from(json_file(args.attempts), ZoneInfo(facts.zone))
        if args.json:
            spreads = {code: spread_of(some, rules) for code, some in by_procedure(attempts).items()}
            print(json.dumps(spreads_json(spreads, rules), ensure_ascii=False))
            return 0
    else:
        from monitor.cli.case_opening import opened

        _case, book = opened(args)
        facts, attempts = book.facts, book.attempts
    from monitor.adapters.anef import anef_rows

    today = datetime.now(UTC).astimezone(ZoneInfo(facts.zone)).date()
    checked = check(attempts, facts, today, rules, anef_rows())
    if args.json:
        print(json.dumps(to_json(checked, rules, args.lang), ensure_ascii=False, indent=1))
    elif checked:
        print("\n".join(lines(checked, rules, args.lang)))
    else:
        print(_("Nothing is logged yet: `vigie case log` adds an attempt."))
    return 0


def _facts(args: argparse.Namespace) -> Facts:
    if not args.prefecture:
        return Facts()
    from monitor.cli.wiring import catalogue

    one = catalogue(args).find(args.prefecture)
    return Facts(prefecture=one.code, zone=one.time_zone)
