"""`vigie case tally`: counts only."""

from __future__ import annotations

import argparse
import json
from gettext import gettext as _
from pathlib import Path

from monitor.cli.case_opening import opened
from monitor.domain.case_reading import CaseDataError
from monitor.domain.case_tally import from_json, merged, rows_of, to_json
from monitor.domain.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Count a case, or add exact tallies up."""
    if bool(args.merge) == bool(args.case):
        raise UsageError(_("say what to count: a CASE, or --merge FILES"))
    if args.case:
        _case, book = opened(args)
        rows = rows_of(book.attempts, book.facts.prefecture)
    else:
        rows = _merged(args.merge)
    told = to_json(rows, exact=args.exact, several=bool(args.merge))
    if args.json or args.exact:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for row in told["rows"]:
        print(f"{row['prefecture']} {row['procedure']}")
        for name, n in row["counts"].items():
            print(f"  {name}: {_('under 5, not printed') if n is None else n}")
    return 0


def _merged(names: list[str]) -> dict[tuple[str, str], dict[str, int]]:
    from monitor.cli.case import json_file

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
