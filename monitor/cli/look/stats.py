"""`vigie stats`: how often each desk said what, by week, as text, CSV, JSON or a one-page PDF."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from monitor.cli.asked import catalogue, data_folder
from monitor.cli.show import table
from monitor.core.errors import UsageError
from monitor.core.labels import label
from monitor.core.words import os_words
from monitor.paper import csv
from monitor.report.rereadings import unconfirmed, uncounted
from monitor.report.statistics import PUBLIC_AFTER, Key, ReadingTally, Statistics
from monitor.report.tallies import COLUMNS, counted, declared_places, flat, kinds, recorded_places, to_json
from monitor.store.store import reading


def run(args: argparse.Namespace) -> int:
    """Count what was recorded; no network."""
    now = datetime.now(UTC)
    until = None if args.recent else now - PUBLIC_AFTER
    figures = _counted(args, until)
    rows = figures.rows()
    if args.json:
        told = {"until": until and until.isoformat(timespec="seconds"), "left_out_sweeps": figures.left_out}
        print(json.dumps({**told, "rows": [to_json(*row) for row in rows]}, ensure_ascii=False, indent=1))
    elif args.csv:
        sys.stdout.write(csv.plain(COLUMNS, flat(rows)))
    elif args.pdf:
        _pdf(Path(args.pdf), rows, until or now, now)
    elif rows:
        table([_line(key, tally, args.lang) for key, tally in rows])
        if figures.left_out:
            print(_("Sweeps of the last 24 hours are left out; --recent counts them."))
    else:
        print(_("Nothing to count yet: public figures are at least 24 hours old (--recent counts all)."))
    return 0


def _counted(args: argparse.Namespace, until: datetime | None) -> Statistics:
    chosen = catalogue(args).select(args.codes)
    places = declared_places(chosen)
    with reading(data_folder(args)) as opened:
        if opened is None:
            return Statistics(places, until=until)
        records = opened[0]
        without = uncounted(records, unconfirmed(data_folder(args)))
        seen = recorded_places(records, (one.code for one in chosen), without)
        return counted(records, places | seen, without, until)


def _line(key: Key, tally: ReadingTally, lang: str) -> Sequence[str]:
    done = _("{done} of {due} due").format(done=tally.done, due=tally.due)
    if tally.skipped.total():
        done += ", " + _("{n} skipped").format(n=tally.skipped.total())
    if tally.missing:
        done += ", " + _("{n} missing").format(n=tally.missing)
    if tally.corrected:
        done += ", " + _("{n} corrected and not counted").format(n=tally.corrected)
    marked = " " + _("[simulated]") if key.simulated else ""
    return key.prefecture, key.procedure, key.week + marked, done, "; ".join(_shares(tally, lang))


def _shares(tally: ReadingTally, lang: str) -> list[str]:
    """Each reading with its number and what it is a number of."""
    out = []
    for said in kinds(tally):
        words, share = label(said.reading, said.detail), tally.share(said)
        of = f"{tally.said[said]}" if share is None else f"{tally.said[said]}/{tally.asked} ({share:.0%})"
        out.append(f"{words.mark} {words.en if lang == 'en' else words.fr} {of}")
    if tally.waits:
        days = _("wait offered: median {median:g} days, 9 in 10 within {p90} (of {n})")
        out.append(days.format(median=tally.wait_median, p90=tally.wait_p90, n=len(tally.waits)))
    return out


def _pdf(path: Path, rows: Sequence[tuple[Key, ReadingTally]], until: datetime, made: datetime) -> None:
    from monitor.report.stats_pdf import one_page

    real = [row for row in rows if not row[0].simulated]
    data = one_page(real or rows, until=until, made=made)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=path, why=os_words(error))) from error
    print(_("written: {path}").format(path=path))
