"""`vigie table --coverage`: how much of the country is known, what is not, and the command that would find it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from typing import TypeVar

from monitor.cli.layout import room, say, table
from monitor.cli.look.picture import picture_rows
from monitor.cli.show import quoted
from monitor.paper import csv
from monitor.report.coverage import (
    SENATE,
    SENATE_SOURCE,
    Access,
    CountryCoverage,
    Opened,
    PanKnown,
    PrefectureCoverage,
    Work,
    coverage,
)

COLUMNS = ("code", "name", "access", "pan", "filing", "opened", "addresses", "to_reopen", "work")
Name = TypeVar("Name", bound=str)
SOURCES = 6  # the sources named for people; --json gives them all


def run(args: argparse.Namespace) -> int:
    """Count, then print. Raises UsageError: a page of it is not made."""
    rows = picture_rows(args, args.codes, public=bool(args.csv))
    found = coverage(rows, datetime.now(UTC).date(), whole=not args.codes)
    if args.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    elif args.csv:
        sys.stdout.write(csv.plain(COLUMNS, map(flat, found.rows)))
    elif room():
        _say(found)
    else:
        table([_line(row) for row in found.rows])
    return 0


def flat(row: PrefectureCoverage) -> dict[str, object]:
    """One préfecture as a row of COLUMNS; what is a list has spaces between."""
    told = row.to_json()
    return {name: " ".join(told[name]) if isinstance(told[name], list) else told[name] for name in COLUMNS}


def accesses() -> Mapping[Access, str]:
    """What each access is, for people."""
    return {
        "calendar": _("calendar that can be read"),
        "captcha": _("calendar behind a captcha or another wall"),
        "form": _("request form"),
        "page": _("page to read, no desk"),
        "nothing": _("nothing known"),
    }


def pans() -> Mapping[PanKnown, str]:
    """What is known of a PAN, for people."""
    return {
        "foreigners": _("known, for foreigners"),
        "unverified": _("told, and not read"),
        "audience": _("known, for whom is not said"),
        "others": _("known, not for foreigners"),
        "nothing": _("none known"),
    }


def _openings() -> Mapping[Opened, str]:
    return {
        "lately": _("in the last 90 days"),
        "long_ago": _("longer ago: to reopen"),
        "never": _("never"),
    }


def _wanted() -> Mapping[Work, str]:
    return {
        "nothing": _("nothing is known of"),
        "desk": _("pages are known and no desk"),
        "pan": _("no PAN for foreigners is known"),
        "reopen": _("an address is to reopen"),
    }


def _line(row: PrefectureCoverage) -> tuple[str, ...]:
    """A préfecture for a pipe."""
    return (
        row.code,
        row.name,
        accesses()[row.access],
        pans()[row.pan],
        " ".join(row.filing),
        row.opened.isoformat() if row.opened else "",
        f"{row.reopen}/{row.addresses}",
    )


def _say(found: CountryCoverage) -> None:
    n = len(found.rows)
    words = ngettext("{n} préfecture, as known on {day}:", "{n} préfectures, as known on {day}:", n)
    say(words.format(n=n, day=found.on))
    _counted(_("an appointment"), _named(found.by_access(), accesses()), n)
    _counted(_("point d'accueil numérique (PAN)"), _named(found.by_pan(), pans()), n)
    words = _("in the country {all} sous-préfectures have a PAN, {anef} of them for ANEF: {source}")
    of = SENATE["sous_prefectures_with_pan"], SENATE["of_which_for_anef"]
    say(words.format(all=of[0], anef=of[1], source=SENATE_SOURCE), 2, hang=2)
    _counted(_("filing besides ANEF"), [(_("a way is known"), found.filing)], n)
    _counted(_("an address was opened"), _named(found.by_opening(), _openings()), n)
    addresses = sum(row.addresses for row in found.rows)
    words = _("addresses to reopen, not seen for 90 days or undated: {n} of {all}")
    say(words.format(n=sum(row.reopen for row in found.rows), all=addresses), 2, hang=2)
    _sources(found.by_source())
    _work(found)


def _named(counts: Mapping[Name, int], names: Mapping[Name, str]) -> list[tuple[str, int]]:
    return [(names[name], count) for name, count in counts.items()]


def _counted(head: str, rows: Sequence[tuple[str, int]], of: int) -> None:
    """Counts under what they are about, as a share of the préfectures."""
    wide = len(f"{of}/{of}")
    print()
    say(head)
    table([(words, f"{f'{count}/{of}':>{wide}}") for words, count in rows], indent=2)


def _sources(counts: Mapping[str, int]) -> None:
    shown = list(counts.items())[:SOURCES]
    rest = sum(counts.values()) - sum(count for _source, count in shown)
    print()
    say(_("facts by source, as the declarations name it"))
    rows = [(quoted(source), str(count)) for source, count in shown]
    table(rows + ([(_("other sources"), str(rest))] if rest else []), indent=2)


def _work(found: CountryCoverage) -> None:
    """What is not known, as work."""
    wanted = {name: codes for name, codes in found.work().items() if codes}
    if not wanted:
        return
    print()
    say(_("to be done, each by one command:"))
    for name, codes in wanted.items():
        say(_("{what} ({n}):").format(what=_wanted()[name], n=len(codes)), 2)
        say(found.survey_command(codes), 4, hang=2)
