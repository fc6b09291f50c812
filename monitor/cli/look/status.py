"""`vigie status`: the last reading of each desk, since when, with the words seen. No network; also during a sweep.

A terminal gets a summary, then each préfecture: desks that said the same stand under the words they share. A pipe gets
one record a line: what was looked at, préfecture, reading, instant of the look, since when, words, address.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from gettext import gettext as _
from gettext import ngettext

from monitor.cli.asked import catalogue
from monitor.cli.layout import flow, paint, room, say, table
from monitor.cli.look import picture as national
from monitor.cli.look.picture import picture_rows, said, say_picture
from monitor.cli.show import local, moment, observation_row, place, quoted
from monitor.report.table import DeskRow, PrefectureRow


def run(args: argparse.Namespace) -> int:
    """Everything, or what is known of the préfectures named, with their PAN and channels."""
    prefectures, services = national.chosen(catalogue(args), args.codes)
    told = national.standings(args, services)
    rows = picture_rows(args, [one.code for one in prefectures]) if prefectures else ()
    if args.json:
        print(json.dumps([*(row.to_json() for row in rows), *told], ensure_ascii=False, indent=1))
        return 0
    national.say_status(told, args.lang)
    if not rows:
        return 0
    if not any(desk.record for row in rows for desk in row.desks) and not any(row.picture.examined for row in rows):
        say(_("Nothing was recorded yet. `vigie check CODE` looks now; `vigie run` looks at all that is due."))
    elif not room():
        table([record for row in rows for record in _records(row, args.lang, whole=bool(args.codes))])
    else:
        _say(rows, args.lang, whole=bool(args.codes))
    return 0


def _records(row: PrefectureRow, lang: str, *, whole: bool) -> Iterator[Sequence[str]]:
    """One préfecture for a pipe. whole: with PAN and channels."""
    name = row.prefecture.name
    for desk in row.desks:
        when, since = _instants(desk, local)
        yield desk.check, name, _words(desk, lang), when, since, _reason(desk, lang), desk.url
    for what, fact in said(row) if whole else ():
        words, url = (quoted(fact.seen), fact.url) if fact else ("", "")
        when = local(fact.at, row.prefecture.time_zone) if fact and fact.at else ""
        yield row.prefecture.code, name, what, when, "", words, url


def _words(desk: DeskRow, lang: str) -> str:
    """Mark and label of what is known of a desk, and whether a simulator played it."""
    played = desk.record is not None and desk.record.get("simulated")
    return desk.words(lang) + (" " + _("[simulated]") if played else "")


def _reason(desk: DeskRow, lang: str) -> str:
    """What the reading rests on: the site's words, or why it counts no more."""
    if desk.record is None:
        return ""
    return desk.remark.said(lang) if desk.remark is not None else observation_row(desk.record, lang)[-1]


def _instants(desk: DeskRow, told: Callable[[str | datetime, str], str]) -> tuple[str, str]:
    """When it was looked at, and since when it says so; nothing where it never was."""
    if desk.record is None or desk.since is None:
        return "", ""
    zone = desk.record["time_zone"]
    return told(desk.record["started"], zone), told(desk.since, zone)


# --- on a terminal ----------------------------------------------------------------------------------------------------


def _say(rows: Sequence[PrefectureRow], lang: str, *, whole: bool) -> None:
    if len(rows) > 1:
        _summary(rows, lang)
    for row in rows:
        if whole or row.desks:
            if len(rows) > 1:
                print()
            _prefecture(row, lang, office=whole)
        if whole:
            say_picture(row)
    if not whole:
        print()
        say(_("Times are legal ones, where the préfecture is. `vigie status CODE` shows PAN and filing channels too."))


def _summary(rows: Sequence[PrefectureRow], lang: str) -> None:
    """How many desks said what, and where a slot is shown."""
    desks = [(row, desk) for row in rows for desk in row.desks]
    without = sum(not row.desks for row in rows)
    counted = ngettext("{n} desk", "{n} desks", len(desks)).format(n=len(desks))
    among = len(rows) - without
    where = ngettext("in {n} préfecture", "in {n} préfectures", among).format(n=among)
    say(_("{desks} {where}, by their last reading:").format(desks=counted, where=where))
    counts = Counter(_words(desk, lang) for _row, desk in desks)
    wide = len(str(len(desks)))
    table([(words, f"{n:>{wide}}") for words, n in counts.most_common()], indent=2)
    if without:
        form = ngettext(
            "{n} préfecture has no desk that is known.", "{n} préfectures have no desk that is known.", without
        )
        say(form.format(n=without))
    open_at = dict.fromkeys(
        place(row.prefecture.name, row.prefecture.code)
        for row, desk in desks
        if desk.record and desk.record["reading"] == "SlotsOpen" and desk.remark is None
    )
    if open_at:
        say(_("A slot or a way is shown in: {places}").format(places=", ".join(open_at)), hang=2)


def _prefecture(row: PrefectureRow, lang: str, *, office: bool) -> None:
    """Its name, and its desks under what they said."""
    one = row.prefecture
    name = place(one.name, one.code)
    say(name + (f" — {one.office}" if office else ""), hang=2)
    groups: dict[tuple[str, str], list[DeskRow]] = {}
    for desk in row.desks:
        groups.setdefault((_words(desk, lang), _reason(desk, lang)), []).append(desk)
    for (words, reason), desks in groups.items():
        flow([paint(words)], 2, hang=2)
        if reason:
            say(reason, 4)
        for desk in desks:
            flow([desk.check, quoted(desk.label), _when(desk)], 6, hang=2)
    if one.no_desk:
        say(_("no desk: {why}").format(why=quoted(one.no_desk)), 2, hang=2)


def _when(desk: DeskRow) -> str:
    when, since = _instants(desk, moment)
    if not when:
        return ""
    return (
        _("read {when}").format(when=when)
        if when == since
        else _("read {when}, the same since {since}").format(when=when, since=since)
    )
