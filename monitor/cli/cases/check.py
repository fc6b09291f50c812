"""`vigie case check`: what is proven, what is missing, the next useful step. Warnings for a lawyer."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from gettext import gettext as _
from zoneinfo import ZoneInfo

from monitor.case.book import Book
from monitor.case.check.anef import anef_rows
from monitor.case.check.check import Checked, check
from monitor.case.check.report import Told, changes_for, lines, spreads_json, to_json
from monitor.case.check.rules import CaseRules, RuleChange, case_rules
from monitor.case.check.spread import by_procedure, spread_of
from monitor.case.court import papers as case_papers
from monitor.case.court.tables import tables
from monitor.case.folder import CaseFolder
from monitor.case.law_tables import courts, law
from monitor.case.model import Facts, attempts_from
from monitor.cli.asked import catalogue
from monitor.cli.cases.case import json_file, opened
from monitor.cli.layout import say
from monitor.core.errors import StoreError, UsageError


def run(args: argparse.Namespace) -> int:
    """Check a case, or attempts listed in a file."""
    if bool(args.attempts) == bool(args.case):
        raise UsageError(_("say what to check: a CASE, or --attempts FILE"))
    rules = case_rules()
    case = book = None
    if args.attempts:
        facts = _facts(args)
        attempts = attempts_from(json_file(args.attempts), ZoneInfo(facts.zone))
        if args.json:
            spreads = {code: spread_of(some, rules) for code, some in by_procedure(attempts).items()}
            print(json.dumps(spreads_json(spreads, rules), ensure_ascii=False))
            return 0
    else:
        case, book = opened(args)
        facts, attempts = book.facts, book.attempts
    on = day_told(args.on, facts.zone)
    checked = check(
        attempts, facts, on, rules, anef_rows(), courts().get(facts.prefecture), book.begun if book else None
    )
    changes = _changes(checked, rules, book)
    told = Told(rules, law(), on, args.lang)
    if args.json:
        papers = {"papers": case_papers.to_json(book, tables(), args.lang)} if book else {}
        print(json.dumps(to_json(checked, told, changes) | papers, ensure_ascii=False, indent=1))
    elif checked:
        say("\n".join(lines(checked, told, changes, whole=args.sources)))
    else:
        say(_("Nothing is logged yet: `vigie case log` adds an attempt."))
    if book and not args.json:
        say("\n".join(("", *case_papers.lines(book, tables(), on, args.lang))))
    if case is not None and changes:
        _remember(case, rules)
    return 0


def day_told(text: str | None, zone: str = "Europe/Paris") -> date:
    """The day of `--on`, else today's legal day. Raises UsageError."""
    if text is None:
        return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(_("--on {day}: a day such as 2026-11-30 is expected").format(day=text)) from error


def _changes(checked: tuple[Checked, ...], rules: CaseRules, book: Book | None) -> tuple[RuleChange, ...]:
    if book is None or book.begun is None:
        return ()
    return changes_for(checked, rules, book.begun, book.rules)


def _remember(case: CaseFolder, rules: CaseRules) -> None:
    """What changed is said once; a case that cannot be written to is told again next time."""
    with suppress(StoreError):
        case.append("rules", {"read_on": rules.read_on.isoformat()})


def _facts(args: argparse.Namespace) -> Facts:
    if not args.prefecture:
        return Facts()
    one = catalogue(args).find(args.prefecture)
    return Facts(prefecture=one.code, zone=one.time_zone)
