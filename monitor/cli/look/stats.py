"""`vigie stats`: how often each desk said what, by week, as text, CSV, JSON or a one-page PDF."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from itertools import groupby
from pathlib import Path

from monitor.cli.asked import catalogue, data_folder
from monitor.cli.layout import paint, room, say, table
from monitor.cli.show import place
from monitor.core.errors import UsageError
from monitor.core.labels import label, procedure
from monitor.core.words import os_words
from monitor.paper import csv
from monitor.report.rereadings import unconfirmed, uncounted
from monitor.report.statistics import PUBLIC_AFTER, Key, ReadingTally, Statistics, summed
from monitor.report.tallies import COLUMNS, counted, declared_places, flat, kinds, recorded_places, to_json
from monitor.store.store import reading


def run(args: argparse.Namespace) -> int:
    """Count what was recorded; no network."""
    now = datetime.now(UTC)
    until = None if args.recent else now - PUBLIC_AFTER
    figures = _counted(args, until)
    rows = figures.rows()
    names = {one.code: one.name for one in catalogue(args).select(args.codes)}
    if args.json:
        told = {"until": until and until.isoformat(timespec="seconds"), "left_out_sweeps": figures.left_out}
        print(json.dumps({**told, "rows": [to_json(*row) for row in rows]}, ensure_ascii=False, indent=1))
    elif args.csv:
        sys.stdout.write(csv.plain(COLUMNS, flat(rows)))
    elif args.pdf:
        _pdf(Path(args.pdf), rows, names, until or now, now)
    elif rows:
        _say(rows, names, args.lang)
        if figures.left_out:
            say(_("Sweeps of the last 24 hours are left out; --recent counts them."))
    else:
        say(_("Nothing to count yet: public figures are at least 24 hours old (--recent counts all)."))
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
    marked = " " + _("[simulated]") if key.simulated else ""
    return procedure(key.procedure, lang), key.week + marked, _coverage(tally), " · ".join(_shares(tally, lang))


def _coverage(tally: ReadingTally) -> str:
    """What came of the checks that were due."""
    skipped, missing, corrected = tally.skipped.total(), tally.missing, tally.corrected
    told = [
        ngettext("{done} of {due} check that was due", "{done} of {due} checks that were due", tally.due).format(
            done=tally.done, due=tally.due
        )
    ]
    told += [ngettext("{n} skipped", "{n} skipped", skipped).format(n=skipped)] if skipped else []
    told += [ngettext("{n} missing", "{n} missing", missing).format(n=missing)] if missing else []
    if corrected:
        told.append(
            ngettext("{n} corrected and not counted", "{n} corrected and not counted", corrected).format(n=corrected)
        )
    return ", ".join(told)


def _shares(tally: ReadingTally, lang: str) -> list[str]:
    """Each reading with its number and what it is a number of."""
    out = []
    for said in kinds(tally):
        words, share = label(said.reading, said.detail), tally.share(said)
        of = f"{tally.said[said]}" if share is None else f"{tally.said[said]}/{tally.asked} ({_percent(share)})"
        out.append(f"{words.mark} {words.said(lang)} {of}")
    if tally.waits:
        days = _("wait offered: median {median:g} days, 9 in 10 within {p90} (of {n})")
        out.append(days.format(median=tally.wait_median, p90=tally.wait_p90, n=len(tally.waits)))
    return out


def _percent(share: float) -> str:
    return _("{percent:.0f}%").format(percent=100 * share)


def _say(rows: Sequence[tuple[Key, ReadingTally]], names: Mapping[str, str], lang: str) -> None:
    """A pipe gets a line a row; a terminal the whole first, real and simulated apart, then each préfecture."""
    if not room():
        table([(key.prefecture, names.get(key.prefecture, ""), *_line(key, tally, lang)) for key, tally in rows])
        return
    for simulated in (False, True) if len(rows) > 1 else ():
        if chosen := [tally for key, tally in rows if key.simulated is simulated]:
            _whole(summed(chosen), lang, simulated=simulated)
    for code, group in groupby(rows, key=lambda row: row[0].prefecture):
        say(place(names.get(code, code), code))
        table([_line(key, tally, lang) for key, tally in group], indent=2)


def _whole(whole: ReadingTally, lang: str, *, simulated: bool) -> None:
    mark = " " + _("[simulated]") if simulated else ""
    say(_("All of it{mark}: {looks}").format(mark=mark, looks=_coverage(whole)), hang=2)
    for share in _shares(whole, lang):
        say(paint(share), 2, hang=2)
    print()


def _pdf(
    path: Path, rows: Sequence[tuple[Key, ReadingTally]], names: Mapping[str, str], until: datetime, made: datetime
) -> None:
    from monitor.report.stats_pdf import one_page

    real = [row for row in rows if not row[0].simulated]
    data = one_page(real or rows, until=until, made=made, names=names)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=path, why=os_words(error))) from error
    say(_("written: {path}").format(path=path))
