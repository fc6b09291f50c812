"""`vigie table`: the national picture as text, CSV or JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext

from monitor.cli.layout import room, say, table
from monitor.cli.look import coverage
from monitor.cli.look.picture import channel, channel_words, pan_words, picture_rows
from monitor.cli.show import place
from monitor.core.changes import CHANNELS
from monitor.paper import csv
from monitor.report.table import PrefectureRow

NBSP = "\N{NO-BREAK SPACE}"
COLUMNS = (
    "code", "name", "site", "simulated", "pan", "for_foreigners", "pan_due", "pan_seen", "pan_url", "pan_read_at",
    *(f"{name}_{field}" for name in CHANNELS for field in ("published", "substitution", "seen", "url")),
    "two_vectors", "desks", "desks_read", "desks_under_24h", "desks_seen", "desks_to_reopen", "slots_open",
    "no_slot", "corrected", "pages_examined",
)  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Read the store and write the picture as it was asked for. CSV may be published."""
    if args.coverage:
        return coverage.run(args)
    rows = picture_rows(args, args.codes, public=args.csv)
    if args.json:
        print(json.dumps([row.to_json() for row in rows], ensure_ascii=False, indent=1))
    elif args.csv:
        sys.stdout.write(csv.plain(COLUMNS, map(flat, rows)))
    else:
        _say(rows, args.lang)
    return 0


def _heads() -> tuple[str, ...]:
    return _("préfecture"), _("desks"), "", _("filing"), _("seen in 30 days"), _("to reopen")


def _line(row: PrefectureRow, lang: str) -> tuple[str, ...]:
    return (
        place(row.prefecture.name, row.prefecture.code) + (" " + _("[simulated]") if row.simulated else ""),
        _slots(row, lang),
        pan_words(row),
        channel_words(row),
        _seen(row),
        _reopen(row),
    )


def _seen(row: PrefectureRow) -> str:
    """How many desks of a real site answered in the last 30 days; nothing where none is known."""
    now = datetime.now(UTC)
    return f"{sum(desk.seen(now) for desk in row.desks)}/{len(row.desks)}" if row.desks else ""


def _reopen(row: PrefectureRow) -> str:
    """How many desks have an address that nobody opened or read for 90 days; nothing where none has."""
    today = datetime.now(UTC).date()
    due = sum(desk.to_reopen(today) for desk in row.desks)
    return f"{due}/{len(row.desks)}" if due else ""


def _say(rows: Sequence[PrefectureRow], lang: str) -> None:
    """A pipe gets them all; a terminal a summary first, and by name alone those of which nothing is known."""
    if not room():
        table([(row.prefecture.code, *_line(row, lang)) for row in rows])
        return
    alone = len(rows) == 1
    told = [row for row in rows if alone or row.desks or row.picture.examined]
    if not alone:
        _summary(rows, lang)
    table([_line(row, lang) for row in told], _heads())
    if rest := [place(row.prefecture.name, row.prefecture.code) for row in rows if row not in told]:
        print()
        say(_("No desk is known and no page was read: {places}").format(places=", ".join(rest)), hang=2)


def _summary(rows: Sequence[PrefectureRow], lang: str) -> None:
    """What the country shows, counted by préfectures."""
    n = len(rows)
    say(ngettext("{n} préfecture, by its last readings:", "{n} préfectures, by their last readings:", n).format(n=n))
    said: Counter[str] = Counter()
    for row in rows:
        said.update({desk.words(lang) for desk in row.desks} or {"· " + _("no desk known")})
        said["▤ " + pan_words(row)] += row.picture.pan in ("published", "closed")
        for name in CHANNELS:
            said["▤ " + channel(name)] += row.picture.channels[name] is not None
    wide = len(f"{n}/{n}")
    table([(words, f"{f'{count}/{n}':>{wide}}") for words, count in said.most_common() if count], indent=2)
    print()


def flat(row: PrefectureRow) -> dict[str, object]:
    """One préfecture as a row of COLUMNS: `True`, `False` or empty where nothing is known."""
    picture = row.picture
    out: dict[str, object] = {
        "code": row.prefecture.code,
        "name": row.prefecture.name,
        "site": row.prefecture.site,
        "simulated": row.simulated,
        "pan": picture.pan,
        "for_foreigners": picture.for_foreigners,
        "pan_due": picture.pan_due,
        "two_vectors": picture.two_vectors,
        "pages_examined": " ".join(picture.examined),
        "desks": len(row.desks),
        "desks_read": sum(desk.record is not None for desk in row.desks),
        "desks_under_24h": sum(desk.withheld for desk in row.desks),
        "desks_seen": sum(desk.seen(datetime.now(UTC)) for desk in row.desks),
        "desks_to_reopen": sum(desk.to_reopen(datetime.now(UTC).date()) for desk in row.desks),
        "slots_open": _count(row, "SlotsOpen"),
        "no_slot": _count(row, "NoSlot"),
        "corrected": sum(desk.remark is not None for desk in row.desks),
    }
    if picture.pan_fact:
        fact = picture.pan_fact
        out |= {"pan_seen": fact.seen, "pan_url": fact.url, "pan_read_at": fact.at}
    for name, found in picture.channels.items():
        out[f"{name}_published"] = found is not None if picture.examined else None
        if found:
            out[f"{name}_substitution"] = found.facts["substitution"]
            out |= {f"{name}_seen": found.seen, f"{name}_url": found.url}
    return out


def _slots(row: PrefectureRow, lang: str) -> str:
    """How many desks said what, the number of desks beside it."""
    if not row.desks:
        return _("no desk known")
    counts: dict[str, int] = {}
    for desk in row.desks:
        counts[desk.words(lang)] = counts.get(desk.words(lang), 0) + 1
    return " · ".join(
        f"{words.replace(' ', NBSP, 1)} {n}/{len(row.desks)}"
        for words, n in sorted(counts.items(), key=lambda item: -item[1])
    )


def _count(row: PrefectureRow, reading: str) -> int:
    return sum(
        desk.record is not None and desk.remark is None and desk.record["reading"] == reading for desk in row.desks
    )
