"""`vigie case show`: what a case holds.

`vigie case check`: what is proven, what is missing, the next useful step. Warnings for a lawyer.

`vigie case tally`: counts only.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo

from monitor.case.check.check import check
from monitor.case.check.report import lines, spreads_json, to_json
from monitor.case.check.rules import case_rules
from monitor.case.check.spread import by_procedure, spread_of
from monitor.case.folder import CaseFolder, Entry
from monitor.case.model import CaseDataError, Facts
from monitor.case.tally import from_json, merged, rows_of
from monitor.case.tally import to_json as to_json_of_tally
from monitor.cli.cases.case import opened
from monitor.core.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """List the entries, or show one; with --extract write its files in clear."""
    case, book = opened(args)
    if args.extract and args.entry is None:
        raise UsageError(_("--extract needs --entry"))
    chosen = [entry for entry in case.entries if args.entry in (None, entry.n)]
    if not chosen:
        raise UsageError(_("the case has no entry {n}").format(n=args.entry))
    if args.extract:
        _extract(case, chosen[0], Path(args.extract))
        return 0
    gone = {one.number for one in book.withdrawn}
    if args.json:
        told = [_json(case, entry, whole=args.entry is not None) for entry in chosen]
        print(json.dumps({"head": case.head, "withdrawn": sorted(gone), "entries": told}, ensure_ascii=False, indent=1))
        return 0
    for entry in chosen:
        print("\n".join(_lines(case, entry, entry.n in gone, whole=args.entry is not None)))
    if args.entry is None:
        print(_("Digest of the whole, worth keeping elsewhere: {head}").format(head=case.head))
    return 0


def _lines(case: CaseFolder, entry: Entry, withdrawn: bool, *, whole: bool) -> Iterator[str]:
    data = entry.data
    mark = " " + _("[withdrawn]") if withdrawn else ""
    if entry.what == "attempt":
        when = data["at"] or data["day"]
        source = f"({data['date_source']}, {data['author']})"
        yield f"{entry.n:>4}  {when}  {data['kind']}  {data['procedure']}  {source}{mark}"
    elif entry.what == "import":
        yield f"{entry.n:>4}  {entry.recorded:%Y-%m-%d}  import  {data['name']}: {data['records']} observations"
    else:
        told = "; ".join(f"{k}={v}" for k, v in data.items() if v)
        yield f"{entry.n:>4}  {entry.recorded:%Y-%m-%d}  {entry.what}  {told}"
    for ref in entry.files:
        yield f"        {ref.name}  {ref.size}  sha256 {ref.sha256}"
    if whole:
        yield from (f"        {k}: {v}" for k, v in data.items() if v)
        for headers in _mails(case, entry).values():
            yield from (f"        {name}: {value}" for name, value in headers)


def _json(case: CaseFolder, entry: Entry, *, whole: bool) -> dict[str, Any]:
    told = asdict(entry) | {"recorded": entry.recorded.isoformat()}
    return told | ({"mails": _mails(case, entry)} if whole else {})


def _mails(case: CaseFolder, entry: Entry) -> dict[str, tuple[tuple[str, str], ...]]:
    from monitor.case.mail import parse

    out = {}
    for ref in entry.files:
        if ref.name.lower().endswith(".eml"):
            with suppress(ValueError):  # named like a message, and none
                out[ref.name] = parse(case.read(ref)).headers
    return out


def _extract(case: CaseFolder, entry: Entry, folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
        for i, ref in enumerate(entry.files, 1):
            safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in PureWindowsPath(ref.name).name)
            (folder / f"{entry.n:06d}-{i:02d}-{safe}").write_bytes(case.read(ref))
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=folder, why=error.strerror)) from error
    print(_("written, in clear: {path}").format(path=folder))


def run_check(args: argparse.Namespace) -> int:
    """Check a case, or attempts listed in a file."""
    if bool(args.attempts) == bool(args.case):
        raise UsageError(_("say what to check: a CASE, or --attempts FILE"))
    rules = case_rules()
    if args.attempts:
        from monitor.case.model import attempts_from
        from monitor.cli.cases.case import json_file

        facts = _facts(args)
        attempts = attempts_from(json_file(args.attempts), ZoneInfo(facts.zone))
        if args.json:
            spreads = {code: spread_of(some, rules) for code, some in by_procedure(attempts).items()}
            print(json.dumps(spreads_json(spreads, rules), ensure_ascii=False))
            return 0
    else:
        from monitor.cli.cases.case import opened

        _case, book = opened(args)
        facts, attempts = book.facts, book.attempts
    from monitor.case.check.anef import anef_rows

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
    from monitor.cli.asked import catalogue

    one = catalogue(args).find(args.prefecture)
    return Facts(prefecture=one.code, zone=one.time_zone)


def run_tally(args: argparse.Namespace) -> int:
    """Count a case, or add exact tallies up."""
    if bool(args.merge) == bool(args.case):
        raise UsageError(_("say what to count: a CASE, or --merge FILES"))
    if args.case:
        _case, book = opened(args)
        rows = rows_of(book.attempts, book.facts.prefecture)
    else:
        rows = _merged(args.merge)
    told = to_json_of_tally(rows, exact=args.exact, several=bool(args.merge))
    if args.json or args.exact:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for row in told["rows"]:
        print(f"{row['prefecture']} {row['procedure']}")
        for name, n in row["counts"].items():
            print(f"  {name}: {_('under 5, not printed') if n is None else n}")
    return 0


def _merged(names: list[str]) -> dict[tuple[str, str], dict[str, int]]:
    from monitor.cli.cases.case import json_file

    paths = [str(Path(name).resolve()) for name in names]
    if len({*paths}) < len(paths):
        raise UsageError(_("one tally is named twice"))
    many = []
    for name in names:
        try:
            many.append(from_json(json_file(name)))
        except ValueError as error:
            raise CaseDataError(_("{path}: {why}").format(path=name, why=error)) from error
    return merged(many)
